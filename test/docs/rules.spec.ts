import { describe, expect, it } from '@jest/globals';
import {
  ADOPT_RULES,
  Entity,
  fingerprintOf,
  foldRecords,
  openRecord,
  plusMs,
  DAY_MS,
  type CommandEnvelope,
  type EntityCarry,
  type RecordBody,
} from '@qiyue/engine';
import { specFor } from '@qiyue/engine-testing';
import { loanDecider as firstDecider, type LoanState as FirstState } from '../loan/loan.decider';
import { loanDecider, type LoanEvent } from '../loan/loan.rules-2';

const NOW = '2026-11-23T08:00:00.000+08:00';
const DUE_AT = plusMs(NOW, 28 * DAY_MS);

const sent = (commandId: string, type: string, data: CommandEnvelope['data'], rules?: number): CommandEnvelope => {
  const command = { entity: 'loan-1', type, data, actor: { id: 'reader-1', role: 'reader', unit: 'north' } };
  return {
    ...command,
    ...(rules === undefined ? {} : { rules }),
    commandId,
    channel: 'http',
    receivedAt: NOW,
    fingerprint: fingerprintOf(command),
  };
};
const LEND = sent('k1', 'lend', { book: '山海经' });
const RENEWALS = ['k2', 'k3', 'k4', 'k5'].map((id) => sent(id, 'renew', {}));

type Loan = Pick<Entity<unknown, never, never, string>, 'handle' | 'unconfirmed'>;
const bodiesOf = (loan: Loan): readonly RecordBody[] => loan.unconfirmed.flatMap(({ records }) => records.map((record) => openRecord(record)));
const hashesOf = (loan: Loan, commands: readonly CommandEnvelope[]): readonly string[] => {
  for (const command of commands) loan.handle(command);
  return loan.unconfirmed.flatMap(({ records }) => records.map(({ hash }) => hash));
};

describe('a rule that is changed', () => {
  const lent: LoanEvent = { type: 'BookLent', data: { book: '山海经', dueAt: DUE_AT } };
  const renewed: LoanEvent = { type: 'LoanRenewed', data: { dueAt: DUE_AT } };

  it('decides by the rules version of the context', () => {
    const under = (rules: number) => specFor(loanDecider, { now: NOW, rules })(lent, renewed, renewed, renewed);
    under(1).when({ type: 'renew', data: {} }).then(renewed);
    under(2).when({ type: 'renew', data: {} }).thenRefused('renewed-too-often');
  });

  it('makes the same bytes of what was decided before', () => {
    const commands = [LEND, ...RENEWALS];
    const before = hashesOf(new Entity(firstDecider, 'loan-1'), commands);
    expect(hashesOf(new Entity(loanDecider, 'loan-1'), commands)).toEqual(before);
  });

  it('moves the timer of a loan with the first command that brings the new rules, not before', () => {
    const loan = new Entity(loanDecider, 'loan-1');
    loan.handle(LEND);
    expect(loan.due()?.at).toBe(DUE_AT);
    loan.handle(sent('k2', 'renew', {}, 2));
    expect(loan.due()?.at).toBe(plusMs(DUE_AT, -2 * DAY_MS));
  });

  it('is not run by code that does not know it', () => {
    const old = new Entity(firstDecider, 'loan-1');
    expect(old.knowsRules(2)).toBe(false); // the shell turns the command away: `rules-unknown`, nothing is recorded
  });
});

describe('a form of an event that is changed', () => {
  it('has a version from then on, and evolve gets the older one lifted', () => {
    const first = new Entity(loanDecider, 'loan-1');
    first.handle(LEND);
    const second = new Entity(loanDecider, 'loan-1');
    second.handle({ ...LEND, rules: 2 });
    expect([first, second].flatMap(bodiesOf)).toMatchObject([
      { type: 'BookLent', data: { book: '山海经' } },
      { type: 'BookLent', data: { desk: 'north' }, typeVersion: 2, rules: 2 },
    ]);
    expect([first, second].map(({ currentState }) => currentState)).toMatchObject([{ desk: 'main' }, { desk: 'north' }]);
  });
});

describe('a state that gains a field', () => {
  it('is lifted when a run of before is continued, to what a fold of its records comes to', () => {
    const before = new Entity(firstDecider, 'loan-1');
    before.handle(LEND);
    const next = new Entity(loanDecider, 'loan-1', before.pack() as EntityCarry<never>);
    expect(next.currentState).toMatchObject({ desk: 'main' });
    expect(foldRecords(loanDecider, bodiesOf(before)).state).toEqual(next.currentState);
  });
});

describe('a fold that is changed', () => {
  const withEvolve = (evolve: typeof firstDecider.evolve) => new Entity({ ...firstDecider, evolve }, 'loan-1');

  it('is seen by the state that the command was answered from, and a field more is not', () => {
    const answered = new Entity(firstDecider, 'loan-1');
    answered.handle(LEND);
    const { seq, hash } = answered.standing;
    const known = { seq, hash, ordinal: 1, digest: answered.unconfirmed[0]!.digest! }; // what edges and the ledger know
    const other = withEvolve((state, event, context) => ({ ...firstDecider.evolve(state, event, context), renewals: 7 }) as FirstState);
    const wider = withEvolve((state, event, context) => ({ ...firstDecider.evolve(state, event, context), ...{ desk: 'main' } }));
    for (const loan of [other, wider]) loan.handle(LEND);
    expect([other, wider].map((loan) => loan.standing.hash)).toEqual([hash, hash]);
    expect(other.contradicts({ confirmed: known })).toBe(true); // the shell turns the command away: `diverged`
    expect(wider.contradicts({ confirmed: known })).toBe(false);
  });
});

describe('an idle loan', () => {
  it('comes to the new rules without an event', () => {
    const loan = new Entity(loanDecider, 'loan-1');
    loan.handle(LEND);
    loan.handle(sent('adopt', ADOPT_RULES, {}, 2));
    expect(loan.standing).toMatchObject({ rules: 2, seq: 1 });
  });
});
