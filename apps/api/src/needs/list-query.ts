import type { NeedStage, NeedStatus } from '@qiyue/need-domain';
import type { NeedView } from '@qiyue/need-views';
import type { ModelDocument } from '@qiyue/engine-runtime';
import type { Filter } from 'mongodb';
import { searchable } from '@qiyue/need-contracts';
import { z } from 'zod';
import { wholeNumber } from '../http/query';
import { decodeCursor, type Cursor } from './cursor';

/** Records, so that a new stage or status does not compile until it can be asked for. */
const STAGES: Readonly<Record<NeedStage, true>> = {
  submitted: true,
  claimed: true,
  funded: true,
  done: true,
  evaluated: true,
  rejected: true,
  withdrawn: true,
  merged: true,
};
const STATUSES: Readonly<Record<NeedStatus, true>> = {
  waiting: true,
  inspected: true,
  planned: true,
  reopened: true,
  'waiting-to-start': true,
  working: true,
  'at-acceptance': true,
  reworking: true,
  'awaiting-evaluations': true,
  'one-side-evaluated': true,
  'both-sides-evaluated': true,
  'open-to-reopen': true,
  closed: true,
  ended: true,
};
export const NEED_STAGES = Object.keys(STAGES) as readonly NeedStage[];
export const NEED_STATUSES = Object.keys(STATUSES) as readonly NeedStatus[];

export const PAGE_MAX = 100;
const PAGE = 20;
/** In the form in which texts are stored. */
const words = z.string().normalize('NFC').trim().min(1).max(200);

const cursor = z
  .string()
  .max(200)
  .transform((text, context): Cursor => {
    const decoded = decodeCursor(text);
    if (decoded !== null) return decoded;
    context.issues.push({ code: 'custom', message: 'not a cursor of this list', input: text });
    return z.NEVER;
  });

export const listQuery = z.strictObject({
  stage: z.enum(NEED_STAGES).optional(),
  status: z.enum(NEED_STATUSES).optional(),
  unit: words.optional(),
  community: words.optional(),
  kind: z.enum(['tangible', 'service']).optional(),
  overdue: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  q: words.optional(),
  limit: wholeNumber(1, PAGE_MAX).default(PAGE),
  cursor: cursor.optional(),
});
export type ListQuery = z.infer<typeof listQuery>;

type NeedFilter = Filter<ModelDocument<NeedView>>;

/** All but the words that are searched for. `now` as records write it: text order is time order there. */
export const filterOf = (query: ListQuery, now: string): NeedFilter => {
  const equal = (['stage', 'status', 'unit', 'community', 'kind'] as const).flatMap((name) =>
    query[name] === undefined ? [] : [{ [`view.${name}`]: query[name] }],
  );
  const conditions = [...equal, ...overdue(query.overdue, now), ...behind(query.cursor)];
  return (conditions.length === 0 ? {} : { $and: conditions }) as NeedFilter;
};

/** While the clock stands still nobody is late. */
export const NOT_PAUSED = { 'view.clock.paused': null };

const overdue = (wanted: boolean | undefined, now: string): readonly object[] => {
  if (wanted === undefined) return [];
  return wanted
    ? [{ 'view.dueAt': { $ne: null, $lt: now } }, NOT_PAUSED]
    : [{ $or: [{ 'view.dueAt': null }, { 'view.dueAt': { $gte: now } }, { 'view.clock.paused': { $ne: null } }] }];
};

const behind = (last: Cursor | undefined): readonly object[] =>
  last === undefined
    ? []
    : [{ $or: [{ 'view.createdAt': { $lt: last.createdAt } }, { 'view.createdAt': last.createdAt, _id: { $lt: last.needId } }] }];

/** Whether one of the texts holds what is searched for, in letters large or small, full-width or half-width. */
export const mentions = (texts: readonly (string | null)[], q: string): boolean =>
  texts.some((text) => text !== null && searchable(text).includes(searchable(q)));
