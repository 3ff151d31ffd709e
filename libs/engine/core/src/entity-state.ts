import type { CommandEnvelope, Outcome } from './command';
import { aliasUnder, type CommandShape, type Context, type Decider, type Decision, type EventShape, type Tables } from './decider';
import { knownRulesOf, UnknownRules } from './fold';
import { laterOf } from './time';

/** Name of the query that tells what an entity is. */
export const STATE_QUERY_NAME = 'state';

/** What an entity is in its running workflow, where the ledger may lag behind. Plain JSON. */
export interface EntityState {
  readonly seq: number;
  /** Of the last record. */
  readonly time: string;
  readonly state: unknown;
  /** Of the form of `state`; absent means 1. */
  readonly stateVersion?: number;
  readonly rules: number;
  readonly tables: Tables;
  /** The run takes no command: see `EntityStanding`. */
  readonly isDiverged: boolean;
  readonly isQuarantined: boolean;
  /** What it has answered to the command that was asked about; absent when it knows of none. */
  readonly answered?: EntityAnswer;
}

/** What an entity has answered to a command, and to which use of its id. */
export interface EntityAnswer {
  readonly fingerprint: string;
  readonly outcome: Outcome;
}

/** A state in the form of the code at hand, with what a decision on it may know. */
export interface LookedAt<S> {
  readonly seq: number;
  readonly time: string;
  readonly state: S;
  readonly rules: number;
  readonly tables: Tables;
  readonly answered?: EntityAnswer;
}

/** Throws `UnknownRules` when it comes from code that is newer than this. */
export const openState = <S, C extends CommandShape, E extends EventShape, R extends string>(
  { seq, time, state, stateVersion, rules, tables, answered }: EntityState,
  decider: Decider<S, C, E, R>,
): LookedAt<S> => {
  if (rules > knownRulesOf(decider)) throw new UnknownRules(rules, knownRulesOf(decider));
  const form = stateVersion === undefined ? {} : { stateVersion };
  return { seq, time, rules, tables, state: stateInForm({ state: state as S, ...form }, decider), ...(answered === undefined ? {} : { answered }) };
};

/** A state in today's form. Throws `UnknownRules` when it comes from code that is newer than this. */
export const stateInForm = <S, C extends CommandShape, E extends EventShape, R extends string>(
  { state, stateVersion = 1 }: { readonly state: S; readonly stateVersion?: number },
  decider: Decider<S, C, E, R>,
): S => {
  const version = decider.stateVersion ?? 1;
  if (stateVersion > version) throw new UnknownRules(stateVersion, version);
  return stateVersion === version || decider.migrate === undefined ? state : decider.migrate(state, stateVersion);
};

type Asked = Pick<CommandEnvelope, 'commandId' | 'entity' | 'type' | 'data' | 'actor' | 'alias' | 'receivedAt' | 'tables' | 'rules'>;

/** What a decision about this command on this state would know. */
export const contextOn = (
  decider: { readonly aliasSince?: number },
  looked: Pick<LookedAt<unknown>, 'time' | 'rules' | 'tables'>,
  command: Asked,
): Context => {
  const { actor, entity, commandId } = command;
  const rules = Math.max(looked.rules, command.rules ?? 1);
  const tables = { ...command.tables, ...looked.tables };
  return { now: laterOf(command.receivedAt, looked.time), actor, entity, commandId, ...aliasUnder(rules, decider, command), tables, rules };
};

/** What the rules say to a command on this state, without anything happening. */
export const tryOn = <S, C extends CommandShape, E extends EventShape, R extends string>(
  decider: Decider<S, C, E, R>,
  looked: LookedAt<S>,
  command: Asked,
): Decision<E, R> => decider.decide({ type: command.type, data: command.data } as unknown as C, looked.state, contextOn(decider, looked, command));
