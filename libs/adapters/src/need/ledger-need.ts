import { aliasUnder, foldRecords, openRecord, type Context, type Decision, type Outcome, type Refusal } from '@qiyue/engine';
import type { Command, LedgerStore } from '@qiyue/engine-runtime';
import { needDecider, type Giver, type NeedCommand, type NeedEvent, type NeedRefusal, type NeedState } from '@qiyue/need-domain';

/** A need as the ledger knows it, which may lag behind its workflow. `seq` 0: not at all. */
export interface LedgerNeed {
  readonly seq: number;
  readonly state: NeedState;
  /** Highest rules version among its records. */
  readonly rules: number;
}

export const UNBORN: LedgerNeed = { seq: 0, state: needDecider.initial, rules: 1 };

/** Throws `UnsoundStream`, `UnknownRules`. */
export const foldNeed = async (store: LedgerStore, needId: string): Promise<LedgerNeed> => {
  const records = (await store.soundStream(needId)).filter(({ aggregate }) => aggregate === needDecider.aggregate);
  return {
    seq: records.at(-1)?.seq ?? 0,
    ...foldRecords(
      needDecider,
      records.map((record) => openRecord(record)),
    ),
  };
};

/** What the rules say to a command on this state, without anything happening. */
export const tryOn = ({ state, rules }: LedgerNeed, command: Command): Decision<NeedEvent, NeedRefusal> => {
  const { type, data, actor, entity, commandId, receivedAt } = command;
  const { alias, rules: highest } = underRules(rules, command);
  const context: Context = { now: receivedAt, actor, entity, commandId, ...alias, tables: command.tables ?? {}, rules: highest };
  return needDecider.decide({ type, data } as unknown as NeedCommand, state, context);
};

/** Who gives the command, as the need would take it. */
export const giverOf = ({ rules }: LedgerNeed, command: Command): Giver => ({ actor: command.actor, ...underRules(rules, command).alias });

const underRules = (rules: number, command: Command) => {
  const highest = Math.max(rules, command.rules ?? 1);
  return { rules: highest, alias: aliasUnder(highest, needDecider, command) };
};

/** A refusal that no workflow gives. */
export const refusedOn = ({ seq, state }: LedgerNeed, { entity }: Command, refusal: Refusal): Outcome & { readonly status: 'refused' } => ({
  status: 'refused',
  entity,
  seq,
  summary: needDecider.summary(state),
  refusal,
});
