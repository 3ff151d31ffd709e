import { describe, expect, it } from '@jest/globals';
import type { PersonNames } from '@qiyue/aggregate';
import type { Actor } from '@qiyue/engine';
import { needDecider, PSEUDONYMS_SINCE, type NeedState } from '@qiyue/need-domain';
import { merge } from './need.merge';

const names: PersonNames = {
  named: (entity, subject) => Promise.resolve({ id: `p-${subject} in ${entity}`, person: `sealed ${subject}` }),
  open: (person) => Promise.resolve(person === 'erased' ? null : person.replace('sealed ', '')),
};
const followers = (author: object, rules = PSEUDONYMS_SINCE, by: PersonNames | null = names) => {
  const state = { ...needDecider.initial, stage: 'submitted', author } as unknown as NeedState;
  const actor: Actor = { id: 'c-1', role: 'community', unit: null };
  const context = { now: '', actor, entity: 'source', commandId: 'c', tables: {}, rules };
  return merge.aside?.({ type: 'merge', data: { into: 'target' } }, state, context, by);
};

describe('who follows a need that is merged', () => {
  it('is its author, by the name that they have in the target', async () => {
    const known = { followers: ['p-ann in target'], persons: ['sealed ann'] };
    expect(await followers({ id: 'ann', role: 'resident' })).toEqual(known);
    expect(await followers({ id: 'p-1', role: 'resident', person: 'sealed ann' })).toEqual(known);
  });

  it('is nobody once they are erased', async () =>
    expect(await followers({ id: 'p-1', role: 'resident', person: 'erased' })).toEqual({ followers: [] }));

  it('is an office by its own name, and a person by theirs under rules of before', async () => {
    expect(await followers({ id: 'grid', role: 'community' })).toEqual({ followers: ['grid'] });
    expect(await followers({ id: 'ann', role: 'resident' }, PSEUDONYMS_SINCE - 1)).toEqual({ followers: ['ann'] });
    expect(await followers({ id: 'ann', role: 'resident' }, PSEUDONYMS_SINCE, null)).toEqual({ followers: ['ann'] });
  });
});
