/** Up to a bound, so much of the score is left; behind the last one `beyond` is. */
export interface Steps {
  readonly upTo: readonly (readonly [bound: number, factor: number])[];
  readonly beyond: number;
  /** Where one of both is not known, or not for this reader. */
  readonly unknown: number;
}

/** How much one of two needs says about the same thing as the other. Set on one half of the labelled set; see `infra/docs/suggestions.md`. */
export const SIMILARITY = {
  /** How much a text counts by where it stands. */
  fields: { title: 1, items: 1, description: 0.5 },
  /** How sure the same topics alone make one; how sure all words in common would, and how sure words can make one at most. */
  content: { topics: 0.7, words: 3, wordsMost: 0.9 },
  /** What is left of it, by what else is alike. */
  compound: { same: 1, unknown: 0.8, other: 0.2 },
  spot: { same: 1, unknown: 0.9, other: 0.35 },
  works: { same: 1, unknown: 0.95, other: 0.5 },
  kind: { same: 1, other: 0.8 },
  /** Kilometres between two places, each to a hundredth of a degree. */
  place: {
    upTo: [
      [1.6, 1],
      [3, 0.85],
    ],
    beyond: 0.5,
    unknown: 0.95,
  } satisfies Steps,
  /** Days between the two. */
  time: {
    upTo: [
      [30, 1],
      [90, 0.95],
      [365, 0.85],
    ],
    beyond: 0.7,
    unknown: 0.7,
  } satisfies Steps,
  /** What is below it is not suggested. */
  floor: 0.15,
} as const;

/** At most so many are suggested. */
export const SUGGESTED_MAX = 10;
