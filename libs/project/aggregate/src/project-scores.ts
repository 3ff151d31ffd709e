import { knownRulesOf } from '@qiyue/engine';
import type { KeyedSource, ModelSums } from '@qiyue/engine-runtime';
import { projectDecider } from '@qiyue/project-domain';
import { foldProjectScore, type ProjectScore } from '@qiyue/project-views';

const folded = { aggregate: projectDecider.aggregate, rules: knownRulesOf(projectDecider), fold: foldProjectScore };

const sumsOf = ({ stage }: ProjectScore): ModelSums => ({
  projects: 1,
  projectsFinished: Number(stage === 'finished'),
  projectsCancelled: Number(stage === 'cancelled'),
});

/** A project counts for its lead and for its community, in the year that it is of. */
export const projectScores: KeyedSource<ProjectScore> = {
  ...folded,
  partsOf: (score) => [{ key: { unit: score.unit, year: score.year }, sums: sumsOf(score) }],
};
export const communityProjectScores: KeyedSource<ProjectScore> = {
  ...folded,
  partsOf: (score) => [{ key: { community: score.community, year: score.year }, sums: { ...sumsOf(score), resourcesUsed: score.used.length } }],
};
