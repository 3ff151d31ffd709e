import { describe, expect, it } from '@jest/globals';
import { AGGREGATES } from '@qiyue/aggregates';
import { noticeTypesOf } from '@qiyue/aggregate';
import { RULE_TEXTS, explainIssues } from '@qiyue/civic-contracts';
import { z } from 'zod';
import { factQuery, trailQuery } from '../audit/audit.controller';
import { changesQuery, entityQuery, momentQuery } from '../entities/entity.controllers';
import { listQueryOf } from '../entities/list-query';
import { paperQuery } from '../entities/papers.controller';
import { eventFilters } from '../events/event-filter';
import { inboxQuery } from '../inbox/inbox.controller';
import { preferencesBodyOf } from '../inbox/preferences.controller';
import { keyBody } from '../keys/keys.controller';
import { noticesQuery } from '../notices/notices.controller';
import { toldQuery } from '../notices/told.controller';
import { erasureBody, exportBody, holdBody, sealBodyOf } from '../privacy/privacy.controller';

/** Everything that somebody sends to the edge and that may not fit. */
const SCHEMAS: readonly (readonly [string, z.ZodType])[] = [
  ...AGGREGATES.flatMap((aggregate) => [
    ...Object.entries(aggregate.commands).map(([type, { schema }]): [string, z.ZodType] => [`${aggregate.path} ${type}`, schema]),
    [aggregate.path, listQueryOf(aggregate)] as [string, z.ZodType],
    ...(aggregate.queries ?? []).map(({ path, parameters }): [string, z.ZodType] => [path, parameters]),
  ]),
  ...Object.entries({
    ...{ entityQuery, momentQuery, changesQuery, paperQuery, toldQuery, inboxQuery, noticesQuery, trailQuery, factQuery },
    ...{ erasureBody, exportBody, holdBody, keyBody, eventFilters: z.strictObject(eventFilters(AGGREGATES)) },
    ...{ sealBody: sealBodyOf(AGGREGATES), preferences: preferencesBodyOf(noticeTypesOf(AGGREGATES)) },
  }),
];

const WRONG: readonly unknown[] = [
  undefined,
  null,
  true,
  7,
  -1,
  0.5,
  1e99,
  '',
  ' ',
  '1e1',
  '2026-02-30',
  'x'.repeat(9_000),
  'a\u0000',
  [],
  ['x'],
  {},
  { zz: 1 },
];

/** Each way to be wrong at each place, down to the fields of the entries of lists. */
const bodiesFor = (schema: z.ZodType, depth = 3): readonly unknown[] => {
  const inner = unwrapped(schema);
  if (depth === 0) return WRONG;
  if (inner instanceof z.ZodArray) return [...WRONG, ...bodiesFor(inner.element as z.ZodType, depth - 1).map((one) => [one])];
  if (inner instanceof z.ZodUnion) return [...WRONG, ...inner.options.flatMap((one) => bodiesFor(one as z.ZodType, depth))];
  if (!(inner instanceof z.ZodObject)) return WRONG;
  const fields = Object.entries(inner.shape as Readonly<Record<string, z.ZodType>>);
  return [...WRONG, ...fields.flatMap(([name, of]) => bodiesFor(of, depth - 1).map((value) => ({ [name]: value })))];
};

const unwrapped = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault || schema instanceof z.ZodReadonly
    ? unwrapped(schema.unwrap() as z.ZodType)
    : schema instanceof z.ZodPipe
      ? unwrapped(schema.in as z.ZodType)
      : schema;

/** Of a programmer's, in a sentence for everybody: a pattern, the name of a type, a comparison. */
const MACHINE = /\\[dwsx]|\/\^|\$\/|\b(string|array|boolean|integer|int|undefined|NaN|regex|pattern|null(?!\)))\b|[<>]=?|Invalid|无效输入|正则/i;
const messagesOf = (schema: z.ZodType, language: 'zh-CN' | 'en'): readonly string[] => [
  ...new Set(
    bodiesFor(schema).flatMap((body) => {
      const { error } = schema.safeParse(body ?? {});
      return error === undefined ? [] : explainIssues(error, language).map(({ message }) => message);
    }),
  ),
];

/** Checks of our own, wherever they stand in a schema: those by code and those by pattern. */
const ownChecks = (value: unknown, seen = new Set<unknown>()): readonly string[] => {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  const def = (value as { readonly _zod?: { readonly def: Readonly<Record<string, unknown>> } })._zod?.def;
  if (def === undefined) return Object.values(value).flatMap((one) => ownChecks(one, seen));
  const isOwn = def['check'] === 'custom' || (def['check'] === 'string_format' && def['format'] === 'regex');
  const named = typeof def['error'] === 'function' ? String((def['error'] as () => unknown)()) : '';
  return [...(isOwn ? [named] : []), ...Object.values(def).flatMap((one) => ownChecks(one, seen))];
};

describe('what is wrong with what somebody sent', () => {
  it.each(SCHEMAS)('is said in plain words, of %s', (_, schema) => {
    for (const message of messagesOf(schema, 'zh-CN')) {
      expect(message).toMatch(/\p{Script=Han}/u);
      expect(message).not.toMatch(MACHINE);
    }
    for (const message of messagesOf(schema, 'en')) {
      expect(message).toMatch(/^[A-Z][\x20-\x7e]+$/);
      expect(message).not.toMatch(MACHINE);
    }
  });
  it.each(SCHEMAS)('has words for each check of %s', (_, schema) => {
    expect(ownChecks(schema).filter((name) => !Object.hasOwn(RULE_TEXTS, name))).toEqual([]);
  });
  it('is what one would say, of a list and a need', () => {
    const needs = AGGREGATES[0];
    if (needs === undefined) throw new Error('there is no kind');
    const told = (schema: z.ZodType | undefined, sent: object, language: 'zh-CN' | 'en') => {
      const { error } = schema?.safeParse(sent) ?? {};
      return Object.fromEntries((error === undefined ? [] : explainIssues(error, language)).map(({ path, message }) => [path, message]));
    };
    const list = listQueryOf(needs);
    expect(told(list, { from: '2026-02-30', limit: '1e1', cursor: 'x', bogus: '1' }, 'zh-CN')).toEqual({
      '': '没有这个字段：bogus',
      from: '不是有效日期，或离今天太远（例如 2024-07-01）',
      limit: '须为 1 到 100 的整数',
      cursor: '不是这个列表给出的 cursor',
    });
    expect(told(list, { from: '2026-11-28', to: '2026-11-01' }, 'en')).toEqual({ to: 'Lies before from' });
    const { schema } = needs.commands['submit'] ?? {};
    expect(told(schema, { title: '', items: 'no', location: { lat: 1, lng: 'a' } }, 'zh-CN')).toEqual({
      title: '不能为空',
      kind: '须为以下之一：tangible、service',
      items: '应为列表',
      community: '不能缺少',
      'location.lng': '应为数字',
    });
    expect(told(momentQuery, { seq: '0' }, 'en')).toEqual({ seq: 'A whole number from 1 to 9007199254740991' });
  });
});
