import { calendarOf, LIGHT_TEXTS, type AggregateQuery, type QueryPorts, type Sheet } from '@qiyue/aggregate';
import { encodeCursor, fromDay, isInOrder, rangeOrder, page, toDay, words, yesOrNo, type PageCursor } from '@qiyue/civic-contracts';
import { DEADLINE_STAGES, type DeadlineStage, type Language } from '@qiyue/civic-domain';
import { standingOf } from '@qiyue/civic-views';
import { minuteOf } from '@qiyue/engine';
import type { NeedView } from '@qiyue/need-views';
import { z } from 'zod';
import { standing } from '../need.shown';
import { NEED_STAGE_TEXTS } from '../need.stages';
import { needsModel } from '../needs-model';
import { entriesOf } from './deadline-calendar';

/** Enough for a unit; a feed that somebody subscribes to is read whole each time. */
const FEED_MAX = 500;

const which = {
  from: fromDay.optional().meta({ description: 'Due from then on: a day (YYYY-MM-DD, Shanghai) or an instant (ISO 8601 with offset)' }),
  to: toDay.optional().meta({ description: 'Due before the end of it: a day or an instant' }),
  unit: words.optional().meta({ description: 'Lead department' }),
  community: words.optional(),
  stage: z.enum(DEADLINE_STAGES as [DeadlineStage, ...DeadlineStage[]]).optional(),
  provisional: yesOrNo.optional().meta({ description: 'Only those with a date that the calendar does not cover yet' }),
};
const feedQuery = z.strictObject(which).refine(isInOrder, rangeOrder);
const deadlinesQuery = z.strictObject({ ...which, ...page }).refine(isInOrder, rangeOrder);
type FeedQuery = z.infer<typeof feedQuery>;
type DeadlinesQuery = z.infer<typeof deadlinesQuery>;

/** One running deadline: whose it is, when, and how it stands. */
const deadlineItem = z.object({
  needId: z.string(),
  title: z.string(),
  stage: z.enum(DEADLINE_STAGES as [DeadlineStage, ...DeadlineStage[]]),
  unit: z.string().nullable().meta({ description: 'The lead; null on the list' }),
  community: z.string(),
  dueAt: z.string().nullable().meta({ format: 'date-time', description: 'Null while the calendar does not cover it' }),
  paused: z.boolean(),
  ...standing,
});
const deadlinePage = z.object({ items: z.array(deadlineItem).readonly(), nextCursor: z.string().nullable() });
export type DeadlineItem = z.infer<typeof deadlineItem>;
export type DeadlinePage = z.infer<typeof deadlinePage>;

const BEFORE_ALL = '0';

/** The deadlines that run, soonest first; those without a date come only when asked for. */
export const deadlines: AggregateQuery<DeadlinesQuery, DeadlinePage> = {
  path: 'deadlines',
  title: { 'zh-CN': '运行中的期限，最近的在前', en: 'The deadlines that run, soonest first' },
  summary: 'The deadlines that run, soonest first',
  verb: 'deadlines',
  parameters: deadlinesQuery,
  answer: deadlinePage,
  sheets: ({ items }, language) => [deadlineSheet(items, language)],
  read: async (query, ports) => {
    const found = await viewsOf(query, query.limit + 1, ports, query.cursor);
    const shown = found.slice(0, query.limit);
    const last = found.length > query.limit ? shown.at(-1) : undefined;
    const nextCursor = last === undefined ? null : encodeCursor({ at: last.dueAt ?? BEFORE_ALL, id: last.needId });
    return { items: shown.map((view) => itemOf(view, ports.now)), nextCursor };
  },
};

const HEADINGS: Readonly<Record<Language, readonly string[]>> = {
  'zh-CN': ['期限', '灯', '阶段', '单位', '社区', '需求', '标识'],
  en: ['Due', 'Light', 'Stage', 'Unit', 'Community', 'Need', 'Id'],
};
const WIDTHS = [20, 8, 16, 20, 16, 40, 30];

const deadlineSheet = (items: readonly DeadlineItem[], language: Language): Sheet => ({
  name: language === 'en' ? 'Deadlines' : '办理期限',
  columns: HEADINGS[language].map((heading, i) => ({ heading, width: WIDTHS[i] ?? 20 })),
  rows: items.map(({ dueAt, light, stage, unit, community, title, needId }) => [
    ...[dueAt && minuteOf(dueAt), light && LIGHT_TEXTS[light][language], NEED_STAGE_TEXTS[stage][language]],
    ...[unit, community, title, needId],
  ]),
});

const feedAnswer = z.object({ views: z.array(z.custom<NeedView>()).readonly(), total: z.int() });
type Feed = z.infer<typeof feedAnswer>;
const whoseOf = ({ unit, community }: FeedQuery): string | null => unit ?? community ?? null;

/** The same for calendars. */
export const deadlineFeed: AggregateQuery<FeedQuery, Feed> = {
  path: 'deadlines.ics',
  summary: `The same as an iCalendar feed (RFC 5545), at most ${FEED_MAX}`,
  parameters: feedQuery,
  answer: feedAnswer,
  forms: {
    'text/calendar; charset=utf-8': ({ views, total }, query) =>
      calendarOf(
        views.flatMap((view) => entriesOf(view)),
        whoseOf(query),
        total - views.length,
      ),
  },
  isNoJson: true,
  looksAtAll: true,
  exported: (query) => ({ what: 'deadlines.ics', subject: whoseOf(query) }),
  read: async (query, ports) => {
    const views = await viewsOf(query, FEED_MAX, ports);
    return { views, total: views.length < FEED_MAX ? views.length : await countOf(query, ports) };
  },
};

const countOf = async (query: FeedQuery, { model }: QueryPorts): Promise<number> =>
  (await model(needsModel).collection()).countDocuments(filterOf(query, undefined) as object);

const viewsOf = async (query: FeedQuery, limit: number, { model }: QueryPorts, after?: PageCursor): Promise<readonly NeedView[]> => {
  const collection = await model(needsModel).collection();
  const found = await collection
    .find(filterOf(query, after) as object)
    .sort({ 'view.dueAt': 1, _id: 1 })
    .limit(limit)
    .toArray();
  return found.map(({ view }) => view as NeedView);
};

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

const filterOf = ({ unit, community, stage, provisional, from, to }: FeedQuery, after: PageCursor | undefined): object => {
  const due = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) };
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

const behind = (after: PageCursor | undefined): readonly object[] => {
  if (after === undefined) return [];
  const { at: dueAt, id } = after;
  if (dueAt === BEFORE_ALL) return [{ $or: [{ 'view.dueAt': { $ne: null } }, { 'view.dueAt': null, _id: { $gt: id } }] }];
  return [{ $or: [{ 'view.dueAt': { $gt: dueAt } }, { 'view.dueAt': dueAt, _id: { $gt: id } }] }];
};
