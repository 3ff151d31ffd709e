import { DEFAULT_POLICY_DOCUMENT, type PolicyDocument } from '@qiyue/civic-domain';

/**
 * What a policy promises for an emergency that nobody claims, in hours after its submission: written down by hand, so that
 * the campaign does not ask the code that it tests. The reminder is at 1, the deadline at 2.
 */
export interface Ladder {
  readonly rungsAfterHours: readonly [number, number, number, number];
  /** When the centre is called: with a rung's step where it falls on the same instant. */
  readonly centreAfterHours: number;
  /** The last step of one that is submitted on a working day. */
  readonly hours: number;
  /** Null: the one that is built in. */
  readonly policy: PolicyDocument | null;
}

export const REMINDER_AFTER_HOURS = 1;
export const MISSED_AFTER_HOURS = 2;

export const BUILT_IN: Ladder = { rungsAfterHours: [3, 6, 26, 50], centreAfterHours: 3, hours: 50, policy: null };

/** The same steps in seven hours, so that a test need not wait for the fifty. */
export const BRISK: Ladder = {
  ...{ rungsAfterHours: [3, 4, 5, 6], centreAfterHours: 7, hours: 7 },
  policy: {
    ...DEFAULT_POLICY_DOCUMENT,
    version: 'brisk-1',
    ladder: DEFAULT_POLICY_DOCUMENT.ladder.map((rung) => ({ ...rung, afterHours: rung.level })),
    whistle: { ...DEFAULT_POLICY_DOCUMENT.whistle, emergency: { answer: { hours: 5 }, wider: { hours: 5 } } },
  },
};
