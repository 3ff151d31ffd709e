import { describe, expect, it } from '@jest/globals';
import type { Context, SagaPlan } from '@qiyue/engine';
import { mergeSaga, needDecider } from './index';
import { cora } from './testing/need.fixtures';

const [SOURCE, TARGET] = ['0123456789abcdefghjkmnpqrs', '1123456789abcdefghjkmnpqrs'];
const contextUnder = (rules: number): Context => ({ now: '', actor: cora, entity: SOURCE, commandId: 'c', tables: {}, rules });
const planOf = (into: string, rules = 3) =>
  mergeSaga.plan({ type: 'merge', data: { into } }, needDecider.initial, contextUnder(rules), { followers: ['p-ann'], persons: ['sealed ann'] });
const told = (code: string, stage: string | null = null) => mergeSaga.refusalOf?.({ index: 0, refusal: { code }, summary: { stage } });

describe('a merge', () => {
  it('has the target adopt first, by the rules under which its followers are named, and takes that back', () => {
    const target = { aggregate: 'need', entity: TARGET, asSender: true };
    const followers = { followers: ['p-ann'], persons: ['sealed ann'] };
    expect(planOf(TARGET)).toEqual({
      before: [{ ...target, type: 'adopt', data: { from: SOURCE, ...followers }, rules: 3 }],
      undo: [{ ...target, type: 'unadopt', data: { from: SOURCE } }],
      inLedgerOrder: true,
    });
    expect((planOf(TARGET, 1) as SagaPlan).before[0]).not.toHaveProperty('rules');
  });

  it('into what can be no need is refused before anybody is asked', () => {
    expect(planOf('nonsense')).toEqual({ ok: false, refusal: { code: 'target-not-live', detail: {} } });
  });

  it('is refused in words about the target, whatever that has said, unless it is another community’s', () => {
    expect(told('not-permitted', 'submitted')).toEqual({ code: 'not-permitted' });
    expect(told('target-not-live', 'withdrawn')).toEqual({ code: 'target-not-live', detail: { stage: 'withdrawn' } });
    expect(told('not-found')).toEqual({ code: 'target-not-live', detail: {} });
  });
});
