import type { AppendResult, CommandEnvelope, MOVED, Outcome } from '@qiyue/engine';
import type { TurnedAway } from './gateway-errors';

/** A command before the gateway adds what it knows of the ledger. */
export type Command = Omit<CommandEnvelope, 'confirmed' | 'head' | 'recordBytesMax' | 'notAfterMs'> & {
  readonly aggregate: string;
  readonly starts: boolean;
};

/** Rules versions per aggregate, as the process knows them now. */
export interface RulesInForce {
  /** The version that new commands are decided by. */
  active(aggregate: string): number;
  /** The newest that the code of this process knows. */
  known(aggregate: string): number;
}

/**
 * What became of a command, as far as this call knows.
 * `unknown`: Temporal or a worker did not answer in time; the command may still take effect, and asking again with the
 * same id tells. `lost`: the ledger knows the entity but no workflow runs: an operator has to bring it back.
 */
export type GatewayAnswer =
  /** `hash`: of the record that the answer names, when it was handed over with it. */
  | { readonly kind: 'outcome'; readonly outcome: Outcome; readonly appended: Promise<AppendResult | null>; readonly hash: string | null }
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'lost' };

const NOTHING_APPENDED = Promise.resolve(null);

/** An outcome that is in the ledger already. */
export const answered = (outcome: Outcome): GatewayAnswer =>
  outcome.status === 'refused' && outcome.refusal.code === 'key-reused'
    ? { kind: 'key-reused' }
    : { kind: 'outcome', outcome, appended: NOTHING_APPENDED, hash: null };

/** Nothing was recorded: the same id may come again. */
export const turnedAway = ({ entity }: Pick<Command, 'entity'>, code: TurnedAway | typeof MOVED): GatewayAnswer =>
  answered({ status: 'refused', entity, seq: 0, summary: {}, refusal: { code } });
