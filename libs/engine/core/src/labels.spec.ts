import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { labelled, timerLabel, titleIn, typeInLabel, updateNameOf, wordsOfDue, type Labels } from './labels';

const TEMPORAL_TAKES = 400;
/** As the converter wraps it. */
const WRAPPED = 'encoding json/plain'.length + 20;
const bug = (): never => {
  throw new Error('a bug');
};

describe('labels in Temporal’s own pages', () => {
  it('are never longer than Temporal takes, on one line', () => {
    const any = fc.string({ unit: 'binary', maxLength: 600 });
    fc.assert(
      fc.property(any, (text) => {
        const label = labelled(text);
        expect(Buffer.byteLength(JSON.stringify(label)) + WRAPPED).toBeLessThanOrEqual(TEMPORAL_TAKES);
        expect(label).not.toMatch(/\n/);
      }),
    );
    expect(labelled('加装\n扶手')).toBe('加装 扶手');
    expect(labelled('扶'.repeat(101))).toBe(`${'扶'.repeat(100)}…`);
  });

  it('say of a timer where the entity stands and what it gives', () => {
    const due = { at: '2024-07-02T18:00:00.000+08:00', command: { type: 'tick', data: { step: 'missed', n: 1 } } };
    expect(wordsOfDue(due, { stage: 'signed', status: null })).toBe('signed missed');
    expect(wordsOfDue(due, { status: 'open' })).toBe('open missed');
    expect(wordsOfDue(due, { stage: null })).toBe('missed');
    expect(timerLabel('tick', 'signed missed')).toBe('tick: signed missed');
    expect(timerLabel('close', '')).toBe('close');
    expect(['tick: a: b', 'tick', ''].map(typeInLabel)).toEqual(['tick', 'tick', '']);
  });

  it('are left out where the decider has a bug', () => {
    const command = { type: 'lend', data: {} };
    const context = { entity: 'e', now: '2024-07-02T18:00:00.000+08:00' };
    expect(titleIn({ titleOf: bug }, command, context)).toBeUndefined();
    expect(titleIn(undefined, command, context)).toBeUndefined();
    expect(titleIn({ titleOf: () => 'a book' }, command, context)).toBe('a book');
  });

  it('name updates only where every worker knows the names', () => {
    const labels: Pick<Labels<unknown, never>, 'updates'> = { updates: { since: 2, types: ['renew'] } };
    const nameOf = (type: string, rules?: number) => updateNameOf(labels, { type, ...(rules === undefined ? {} : { rules }) }, 'command');
    expect([nameOf('renew', 2), nameOf('renew', 3), nameOf('renew', 1), nameOf('renew'), nameOf('lend', 2)]).toEqual([
      ...['renew', 'renew', 'command', 'command', 'command'],
    ]);
    expect(updateNameOf(undefined, { type: 'renew', rules: 9 }, 'command')).toBe('command');
  });
});
