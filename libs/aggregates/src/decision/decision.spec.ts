import { describe, expect, it } from '@jest/globals';
import { decisionDecider } from '@qiyue/decision-domain';
import { entityIdOf, type Actor, type SagaStep } from '@qiyue/engine';
import { openDecisionSaga } from './decision.sagas';

const cora: Actor = { id: 'cora', role: 'community', unit: 'Qunan' };
const [NEED, PREVIOUS, ENTITY] = ['need', 'before', 'now'].map((key) => entityIdOf('decision', 'cora', key)) as [string, string, string];
const CONTEXT = { now: '2024-07-01T08:00:00.000+08:00', actor: cora, entity: ENTITY, commandId: 'c1', tables: {}, rules: 1 };
const opening = (more: object) =>
  ({ type: 'open', data: { needId: NEED, matter: 'other', roster: [], plan: { works: 'w', budgetFen: 0, from: '', to: '' }, ...more } }) as const;
const planned = (more: object = {}) => openDecisionSaga.plan(opening(more), decisionDecider.initial, CONTEXT, null);
const needStep = { aggregate: 'need', entity: NEED, type: 'await-decision' };

describe('a decision that is opened', () => {
  it('has its need wait for it', () => {
    expect(planned()).toMatchObject({ before: [needStep], undo: [{ aggregate: 'need', type: 'note-decision' }] });
  });
  it('asks the failed one that it takes up again first, which nothing is to be taken back of', () => {
    const asked = { aggregate: 'decision', entity: PREVIOUS, type: 'take-up', data: { needId: NEED, community: 'Qunan' } };
    expect(planned({ previous: PREVIOUS })).toMatchObject({ before: [asked, needStep], undo: [null, { aggregate: 'need' }] });
    for (const previous of ['d0', '']) expect(planned({ previous })).toMatchObject({ ok: false, refusal: { code: 'no-such-previous' } });
  });
  it('says which of the two is not there', () => {
    const told = (code: string, aggregate: string) =>
      openDecisionSaga.refusalOf?.({ index: 0, refusal: { code }, summary: {} }, { aggregate } as SagaStep).code;
    expect([told('not-found', 'decision'), told('not-found', 'need')]).toEqual(['no-such-previous', 'no-such-need']);
    expect([told('no-such-previous', 'decision'), told('other-community', 'need')]).toEqual(['no-such-previous', 'not-permitted']);
  });
});
