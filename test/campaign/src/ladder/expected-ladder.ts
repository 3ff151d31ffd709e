import { HOUR_MS, instantMsOf, realMsUntil, type Pace } from '@qiyue/engine';
import { MISSED_AFTER_HOURS, REMINDER_AFTER_HOURS, type Ladder } from './ladders';

/** One step of the ladder as it has to be: what is written, and when. */
export interface ExpectedStep {
  readonly name: string;
  /** Events that it gives, with level or reach. */
  readonly gives: readonly string[];
  /** Business time, ms. */
  readonly atMs: number;
  /** The machine's time of that instant, ms. */
  readonly realMs: number;
}

export const STEP_NAMES: readonly string[] = ['approaching', 'missed, all called', 'rung 1', 'rung 2', 'rung 3', 'rung 4', 'centre called'];

/** In order of time. */
export const expectedLadder = (ladder: Ladder, submittedAt: string, pace: Pace): readonly ExpectedStep[] => {
  const fromMs = instantMsOf(submittedAt);
  const after = (hours: number): number => fromMs + hours * HOUR_MS;
  const step = (name: string, atMs: number, ...gives: readonly string[]): ExpectedStep => ({ name, gives, atMs, realMs: realMsOf(pace, atMs) });
  const { centreAfterHours, rungsAfterHours } = ladder;
  const centre = 'WhistleBlown centre';
  const rungs = rungsAfterHours.map((hours, i) =>
    step(`rung ${i + 1}`, after(hours), `Escalated ${i + 1}`, ...(hours === centreAfterHours ? [centre] : [])),
  );
  return [
    step('approaching', after(REMINDER_AFTER_HOURS), 'DeadlineApproaching'),
    step('missed, all called', after(MISSED_AFTER_HOURS), 'DeadlineMissed', 'WhistleBlown all'),
    ...rungs,
    ...(rungsAfterHours.includes(centreAfterHours) ? [] : [step('centre called', after(centreAfterHours), centre)]),
  ].sort((a, b) => a.atMs - b.atMs);
};

const realMsOf = (pace: Pace, businessMs: number): number => pace.realMs + realMsUntil(pace, pace.realMs, businessMs);

/** A rehearsal that begins now on a Monday morning with no holiday near. */
export const paceOf = (ladder: Ladder, ladderMs: number): Pace => ({
  realMs: Date.now(),
  businessMs: instantMsOf('2025-07-07T09:00:00+08:00'),
  factor: (ladder.hours * HOUR_MS) / ladderMs,
});
