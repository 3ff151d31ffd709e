import type { PaperDocument, Sheet } from '@qiyue/aggregate';
import type { Language } from '@qiyue/civic-domain';
import { column, day, money, sheetOf, tablePart, type Column } from '../tables';
import type { SatisfactionList, SatisfactionRow } from './satisfaction-list.schema';
import { SATISFACTION_TEXTS, type SatisfactionTexts } from './texts';

interface NumberedRow extends SatisfactionRow {
  /** In this list, from 1. */
  readonly n: number;
}

const scored = (printed: number, of: (row: SatisfactionRow) => number | null) => column<NumberedRow, SatisfactionTexts>(10, printed, of);
/** On a sheet alone, where it can be summed up. */
const daysIn = (of: (row: SatisfactionRow) => number | null | undefined) => column<NumberedRow, SatisfactionTexts>(12, 0, (row) => of(row) ?? null);

/** What a terminal has room for. */
const brief = (shown: Column<NumberedRow, SatisfactionTexts>): Column<NumberedRow, SatisfactionTexts> => ({ ...shown, isBrief: true });

const COLUMNS: readonly Column<NumberedRow, SatisfactionTexts>[] = [
  column(6, 1.3, ({ n }) => n),
  brief(column(20, 4.4, ({ number }) => number)),
  brief(column(36, 5, ({ title }) => title)),
  column(30, 4, ({ items }, { between }) => items.map(({ name, quantity, unit }) => `${name} ${quantity} ${unit}`).join(between)),
  column(8, 1.6, ({ kindName }) => kindName),
  column(14, 0, ({ category }) => category),
  brief(column(16, 3, ({ community }) => community)),
  brief(column(10, 2, ({ askedByName }) => askedByName)),
  brief(column(20, 3, ({ unit }) => unit)),
  column(20, 3, ({ helpers }, { between }) => (helpers.length === 0 ? null : helpers.join(between))),
  day(({ submittedAt }) => submittedAt),
  { ...day(({ doneAt }) => doneAt), printed: 0 },
  day(({ evaluatedAt }) => evaluatedAt),
  daysIn(({ days }) => days.claim?.calendar),
  daysIn(({ days }) => days.fund?.calendar),
  daysIn(({ days }) => days.works?.calendar),
  daysIn(({ days }) => days.evaluate?.calendar),
  daysIn(({ days }) => days.whole?.calendar),
  daysIn(({ days }) => days.whole?.working),
  brief(column(18, 2.6, ({ days: { whole } }, texts) => (whole === null ? null : texts.days(whole.calendar, whole.working)))),
  brief(scored(1.4, ({ residentScore }) => residentScore)),
  brief(scored(1.4, ({ communityScore }) => communityScore)),
  brief(column(10, 2, ({ satisfied }, { yes, no }) => (satisfied === null ? null : satisfied ? yes : no))),
  scored(0, ({ reopened }) => reopened),
  money(({ amountFen }) => amountFen),
];

const numbered = ({ items }: SatisfactionList): readonly NumberedRow[] => items.map((row, i) => ({ ...row, n: i + 1 }));

/** As a sheet of a workbook. */
export const satisfactionSheets = (list: SatisfactionList, language: Language): readonly Sheet[] => {
  const texts = SATISFACTION_TEXTS[language];
  return [sheetOf(COLUMNS, texts, numbered(list), texts)];
};

/** What all rows have in common stands in the title: a community, a department, a year. */
const commonIn = ({ items }: SatisfactionList, { year }: SatisfactionTexts): readonly string[] =>
  [(row: SatisfactionRow) => row.community, (row: SatisfactionRow) => row.unit, (row: SatisfactionRow) => year(row.evaluatedAt.slice(0, 4))].flatMap(
    (of) => {
      const [first, ...others] = new Set(items.map(of));
      return first === undefined || others.length > 0 ? [] : [first];
    },
  );

/** To be printed, across. */
export const satisfactionPaper = (list: SatisfactionList, language: Language): PaperDocument => {
  const texts = SATISFACTION_TEXTS[language];
  const { items, total } = list;
  return {
    title: texts.title(commonIn(list, texts)),
    orientation: 'landscape',
    parts: [
      { kind: 'text', text: texts.counted(total, items.length) },
      items.length === 0 ? { kind: 'text', text: texts.none } : tablePart(COLUMNS, texts, numbered(list), texts),
    ],
  };
};
