import { clockAfter, insistOnNext, startedClock, type ClockView } from '@qiyue/civic-views';
import { eventOf, type RecordBody, type RecordedActor } from '@qiyue/engine';
import type { LiftEvent, LiftStage } from './lift-inspection.domain';

/** An inspection as its document has it. */
export interface LiftView {
  readonly liftInspectionId: string;
  readonly seq: number;
  readonly stage: LiftStage;
  readonly lift: string;
  readonly unit: string;
  readonly phone: string;
  readonly passed: boolean | null;
  /** What was found, or what was repaired. */
  readonly note: string | null;
  readonly author: RecordedActor;
  readonly dueAt: string | null;
  readonly clock: ClockView<'scheduled'> | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly hash: string;
}

export const foldLift = (view: LiftView | null, record: RecordBody, hash: string): LiftView => {
  insistOnNext('lift-inspection', view && { ...view, id: view.liftInspectionId }, record);
  const event = eventOf<LiftEvent>(record);
  const next = view === null ? born(event, record) : { ...view, ...change(view, event, record.time) };
  return { ...next, dueAt: next.clock?.dueAt ?? null, seq: record.seq, updatedAt: record.time, hash };
};

const born = ({ type, data }: LiftEvent, { entity, time }: RecordBody): LiftView => {
  if (type !== 'InspectionScheduled') throw new Error(`corrupt stream ${entity}: ${type} before InspectionScheduled`);
  const { lift, unit, phone, author, deadline } = data;
  return {
    ...{ liftInspectionId: entity, seq: 0, stage: 'scheduled', lift, unit, phone, passed: null, note: null, author },
    ...{ dueAt: null, clock: startedClock('scheduled', deadline), createdAt: time, updatedAt: time, hash: '' },
  };
};

const change = ({ liftInspectionId, clock }: LiftView, event: LiftEvent, at: string): Partial<LiftView> => {
  switch (event.type) {
    case 'LiftInspected':
      return { stage: 'inspected', passed: event.data.passed, note: event.data.note ?? null, clock: null };
    case 'LiftRepaired':
      return { stage: 'repaired', note: event.data.note };
    case 'InspectionClosed':
      return { stage: 'closed' };
    case 'InspectionScheduled':
      throw new Error(`corrupt stream ${liftInspectionId}: ${event.type} twice`);
    default:
      return { clock: clock && clockAfter(clock, event, at) };
  }
};
