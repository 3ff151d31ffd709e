import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decisionDecider, type DecisionEvent, type DecisionEventType } from '@qiyue/decision-domain';
import { DECISION_EVENT_TYPES, decisionEventSchema } from './index';

/*
 * Golden files are events as they were once recorded. They are never edited: a change of today's schema or evolve that
 * cannot read them any more would make real histories unreadable. A new form of an event gets a new file beside them.
 */
const FOLDER = join(__dirname, '..', 'golden');
const FILES = readdirSync(FOLDER).sort();
const golden = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
const event = (name: string): DecisionEvent => decisionEventSchema.parse(golden(`${name}.json`));

const OPEN = ['DecisionOpened'];
const VOTING = [...OPEN, 'BallotOpened'];
const PASSED = [...VOTING, 'VoteCast.paper', 'BallotClosed.passed'];
const NOTICED = [...PASSED, 'NoticePosted'];
const CONFIRMED = [...NOTICED, 'NoticeEnded', 'DecisionConfirmed'];
const RESERVED = [...CONFIRMED, 'FundsReserved'];
const EMERGENCY = [...OPEN, 'EmergencyDeclared', 'EmergencyConfirmed'];

/** What has to lie before an event of each type, and where the event leads. */
const PASTS: Readonly<Record<DecisionEventType, readonly [past: readonly string[], place: string]>> = {
  DecisionOpened: [[], 'preparing/consulting'],
  CouncilHeld: [OPEN, 'preparing/consulting'],
  HouseholdVisited: [OPEN, 'preparing/consulting'],
  ObjectionRaised: [OPEN, 'preparing/consulting'],
  MediationHeld: [OPEN, 'preparing/consulting'],
  PlanRevised: [OPEN, 'preparing/consulting'],
  BallotOpened: [OPEN, 'voting/voting'],
  VoteCast: [VOTING, 'voting/voting'],
  VotingEnded: [VOTING, 'counting/counting'],
  BallotClosed: [VOTING, 'passed/passed'],
  SignatureTaken: [PASSED, 'passed/passed'],
  NoticePosted: [PASSED, 'noticing/noticing'],
  NoticeEnded: [NOTICED, 'confirming/confirming'],
  DecisionChallenged: [NOTICED, 'noticing/noticing'],
  ChallengeSettled: [[...NOTICED, 'DecisionChallenged'], 'noticing/noticing'],
  DecisionConfirmed: [[...NOTICED, 'NoticeEnded'], 'confirmed/working'],
  DecisionFailed: [NOTICED, 'failed/failed'],
  DecisionCancelled: [OPEN, 'cancelled/cancelled'],
  EmergencyDeclared: [OPEN, 'declared/declared'],
  EmergencyConfirmed: [[...OPEN, 'EmergencyDeclared'], 'emergency/emergency'],
  FundsReserved: [CONFIRMED, 'confirmed/working'],
  ReservationResized: [RESERVED, 'confirmed/working'],
  FundsCommitted: [RESERVED, 'confirmed/working'],
  FundsReleased: [RESERVED, 'confirmed/working'],
  FundDrawn: [RESERVED, 'confirmed/working'],
  FundRepaid: [[...RESERVED, 'FundDrawn'], 'confirmed/working'],
  AccountAudited: [RESERVED, 'confirmed/working'],
  WarrantyStarted: [RESERVED, 'warranty/in-warranty'],
  WarrantyEnded: [[...CONFIRMED, 'WarrantyStarted'], 'ended/ended'],
  DeadlineApproaching: [OPEN, 'preparing/consulting'],
  DeadlineMissed: [OPEN, 'preparing/consulting'],
  Escalated: [OPEN, 'preparing/consulting'],
  DeadlineMoved: [OPEN, 'preparing/consulting'],
};
/** What lies before one form of an event, and where it leads, where that differs from the others. */
const OWN: Readonly<Record<string, readonly [past: readonly string[], place: string]>> = {
  'BallotClosed.failed.json': [VOTING, 'failed/failed'],
  'DecisionFailed.quorum.json': [[...VOTING, 'BallotClosed.failed'], 'failed/failed'],
  'DecisionFailed.approval.json': [[...VOTING, 'BallotClosed.failed'], 'failed/failed'],
  'NoticePosted.emergency.json': [EMERGENCY, 'emergency/emergency'],
  'NoticeEnded.emergency.json': [[...EMERGENCY, 'NoticePosted.emergency'], 'emergency/emergency'],
  // another reservation than that of the other files
  'FundsReleased.json': [[...CONFIRMED], 'confirmed/working'],
};

const released = (name: string): readonly DecisionEvent[] =>
  name === 'FundsReleased.json' ? [{ type: 'FundsReserved', data: { needId: 'n1', reservationId: 'r2', amountFen: 50_000 } }] : [];

describe('an event recorded by an earlier version', () => {
  it.each(FILES)("is read by today's schema without loss and folded by today's evolve: %s", (name) => {
    const recorded = golden(name);
    const read = decisionEventSchema.parse(recorded);
    expect(read).toEqual(recorded);
    expect(name.split('.')[0]).toBe(read.type);
    const [past, place] = OWN[name] ?? PASTS[read.type];
    const state = [...past.map(event), ...released(name), read].reduce(
      (folded, one) => decisionDecider.evolve(folded, one, { rules: 1 }),
      decisionDecider.initial,
    );
    expect(Object.values(decisionDecider.summary(state)).join('/')).toBe(place);
  });
  it('is there for every type', () => {
    expect([...new Set(FILES.map((name) => name.split('.')[0]))].sort()).toEqual([...DECISION_EVENT_TYPES].sort());
  });
  it('that has an unknown type or lacks a field is not taken for one', () => {
    expect(decisionEventSchema.safeParse({ type: 'DecisionForgotten', data: {} }).success).toBe(false);
    expect(decisionEventSchema.safeParse({ type: 'FundsReserved', data: { amountFen: 1 } }).success).toBe(false);
  });
  it('is read without what a later version adds to it', () => {
    const recorded = golden('FundsReserved.json') as { readonly data: object };
    expect(decisionEventSchema.parse({ ...recorded, data: { ...recorded.data, later: 1 } })).toEqual(recorded);
  });
});
