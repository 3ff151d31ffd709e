import type { Command } from 'commander';
import type { InboxEntry, InboxPage } from '@qiyue/client';
import { minuteOf } from '@qiyue/engine';
import { clientFor, print, printJsonLine, type Language, type WhoOptions } from '../context';
import { oneLine } from '../show/terminal';
import { withWho } from './who';
import { inWords } from '../show/language';

interface Options extends WhoOptions {
  readonly json?: boolean;
  readonly lang: Language;
  readonly state?: 'unread' | 'read' | 'archived';
  readonly read?: string;
  readonly cursor?: string;
}

/** `inbox`: what its reader was told, and marking it read. */
export const addInboxCommand = (program: Command): void => {
  withWho(program.command('inbox').description(inWords({ 'zh-CN': '收到的通知，新的在前', en: 'what you were told, newest first' })))
    .option(
      '--state <state>',
      inWords({ 'zh-CN': '只看 unread（未读）、read（已读）或 archived（已归档）的', en: 'only unread, read or archived ones' }),
    )
    .option('--read <noticeId>', inWords({ 'zh-CN': '将这一条标为已读', en: 'mark this one read' }))
    .option('--cursor <cursor>', inWords({ 'zh-CN': '接着上一页往后', en: 'go on behind an earlier page' }))
    .action(async ({ lang, json, state, read, cursor, ...who }: Options) => {
      const client = await clientFor(who, lang);
      const page = read === undefined ? await client.inbox({ ...(state && { state }), ...(cursor === undefined ? {} : { cursor }) }) : null;
      const answer = page ?? (await client.markNotice(read ?? '', 'read'));
      if (json === true) printJsonLine(answer);
      else print((page === null ? linesOf(answer as InboxEntry) : pageLines(page, lang)).join('\n'));
    });
};

/** One after the other; `*` marks what is not read yet. */
export const pageLines = ({ items, unread, nextCursor }: InboxPage, language: Language): readonly string[] => {
  const zh = language === 'zh-CN';
  const head = zh ? `${unread} 条未读` : `${unread} unread`;
  const more = nextCursor === null ? [] : [`${zh ? '下一页' : 'next page'}: --cursor ${nextCursor}`];
  return [head, ...items.flatMap(linesOf), ...more];
};

const linesOf = ({ noticeId, title, text, at, readAt }: InboxEntry): readonly string[] => [
  `${readAt === null ? '*' : ' '} ${minuteOf(at)}  ${oneLine(title)}`,
  ...text.split('\n').map((line) => `    ${line}`),
  `    ${noticeId}`,
];
