/** How many years after its end what stands in a need is still opened, by kind of field. What is public stays. */
export interface Retention {
  /** How to reach the person. */
  readonly contactYears: number;
  /** Description, compound, exact place, photos, files, evidence, comments. */
  readonly personalYears: number;
  /** What offices wrote: reasons and notes. */
  readonly officialYears: number;
}

/** Where a policy does not say. Records of a county's commitments are kept ten years (档案). */
export const DEFAULT_RETENTION: Retention = { contactYears: 3, personalYears: 5, officialYears: 10 };

export const RETENTION_YEARS_MAX = 100;
