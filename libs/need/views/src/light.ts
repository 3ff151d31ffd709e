import { instantMsOf } from '@qiyue/engine';
import type { NeedView } from './need-view';

/** Traffic light as data: in time, soon due, over due; paused while the clock stands still; null when nobody is waited for. */
export type Light = 'green' | 'yellow' | 'red' | 'paused' | null;

/** How much of a window is its end, where no reminder says so. */
const LAST_PART = 0.25;

/** At `now`, ISO 8601. A deadline without a date has no light: nobody is called late by a guess. */
export const lightOf = ({ dueAt, clock, stages }: Pick<NeedView, 'dueAt' | 'clock' | 'stages'>, now: string): Light => {
  if (clock?.paused) return 'paused';
  if (dueAt === null) return null;
  const [nowMs, dueMs] = [instantMsOf(now), instantMsOf(dueAt)];
  if (nowMs > dueMs) return 'red';
  const reminder = clock?.steps.find(({ kind }) => kind === 'approaching')?.at ?? null;
  const fromMs = instantMsOf(clock?.from ?? stages.at(-1)?.from ?? dueAt);
  const yellowMs = reminder === null ? dueMs - (dueMs - fromMs) * LAST_PART : instantMsOf(reminder);
  return nowMs >= yellowMs ? 'yellow' : 'green';
};
