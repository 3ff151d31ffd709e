import { CHINA_2024_2026, compileTable, deadlineAfter, DEFAULT_OFFICE_HOURS } from '@qiyue/calendar';
import { HOUR_MS, instantMsOf, realMsUntil, toShanghaiIso, type Pace } from '@qiyue/engine';
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

const CALENDAR = compileTable(CHINA_2024_2026);

/** In order of time. */
export const expectedLadder = (ladder: Ladder, submittedAt: string, pace: Pace): readonly ExpectedStep[] => {
  const fromMs = instantMsOf(submittedAt);
  const after = (hours: number): number => fromMs + hours * HOUR_MS;
  const step = (name: string, atMs: number, ...gives: readonly string[]): ExpectedStep => ({ name, gives, atMs, realMs: realMsOf(pace, atMs) });
  const { centreAfterHours, rungsAfterHours } = ladder;
  return [
    step('approaching', after(REMINDER_AFTER_HOURS), 'DeadlineApproaching'),
    step('missed, all called', after(MISSED_AFTER_HOURS), 'DeadlineMissed', 'WhistleBlown all'),
    ...rungsAfterHours.map((hours, i) => step(`rung ${i + 1}`, after(hours), `Escalated ${i + 1}`)),
    step('centre called', centreAfterHours === null ? nextClosing(after(MISSED_AFTER_HOURS)) : after(centreAfterHours), 'WhistleBlown centre'),
  ].sort((a, b) => a.atMs - b.atMs);
};

const realMsOf = (pace: Pace, businessMs: number): number => pace.realMs + realMsUntil(pace, pace.realMs, businessMs);

/** When the office closes on the working day after that of the instant. */
const nextClosing = (atMs: number): number => {
  const closing = deadlineAfter(CALENDAR, DEFAULT_OFFICE_HOURS, toShanghaiIso(atMs), 1);
  if (!closing.ok) throw new Error(`the calendar does not cover ${toShanghaiIso(atMs)}`);
  return instantMsOf(closing.value);
};

/** A rehearsal that begins now on a Monday morning with no holiday near. */
export const paceOf = (ladder: Ladder, ladderMs: number): Pace => ({
  realMs: Date.now(),
  businessMs: instantMsOf('2025-07-07T09:00:00+08:00'),
  factor: (ladder.hours * HOUR_MS) / ladderMs,
});
