import { describe, expect, it } from '@jest/globals';
import { NUMBER_INDEXES } from '@qiyue/aggregate';
import { AGGREGATES } from './index';

const numbered = AGGREGATES.filter(({ listing }) => listing.isNumbered);

describe('the numbers that people say', () => {
  it('are of every kind whose ids nobody can say: a unit’s year is called by its unit and year', () => {
    expect(AGGREGATES.filter(({ listing }) => !listing.isNumbered).map(({ decider }) => decider.aggregate)).toEqual(['unit-year']);
  });

  it.each(numbered.map((kind) => [kind.decider.aggregate, kind] as const))('stand in lists and documents of %s, for everybody', (_, kind) => {
    expect(Object.keys(kind.listing.item.shape)).toContain('number');
    expect(Object.keys(kind.shown.shape)).toContain('number');
    expect(kind.access.leastSightOf('number', null)).toBe('public');
    expect(kind.listing.columns?.('en').find(({ isBrief }) => isBrief)?.heading).toBe('Number');
  });

  it.each(numbered.map((kind) => [kind.decider.aggregate, kind] as const))('are found in an index of %s', (_, { model }) => {
    expect(model.keysOf).toBeDefined();
    expect(model.indexes).toEqual(expect.arrayContaining([...NUMBER_INDEXES]));
  });
});
