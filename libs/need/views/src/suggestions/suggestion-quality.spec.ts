import { describe, expect, it } from '@jest/globals';
import { LABELLED_NEEDS, LABELLED_RECORD, type LabelledNeed } from '../testing/labelled-needs';
import { qualityOf, type Quality, type Suggested } from '../testing/quality';
import { similarNeeds } from './similar-needs';
import { matchedUnits } from './unit-matches';

/** Two who read the same needs: one may see everything, the other what is public. */
const READERS = {
  everything: (need: LabelledNeed): LabelledNeed => need,
  public: (need: LabelledNeed): LabelledNeed => ({ ...need, compound: null, description: null }),
};
type Reader = keyof typeof READERS;
const FIGURES = ['precisionAt3', 'recallAt10', 'shownRight'] as const;
const SETS = ['dev', 'held'] as const;

/** Candidates are all needs of both sets, and of every community: the question itself looks at one community alone, which is easier. */
const duplicates = (set: LabelledNeed['set'], reader: Reader): readonly Suggested[] => {
  const shown = LABELLED_NEEDS.map(READERS[reader]);
  return shown
    .filter((need) => need.set === set)
    .map((own) => ({
      suggested: similarNeeds(own, shown).map(({ need }) => need.needId),
      right: new Set(LABELLED_NEEDS.filter(({ group, needId }) => group === own.group && needId !== own.needId).map(({ needId }) => needId)),
    }));
};

const units = (set: LabelledNeed['set'], reader: Reader): readonly Suggested[] =>
  LABELLED_NEEDS.filter((need) => need.set === set)
    .map(READERS[reader])
    .map((own) => ({ suggested: matchedUnits(own, LABELLED_RECORD).map(({ unit }) => unit), right: new Set(own.units) }));

const table = (of: typeof duplicates) =>
  Object.fromEntries(
    SETS.flatMap((set) => (Object.keys(READERS) as Reader[]).map((reader) => [`${set}, reader sees ${reader}`, qualityOf(of(set, reader))])),
  );

/** What is measured may be better than this, never worse: whoever changes words or weights sees it here. Figures of 2026-11. */
const FLOORS: Readonly<Record<'duplicates' | 'units', Readonly<Record<string, Quality>>>> = {
  duplicates: {
    'dev, reader sees everything': { precisionAt3: 0.984, recallAt10: 0.984, shownRight: 0.585 },
    'dev, reader sees public': { precisionAt3: 0.961, recallAt10: 1, shownRight: 0.347 },
    'held, reader sees everything': { precisionAt3: 0.683, recallAt10: 0.683, shownRight: 0.494 },
    'held, reader sees public': { precisionAt3: 0.567, recallAt10: 0.642, shownRight: 0.193 },
  },
  units: {
    'dev, reader sees everything': { precisionAt3: 0.953, recallAt10: 0.959, shownRight: 0.663 },
    'dev, reader sees public': { precisionAt3: 0.959, recallAt10: 0.959, shownRight: 0.69 },
    'held, reader sees everything': { precisionAt3: 0.721, recallAt10: 0.721, shownRight: 0.589 },
    'held, reader sees public': { precisionAt3: 0.691, recallAt10: 0.691, shownRight: 0.597 },
  },
};

describe('how good the suggestions are on the labelled needs', () => {
  it.each([
    ['duplicates', duplicates],
    ['units', units],
  ] as const)('is measured for %s, and not worse than it was', (name, of) => {
    const measured = table(of);
    console.table(measured);
    const worse = Object.entries(FLOORS[name]).flatMap(([what, least]) =>
      FIGURES.flatMap((figure) => {
        const value = measured[what]?.[figure] ?? 0;
        return value >= least[figure] ? [] : [`${what}: ${figure} is ${value}, and was ${least[figure]}`];
      }),
    );
    expect(worse).toEqual([]);
  });
});
