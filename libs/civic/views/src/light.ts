import { instantMsOf } from '@qiyue/engine';
import type { ClockView, StageTimeView } from './clock-view';

/** Traffic light as data: in time, soon due, over due; paused while the clock stands still; null when nobody is waited for. */
export type Light = 'green' | 'yellow' | 'red' | 'paused' | null;

/** How much of a window is its end, where no reminder says so. */
const LAST_PART = 0.25;

interface Lit {
  readonly dueAt: string | null;
  readonly clock: ClockView | null;
  readonly stages: readonly StageTimeView[];
}

/** At `now`, ISO 8601. A deadline without a date has no light: nobody is called late by a guess. */
export const lightOf = ({ dueAt, clock, stages }: Lit, now: string): Light => {
  if (clock?.paused) return 'paused';
  if (dueAt === null) return null;
  const [nowMs, dueMs] = [instantMsOf(now), instantMsOf(dueAt)];
  if (nowMs > dueMs) return 'red';
  return nowMs >= yellowFromMs({ clock, stages }, dueMs) ? 'yellow' : 'green';
};

/** From when on the light of a deadline is yellow: its reminder, else the last part of its window. In whole milliseconds. */
export const yellowFromMs = ({ clock, stages }: Pick<Lit, 'clock' | 'stages'>, dueMs: number): number => {
  const reminder = clock?.steps.find(({ kind }) => kind === 'approaching')?.at ?? null;
  if (reminder !== null) return instantMsOf(reminder);
  const from = clock?.from ?? stages.at(-1)?.from;
  const fromMs = from === undefined ? dueMs : instantMsOf(from);
  return Math.ceil(dueMs - (dueMs - fromMs) * LAST_PART);
};

/** How a deadline stands at a moment. */
export interface DeadlineStanding {
  readonly light: Light;
  /** The highest rung that was climbed in the running stage. */
  readonly escalatedTo: number;
  /** Dates are missing until a calendar that covers them is imported. */
  readonly provisional: boolean;
}

export const standingOf = (view: Lit, now: string): DeadlineStanding => ({
  light: lightOf(view, now),
  escalatedTo: view.clock?.escalatedTo ?? 0,
  provisional: view.clock?.provisional ?? false,
});
