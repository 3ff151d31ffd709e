import type { Command } from 'commander';
import type { InboxEntry, InboxPage } from '@qiyue/client';
import { minuteOf } from '@qiyue/engine';
import { clientFor, print, printJsonLine, type Language, type WhoOptions } from '../context';
import { oneLine } from '../show/terminal';
import { withWho } from './who';

interface Options extends WhoOptions {
  readonly json?: boolean;
  readonly lang: Language;
  readonly state?: 'unread' | 'read' | 'archived';
  readonly read?: string;
  readonly cursor?: string;
}

/** `inbox`: what its reader was told, and marking it read. */
export const addInboxCommand = (program: Command): void => {
  withWho(program.command('inbox').description('what you were told, newest first'))
    .option('--state <state>', 'only unread, read or archived ones')
    .option('--read <noticeId>', 'mark this one read')
    .option('--cursor <cursor>', 'go on behind an earlier page')
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
