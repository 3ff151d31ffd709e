import { describe, expect, it } from '@jest/globals';
import { listRowOf, type AnyAggregate } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { z } from 'zod';
import { columnsFor } from './list-columns';

const KINDS = AGGREGATES.map((aggregate): [string, AnyAggregate] => [aggregate.path, aggregate]);
const HAN = /\p{Script=Han}/u;

/** Something that fits; `pick` says which of the values of closed lists. */
const sampleOf = (schema: z.ZodType, pick: number): unknown => {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly || schema instanceof z.ZodOptional)
    return sampleOf(schema.unwrap() as z.ZodType, pick);
  if (schema instanceof z.ZodEnum) return schema.options[pick % schema.options.length];
  if (schema instanceof z.ZodUnion) return sampleOf(schema.options[pick % schema.options.length] as z.ZodType, pick);
  if (schema instanceof z.ZodLiteral) return schema.value;
  if (schema instanceof z.ZodArray) return [sampleOf(schema.element as z.ZodType, pick)];
  if (schema instanceof z.ZodObject)
    return Object.fromEntries(Object.entries(schema.shape).map(([name, of]) => [name, sampleOf(of as z.ZodType, pick)]));
  if (schema instanceof z.ZodBoolean) return true;
  return schema instanceof z.ZodNumber ? 7 : '甲';
};

/** The closed lists of an item, by their field. */
const closedLists = ({ listing }: AnyAggregate): readonly (readonly [string, readonly string[]])[] =>
  Object.entries(listing.item.shape).flatMap(([name, of]) => {
    const inner = of instanceof z.ZodNullable ? (of.unwrap() as z.ZodType) : (of as z.ZodType);
    return inner instanceof z.ZodEnum ? [[name, inner.options.map(String)] as const] : [];
  });

describe('a list as a table', () => {
  it.each(KINDS)('has headings in the language of its reader: %s', (_, aggregate) => {
    for (const { heading } of columnsFor(aggregate, 'zh-CN')) expect(heading).toMatch(HAN);
    for (const { heading } of columnsFor(aggregate, 'en')) expect(heading).toMatch(/^[A-Z][a-z ,]+$/);
  });
  it.each(KINDS)('has words for every value of every closed list: %s', (_, aggregate) => {
    const lists = closedLists(aggregate);
    expect(lists.map(([name]) => name)).toEqual(expect.arrayContaining(['stage', 'status']));
    for (const [name, values] of lists)
      for (const [pick, value] of values.entries()) {
        const item = { ...(sampleOf(aggregate.listing.item, 0) as object), [name]: sampleOf(z.enum(values), pick) };
        const cells = listRowOf(columnsFor(aggregate, 'zh-CN'), item);
        expect([value, cells.filter((cell) => cell === value)]).toEqual([value, []]);
        expect(cells.every((cell) => typeof cell !== 'string' || HAN.test(cell))).toBe(true);
      }
  });
  it.each(KINDS)('has room for a few of its columns on a terminal: %s', (_, aggregate) => {
    const brief = columnsFor(aggregate, 'en').filter(({ isBrief }) => isBrief);
    expect(brief.length).toBeGreaterThan(4);
    expect(brief.length).toBeLessThan(10);
  });
});
