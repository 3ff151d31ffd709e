import { describe, expect, it } from '@jest/globals';
import { matchedResources, type EquippedNeed, type OfferedResource } from './resource-matches';

const NOW = '2024-07-10T09:00:00.000+08:00';
const NEED: EquippedNeed = {
  ...{ title: '安装健身器材', description: null, kind: 'tangible', category: null, community: '稷王社区', compound: null, location: null },
  ...{ items: [{ name: '健身器材', quantity: 6, unit: '件' }], createdAt: '2024-07-01T09:00:00.000+08:00' },
};
const offer = (resourceId: string, over: Partial<OfferedResource> = {}): OfferedResource => ({
  ...{ resourceId, kind: 'equipment', name: '健身器材', quantity: 10, unit: '件', from: null, to: null, community: null, skills: [] },
  ...over,
});
const order = (...offered: readonly OfferedResource[]): readonly string[] =>
  matchedResources(NEED, offered, NOW).map(({ resource }) => resource.resourceId);

describe('resources that could serve a need', () => {
  it('are those about the same, by name or by skill', () => {
    expect(
      order(offer('equipment'), offer('people', { kind: 'people', name: '体育指导员', skills: ['锻炼指导'] }), offer('paint', { name: '油漆' })),
    ).toEqual(['equipment', 'people']);
  });
  it('come with what a person can check', () => {
    const [match] = matchedResources(NEED, [offer('r', { community: '稷王社区', from: '2024-07-01', to: '2024-08-01' })], NOW);
    expect(match?.reasons).toEqual([
      { code: 'same-topic', topics: ['exercise'] },
      { code: 'same-words', words: ['健身器材'] },
      { code: 'same-community' },
      { code: 'quantity', offered: 10, asked: 6, of: '件' },
      { code: 'available', from: '2024-07-01', to: '2024-08-01' },
    ]);
  });
  it('are none that are over; their last day counts', () => {
    expect(
      order(offer('over', { to: '2024-07-09' }), offer('today', { to: '2024-07-10' }), offer('at', { to: '2024-07-10T08:00:00.000+08:00' })),
    ).toEqual(['today']);
  });
  it('come first where they are enough, and for this community; those for another one last', () => {
    const all = [
      offer('a-few', { quantity: 2 }),
      offer('b-other', { community: '民悦社区' }),
      offer('c-own', { community: '稷王社区' }),
      offer('d-any'),
    ];
    expect(order(...all)).toEqual(['c-own', 'd-any', 'a-few', 'b-other']);
  });
});
