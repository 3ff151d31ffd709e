/** What was suggested for one thing, best first, and what is right for it. */
export interface Suggested {
  readonly suggested: readonly string[];
  readonly right: ReadonlySet<string>;
}

export interface Quality {
  /** Of the first three places, or of as many as there are right ones: how many are right. Over what has right ones. */
  readonly precisionAt3: number;
  /** Of the right ones: how many are among the first ten. Over what has right ones. */
  readonly recallAt10: number;
  /** Of all that was suggested on the first three places: how many are right. Over everything, what has no right ones too. */
  readonly shownRight: number;
}

const hitsIn = ({ suggested, right }: Suggested, places: number): number => suggested.slice(0, places).filter((one) => right.has(one)).length;
const mean = (values: readonly number[]): number => rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const qualityOf = (all: readonly Suggested[]): Quality => {
  const answerable = all.filter(({ right }) => right.size > 0);
  return {
    precisionAt3: mean(answerable.map((one) => hitsIn(one, 3) / Math.min(3, one.right.size))),
    recallAt10: mean(answerable.map((one) => hitsIn(one, 10) / one.right.size)),
    shownRight: rounded(sum(all.map((one) => hitsIn(one, 3))) / sum(all.map(({ suggested }) => Math.min(3, suggested.length)))),
  };
};
