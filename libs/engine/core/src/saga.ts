import type { CommandEnvelope } from './command';
import type { Actor, CommandShape, Context, Json, Refusal, Summary } from './decider';
import { entityIdOf, fingerprintOf } from './record';

/** Who gives the steps of a saga to other entities, where the plan does not say that the sender does. */
export const SAGA_ACTOR: Actor = { id: 'saga', role: 'system', unit: null };

/** What a command needs of another entity: a command to it. */
export interface SagaStep {
  readonly aggregate: string;
  readonly entity: string;
  readonly type: string;
  readonly data: { readonly [key: string]: Json };
  /** It may start its entity. */
  readonly starts?: true;
  /** By whom the command is, this is too; absent: by `SAGA_ACTOR`. */
  readonly asSender?: true;
  /** Rules version that it brings at least; absent: what is active where it is given. */
  readonly rules?: number;
}

/** What happens on other entities before a command is given to its own, and what takes it back should that one refuse. Plain JSON. */
export interface SagaPlan {
  /** One after the other; the first that is refused stops the command. */
  readonly before: readonly SagaStep[];
  /** By index what takes a step of `before` back, in the reverse order; null where nothing has to be taken back. */
  readonly undo: readonly (SagaStep | null)[];
  /** Added to the command's data, for its own entity to decide by. */
  readonly data?: { readonly [key: string]: Json };
  /** Each step waits a little until the one before is in the ledger, for whoever reads there while it goes on. */
  readonly inLedgerOrder?: true;
}

/** A plan's no: the command is refused before anything happens. */
export interface SagaRefusal {
  readonly ok: false;
  readonly refusal: Refusal;
}

/** A step that was refused. */
export interface StoppedBy {
  readonly index: number;
  readonly refusal: Refusal;
  /** Of the other entity; empty where there is none. */
  readonly summary: Summary;
}

/**
 * A command over two streams: what it needs of other entities. Pure and total, like a decider.
 *
 * `plan` is asked in a state in which the own decider accepts the command (the initial one, for a command that starts its entity), and again never: what it
 * answers first is what happens. Null: no other entity is
 * needed. That must follow from the command alone, not from a state which moves. The own decider is asked once more, behind the steps and with `data`:
 * whatever the plan took from the state it has to check against the state of then.
 */
export interface Saga<S, C extends CommandShape> {
  readonly aggregate: string;
  /** Type of the command. */
  readonly type: C['type'];
  /** `aside`: what the edge worked out of the same state, outside of the command and its fingerprint. */
  plan(command: C, state: S, context: Context, aside: Json): SagaPlan | SagaRefusal | null;
  /** What the sender is told when a step is refused. Left out: the same. `step`: the one that was. */
  refusalOf?(stopped: StoppedBy, step?: SagaStep): Refusal;
}

/** A command of which a saga is made. */
export type SagaCommand = Omit<CommandEnvelope, 'confirmed' | 'head' | 'recordBytesMax' | 'notAfterMs' | 'onlyToRefuse' | 'refusedFor'> & {
  readonly aggregate: string;
  /** It starts its own entity, behind its steps. */
  readonly begins?: true;
};

/** By the command's id alone, so that whoever uses it for something else meets the saga that has it. */
export const sagaIdOf = (commandId: string): string => `saga-${entityIdOf('saga', '', commandId)}`;

/**
 * Id of a step, by the command that it is for: the same whenever the same is done again, and another for another use of the command's id. A hash, because
 * a sender's id may be long, and because records that name whoever gave the command by an alias do not hold its id either.
 */
export const stepIdOf = ({ commandId, fingerprint }: Pick<SagaCommand, 'commandId' | 'fingerprint'>, index: number, isUndo: boolean): string =>
  `saga:${entityIdOf('saga', fingerprint, commandId)}:${index}${isUndo ? ':undo' : ''}`;

/** A step as a command to its entity. */
export const stepCommandOf = (
  command: SagaCommand,
  { aggregate, entity, type, data, starts, asSender, rules }: SagaStep,
  place: { readonly index: number; readonly isUndo: boolean },
): SagaCommand & { readonly starts: boolean } => {
  const { receivedAt } = command;
  const actor = asSender === true ? command.actor : SAGA_ACTOR;
  return {
    commandId: stepIdOf(command, place.index, place.isUndo),
    ...{ aggregate, entity, type, data, actor, receivedAt },
    channel: 'system',
    fingerprint: fingerprintOf({ entity, type, data, actor }),
    starts: starts === true,
    ...(rules === undefined ? {} : { rules }),
  };
};

/** The command as its own entity gets it. Its fingerprint stays the sender's, so that a retry over any channel meets the same outcome. */
export const plannedCommandOf = (command: SagaCommand, { data }: SagaPlan): SagaCommand =>
  data === undefined ? command : { ...command, data: { ...command.data, ...data } };
