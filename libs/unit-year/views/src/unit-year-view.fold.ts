import { insistOnNext, timedAfter } from '@qiyue/civic-views';
import { eventOf, sealRecord, unreachable, type RecordBody } from '@qiyue/engine';
import { TIMED_STAGES, type UnitYearEvent, type UnitYearStage } from '@qiyue/unit-year-domain';
import type { UnitYearView } from './unit-year-view';
import {
  amended,
  begins,
  carriedOver,
  closed,
  committed,
  contested,
  failed,
  fulfilled,
  granted,
  linked,
  made,
  NO_BUDGET,
  pledgeChanged,
  released,
  reserved,
  resized,
  settled,
  statusOf,
  totalled,
  withdrawn,
  type Change,
} from './unit-year-view.changes';

type Stages = readonly UnitYearStage[];
const EVERY: Stages = [...TIMED_STAGES, 'closed'];
const PUBLIC: Stages = ['published', 'fulfilling'];

/**
 * The next version of a unit-year's document. Pure: the same records give equal documents, whenever they are folded.
 * Throws on corrupt input: another entity's record, a gap, a broken hash link, an event that its stage cannot have.
 */
export const foldUnitYearView = (view: UnitYearView | null, record: RecordBody): UnitYearView => {
  insistOnNext('unit-year', view && { id: view.unitYearId, seq: view.seq, hash: view.hash }, record);
  const event = eventOf<UnitYearEvent>(record);
  const changed = view === null ? opened(event, record) : timed({ ...view, ...change(view, event, record.time) }, event, record.time);
  return {
    ...changed,
    status: statusOf(changed),
    budget: totalled(changed),
    seq: record.seq,
    updatedAt: record.time,
    hash: sealRecord(record).hash,
  };
};

/** The running clock after the event, and its stage's line in the statistics with it. */
const timed = (view: UnitYearView, event: UnitYearEvent, at: string): UnitYearView => {
  if (view.clock === null) return view;
  return { ...view, ...timedAfter(view.clock, view.stages, event, at) };
};

const opened = (event: UnitYearEvent, { entity, time }: RecordBody): UnitYearView => {
  if (event.type !== 'UnitYearOpened') throw new Error(`corrupt stream ${entity}: ${event.type} before UnitYearOpened`);
  const { unit, year, closesAt } = event.data;
  return {
    unitYearId: entity,
    seq: 0,
    unit,
    year,
    stage: 'pledging',
    status: 'promising',
    budget: NO_BUDGET,
    reservations: [],
    pledges: [],
    publishedAt: null,
    closedAt: null,
    closesAt,
    ...begins({ unit, stages: [], clock: null }, 'pledging', event.data, time),
    createdAt: time,
    updatedAt: time,
    hash: '',
  };
};

const change = (view: UnitYearView, event: UnitYearEvent, at: string): Change => {
  switch (event.type) {
    case 'BudgetSet':
      return from(view, event, TIMED_STAGES, granted(view, event.data.amountFen, event.data.reference));
    case 'BudgetAdjusted':
      return from(view, event, TIMED_STAGES, granted(view, event.data.amountFen, view.budget.reference));
    case 'FundsReserved':
      return from(view, event, TIMED_STAGES, reserved(view, event, at));
    case 'ReservationResized':
      return from(view, event, EVERY, resized(view, event));
    case 'FundsCommitted':
      return from(view, event, EVERY, committed(view, event));
    case 'FundsReleased':
      return from(view, event, EVERY, released(view, event));
    case 'PledgeMade':
      return from(view, event, TIMED_STAGES, { pledges: [...view.pledges, made(event, at)] });
    case 'PledgeAmended':
      return from(view, event, TIMED_STAGES, pledgeChanged(view, event, amended(event), at));
    case 'PledgeWithdrawn':
      return from(view, event, TIMED_STAGES, pledgeChanged(view, event, withdrawn(event), at));
    case 'PledgesPublished':
      return from(view, event, ['pledging'], { stage: event.data.stage, publishedAt: at, ...begins(view, event.data.stage, event.data, at) });
    case 'PledgeLinked':
      return from(view, event, TIMED_STAGES, pledgeChanged(view, event, linked(event.data.needId), at));
    case 'PledgeUnlinked':
      return from(view, event, TIMED_STAGES, pledgeChanged(view, event, linked(null), at));
    case 'PledgesUnderWay':
      return from(view, event, ['published'], { stage: 'fulfilling', ...begins(view, 'fulfilling', event.data, at) });
    case 'PledgeContested':
      return from(view, event, PUBLIC, pledgeChanged(view, event, contested(event, at), at));
    case 'PledgeSettled':
      return from(view, event, PUBLIC, pledgeChanged(view, event, settled(event, at), at));
    case 'PledgeFulfilled':
      return from(view, event, TIMED_STAGES, pledgeChanged(view, event, fulfilled(at), at));
    case 'PledgeFailed':
      return from(view, event, TIMED_STAGES, pledgeChanged(view, event, failed, at));
    case 'PledgeCarriedOver':
      return from(view, event, PUBLIC, pledgeChanged(view, event, carriedOver(event), at));
    case 'UnitYearClosed':
      return from(view, event, TIMED_STAGES, closed(view, event, at));
    case 'DeadlineApproaching':
    case 'DeadlineMissed':
    case 'Escalated':
      return from(view, event, [event.data.stage], {});
    case 'DeadlineMoved':
      return from(view, event, [event.data.stage], { dueAt: event.data.dueAt });
    case 'UnitYearOpened':
      throw new Error(`corrupt stream ${view.unitYearId}: UnitYearOpened twice`);
    default:
      return unreachable(event);
  }
};

const from = (view: UnitYearView, event: UnitYearEvent, stages: Stages, changed: Change): Change => {
  if (!stages.includes(view.stage)) throw new Error(`corrupt stream ${view.unitYearId}: ${event.type} in ${view.stage}`);
  return changed;
};
