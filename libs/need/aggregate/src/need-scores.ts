import type { DEED_KINDS } from '@qiyue/civic-domain';
import { knownRulesOf } from '@qiyue/engine';
import type { KeyedSource, ModelPart, ModelSums } from '@qiyue/engine-runtime';
import { needDecider } from '@qiyue/need-domain';
import { foldNeedTally, type NeedTally } from '@qiyue/need-views';

const folded = { aggregate: needDecider.aggregate, rules: knownRulesOf(needDecider), fold: foldNeedTally };

/** The same counts for all needs, and for those of this one's kind: `done` and `needs-tangible-done`. */
const byKind = (counts: ModelSums, { kind }: Pick<NeedTally, 'kind'>): ModelSums => ({
  ...counts,
  ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [needSumOf(kind, name), count])),
});
/** How a sum over needs of one kind is called. */
export const needSumOf = (kind: (typeof DEED_KINDS)[number], name: string): string => `needs-${kind}-${name}`;

/** A need counts for whoever leads it, in the year in which they claimed it; a whistle for each unit that it names, in the year in which it was blown. */
export const needScores: KeyedSource<NeedTally> = {
  ...folded,
  partsOf: (tally) =>
    tally.calls.reduce<readonly ModelPart[]>(
      (parts, { unit, year, called, answered }) =>
        withPart(parts, { key: { unit, year }, sums: { whistlesCalled: called, whistlesAnswered: answered } }),
      ledBy(tally),
    ),
};

const ledBy = (tally: NeedTally): readonly ModelPart[] => {
  const { lead, isDone, isLate, isSatisfied } = tally.score;
  if (lead === null) return [];
  const counts = { claimed: 1, done: Number(isDone), inTime: Number(isDone && !isLate), satisfied: Number(isSatisfied) };
  return [{ key: { ...lead }, sums: byKind(counts, tally) }];
};

/** Each key once: a unit that was called and leads has both. */
const withPart = (parts: readonly ModelPart[], part: ModelPart): readonly ModelPart[] => {
  const { unit, year } = part.key;
  const same = parts.find(({ key }) => key['unit'] === unit && key['year'] === year);
  return same === undefined ? [...parts, part] : parts.map((one) => (one === same ? { key: one.key, sums: { ...one.sums, ...part.sums } } : one));
};

/** A need counts for its community, in the year in which it was submitted, with its whistles and its money. */
export const communityNeedScores: KeyedSource<NeedTally> = {
  ...folded,
  partsOf: (tally) => {
    const { community, year, score, isEvaluated, blown, answered, spentFen } = tally;
    const { lead, isDone, isLate, isSatisfied } = score;
    const works = { claimed: Number(lead !== null), done: Number(isDone), inTime: Number(isDone && !isLate) };
    const counts = { submitted: 1, ...works, evaluated: Number(isEvaluated), satisfied: Number(isSatisfied) };
    return [{ key: { community, year }, sums: { ...byKind(counts, tally), whistlesBlown: blown, whistlesAnswered: answered, spentFen } }];
  },
};
