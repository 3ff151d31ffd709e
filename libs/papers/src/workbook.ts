import type { Sheet, SheetCell, SheetColumn } from '@qiyue/aggregate';

/** What is used of write-excel-file, by types of our own: those that it brings see a browser's and Node's at once. */
interface Cell {
  readonly value: string | number;
  readonly type: StringConstructor | NumberConstructor;
  readonly format?: string;
  readonly fontWeight?: 'bold';
  readonly wrap?: true;
  readonly alignVertical?: 'top';
}
interface SheetDescription {
  readonly sheet: string;
  readonly data: readonly (readonly (Cell | null)[])[];
  readonly columns: readonly { readonly width: number }[];
  readonly stickyRowsCount: number;
  readonly orientation: 'landscape';
}
type WriteExcelFile = (sheets: readonly SheetDescription[]) => { toBuffer(): Promise<Buffer> };

const { default: writeExcelFile } = require('write-excel-file/node') as { readonly default: WriteExcelFile };

/**
 * A workbook for Excel (`.xlsx`), its first row always in sight. A text is written as a text whatever it looks like: formulas are cells of another type, of
 * which there are none, so that nothing needs a sign in front.
 */
export const renderWorkbook = (sheets: readonly Sheet[]): Promise<Buffer> => writeExcelFile(sheets.map(described)).toBuffer();

/** Stays a text too when somebody edits it. */
const AS_TEXT = '@';

const described = ({ name, columns, rows }: Sheet): SheetDescription => ({
  sheet: name,
  data: [columns.map(({ heading }) => ({ value: heading, type: String, fontWeight: 'bold' })), ...rows.map((row) => row.map(cellIn(columns)))],
  columns: columns.map(({ width }) => ({ width })),
  stickyRowsCount: 1,
  orientation: 'landscape',
});

const cellIn =
  (columns: readonly SheetColumn[]) =>
  (value: SheetCell, i: number): Cell | null => {
    if (value === null) return null;
    if (typeof value === 'string') return { value, type: String, format: AS_TEXT, wrap: true, alignVertical: 'top' };
    const format = columns[i]?.format;
    return { value, type: Number, alignVertical: 'top', ...(format === undefined ? {} : { format }) };
  };
