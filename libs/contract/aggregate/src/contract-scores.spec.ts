import { describe, expect, it } from '@jest/globals';
import type { ContractScore, ContractView } from '@qiyue/contract-views';
import { communityContractScores, contractScores } from './contract-scores';
import { LIVES } from './testing/told-contract';

/** The same, read off the document. */
const readOff = ({ inForceAt, items }: ContractView) =>
  inForceAt === null ? [] : [{ contracts: 1, items: items.length, itemsDone: items.filter(({ finishedAt }) => finishedAt !== null).length }];

describe('what a contract gives to the scoreboards', () => {
  it.each(Object.keys(LIVES))('is what its document says, after every event, for both sides alike: %s', (name) => {
    let score: ContractScore | null = null;
    for (const { record, after } of LIVES[name] ?? []) {
      score = contractScores.fold(score, record, '');
      const [unit, community] = [contractScores.partsOf(score), communityContractScores.partsOf(score)];
      expect(unit).toEqual(readOff(after).map((sums) => ({ key: { unit: after.unit, year: after.year }, sums })));
      expect(community).toEqual(readOff(after).map((sums) => ({ key: { community: after.community, year: after.year }, sums })));
    }
  });
});
