import { describe, expect, it } from '@jest/globals';
import type { NeedCommand } from '@qiyue/need-domain';
import { foldNeedView, waitsForOf, type NeedView } from './index';
import { ann, centre, cora, Life, TABLES, water } from './testing/need.life';

type Step = readonly [typeof ann, NeedCommand];
const submit: Step = [
  ann,
  { type: 'submit', data: { title: 'A ramp', kind: 'tangible', items: [{ name: 'ramp', quantity: 1, unit: 'piece' }], community: 'Lakeside' } },
];
const claim: Step = [water, { type: 'claim', data: { unit: 'Water', plan: 'p' } }];
const fund: Step = [water, { type: 'fund', data: { amountFen: 7, source: 'donation', reference: 'r' } }];
const complete: Step = [water, { type: 'complete', data: { evidence: [{ kind: 'k', text: 't' }] } }];
const accept: Step = [cora, { type: 'accept', data: {} }];
const evaluate = (actor: typeof ann, side: 'resident' | 'community', satisfied = true): Step => [
  actor,
  { type: 'evaluate', data: { side, score: 4, satisfied } },
];
const LEAD = (what: string) => ({ who: 'unit', names: ['Water'], what });
const LAKESIDE = (what: string) => ({ who: 'community', names: ['Lakeside'], what });

const viewOf = (life: Life): NeedView => life.records.reduce<NeedView | null>(foldNeedView, null) as NeedView;
const after = (...steps: readonly Step[]) => {
  const life = new Life(TABLES);
  for (const [actor, command] of steps) expect(life.does(actor, command)).toBeNull();
  return waitsForOf(viewOf(life));
};

describe('a need waits', () => {
  it('for any unit to claim it, or for those that were called and have not said that it is not theirs', () => {
    const whistle: Step = [cora, { type: 'whistle', data: { units: ['Water', 'Roads'] } }];
    const emergency: Step = [ann, { type: 'submit', data: { ...submit[1].data, urgency: 'emergency' } } as NeedCommand];
    expect(after(emergency)).toEqual([LAKESIDE('confirm-urgency'), { who: 'unit', names: [], what: 'claim' }]);
    expect(after(submit)).toEqual([{ who: 'unit', names: [], what: 'claim' }]);
    expect(after(submit, whistle)).toEqual([{ who: 'unit', names: ['Water', 'Roads'], what: 'claim' }]);
    const life = new Life(TABLES);
    for (const [actor, command] of [submit, whistle]) life.does(actor, command);
    const called = viewOf(life);
    const answers = [{ unit: 'Water', answer: 'not-ours' as const, reason: 'r', at: null, reportedAt: called.updatedAt }];
    expect(waitsForOf({ ...called, whistle: called.whistle && { ...called.whistle, answers } })).toEqual([
      { who: 'unit', names: ['Roads'], what: 'claim' },
    ]);
  });

  it('for its lead until the works are reported, for its community to accept them, and for both sides to evaluate', () => {
    expect(after(submit, claim)).toEqual([LEAD('fund')]);
    expect(after(submit, claim, fund)).toEqual([LEAD('start')]);
    expect(after(submit, claim, fund, [water, { type: 'start', data: {} }])).toEqual([LEAD('complete')]);
    expect(after(submit, claim, fund, complete)).toEqual([LAKESIDE('accept')]);
    expect(after(submit, claim, fund, complete, [cora, { type: 'refuse-works', data: { reason: 'r' } }])).toEqual([LEAD('rework')]);
    const done = [submit, claim, fund, complete, accept];
    const residents = { who: 'residents', names: [], what: 'evaluate' };
    expect(after(...done)).toEqual([residents, LAKESIDE('evaluate')]);
    expect(after(...done, evaluate(ann, 'resident'))).toEqual([LAKESIDE('evaluate')]);
    expect(after(...done, evaluate(cora, 'community'))).toEqual([residents]);
    expect(after(...done, evaluate(ann, 'resident'), evaluate(cora, 'community'))).toEqual([]);
    expect(after(...done, evaluate(ann, 'resident', false), evaluate(cora, 'community'))).toEqual([LEAD('fund')]);
  });

  it('for the second signature, for whoever lets its clock go on, and for the centre about more time', () => {
    expect(after(submit, claim, [cora, { type: 'sign', data: {} }])).toEqual([LEAD('fund'), LEAD('sign')]);
    expect(after(submit, claim, [water, { type: 'sign', data: {} }])).toEqual([LEAD('fund'), LAKESIDE('sign')]);
    expect(after(submit, claim, [cora, { type: 'pause', data: { waitingFor: 'w' } }])).toEqual([LAKESIDE('resume')]);
    const more: Step = [water, { type: 'request-extension', data: { workingDays: 3, reason: 'r' } }];
    expect(after(submit, claim, more)).toEqual([LEAD('fund'), { who: 'centre', names: [], what: 'decide-extension' }]);
    expect(after(submit, claim, more, [centre, { type: 'deny', data: { reason: 'r' } }])).toEqual([LEAD('fund')]);
  });
});
