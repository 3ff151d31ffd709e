import type { OutwardChannel } from './notice';
import { isAlarm, type NoticeType } from './notice-types';

export type AnyChannel = 'inbox' | OutwardChannel;

/** What somebody does not want to get, and whether they want to be left alone outside office hours. */
export interface Preferences {
  readonly off: readonly SwitchedOff[];
  /** `always`: nothing waits for the office to open. */
  readonly when: 'office-hours' | 'always';
}
export interface SwitchedOff {
  readonly type: NoticeType;
  readonly channel: AnyChannel;
}

export const DEFAULT_PREFERENCES: Preferences = { off: [], when: 'office-hours' };

/**
 * The closed list of what nobody can switch off: the inbox, every rung of the ladder, an alarm about the ledger, and a missed
 * deadline for the lead that missed it.
 */
export const canBeOff = ({ type, channel }: SwitchedOff, isLead: boolean): boolean =>
  channel !== 'inbox' && type !== 'Escalated' && !isAlarm(type) && !(type === 'DeadlineMissed' && isLead);

export const isWanted = (preferences: Preferences, asked: SwitchedOff, isLead: boolean): boolean =>
  !canBeOff(asked, isLead) || !preferences.off.some(({ type, channel }) => type === asked.type && channel === asked.channel);
