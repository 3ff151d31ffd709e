import { describe, expect, it } from '@jest/globals';
import { countyPlan } from './plan';

describe('the plan of a county’s year', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(countyPlan(1)).toEqual(countyPlan(1));
    expect(countyPlan(2).needs).not.toEqual(countyPlan(1).needs);
  });
  it('has as many needs, with Ruiyuan’s roof, and as many units and communities as the county', () => {
    const { needs, units, communities, pairs } = countyPlan(2024);
    expect([needs.length, units.length, communities.length, pairs.length]).toEqual([434, 30, 10, 30]);
    expect(new Set([...units, ...communities]).size).toBe(40);
    expect(new Set(needs.map(({ fate }) => fate)).size).toBe(6);
  });
  it('has fewer units and communities for fewer needs, the first of which are far enough apart for a machine to follow', () => {
    const { needs, units, communities } = countyPlan(2024, 20);
    expect([needs.length, units.length, communities.length]).toEqual([19, 4, 4]);
    expect(needs.every(({ unit, community }) => units.includes(unit) && communities.includes(community))).toBe(true);
    expect(needs.at(-1)?.day).toBe(countyPlan(2024).needs[18]?.day);
  });
  it('makes none late at its end, where nobody would wait for it', () => {
    const lateDays = countyPlan(2024)
      .needs.filter(({ fate }) => fate.startsWith('late'))
      .map(({ day }) => day);
    expect(lateDays.length).toBeGreaterThan(10);
    expect(Math.max(...lateDays)).toBeLessThan((countyPlan(2024).needs.at(-1)?.day ?? 0) - 40);
  });
});
