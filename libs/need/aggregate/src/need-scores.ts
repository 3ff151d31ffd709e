import { knownRulesOf } from '@qiyue/engine';
import type { KeyedSource } from '@qiyue/engine-runtime';
import { needDecider } from '@qiyue/need-domain';
import { foldNeedScore, type NeedScore } from '@qiyue/need-views';

/** A need counts for whoever leads it, in the year in which they claimed it. */
export const needScores: KeyedSource<NeedScore> = {
  aggregate: needDecider.aggregate,
  rules: knownRulesOf(needDecider),
  fold: foldNeedScore,
  partsOf: ({ lead, isDone, isLate, isSatisfied }) =>
    lead === null
      ? []
      : [{ key: lead, sums: { claimed: 1, done: Number(isDone), inTime: Number(isDone && !isLate), satisfied: Number(isSatisfied) } }],
};
