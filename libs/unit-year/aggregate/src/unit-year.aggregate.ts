import { anyDecider } from '@qiyue/engine';
import { anyAggregate, anyQuery, type Aggregate, type CommandDefinition } from '@qiyue/aggregate';
import { lightOf } from '@qiyue/civic-views';
import {
  COMMAND_SUMMARIES,
  PUBLIC_UNIT_YEAR_COMMANDS,
  UNIT_YEAR_EVENT_CAUSES,
  UNIT_YEAR_EVENT_TYPES,
  UNIT_YEAR_FIELDS,
  unitYearCommandSchemas,
  unitYearEventSchemas,
} from '@qiyue/unit-year-contracts';
import { SAYING_NOTHING_NEW, TIMED_STAGES, unitYearDecider, unitYearIdOf, type PublicUnitYearCommandType } from '@qiyue/unit-year-domain';
import type { UnitYearView } from '@qiyue/unit-year-views';
import { unitYearNotices } from './notices/unit-year.notices';
import { budgets } from './queries/budgets';
import { pledges } from './queries/pledges';
import { scoreboardModel } from './scoreboard';
import { unitYearAccess } from './unit-year.access';
import { unitYearCalendar } from './unit-year.calendar';
import { UNIT_YEAR_EVENT_WORDS } from './unit-year.event-words';
import { COMMAND_EXAMPLES } from './unit-year.examples';
import { unitYearListing } from './unit-year.listing';
import { UNIT_YEAR_REFUSALS } from './unit-year.refusals';
import { UNIT_YEAR_STAGE_TEXTS } from './unit-year.stages';
import { unitYearShown } from './unit-year.shown';
import { unitYearsModel } from './unit-years-model';

const definitionOf = (type: PublicUnitYearCommandType): CommandDefinition => ({
  schema: unitYearCommandSchemas[type],
  summary: COMMAND_SUMMARIES[type],
  example: COMMAND_EXAMPLES[type],
  ...(SAYING_NOTHING_NEW.some((name) => name === type) ? { maySayNothing: true as const } : {}),
});

/** What a department promised for a year, and what it may spend in it. */
export const unitYearAggregate: Aggregate<UnitYearView> = {
  decider: anyDecider(unitYearDecider),
  deciderModule: { path: require.resolve('@qiyue/unit-year-domain'), name: 'unitYearDecider' },
  path: 'unit-years',
  idName: 'unitYearId',
  noun: { 'zh-CN': '年度承诺', en: 'unit-year' },
  stages: UNIT_YEAR_STAGE_TEXTS,
  eventWords: UNIT_YEAR_EVENT_WORDS,
  commands: Object.fromEntries(PUBLIC_UNIT_YEAR_COMMANDS.map((type) => [type, definitionOf(type)])),
  events: Object.fromEntries(UNIT_YEAR_EVENT_TYPES.map((type) => [type, { schema: unitYearEventSchemas[type], ...UNIT_YEAR_EVENT_CAUSES[type] }])),
  fields: UNIT_YEAR_FIELDS,
  goldenBeside: require.resolve('@qiyue/unit-year-contracts'),
  refusals: UNIT_YEAR_REFUSALS,
  access: unitYearAccess,
  model: unitYearsModel,
  keyedModels: [scoreboardModel],
  shownOf: (view, at) => ({ ...view, light: lightOf(view, at) }),
  shown: unitYearShown,
  listing: unitYearListing,
  queries: [anyQuery(budgets), anyQuery(pledges)],
  /** By the body as it will be recorded, trimmed and normalised; one that does not fit opens nothing. */
  idOf: (data) => {
    const { data: asked = { unit: String(data['unit']), year: Number(data['year']) } } = unitYearCommandSchemas.open.safeParse(data);
    return unitYearIdOf(asked);
  },
  deadlines: {
    open: { 'view.stage': { $in: TIMED_STAGES } },
    overdueBefore: (before, dueUntil) => ({
      'view.stage': { $in: TIMED_STAGES },
      $or: [
        { 'view.dueAt': { $gt: '', $lt: dueUntil }, 'view.clock.steps': { $elemMatch: { firedAt: null, at: { $gt: '', $lt: before } } } },
        { 'view.closesAt': { $lt: before } },
      ],
    }),
  },
  privacy: { disputed: { 'view.pledges.state': 'contested' }, ended: { 'view.status': 'ended' } },
  calendar: unitYearCalendar,
  notices: unitYearNotices,
};

export const unitYear = anyAggregate(unitYearAggregate);
