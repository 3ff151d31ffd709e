import { describe, expect, it } from '@jest/globals';
import type { Tables } from '@qiyue/engine';
import { TEST_CONTEXT } from '@qiyue/engine-testing';
import { needDecider, type NeedCommandType, type NeedEvent } from './index';
import { evolve } from './testing/evolve';
import { but, COMMAND_TYPES, extensionAsked, NOW, PASTS, paused, please, rightActorFor, TABLES, timed } from './testing/need.fixtures';

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

const CLAIMED_CLOCK: Answers = {
  pause: 'ClockPaused',
  resume: 'not-paused',
  'request-extension': 'ExtensionRequested',
  grant: 'no-request',
  deny: 'no-request',
};
const HELD: Answers = { ...CLAIMED_CLOCK, tick: '–', retime: '–' };
/** What is added where a deadline with a ladder runs; the calendar has not changed and nothing is due yet. */
const WITH_LADDER: Readonly<Record<string, Answers>> = {
  submitted: { whistle: 'WhistleBlown', tick: '–', retime: '–' },
  claimed: { ...HELD, sign: 'ContractSigned' },
  funded: HELD,
  done: { tick: '–', retime: '–' },
  evaluated: { retime: '–' },
};
/** Where none runs: a need of before there were ladders. */
const NO_CLOCK: Answers = { pause: 'no-deadline', resume: 'not-paused', 'request-extension': 'no-deadline', grant: 'no-request', deny: 'no-request' };
const WITHOUT_LADDER: Readonly<Record<string, Answers>> = {
  submitted: { whistle: 'WhistleBlown', tick: '–', retime: '–' },
  claimed: { ...NO_CLOCK, tick: '–', retime: '–', sign: 'ContractSigned' },
  funded: { ...NO_CLOCK, tick: '–', retime: '–' },
  done: { tick: '–', retime: '–' },
  evaluated: { retime: '–' },
};
/** Where the clock stands still, or waits for the centre's answer. */
const ON_THE_CLOCK: readonly (readonly [string, NeedEvent, Answers])[] = [
  ['paused', paused, { ...CLAIMED_CLOCK, pause: 'already-paused', resume: 'ClockResumed' }],
  [
    'extension asked',
    extensionAsked,
    { ...CLAIMED_CLOCK, 'request-extension': 'already-extended', grant: 'ExtensionGranted', deny: 'ExtensionDenied' },
  ],
];

/** What rules 2 answer otherwise: new commands, and a correction of one's own words in `amend`. */
const SINCE_2: Readonly<Record<string, Answers>> = {
  submitted: { 'share-contact': 'ContactShared' },
  claimed: { join: 'HelperJoined', 'share-contact': 'ContactShared' },
  funded: { join: 'HelperJoined', 'share-contact': 'ContactShared' },
  done: { join: 'HelperJoined', 'share-contact': 'ContactShared' },
};

const stageOf = (place: string): string => place.split('/')[0] ?? '';
const stateOf = (place: string) => (PASTS[place] ?? []).reduce(evolve, needDecider.initial);

/** What rules 4 add to those: two ways out of what was funded. */
const SINCE_4: Readonly<Record<string, Answers>> = {
  submitted: { ...SINCE_2['submitted'], vouch: 'other-kind' },
  claimed: { ...SINCE_2['claimed'], vouch: 'other-kind' },
  done: { ...SINCE_2['done'], vouch: 'other-kind' },
  'evaluated/open-to-reopen': { vouch: 'other-kind' },
  funded: { ...SINCE_2['funded'], vouch: 'other-kind', 'adjust-funding': 'FundingAdjusted', 'cancel-works': 'WorksCancelled' },
};

/** What rules 5 add: answers to a whistle that nobody has blown here, owners, projects. */
const IN_PROJECT: Answers = { 'note-decision': '–', 'join-project': 'ProjectJoined', 'leave-project': '–' };
const SINCE_5: Readonly<Record<string, Answers>> = {
  submitted: { ...SINCE_4['submitted'], ...IN_PROJECT, 'report-in': 'not-called', 'await-decision': 'DecisionAwaited+ClockPaused' },
  claimed: { ...SINCE_4['claimed'], ...IN_PROJECT, 'report-in': 'not-called', 'await-decision': 'DecisionAwaited+ClockPaused' },
  funded: { ...SINCE_4['funded'], ...IN_PROJECT, 'report-in': 'not-called' },
  done: { ...SINCE_4['done'], ...IN_PROJECT },
  'evaluated/open-to-reopen': { ...SINCE_4['evaluated/open-to-reopen'], ...IN_PROJECT },
  'evaluated/closed': { 'note-decision': '–', 'leave-project': '–' },
  rejected: { 'note-decision': '–', 'leave-project': '–' },
  withdrawn: { 'note-decision': '–', 'leave-project': '–' },
  merged: { 'note-decision': '–', 'leave-project': '–' },
};

/** What rules 6 add: the centre sends on and puts right, and an office weighs what is called an emergency, which is none here. */
const RIGHTED: Answers = { correct: 'NeedCorrected', 'confirm-urgency': 'no-emergency' };
const SINCE_6: Readonly<Record<string, Answers>> = {
  ...SINCE_5,
  submitted: { ...SINCE_5['submitted'], ...RIGHTED, dispatch: 'NeedDispatched' },
  claimed: { ...SINCE_5['claimed'], ...RIGHTED },
  funded: { ...SINCE_5['funded'], ...RIGHTED },
  done: { ...SINCE_5['done'], correct: 'NeedCorrected' },
};

const answerTo = (type: NeedCommandType, past: readonly NeedEvent[], tables: Tables, rules: number): string => {
  const command = please(type);
  const state = past.reduce((before, event) => needDecider.evolve(before, event, { rules }), needDecider.initial);
  const decision = needDecider.decide(command, state, { ...TEST_CONTEXT, rules, tables, now: NOW, actor: rightActorFor(command) });
  if (!decision.ok) return decision.refusal.code;
  return decision.events.map((event) => event.type).join('+') || '–';
};

describe('every command in every status', () => {
  const expectTable = (past: readonly NeedEvent[], tables: Tables, rows: Answers, rules = 1) => {
    const seen = Object.fromEntries(COMMAND_TYPES.map((type) => [type, answerTo(type, past, tables, rules)]));
    expect(seen).toEqual(Object.fromEntries(COMMAND_TYPES.map((type) => [type, rows[type] ?? 'wrong-stage'])));
  };

  it.each(Object.keys(PASTS))('is answered as the table says in %s', (place) => {
    expectTable(timed(PASTS[place] ?? []), TABLES, { ...TABLE[place], ...(place === 'unborn' ? {} : WITH_LADDER[stageOf(place)]) });
  });

  it.each(
    Object.keys(PASTS).flatMap((place) => [
      [place, 2, SINCE_2] as const,
      [place, 4, SINCE_4] as const,
      [place, 5, SINCE_5] as const,
      [place, 6, SINCE_6] as const,
    ]),
  )('is answered in %s under rules %d', (place, rules, since) => {
    const past = timed(PASTS[place] ?? []).map((event) => (event.type === 'NeedClaimed' ? but(event, { helpers: ['Roads'] }) : event));
    const rows = place === 'unborn' ? {} : { ...WITH_LADDER[stageOf(place)], ...(since[place] ?? since[stageOf(place)]) };
    expectTable(past, TABLES, { ...TABLE[place], ...rows }, rules);
  });

  it.each(Object.keys(PASTS))('is answered in %s of before there were ladders', (place) => {
    expectTable(PASTS[place] ?? [], {}, { ...TABLE[place], ...(place === 'unborn' ? {} : WITHOUT_LADDER[stageOf(place)]) });
  });

  it.each(ON_THE_CLOCK)('is answered on a claimed need that is %s', (_, event, rows) => {
    expectTable([...timed(PASTS['claimed/planned'] ?? []), event], TABLES, { ...TABLE['claimed/planned'], ...WITH_LADDER['claimed'], ...rows });
  });

  it.each(Object.keys(PASTS))('stands where its name says: %s', (place) => {
    const { stage, status } = needDecider.summary(stateOf(place));
    expect(stage === null ? 'unborn' : `${stage}/${status}`).toBe(place);
  });

  it('has a row for every past and no other', () => {
    expect(Object.keys(TABLE)).toEqual(Object.keys(PASTS));
  });
});
