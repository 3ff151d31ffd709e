import { communityContractScores, contractScores } from '@qiyue/contract';
import type { KeyedModel } from '@qiyue/engine-runtime';
import { communityNeedScores, needScores } from '@qiyue/need';
import { communityProjectScores, projectScores } from '@qiyue/project';
import { scoreboardModel } from '@qiyue/unit-year';

/** Units by year: their own accounts, the needs and projects that they lead, whistles that called them, and their contracts. */
export const unitScoreboard: typeof scoreboardModel = {
  ...scoreboardModel,
  sources: [needScores, contractScores, projectScores, ...scoreboardModel.sources],
};

/** Communities by year: their needs and whistles, their contracts and their projects. */
export const communityScoreboard: KeyedModel = {
  name: 'communityScoreboard',
  version: 2,
  indexes: [
    { 'key.year': -1, 'key.community': 1 },
    { 'key.community': 1, 'key.year': -1 },
  ],
  sources: [communityNeedScores, communityContractScores, communityProjectScores],
};
