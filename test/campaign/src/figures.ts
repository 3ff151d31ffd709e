import type { Measured } from './percentiles';

/** One campaign's result as it is written to its file. `rows` is what the table shows. */
export interface CampaignResult {
  readonly sound: boolean;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly rows: readonly Row[];
  /** What went wrong, in words; empty when sound. */
  readonly troubles: readonly string[];
  readonly latencies?: Readonly<Record<string, Measured>>;
}

export type Row = Readonly<Record<string, string | number>>;

/** The rows as a table of text, columns as wide as they must be. */
export const tableOf = (rows: readonly Row[]): string => {
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))];
  const widths = names.map((_, column) => Math.max(...cells.map((line) => (line[column] ?? '').length)));
  return cells.map((line) => line.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')).join('\n');
};
