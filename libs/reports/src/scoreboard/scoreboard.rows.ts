import { DEED_KINDS, type DeedKind } from '@qiyue/civic-domain';
import type { KeyDocument, ModelSums } from '@qiyue/engine-runtime';
import { needSumOf } from '@qiyue/need';
import { budgetRowsOf, pledgeRowOf, type Score } from '@qiyue/unit-year';
import { ASKED, LED, type CommunityRow, type UnitRow } from './scoreboard.schema';

type Counts<N extends string> = Readonly<Record<N, number>>;

const countsOf = <N extends string>(names: readonly N[], sumOf: (name: N) => number | undefined): Counts<N> =>
  Object.fromEntries(names.map((name) => [name, sumOf(name) ?? 0])) as Counts<N>;

const needsOf = <N extends string>(names: readonly N[], sums: ModelSums): Counts<N> & Readonly<Record<DeedKind, Counts<N>>> => ({
  ...countsOf(names, (name) => sums[name]),
  ...(Object.fromEntries(DEED_KINDS.map((kind) => [kind, countsOf(names, (name) => sums[needSumOf(kind, name)])])) as Record<DeedKind, Counts<N>>),
});

const commonOf = ({ contracts = 0, items = 0, itemsDone = 0, projects = 0, projectsFinished = 0, projectsCancelled = 0 }: ModelSums) => ({
  contracts: { signed: contracts, items, itemsDone },
  projects: { planned: projects, finished: projectsFinished, cancelled: projectsCancelled },
});

/** `mayKnowMoney`: whether this reader may. */
export const unitRowOf = (score: Score, mayKnowMoney: boolean): UnitRow => {
  const { sums } = score;
  const { unit, year, stage, tangible, service } = pledgeRowOf(score);
  const { whistlesCalled = 0, whistlesAnswered = 0 } = sums;
  return {
    ...{ unit, year, stage, tangible, service },
    needs: needsOf(LED, sums),
    whistles: { called: whistlesCalled, answered: whistlesAnswered },
    ...commonOf(sums),
    money: mayKnowMoney ? moneyOf(score) : null,
  };
};

const moneyOf = (score: Score): UnitRow['money'] => {
  const [budget] = budgetRowsOf(score);
  if (budget === undefined) return null;
  const { grantedFen, reservedFen, committedFen, availableFen } = budget;
  return { grantedFen, reservedFen, committedFen, availableFen };
};

export const communityRowOf = ({ key, sums }: Pick<KeyDocument, 'key' | 'sums'>): CommunityRow => {
  const { whistlesBlown = 0, whistlesAnswered = 0, resourcesUsed = 0, spentFen = 0 } = sums;
  return {
    ...{ community: String(key['community']), year: Number(key['year']) },
    needs: needsOf(ASKED, sums),
    whistles: { blown: whistlesBlown, answered: whistlesAnswered },
    ...commonOf(sums),
    ...{ resourcesUsed, spentFen },
  };
};
