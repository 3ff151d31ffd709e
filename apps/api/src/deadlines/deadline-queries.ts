import type { Clock } from '@qiyue/adapters';
import { toShanghaiIso } from '@qiyue/engine';
import type { ActiveModel } from '@qiyue/engine-runtime';
import { DEADLINE_STAGES, type DeadlineStage } from '@qiyue/need-domain';
import { standingOf, type NeedView, type DeadlineStanding } from '@qiyue/need-views';
import { z } from 'zod';
import { wholeNumber } from '../http/query';
import { decodeCursor, encodeCursor, type Cursor } from '../needs/cursor';
import { PAGE_MAX } from '../needs/list-query';
import { between, from, isInOrder, to } from './due-range';

const PAGE = 20;
const words = z.string().trim().min(1).max(200);
const cursor = z
  .string()
  .max(200)
  .transform((text, context): Cursor => {
    const decoded = decodeCursor(text);
    if (decoded !== null) return decoded;
    context.issues.push({ code: 'custom', message: 'not a cursor of this list', input: text });
    return z.NEVER;
  });

const which = {
  from: from.optional(),
  to: to.optional(),
  unit: words.optional(),
  community: words.optional(),
  stage: z.enum(DEADLINE_STAGES as [DeadlineStage, ...DeadlineStage[]]).optional(),
  provisional: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
};
export const feedQuery = z.strictObject(which).refine(isInOrder, { path: ['to'] });
export const deadlinesQuery = z
  .strictObject({ ...which, limit: wholeNumber(1, PAGE_MAX).default(PAGE), cursor: cursor.optional() })
  .refine(isInOrder, { path: ['to'] });
export type FeedQuery = z.infer<typeof feedQuery>;
export type DeadlinesQuery = z.infer<typeof deadlinesQuery>;

/** One running deadline: whose it is, when, and how it stands. */
export interface DeadlineItem extends DeadlineStanding {
  readonly needId: string;
  readonly title: string;
  readonly stage: DeadlineStage;
  /** The lead; null on the list. */
  readonly unit: string | null;
  readonly community: string;
  /** Null while the calendar does not cover it. */
  readonly dueAt: string | null;
  readonly paused: boolean;
}
export interface DeadlinePage {
  readonly items: readonly DeadlineItem[];
  readonly nextCursor: string | null;
}

const BEFORE_ALL = '0';

/** The deadlines that run, soonest first; those without a date come only when asked for. */
export class DeadlineQueries {
  constructor(
    private readonly model: Pick<ActiveModel<NeedView>, 'collection'>,
    private readonly clock: Pick<Clock, 'nowMs'>,
  ) {}

  async page(query: DeadlinesQuery): Promise<DeadlinePage> {
    const found = await this.views(query, query.limit + 1, query.cursor);
    const now = toShanghaiIso(this.clock.nowMs());
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    const nextCursor = last === undefined ? null : encodeCursor({ createdAt: last.dueAt ?? BEFORE_ALL, needId: last.needId });
    return { items: page.map((view) => itemOf(view, now)), nextCursor };
  }

  async views(query: FeedQuery, limit: number, after?: Cursor): Promise<readonly NeedView[]> {
    const collection = await this.model.collection();
    const found = await collection
      .find(filterOf(query, after) as object)
      .sort({ 'view.dueAt': 1, _id: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ view }) => view as NeedView);
  }
}

export const isPaused = ({ clock }: Pick<NeedView, 'clock'>): boolean => clock !== null && clock.paused !== null;

const itemOf = (view: NeedView, now: string): DeadlineItem => ({
  needId: view.needId,
  title: view.title,
  stage: view.stage as DeadlineStage,
  unit: view.unit,
  community: view.community,
  dueAt: view.dueAt,
  paused: isPaused(view),
  ...standingOf(view, now),
});

const filterOf = ({ unit, community, stage, provisional, ...range }: FeedQuery, after: Cursor | undefined): object => {
  const due = between(range);
  const conditions = [
    { 'view.stage': stage ?? { $in: DEADLINE_STAGES } },
    ...(unit === undefined ? [] : [{ 'view.unit': unit }]),
    ...(community === undefined ? [] : [{ 'view.community': community }]),
    ...(provisional === true ? [{ 'view.clock.provisional': true }] : [{ 'view.dueAt': { $ne: null } }]),
    ...(Object.keys(due).length === 0 ? [] : [{ 'view.dueAt': due }]),
    ...behind(after),
  ];
  return { $and: conditions };
};

const behind = (after: Cursor | undefined): readonly object[] => {
  if (after === undefined) return [];
  const { createdAt: dueAt, needId } = after;
  if (dueAt === BEFORE_ALL) return [{ $or: [{ 'view.dueAt': { $ne: null } }, { 'view.dueAt': null, _id: { $gt: needId } }] }];
  return [{ $or: [{ 'view.dueAt': { $gt: dueAt } }, { 'view.dueAt': dueAt, _id: { $gt: needId } }] }];
};
