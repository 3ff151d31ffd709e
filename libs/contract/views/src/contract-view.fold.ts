import { clockAfter, insistOnNext, timedAfter } from '@qiyue/civic-views';
import { TIMED_STAGES, type ContractEvent, type ContractStage, type Fact } from '@qiyue/contract-domain';
import { eventOf, sealRecord, unreachable, type RecordBody } from '@qiyue/engine';
import type { ContractView } from './contract-view';
import { amended, amendmentOf, begins, closed, evaluated, finished, itemsOf, signed, statusOf, type Change } from './contract-view.changes';

type Stages = readonly ContractStage[];
const AMENDABLE: Stages = ['proposed', 'in-force'];
const FROM_FORCE: Stages = ['in-force', 'evaluating'];

/**
 * The next version of a contract's document. Pure: the same records give equal documents, whenever they are folded.
 * Throws on corrupt input: another entity's record, a gap, a broken hash link, an event that its stage cannot have.
 */
export const foldContractView = (view: ContractView | null, record: RecordBody): ContractView => {
  insistOnNext('contract', view && { id: view.contractId, seq: view.seq, hash: view.hash }, record);
  const event = eventOf<ContractEvent>(record);
  const changed = view === null ? proposed(event, record) : timed({ ...view, ...change(view, event, record) }, event, record.time);
  return { ...changed, status: statusOf(changed), seq: record.seq, updatedAt: record.time, hash: sealRecord(record).hash };
};

/** The running clock after the event, and its stage's line in the statistics with it. */
const timed = (view: ContractView, event: ContractEvent, at: string): ContractView => {
  if (view.clock === null || isOfItem(view, event)) return view;
  return { ...view, ...timedAfter(view.clock, view.stages, event, at) };
};

const proposed = (event: ContractEvent, { entity, time }: RecordBody): ContractView => {
  if (event.type !== 'ContractProposed') throw new Error(`corrupt stream ${entity}: ${event.type} before ContractProposed`);
  const { unit, community, year, side, items, duties, startsOn, endsOn, endsAt } = event.data;
  return {
    ...{ contractId: entity, seq: 0, unit, community, year, status: 'awaiting-signatures', proposedBy: side },
    ...{ items: itemsOf(items), duties, startsOn, endsOn, endsAt },
    ...{ signatures: [], amendment: null, termination: null, evaluations: [] },
    ...{ outcome: null, reason: null, inForceAt: null, endedAt: null },
    ...begins({ stages: [], clock: null }, 'proposed', event.data, time),
    ...{ createdAt: time, updatedAt: time, hash: '' },
  };
};

const change = (view: ContractView, event: ContractEvent, { time: at, actor }: RecordBody): Change => {
  switch (event.type) {
    case 'SignatureGiven':
      return from(view, event, ['proposed'], signed(view, event, actor.id, at));
    case 'ContractInForce':
      return from(view, event, ['proposed'], { inForceAt: at, ...begins(view, 'in-force', event.data, at) });
    case 'ContractWithdrawn':
      return from(view, event, ['proposed'], { reason: event.data.reason, ...closed(view, 'withdrawn', at) });
    case 'AmendmentProposed':
      return from(view, event, AMENDABLE, { amendment: amendmentOf(view, event, at) });
    case 'AmendmentDeclined':
      return from(view, event, AMENDABLE, { amendment: null });
    case 'ContractAmended':
      return from(view, event, AMENDABLE, amended(view, event));
    case 'ItemFinished':
      return from(view, event, FROM_FORCE, finished(view, event, at));
    case 'SideEvaluated':
      return from(view, event, FROM_FORCE, evaluated(view, event, at));
    case 'TerminationGiven': {
      const { side, reason, effectiveAt } = event.data;
      return from(view, event, ['in-force'], { termination: { side, reason, at, effectiveAt } });
    }
    case 'ContractTerminated':
      return from(view, event, ['in-force'], closed(view, 'terminated', at));
    case 'ContractEnded':
      return from(view, event, ['in-force'], { amendment: null, termination: null, endedAt: at, ...begins(view, 'evaluating', event.data, at) });
    case 'ContractClosed':
      return from(view, event, ['proposed', 'evaluating'], closed(view, event.data.cause, at));
    case 'DeadlineApproaching':
    case 'DeadlineMissed':
    case 'Escalated':
    case 'DeadlineMoved':
      return onClock(view, event, at);
    case 'ContractProposed':
      throw new Error(`corrupt stream ${view.contractId}: ContractProposed twice`);
    default:
      return unreachable(event);
  }
};

/** A deadline of an item: its clock is the only thing that it changes. */
const isOfItem = ({ itemClocks }: ContractView, { data }: ContractEvent): boolean =>
  'stage' in data && itemClocks.some(({ stage }) => stage === data.stage);

const onClock = (view: ContractView, event: Fact<'DeadlineApproaching' | 'DeadlineMissed' | 'Escalated' | 'DeadlineMoved'>, at: string): Change => {
  if (isOfItem(view, event))
    return { itemClocks: view.itemClocks.map((clock) => (clock.stage === event.data.stage ? clockAfter(clock, event, at) : clock)) };
  const changed = event.type === 'DeadlineMoved' ? { dueAt: event.data.dueAt } : {};
  return from(
    view,
    event,
    TIMED_STAGES.filter((stage) => stage === event.data.stage),
    changed,
  );
};

const from = (view: ContractView, event: ContractEvent, stages: Stages, changed: Change): Change => {
  if (!stages.includes(view.stage)) throw new Error(`corrupt stream ${view.contractId}: ${event.type} in ${view.stage}`);
  return changed;
};
