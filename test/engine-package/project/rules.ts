import { specFor } from '@qiyue/engine-testing';
import { loanDecider, type LoanEvent } from '../../loan/loan.decider.js';

const given = specFor(loanDecider, { now: '2026-11-23T08:00:00.000+08:00' });
const lent: LoanEvent = { type: 'BookLent', data: { book: '山海经', dueAt: '2026-12-21T08:00:00.000+08:00' } };

// Each line throws where it does not hold; inside of a test framework it is a test.
given()
  .when({ type: 'lend', data: { book: '山海经' } })
  .then(lent);
given(lent)
  .when({ type: 'lend', data: { book: '水经注' } })
  .thenRefused('wrong-phase');
given(lent, { type: 'BookBroughtBack', data: {} }).when({ type: 'renew', data: {} }).thenRefused('wrong-phase');
console.log('the rules hold');
