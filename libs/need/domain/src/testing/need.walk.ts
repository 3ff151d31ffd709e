import { plusMs, type Actor, type Context } from '@qiyue/engine';
import { TEST_CONTEXT } from '@qiyue/engine-testing';
import type { NeedCommand, NeedCommandType, NeedState } from '../index';
import {
  ann,
  authority,
  bo,
  centre,
  clock,
  COMMAND_TYPES,
  communityElsewhere,
  cora,
  NOW,
  please,
  rightActorFor,
  roads,
  water,
} from './need.fixtures';

/** One step of a random life. */
export interface Step {
  readonly pick: number;
  readonly variant: number;
  readonly hours: number;
}

const [PICKS, VARIANTS] = [256, 60];
const HOURS = [0, 0, 0, 1, 24, 60, 800];
export const STEPS_MAX = PICKS * VARIANTS * HOURS.length - 1;

/** A step out of one number, which is quick to generate and to shrink. */
export const stepOf = (n: number): Step => ({
  pick: n % PICKS,
  variant: Math.floor(n / PICKS) % VARIANTS,
  hours: at(HOURS, Math.floor(n / (PICKS * VARIANTS))),
});

const ACTORS: readonly Actor[] = [ann, bo, cora, communityElsewhere, water, roads, centre, authority, clock];

/** Commands that lead on from a stage, so that half of all steps go deep into the life instead of being refused. */
const LEADS_ON: Readonly<Record<NeedState['stage'], readonly NeedCommandType[]>> = {
  unborn: ['submit'],
  submitted: ['claim', 'claim', 'claim', 'claim', 'inspect', 'amend', 'adopt', 'unadopt', 'reject', 'withdraw', 'merge'],
  claimed: ['fund', 'fund', 'fund', 'return', 'adopt'],
  funded: ['complete', 'accept', 'complete', 'accept', 'start', 'progress', 'refuse-works', 'unadopt'],
  done: ['evaluate'],
  evaluated: ['reopen', 'reopen', 'reopen', 'close'],
  rejected: ['submit'],
  withdrawn: ['submit'],
  merged: ['submit'],
};

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

const commandFor = (type: NeedCommandType, variant: number): NeedCommand => {
  switch (type) {
    case 'evaluate':
      return please('evaluate', { side: at(['resident', 'community'], variant), score: at([1, 3, 5], variant >> 1), satisfied: variant % 5 !== 0 });
    case 'claim':
      return please('claim', {
        unit: at(['Water', 'Roads'], variant),
        plan: 'p',
        ...(variant % 3 === 0 ? { promisedBy: plusMs(NOW, variant * 3_600_000) } : {}),
      });
    case 'fund':
      return please('fund', { amountFen: variant * 7 - 7, source: at(['department', 'donation', 'department', 'mixed'], variant), reference: 'r' });
    case 'adopt':
      return please('adopt', { from: `need-${variant % 3}`, followers: ['pam', `f${variant % 4}`] });
    case 'unadopt':
      return please('unadopt', { from: `need-${variant % 3}` });
    default:
      return please(type);
  }
};

/** The command and its context for the next step: three of four picks are likely to be accepted, the rest is anything by anyone. */
export const nextOf = (
  state: NeedState,
  { pick, variant, hours }: Step,
  now: string,
): { readonly command: NeedCommand; readonly context: Context } => {
  const likely = pick % 4 !== 3;
  const command = commandFor(at(likely ? LEADS_ON[state.stage] : COMMAND_TYPES, pick >> 2), variant);
  const meant = 'lead' in state && rightActorFor(command) === water ? { ...water, unit: state.lead } : rightActorFor(command);
  const claimant = command.type === 'claim' ? { ...water, unit: command.data.unit } : meant;
  const actor = likely ? claimant : at(ACTORS, variant);
  return { command, context: { ...TEST_CONTEXT, entity: 'this-need', now: plusMs(now, hours * 3_600_000), actor } };
};
