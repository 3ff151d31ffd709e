import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { needDecider, type NeedEvent, type NeedEventType } from '@qiyue/need-domain';
import { NEED_EVENT_TYPES, needEventSchema } from './index';

/*
 * Golden files are events as they were once recorded. They are never edited: a change of today's schema or evolve that
 * cannot read them any more would make real histories unreadable. A new form of an event gets a new file beside them.
 */
const FOLDER = join(__dirname, '..', 'golden');
const FILES = readdirSync(FOLDER).sort();
const golden = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
const event = (name: string): NeedEvent => needEventSchema.parse(golden(`${name}.json`));

const LISTED = ['NeedSubmitted.least'];
const CLAIMED = [...LISTED, 'NeedClaimed.most'];
const FUNDED = [...CLAIMED, 'NeedFunded.department'];
const DONE = [...FUNDED, 'WorksReported', 'NeedDone.least'];
const TIMED = ['NeedSubmitted.timed', 'NeedClaimed.timed'];
const EVALUATED = [...DONE, 'ResidentEvaluated.least', 'CommunityEvaluated.least', 'NeedEvaluated'];

/** What has to lie before an event of each type, and where the event leads. */
const PASTS: Readonly<Record<NeedEventType, readonly [past: readonly string[], place: string]>> = {
  NeedSubmitted: [[], 'submitted/waiting'],
  NeedAmended: [LISTED, 'submitted/waiting'],
  NeedWithdrawn: [LISTED, 'withdrawn/ended'],
  NeedRejected: [LISTED, 'rejected/ended'],
  NeedMerged: [LISTED, 'merged/ended'],
  NeedAdopted: [LISTED, 'submitted/waiting'],
  NeedUnadopted: [[...LISTED, 'NeedAdopted'], 'submitted/waiting'],
  NeedInspected: [LISTED, 'submitted/inspected'],
  NeedClaimed: [LISTED, 'claimed/planned'],
  ClaimReturned: [CLAIMED, 'submitted/waiting'],
  NeedFunded: [CLAIMED, 'funded/waiting-to-start'],
  FundingAdjusted: [FUNDED, 'funded/waiting-to-start'],
  WorksCancelled: [FUNDED, 'claimed/planned'],
  WorksStarted: [FUNDED, 'funded/working'],
  ProgressReported: [FUNDED, 'funded/waiting-to-start'],
  WorksReported: [FUNDED, 'funded/at-acceptance'],
  WorksRefused: [[...FUNDED, 'WorksReported'], 'funded/reworking'],
  NeedDone: [[...FUNDED, 'WorksReported'], 'done/awaiting-evaluations'],
  ResidentEvaluated: [DONE, 'done/one-side-evaluated'],
  CommunityEvaluated: [DONE, 'done/one-side-evaluated'],
  NeedEvaluated: [EVALUATED.slice(0, -1), 'evaluated/open-to-reopen'],
  NeedReopened: [EVALUATED, 'claimed/reopened'],
  NeedClosed: [EVALUATED, 'evaluated/closed'],
  WhistleBlown: [LISTED, 'submitted/waiting'],
  NeedDispatched: [LISTED, 'submitted/waiting'],
  NeedCorrected: [CLAIMED, 'claimed/planned'],
  UrgencyConfirmed: [LISTED, 'submitted/waiting'],
  ContractSigned: [CLAIMED, 'claimed/planned'],
  HelperJoined: [CLAIMED, 'claimed/planned'],
  ContactShared: [LISTED, 'submitted/waiting'],
  UnitReportedIn: [[...LISTED, 'WhistleBlown.named'], 'submitted/waiting'],
  VolunteerReportedIn: [LISTED, 'submitted/waiting'],
  DecisionAwaited: [LISTED, 'submitted/waiting'],
  DecisionNoted: [[...LISTED, 'DecisionAwaited'], 'submitted/waiting'],
  ProjectJoined: [LISTED, 'submitted/waiting'],
  ProjectLeft: [[...LISTED, 'ProjectJoined'], 'submitted/waiting'],
  DeadlineApproaching: [TIMED, 'claimed/planned'],
  DeadlineMissed: [TIMED, 'claimed/planned'],
  Escalated: [TIMED, 'claimed/planned'],
  ClockPaused: [TIMED, 'claimed/planned'],
  ClockResumed: [[...TIMED, 'ClockPaused'], 'claimed/planned'],
  ExtensionRequested: [TIMED, 'claimed/planned'],
  ExtensionGranted: [[...TIMED, 'ExtensionRequested'], 'claimed/planned'],
  ExtensionDenied: [[...TIMED, 'ExtensionRequested'], 'claimed/planned'],
  DeadlineMoved: [TIMED, 'claimed/planned'],
  EvaluationLapsed: [DONE, 'evaluated/open-to-reopen'],
};
/** Where one form of an event lies elsewhere than the others. */
const OWN_PASTS: Readonly<Record<string, readonly [past: readonly string[], place: string]>> = {
  'DeadlineMoved.amended.json': [['NeedSubmitted.provisional'], 'submitted/waiting'],
};

describe('an event recorded by an earlier version', () => {
  it.each(FILES)("is read by today's schema without loss and folded by today's evolve: %s", (name) => {
    const recorded = golden(name);
    const read = needEventSchema.parse(recorded);
    expect(read).toEqual(recorded);
    expect(name.split('.')[0]).toBe(read.type);
    const [past, place] = OWN_PASTS[name] ?? PASTS[read.type];
    const state = [...past.map(event), read].reduce((state, event) => needDecider.evolve(state, event, { rules: 1 }), needDecider.initial);
    expect(Object.values(needDecider.summary(state)).join('/')).toBe(place);
  });
  it('is there for every type', () => {
    expect([...new Set(FILES.map((name) => name.split('.')[0]))].sort()).toEqual([...NEED_EVENT_TYPES].sort());
  });
  it('that has an unknown type or lacks a field is not taken for one', () => {
    expect(needEventSchema.safeParse({ type: 'NeedForgotten', data: {} }).success).toBe(false);
    expect(needEventSchema.safeParse({ type: 'NeedFunded', data: { amountFen: 1 } }).success).toBe(false);
    expect(needEventSchema.safeParse({ type: 'NeedWithdrawn', data: { reason: 1 } }).success).toBe(false);
  });
});
