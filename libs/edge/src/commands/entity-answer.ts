import type { AppendResult, Outcome, Refusal, Summary } from '@qiyue/engine';
import { isTurnedAway, type Command, type GatewayAnswer, type TurnedAway } from '@qiyue/engine-runtime';
import type { z } from 'zod';
import type { UnknownCommunity, UnlistedUnit } from '../notices/known-places';

/** Where an entity stands after a command; what its summary says is null for one that never came to be. */
export interface Standing {
  readonly entity: string;
  readonly seq: number;
  readonly summary: Summary;
}

/** Settles when the command's trace is in the ledger; null when the workflow's own flush will bring it. Never rejects. */
interface Traced {
  readonly appended: Promise<AppendResult | null>;
  /** Of the record at `seq`, when the answer brought it. */
  readonly hash: string | null;
}

/**
 * What became of a command, the same for every channel. `unknown`: it may still take effect, and asking again with the
 * same id tells. `lost`: the ledger knows the entity but no workflow runs. `busy`, `quarantined`, `diverged` and
 * `rules-unknown` changed nothing: the same id may come again.
 */
export type EntityAnswer =
  | { readonly kind: 'invalid'; readonly error: z.core.$ZodError }
  /** The directory lists communities, and not this one. */
  | ({ readonly kind: 'unknown-community' } & UnknownCommunity)
  /** Over Kafka only: personal fields that came in the open, or sealed by another key than the actor's. */
  | { readonly kind: 'plain-personal-data' | 'foreign-seal'; readonly fields: readonly string[] }
  /** Sealed, its event would have so many bytes: more than can be published. */
  | { readonly kind: 'too-large'; readonly bytes: number; readonly max: number }
  /** `unlistedUnits`: units that it names and the directory does not list, where it lists units. */
  | ({ readonly kind: 'accepted'; readonly unlistedUnits?: readonly UnlistedUnit[] } & Standing & Traced)
  | ({ readonly kind: 'refused'; readonly refusal: Refusal } & Standing & Traced)
  /** `sealed`: the command as it was given on; left out where it did not come so far. */
  | { readonly kind: 'unknown'; readonly sealed?: Command }
  | { readonly kind: 'key-reused' | 'not-found' | 'lost' | TurnedAway };

export const NOTHING_APPENDED: Promise<AppendResult | null> = Promise.resolve(null);

export const entityAnswerOf = (answer: GatewayAnswer): EntityAnswer =>
  answer.kind === 'outcome' ? answerOfOutcome(answer.outcome, answer.appended, answer.hash) : { kind: answer.kind };

export const answerOfOutcome = (
  outcome: Outcome,
  appended: Promise<AppendResult | null> = NOTHING_APPENDED,
  hash: string | null = null,
): EntityAnswer => {
  const { entity, seq, summary } = outcome;
  const standing = { entity, seq, summary, appended, hash };
  if (outcome.status === 'accepted') return { kind: 'accepted', ...standing };
  const { code } = outcome.refusal;
  if (isTurnedAway(code) || code === 'key-reused' || code === 'not-found') return { kind: code };
  return { kind: 'refused', refusal: outcome.refusal, ...standing };
};
