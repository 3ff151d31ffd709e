import type { Language, Texts } from '@qiyue/civic-domain';
import type { ListColumn } from './aggregate';
import { listRowOf } from './list-rows';
import type { Sheet, SheetCell } from './sheets';

/** What a column of a list says of an item, under its heading in both languages. `brief`: one of the few that a line on a terminal has room for. */
export type WordColumn<I> = readonly [
  zh: string,
  en: string,
  width: number,
  of: (item: I, language: Language) => SheetCell | undefined,
  brief?: 'brief' | undefined,
];

/** Columns of a list in the reader's language: words for people, in the cells too. */
export const wordColumns =
  <I>(columns: readonly WordColumn<I>[]) =>
  (language: Language): readonly ListColumn[] =>
    columns.map(([zh, en, width, of, brief]) => ({
      ...{ heading: language === 'en' ? en : zh, width },
      ...(brief === undefined ? {} : { isBrief: true as const }),
      of: (item) => of(item as unknown as I, language) ?? null,
    }));

/** A table of a workbook with such columns. `name`: on its tab. */
export const wordSheet = <R extends object>(name: Texts, columns: readonly WordColumn<R>[], rows: readonly R[], language: Language): Sheet => {
  const inWords = wordColumns(columns)(language);
  return { name: name[language], columns: inWords, rows: rows.map((row) => listRowOf(inWords, row)) };
};

/** Of a value of a closed list, its words. */
export const wordOf = <T extends string>(texts: Readonly<Record<T, Texts>>, value: T | null, language: Language): string | null =>
  value === null ? null : texts[value][language];

/** Lights in words. */
export const LIGHT_TEXTS: Readonly<Record<'green' | 'yellow' | 'red' | 'paused', Texts>> = {
  green: { 'zh-CN': '绿', en: 'green' },
  yellow: { 'zh-CN': '黄', en: 'yellow' },
  red: { 'zh-CN': '红', en: 'red' },
  paused: { 'zh-CN': '暂停', en: 'paused' },
};

const FEN_PER_YUAN = 100;
/** Money as people read it: fen are for programs. */
export const yuanOf = (fen: number | null): number | null => (fen === null ? null : fen / FEN_PER_YUAN);

/** A share in hundredths, to a tenth of one: 0.4667 is 46.7. Null of nothing. */
export const percentOf = (share: number | null): number | null => (share === null ? null : Math.round(share * 1000) / 10);
