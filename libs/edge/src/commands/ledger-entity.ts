import {
  aliasUnder,
  foldRecords,
  openRecord,
  type AnyDecider,
  type Context,
  type Decision,
  type EventShape,
  type Outcome,
  type Refusal,
} from '@qiyue/engine';
import type { Command, LedgerStore } from '@qiyue/engine-runtime';

/** An entity as the ledger knows it, which may lag behind its workflow. `seq` 0: not at all. */
export interface LedgerEntity {
  readonly seq: number;
  readonly state: unknown;
  /** Highest rules version among its records. */
  readonly rules: number;
}

export const nonexistent = ({ initial }: AnyDecider): LedgerEntity => ({ seq: 0, state: initial, rules: 1 });

/** Throws `UnsoundStream`, `UnknownRules`. */
export const foldEntity = async (store: LedgerStore, decider: AnyDecider, entity: string): Promise<LedgerEntity> => {
  const records = (await store.soundStream(entity)).filter(({ aggregate }) => aggregate === decider.aggregate);
  return {
    seq: records.at(-1)?.seq ?? 0,
    ...foldRecords(
      decider,
      records.map((record) => openRecord(record)),
    ),
  };
};

/** What the rules say to a command on this state, without anything happening. */
export const tryOn = (decider: AnyDecider, { state, rules }: LedgerEntity, command: Command): Decision<EventShape> =>
  decider.decide({ type: command.type, data: command.data }, state, contextOf(decider, rules, command));

/** Whether the command is its actor's to give, as the entity would see it. */
export const isPermittedOn = (decider: AnyDecider, { state, rules }: LedgerEntity, command: Command): boolean =>
  decider.isPermitted?.({ type: command.type, data: command.data }, state, contextOf(decider, rules, command)) ?? true;

const contextOf = (decider: AnyDecider, rules: number, command: Command): Context => {
  const { actor, entity, commandId, receivedAt } = command;
  const highest = Math.max(rules, command.rules ?? 1);
  return { now: receivedAt, actor, entity, commandId, ...aliasUnder(highest, decider, command), tables: command.tables ?? {}, rules: highest };
};

/** A refusal that no workflow gives. */
export const refusedOn = (
  decider: AnyDecider,
  { seq, state }: LedgerEntity,
  { entity }: Command,
  refusal: Refusal,
): Outcome & { readonly status: 'refused' } => ({
  status: 'refused',
  entity,
  seq,
  summary: decider.summary(state),
  refusal,
});
