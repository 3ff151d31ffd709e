import type { Language } from '@qiyue/civic-domain';
import type { Sheet } from './sheets';

type Cell = string | number | null;

/** A spreadsheet takes a text that begins so for a formula, full-width signs too. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;
const NEEDS_QUOTES = /[",\r\n]/;

const cellOf = (cell: Cell): string => {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const harmless = FORMULA.test(cell) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

/** RFC 4180 with a header row. A text that would be taken for a formula gets a `'` in front; null is an empty cell. */
export const csvOf = (header: readonly string[], rows: readonly (readonly Cell[])[]): string => [header, ...rows].map(csvRowOf).join('');

/** One row of it. */
export const csvRowOf = (row: readonly Cell[]): string => `${row.map(cellOf).join(',')}\r\n`;

/** In front of a file of its own, by which spreadsheets know that it is UTF-8. */
export const BOM = '\uFEFF';

export const CSV = 'text/csv; charset=utf-8';

/** The form of an answer that has one table: what stands in its workbook, as a file of its own. */
export const csvForm =
  <A>(sheet: (answer: A, language: Language) => Sheet) =>
  (answer: A, _query: unknown, language: Language): string => {
    const { columns, rows } = sheet(answer, language);
    return (
      BOM +
      csvOf(
        columns.map(({ heading }) => heading),
        rows,
      )
    );
  };
