import { bytesOf, cutToBytes } from './cut-to-bytes';
import type { RobotDialect } from './robot-dialect';

const TEXT_BYTES_MAX = 2_048;
const MARKDOWN_BYTES_MAX = 4_096;
const MINUTE_MS = 60_000;

/**
 * Group robot of WeCom (企业微信 群机器人). Plain text as long as it fits, since every client shows it; a longer message goes
 * as Markdown, which may be twice as long.
 */
export const WECOM: RobotDialect = {
  name: 'wecom',
  bodyOf: ({ subject, text }) => {
    const plain = withoutMentions(`${subject}\n${text}`);
    if (bytesOf(plain) <= TEXT_BYTES_MAX) return { msgtype: 'text', text: { content: plain } };
    const markdown = `**${withoutMarkup(subject)}**\n${withoutMarkup(text)}`;
    return { msgtype: 'markdown', markdown: { content: cutToBytes(markdown, MARKDOWN_BYTES_MAX) } };
  },
  addressOf: (url) => url,
  // −1: busy; 45009: more than 20 a minute; 45033: too many at once.
  laterCodes: new Map([
    [-1, null],
    [45009, MINUTE_MS],
    [45033, null],
  ]),
};

/** A need's title is written by anybody: `<@all>` in it must not call the whole group. */
const withoutMentions = (text: string): string => text.replaceAll('<@', '＜@');

const WIDE: Readonly<Record<string, string>> = { '<': '＜', '>': '＞', '[': '［', ']': '］', '*': '＊', '`': '｀' };

/** WeCom's Markdown has no escape character; what would be markup becomes its full-width twin. */
const withoutMarkup = (text: string): string => text.replace(/[<>[\]*`]/g, (sign) => WIDE[sign] ?? sign).replace(/^#/gm, '＃');
