/** How much each part of a department's record says for it, and what takes from it. Set on one half of the labelled set. */
export const MATCHING = {
  /** Of what was claimed of the same: how much the department had of it, 0 to 1 each. */
  shares: { topic: 0.7, category: 0.25, community: 0.4, kind: 0.05 },
  /** Claims that a share is measured against beside the real ones, so that one need is not yet a habit. */
  doubt: 0.5,
  /** Least of the score that is left to a department that was never in time and never satisfied anybody. */
  qualityFloor: 0.7,
  /** So many needs that it has open take half of the score. */
  halfAtOpen: 40,
  /** What is below it is not suggested. */
  floor: 0.1,
} as const;

/** How much each thing that fits says for a resource; together at most 1. */
export const RESOURCE_MATCHING = {
  topics: 0.45,
  words: 0.35,
  community: 0.1,
  quantity: 0.1,
  /** One that is bound to another community. */
  otherCommunity: 0.5,
  floor: 0.25,
} as const;
