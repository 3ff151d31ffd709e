import { describe, expect, it } from '@jest/globals';
import { TEST_CONTEXT } from '@qiyue/engine-testing';
import { needDecider, type NeedCommandType } from './index';
import { COMMAND_TYPES, NOW, PASTS, please, rightActorFor } from './testing/need.fixtures';

type Answers = Readonly<Partial<Record<NeedCommandType, string>>>;

/** What the right actor is told in each status. A command that a row does not name is answered with `wrong-stage`. */
const TABLE: Readonly<Record<keyof typeof PASTS, Answers>> = {
  unborn: { submit: 'NeedSubmitted' },
  'submitted/waiting': {
    amend: 'NeedAmended',
    withdraw: 'NeedWithdrawn',
    reject: 'NeedRejected',
    merge: 'NeedMerged',
    adopt: 'NeedAdopted',
    unadopt: '–',
    inspect: 'NeedInspected',
    claim: 'NeedClaimed',
  },
  'submitted/inspected': {
    amend: 'NeedAmended',
    withdraw: 'NeedWithdrawn',
    reject: 'NeedRejected',
    merge: 'NeedMerged',
    adopt: 'NeedAdopted',
    unadopt: '–',
    inspect: 'NeedInspected',
    claim: 'NeedClaimed',
  },
  'claimed/planned': { adopt: 'NeedAdopted', unadopt: '–', return: 'ClaimReturned', fund: 'NeedFunded' },
  'claimed/reopened': { adopt: 'NeedAdopted', unadopt: '–', return: 'ClaimReturned', fund: 'NeedFunded' },
  'funded/waiting-to-start': { adopt: 'NeedAdopted', unadopt: '–', start: 'WorksStarted', progress: 'ProgressReported', complete: 'WorksReported' },
  'funded/working': { adopt: 'NeedAdopted', unadopt: '–', start: 'already-started', progress: 'ProgressReported', complete: 'WorksReported' },
  'funded/at-acceptance': { adopt: 'NeedAdopted', unadopt: '–', accept: 'NeedDone', 'refuse-works': 'WorksRefused' },
  'funded/reworking': { adopt: 'NeedAdopted', unadopt: '–', start: 'already-started', progress: 'ProgressReported', complete: 'WorksReported' },
  'done/awaiting-evaluations': { adopt: 'target-not-live', unadopt: '–', evaluate: 'ResidentEvaluated' },
  'done/one-side-evaluated': { adopt: 'target-not-live', unadopt: '–', evaluate: 'already-evaluated' },
  'evaluated/open-to-reopen': { adopt: 'target-not-live', unadopt: '–', reopen: 'NeedReopened', close: '–' },
  'evaluated/closed': { adopt: 'target-not-live', close: '–' },
  'rejected/ended': { adopt: 'target-not-live' },
  'withdrawn/ended': { adopt: 'target-not-live' },
  'merged/ended': { adopt: 'target-not-live' },
};

const stateOf = (place: string) => (PASTS[place] ?? []).reduce((state, event) => needDecider.evolve(state, event), needDecider.initial);

const answerTo = (type: NeedCommandType, place: string): string => {
  const command = please(type);
  const decision = needDecider.decide(command, stateOf(place), { ...TEST_CONTEXT, now: NOW, actor: rightActorFor(command) });
  if (!decision.ok) return decision.refusal.code;
  return decision.events.map((event) => event.type).join('+') || '–';
};

describe('every command in every status', () => {
  it.each(Object.keys(PASTS))('is answered as the table says in %s', (place) => {
    const seen = Object.fromEntries(COMMAND_TYPES.map((type) => [type, answerTo(type, place)]));
    const expected = Object.fromEntries(COMMAND_TYPES.map((type) => [type, TABLE[place]?.[type] ?? 'wrong-stage']));
    expect(seen).toEqual(expected);
  });

  it.each(Object.keys(PASTS))('stands where its name says: %s', (place) => {
    const { stage, status } = needDecider.summary(stateOf(place));
    expect(stage === null ? 'unborn' : `${stage}/${status}`).toBe(place);
  });

  it('has a row for every past and no other', () => {
    expect(Object.keys(TABLE)).toEqual(Object.keys(PASTS));
  });
});
