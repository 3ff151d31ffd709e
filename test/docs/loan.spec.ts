import { describe, expect, it } from '@jest/globals';
import { Entity, fingerprintOf, type CommandEnvelope } from '@qiyue/engine';
import { specFor } from '@qiyue/engine-testing';
import { loanDecider, type LoanEvent } from '../loan/loan.decider';

const given = specFor(loanDecider, { now: '2026-11-23T08:00:00.000+08:00' });
const lent: LoanEvent = { type: 'BookLent', data: { book: '山海经', dueAt: '2026-12-21T08:00:00.000+08:00' } };
const overdue: LoanEvent = { type: 'ReminderSent', data: {} };

describe('lending a book', () => {
  it('lends for four weeks', () => {
    given()
      .when({ type: 'lend', data: { book: '山海经' } })
      .then(lent);
  });
  it('does not lend a book that is out', () => {
    given(lent)
      .when({ type: 'lend', data: { book: '水经注' } })
      .thenRefused('wrong-phase');
  });
  it('does not renew what is overdue', () => {
    given(lent, overdue).when({ type: 'renew', data: {} }).thenRefused('wrong-phase');
  });
});

const sent = (commandId: string, type: string, data: CommandEnvelope['data']): CommandEnvelope => {
  const command = { entity: 'loan-1', type, data, actor: { id: 'reader-1', role: 'reader', unit: null } };
  return { ...command, commandId, channel: 'http', receivedAt: '2026-11-23T08:00:00.000+08:00', fingerprint: fingerprintOf(command) };
};

describe('the shell around it', () => {
  it('answers a retry with the first answer and writes nothing twice', () => {
    const loan = new Entity(loanDecider, 'loan-1');
    const first = loan.handle(sent('k1', 'lend', { book: '山海经' }));
    const again = loan.handle(sent('k1', 'lend', { book: '山海经' }));
    expect(again.outcome).toEqual(first.outcome);
    expect(loan.seq).toBe(1);
  });

  it('hands over what is unconfirmed, and forgets it when the next command says that it is in the ledger', () => {
    const loan = new Entity(loanDecider, 'loan-1');
    const { unconfirmed } = loan.handle(sent('k1', 'lend', { book: '山海经' }));
    const [record] = unconfirmed.flatMap(({ records }) => records);
    const confirmed = { seq: 1, hash: record!.hash, ordinal: 1 };
    const next = loan.handle({ ...sent('k2', 'renew', {}), confirmed });
    expect(next.unconfirmed.map(({ commandId }) => commandId)).toEqual(['k2']);
  });

  it('gives the due command to the decider as of its due time', () => {
    const loan = new Entity(loanDecider, 'loan-1');
    loan.handle(sent('k1', 'lend', { book: '山海经' }));
    expect(loan.due()?.at).toBe('2026-12-21T08:00:00.000+08:00');
    loan.fire();
    expect(loan.currentState).toMatchObject({ phase: 'overdue' });
    expect(loan.due()).toBeNull();
  });

  it('carries state, answers and the unconfirmed into the next run', () => {
    const loan = new Entity(loanDecider, 'loan-1');
    const { outcome } = loan.handle(sent('k1', 'lend', { book: '山海经' }));
    const nextRun = new Entity(loanDecider, 'loan-1', loan.pack());
    expect(nextRun.handle(sent('k1', 'lend', { book: '山海经' })).outcome).toEqual(outcome);
    expect(nextRun.unconfirmed).toHaveLength(1);
  });
});
