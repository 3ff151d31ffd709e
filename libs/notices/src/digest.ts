import { sha256Hex } from '@qiyue/engine';
import type { Language } from '@qiyue/civic-domain';
import type { OutwardNotice, Words } from './notice';

/** As many as a robot's message holds with titles of usual length; the rest goes with the next. */
export const DIGEST_MAX = 20;

export type Digestible = Pick<OutwardNotice, 'key' | 'link' | 'subject' | 'text' | 'urgent' | 'at'>;

export interface Message extends Words {
  readonly key: string;
}

const SUBJECT_MAX = 48;
const KEY_HEX = 32;

/** One message of several notices to the same address, urgent ones first; a single one as it is. Never of none. */
export const digestOf = (notices: readonly Digestible[], language: Language): Message => {
  const [first] = notices;
  if (first === undefined) throw new Error('a digest of nothing');
  if (notices.length === 1) return { key: first.key, subject: first.subject, text: first.text };
  const ordered = [...notices].sort((a, b) => Number(b.urgent) - Number(a.urgent) || order(a.at, b.at) || order(a.key, b.key));
  const lines = ordered.map(({ subject, link }, index) => `${index + 1}. ${shortened(subject)}${link === undefined ? '' : `\n${link}`}`);
  return { key: digestKey(notices), subject: HEADING[language](notices.length), text: lines.join('\n') };
};

const HEADING: Readonly<Record<Language, (count: number) => string>> = {
  'zh-CN': (count) => `契约：${count} 条通知`,
  en: (count) => `Qiyue: ${count} notices`,
};

/** Of the same notices always the same, in whatever order they come. */
const digestKey = (notices: readonly Digestible[]): string =>
  `digest:${sha256Hex(
    notices
      .map(({ key }) => key)
      .sort()
      .join('\n'),
  ).slice(0, KEY_HEX)}`;

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const shortened = (text: string): string => {
  const characters = Array.from(text);
  return characters.length <= SUBJECT_MAX ? text : `${characters.slice(0, SUBJECT_MAX - 1).join('')}…`;
};
