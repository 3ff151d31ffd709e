import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { contractDecider, type ContractEvent, type ContractEventType } from '@qiyue/contract-domain';
import { CONTRACT_EVENT_TYPES, contractEventSchema } from './index';

/*
 * Golden files are events as they were once recorded. They are never edited: a change of today's schema or evolve that
 * cannot read them any more would make real histories unreadable. A new form of an event gets a new file beside them.
 */
const FOLDER = join(__dirname, '..', 'golden');
const FILES = readdirSync(FOLDER).sort();
const golden = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
const event = (name: string): ContractEvent => contractEventSchema.parse(golden(`${name}.json`));

const PROPOSED = ['ContractProposed.timed'];
const FORCE = [...PROPOSED, 'SignatureGiven', 'ContractInForce.timed'];
const NOTICED = [...FORCE, 'TerminationGiven'];
const ENDED = [...FORCE, 'ItemFinished', 'ContractEnded.timed'];

/** What has to lie before an event of each type, and where the event leads. */
const PASTS: Readonly<Record<ContractEventType, readonly [past: readonly string[], place: string]>> = {
  ContractProposed: [[], 'proposed/awaiting-signatures'],
  SignatureGiven: [PROPOSED, 'proposed/awaiting-second-signature'],
  ContractInForce: [[...PROPOSED, 'SignatureGiven'], 'in-force/running'],
  ContractWithdrawn: [PROPOSED, 'closed/withdrawn'],
  AmendmentProposed: [FORCE, 'in-force/running'],
  AmendmentDeclined: [[...FORCE, 'AmendmentProposed.items'], 'in-force/running'],
  ContractAmended: [FORCE, 'in-force/running'],
  ItemFinished: [FORCE, 'in-force/running'],
  SideEvaluated: [ENDED, 'evaluating/awaiting-evaluations'],
  TerminationGiven: [FORCE, 'in-force/under-notice'],
  ContractTerminated: [NOTICED, 'closed/terminated'],
  ContractEnded: [FORCE, 'evaluating/awaiting-evaluations'],
  ContractClosed: [ENDED, 'closed/lapsed'],
  DeadlineApproaching: [PROPOSED, 'proposed/awaiting-signatures'],
  DeadlineMissed: [PROPOSED, 'proposed/awaiting-signatures'],
  Escalated: [PROPOSED, 'proposed/awaiting-signatures'],
  DeadlineMoved: [FORCE, 'in-force/running'],
};
/** Where one form of an event lies behind others, or leads elsewhere. */
const OWN_PASTS: Readonly<Record<string, readonly [past: readonly string[], place: string]>> = {
  'ContractAmended.proposed.json': [[...PROPOSED, 'SignatureGiven'], 'proposed/awaiting-signatures'],
  'ContractClosed.evaluated.json': [ENDED, 'closed/evaluated'],
  'ContractClosed.unsigned.json': [PROPOSED, 'closed/unsigned'],
  'DeadlineMissed.item.json': [[...FORCE, 'ItemFinished.timed'], 'in-force/running'],
  'DeadlineMoved.policy.json': [PROPOSED, 'proposed/awaiting-signatures'],
};

describe('an event recorded by an earlier version', () => {
  it.each(FILES)("is read by today's schema without loss and folded by today's evolve: %s", (name) => {
    const recorded = golden(name);
    const read = contractEventSchema.parse(recorded);
    expect(read).toEqual(recorded);
    expect(name.split('.')[0]).toBe(read.type);
    const [past, place] = OWN_PASTS[name] ?? PASTS[read.type];
    const state = [...past.map(event), read].reduce((folded, one) => contractDecider.evolve(folded, one, { rules: 1 }), contractDecider.initial);
    expect(Object.values(contractDecider.summary(state)).join('/')).toBe(place);
  });
  it('is there for every type', () => {
    expect([...new Set(FILES.map((name) => name.split('.')[0]))].sort()).toEqual([...CONTRACT_EVENT_TYPES].sort());
  });
  it('that has an unknown type or lacks a field is not taken for one', () => {
    expect(contractEventSchema.safeParse({ type: 'ContractForgotten', data: {} }).success).toBe(false);
    expect(contractEventSchema.safeParse({ type: 'SignatureGiven', data: { side: 'unit' } }).success).toBe(false);
    expect(
      contractEventSchema.safeParse({ type: 'ItemFinished', data: { unit: 'W', community: 'L', year: 2024, side: 'third', itemId: 'i1' } }).success,
    ).toBe(false);
  });
  it('is read without what a later version adds to it', () => {
    const recorded = golden('SignatureGiven.json') as { readonly data: object };
    expect(contractEventSchema.parse({ ...recorded, data: { ...recorded.data, later: 1 } })).toEqual(recorded);
  });
});
