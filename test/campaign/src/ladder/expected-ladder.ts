import { CHINA_2024_2026, compileTable, deadlineAfter, DEFAULT_OFFICE_HOURS } from '@qiyue/calendar';
import { HOUR_MS, instantMsOf, realMsUntil, toShanghaiIso, type Pace } from '@qiyue/engine';

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

const MISSED_AFTER_HOURS = 2;

/**
 * What the built-in policy promises for an emergency that nobody claims, in hours after its submission: written down
 * here by hand, so that the campaign does not ask the code that it tests.
 */
const STEPS: readonly (Pick<ExpectedStep, 'name' | 'gives'> & { readonly afterHours: number })[] = [
  { name: 'approaching', gives: ['DeadlineApproaching'], afterHours: 1 },
  { name: 'missed, all called', gives: ['DeadlineMissed', 'WhistleBlown all'], afterHours: MISSED_AFTER_HOURS },
  { name: 'rung 1', gives: ['Escalated 1'], afterHours: 3 },
  { name: 'rung 2', gives: ['Escalated 2'], afterHours: 6 },
  { name: 'rung 3', gives: ['Escalated 3'], afterHours: 26 },
  { name: 'rung 4', gives: ['Escalated 4'], afterHours: 50 },
];
const CENTRE = { name: 'centre called', gives: ['WhistleBlown centre'] };
export const STEP_NAMES: readonly string[] = [...STEPS.map(({ name }) => name), CENTRE.name];
export const LADDER_HOURS = 50;

const CALENDAR = compileTable(CHINA_2024_2026);

/** In order of time. The departments that were all called have until the office closes on the next working day. */
export const expectedLadder = (submittedAt: string, pace: Pace): readonly ExpectedStep[] => {
  const fromMs = instantMsOf(submittedAt);
  const closing = deadlineAfter(CALENDAR, DEFAULT_OFFICE_HOURS, toShanghaiIso(fromMs + MISSED_AFTER_HOURS * HOUR_MS), 1);
  if (!closing.ok) throw new Error(`the calendar does not cover ${submittedAt}`);
  const steps = STEPS.map(({ afterHours, ...step }) => ({ ...step, atMs: fromMs + afterHours * HOUR_MS }));
  const all = [...steps, { ...CENTRE, atMs: instantMsOf(closing.value) }];
  return all.map((step) => ({ ...step, realMs: pace.realMs + realMsUntil(pace, pace.realMs, step.atMs) })).sort((a, b) => a.atMs - b.atMs);
};

/** A rehearsal that begins now on a Monday morning with no holiday near, one hour of it in `hourMs`. */
export const paceOf = (hourMs: number): Pace => ({
  realMs: Date.now(),
  businessMs: instantMsOf('2025-07-07T09:00:00+08:00'),
  factor: HOUR_MS / hourMs,
});
