/** What stands in a cell. A text is never calculated, whatever it begins with; null is an empty cell. */
export type SheetCell = string | number | null;

export interface SheetColumn {
  readonly heading: string;
  /** In letters; a Chinese one counts for two. */
  readonly width: number;
  /** How numbers are shown, as spreadsheets say it: `#,##0.00`. Left out: as they are. */
  readonly format?: string;
  /** One of the few that a terminal shows, where there are such. */
  readonly isBrief?: true;
}

/** A table of a workbook, with a heading over each column. */
export interface Sheet {
  /** On its tab: at most 31 letters, and no signs of paths and references among them. */
  readonly name: string;
  readonly columns: readonly SheetColumn[];
  /** As many cells as there are columns. */
  readonly rows: readonly (readonly SheetCell[])[];
}

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const PDF = 'application/pdf';
