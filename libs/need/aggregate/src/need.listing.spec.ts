import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { needListing } from './need.listing';

const NOW = '2026-11-23T08:00:00.000+08:00';
const listQuery = z.strictObject(needListing.filters);

describe('the list of needs', () => {
  it('asks for nothing in particular without filters', () => {
    expect(needListing.conditionsOf(listQuery.parse({}), NOW)).toEqual([]);
  });

  it('asks for each filter that is given', () => {
    const asked = listQuery.parse({ stage: 'claimed', unit: '住建局', community: '幸福社区', kind: 'tangible', status: 'planned' });
    expect(needListing.conditionsOf(asked, NOW)).toEqual([
      ...[{ 'keys.has': 'stage:claimed' }, { 'keys.has': 'status:planned' }, { 'keys.has': 'community:幸福社区' }],
      ...[{ 'view.kind': 'tangible' }, { 'keys.has': 'holder:住建局' }, { 'view.unit': '住建局' }],
    ]);
  });

  it('takes no filter that it does not know, and no stage that there is not', () => {
    for (const asked of [{ surprise: 'x' }, { stage: 'x' }, { overdue: 'perhaps' }]) expect(listQuery.safeParse(asked).success).toBe(false);
  });

  it('calls nobody late whose clock stands still', () => {
    const late = needListing.conditionsOf(listQuery.parse({ overdue: 'true' }), NOW);
    expect(late).toEqual([{ 'keys.due': { $lt: NOW } }]); // of which a clock that stands still has none
  });
});
