import type { Sheet } from '@qiyue/aggregate';
import { oneLine } from './terminal';
import { pad, width } from './timeline';

/** A cell is cut behind so many columns. */
const CELL_MAX = 44;

/** Rows under their headings, each column as wide as its widest cell. */
export const tableLines = (headings: readonly string[], rows: readonly (readonly (string | number | null)[])[]): readonly string[] => {
  const cells = [headings, ...rows.map((row) => row.map((cell) => cut(oneLine(String(cell ?? '–')))))];
  const widths = headings.map((_, i) => Math.max(...cells.map((row) => width(row[i] ?? ''))));
  return cells.map((row) =>
    row
      .map((cell, i) => pad(cell, widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

const cut = (text: string): string => {
  if (width(text) <= CELL_MAX) return text;
  let kept = '';
  for (const char of text) {
    if (width(kept + char) > CELL_MAX - 1) break;
    kept += char;
  }
  return `${kept}…`;
};

/** A sheet of a workbook as people read it on a terminal: its brief columns, or all where none is. */
export const sheetLines = ({ name, columns, rows }: Sheet): readonly string[] => {
  const isShown = columns.map(({ isBrief }) => isBrief === true || columns.every((column) => column.isBrief !== true));
  return [
    name,
    ...tableLines(
      columns.filter((_, i) => isShown[i]).map(({ heading }) => heading),
      rows.map((row) => row.filter((_, i) => isShown[i])),
    ),
  ];
};
