import { NOTHING_PRINTED, printedHundredths, type PaperPart, type Sheet, type SheetCell } from '@qiyue/aggregate';

/** One column of a list: how wide it is, on a sheet in letters, on paper beside the others; 0: not printed. `fen` is shown as yuan. */
export interface Column<R, T> {
  readonly width: number;
  readonly printed: number;
  readonly cell: (row: R, texts: T) => SheetCell;
  readonly isFen?: true;
  /** See `SheetColumn`. */
  readonly isBrief?: true;
}

/** What stands over it: its name, and a heading over each column, in their order. */
export interface TableWords {
  readonly name: string;
  readonly head: readonly string[];
}

export const column = <R, T>(width: number, printed: number, cell: Column<R, T>['cell']): Column<R, T> => ({ width, printed, cell });
export const money = <R, T>(fenOf: (row: R) => number | null): Column<R, T> => ({ width: 14, printed: 3, cell: fenOf, isFen: true });
export const day = <R, T>(of: (row: R) => string | null): Column<R, T> => column(12, 2.8, (row) => of(row)?.slice(0, 10) ?? null);

const MONEY_FORMAT = '#,##0.00';

/** A sheet of a workbook, in the columns that counties keep. */
export const sheetOf = <R, T>(columns: readonly Column<R, T>[], { name, head }: TableWords, rows: readonly R[], texts: T): Sheet => ({
  name,
  columns: columns.map(({ width, isFen, isBrief }, i) => ({
    ...{ heading: head[i] ?? '', width },
    ...(isFen === true ? { format: MONEY_FORMAT } : {}),
    ...(isBrief === true ? { isBrief } : {}),
  })),
  rows: rows.map((row) => columns.map((one) => sheetCellOf(one, one.cell(row, texts)))),
});

type Fen = Pick<Column<never, never>, 'isFen'>;
const sheetCellOf = ({ isFen }: Fen, cell: SheetCell): SheetCell => (isFen === true && typeof cell === 'number' ? cell / 100 : cell);

/** The same to be printed, of columns that are. */
export const tablePart = <R, T>(columns: readonly Column<R, T>[], { head }: TableWords, rows: readonly R[], texts: T): PaperPart => {
  const printed = columns.flatMap((one, i) => (one.printed === 0 ? [] : [{ ...one, heading: head[i] ?? '' }]));
  return {
    ...{ kind: 'table', small: true, head: printed.map(({ heading }) => heading), widths: printed.map((one) => one.printed) },
    rows: rows.map((row) => printed.map((one) => printedCell(one, one.cell(row, texts)))),
  };
};

const printedCell = ({ isFen }: Fen, cell: SheetCell): string => {
  if (cell === null) return NOTHING_PRINTED;
  return isFen === true && typeof cell === 'number' ? printedHundredths(cell) : String(cell);
};
