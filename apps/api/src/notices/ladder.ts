import { CLOCK_STEPS, type ClockStepType } from '@qiyue/civic-domain';
import type { RecordBody } from '@qiyue/engine';
import type { ToldNotice } from './who-was-told';

/** One step of a deadline that was taken, and who was told of it. Times are ISO 8601 with +08:00. */
export interface LadderStep {
  readonly seq: number;
  readonly kind: (typeof CLOCK_STEPS)[ClockStepType];
  /** 0, or 1 … n for the rungs. */
  readonly level: number;
  /** The rung's: 催办 and so on. */
  readonly name: string | null;
  readonly firedAt: string;
  readonly told: readonly ToldNotice[];
}

/** One deadline that slipped, or came near it. */
export interface LadderDeadline {
  readonly stage: string;
  readonly dueAt: string;
  readonly steps: readonly LadderStep[];
}

type Step = Pick<RecordBody, 'seq' | 'type' | 'time' | 'data'>;
const isStep = (type: string): type is ClockStepType => Object.hasOwn(CLOCK_STEPS, type);
/** What the steps of every ladder say. */
type Said = Readonly<{ stage: string; dueAt: string; level?: number; name?: string }>;

/** Every step that was taken, by its deadline, oldest first, each with those who were told of it. Pure. */
export const ladderOf = (records: readonly Step[], told: readonly ToldNotice[]): readonly LadderDeadline[] => {
  const deadlines = new Map<string, LadderDeadline>();
  for (const { seq, type, time, data } of records) {
    if (!isStep(type)) continue;
    const { stage, dueAt, level = 0, name = null } = data as Said;
    const step = { seq, kind: CLOCK_STEPS[type], level, name, firedAt: time, told: told.filter((notice) => notice.seq === seq) };
    const { steps } = deadlines.get(`${stage} ${dueAt}`) ?? { steps: [] };
    deadlines.set(`${stage} ${dueAt}`, { stage, dueAt, steps: [...steps, step] });
  }
  return [...deadlines.values()];
};
