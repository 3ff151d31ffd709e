import { csvOf } from '@qiyue/aggregate';
import type { Scoreboard } from './scoreboard.schema';
import { communityRow, unitRow } from './scoreboard.schema';
import { z } from 'zod';

type Value = string | number | null;

/** Names of all that a row holds, however deep, in the order of its schema: `needs tangible done`. */
const columnsOf = (schema: z.ZodType): readonly (readonly string[])[] => {
  if (schema instanceof z.ZodNullable) return columnsOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodRecord) return (schema.keyType as z.ZodEnum).options.map((name) => [String(name)]);
  if (!(schema instanceof z.ZodObject)) return [[]];
  return Object.entries(schema.shape).flatMap(([name, of]) => columnsOf(of as z.ZodType).map((inner) => [name, ...inner]));
};

const valueAt = (row: object, path: readonly string[]): Value =>
  path.reduce<unknown>((inner, name) => (inner === null ? null : (inner as Readonly<Record<string, unknown>>)[name]), row) as Value;

/** A line for each row; what stands in a part of it is named by the part: `contracts signed`. */
export const scoreboardCsv = ({ of, rows }: Scoreboard): string => {
  const columns = columnsOf(of === 'unit' ? unitRow : communityRow);
  return csvOf(
    columns.map((path) => path.join(' ')),
    rows.map((row) => columns.map((path) => valueAt(row, path))),
  );
};
