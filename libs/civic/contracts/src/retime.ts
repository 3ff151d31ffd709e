/** What the workflow that brings another calendar or policy to the open needs is given, and what it says of itself. */
export interface RetimeProgress {
  /** Serial of the tables that are being brought to the needs. */
  readonly serial: number;
  /** Entities with a deadline when it began, and those that came to them meanwhile; of a finished run as it is told those that it asked. */
  readonly total: number;
  /** Needs that have answered: `moved` and `unchanged`. */
  readonly done: number;
  /** Needs whose deadline moved. */
  readonly moved: number;
  /** Of these, those that end earlier than before; left out in runs of before this was counted. */
  readonly shorter?: number;
  readonly unchanged: number;
  /** Needs that did not answer; they are asked again a few times. */
  readonly unanswered: number;
  /** Those by id, at most a hundred of them. */
  readonly failed: readonly string[];
  /** Of a finished run, as it is told: those counted when it began that had ended, or waited without a deadline, when their turn came. */
  readonly leftOut?: number;
  readonly state: 'running' | 'finished';
}

/** As it is told: a finished run has come to its end, so whoever it did not have to ask is no part of its total. */
export const toldProgress = (progress: RetimeProgress): RetimeProgress => {
  if (progress.state !== 'finished') return progress;
  const total = progress.done + progress.unanswered;
  return { ...progress, total, leftOut: Math.max(0, progress.total - total) };
};

export interface RetimeInput {
  readonly serial: number;
  /** By the machine's clock, ISO 8601. */
  readonly importedAt: string;
  /** Another run was ended for this one; what it had under way is let land first. */
  readonly isReplacing?: boolean;
  /** After continue-as-new: where it was. */
  readonly at?: RetimePlace;
}

/** A round walks the `open` needs as the read model knows them; then the `born`, by their submits; then the `open` ones again, for those that failed. */
export interface RetimePlace {
  /** Who was asked before `countedBeforeMs` (since 1970) and answered was counted in an earlier round. */
  readonly round: {
    readonly walks: 'open' | 'born';
    readonly number: number;
    readonly countedBeforeMs: number;
    /** But for these, which had not answered then; of more than a hundred the others are counted in no round. */
    readonly failedBefore?: readonly string[];
  };
  /** Where in the round it is, as the last batch said; null at its beginning. */
  readonly after: string | null;
  readonly progress: RetimeProgress;
}
