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
const FLOORS: Readonly<Record<'duplicates' | 'units', Readonly<Record<string, Quality>>>> = { duplicates: {}, units: {} };

describe('how good the suggestions are on the labelled needs', () => {
  it.each([
    ['duplicates', duplicates],
    ['units', units],
  ] as const)('is measured for %s, and not worse than it was', (name, of) => {
    const measured = table(of);
    console.table(measured);
    for (const [what, least] of Object.entries(FLOORS[name]))
      for (const [figure, value] of Object.entries(least)) expect([what, figure, (measured[what]?.[figure as keyof Quality] ?? 0) >= value]).toEqual([what, figure, true]);
  });
});
