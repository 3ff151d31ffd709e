import type { Labels } from './labels';

/** Who stands behind a command. `id` is opaque (a token's `sub`), `unit` the department or community spoken for. */
export interface Actor {
  readonly id: string;
  readonly role: string;
  readonly unit: string | null;
}

/** Whoever stands behind a command, as records name them. */
export interface RecordedActor extends Actor {
  /** Who is meant where `id` does not tell, in a form that only some can read. */
  readonly person?: string;
}

/** How records name whoever gave a command, in the place of actor and command id. All of it is opaque to the engine. */
export interface Alias {
  readonly id: string;
  readonly person: string;
  readonly commandId: string;
}

/** The actor of a command that a deadline gives: nobody did it, the clock did. */
export const CLOCK_ACTOR: Actor = { id: 'clock', role: 'system', unit: null };

/**
 * What a decision may know besides state and command. Everything in it is data that was fixed before the decision,
 * so the workflow, an audit and a test get the same answer.
 */
export interface Context {
  /** Time of the decision: the receipt of the command or the due time of the timer. ISO 8601 with offset. */
  readonly now: string;
  readonly actor: Actor;
  /** Id of the entity that decides. */
  readonly entity: string;
  readonly commandId: string;
  /** How records name the actor, where they do not name them by `actor`. */
  readonly alias?: Alias;
  /** Versioned tables from outside (policy, calendar): those that the entity was born with, until a command replaced them. */
  readonly tables: Tables;
  /** The rules version that decides: the highest that the entity has been given. Branch by it wherever a release changes what is decided. */
  readonly rules: number;
}

/** What `evolve` and `due` may know besides: of a recorded event, the rules version under which it was made. */
export type RulesContext = Pick<Context, 'rules'>;

/** Lifts the data of an event by one version. Pure; throws only on what that version can never have held. */
export type Upcaster = (data: object) => object;

/** Of each event type that has more than one version: how version n becomes n + 1, the first entry lifting version 1. */
export type Upcasters = Readonly<Record<string, readonly Upcaster[]>>;

/** Plain JSON, keyed by table name; each table names its own version. */
export type Tables = Readonly<Record<string, unknown>>;

/** Plain JSON values: what a record can hold and what RFC 8785 can canonicalise. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What every event is: a past tense and its data. */
export interface EventShape {
  readonly type: string;
  readonly data: object;
  /** Of the form of `data`; absent means 1. `decide` names it where older rules still give an older form. */
  readonly version?: number;
}
/** What every command is: a verb and its data. */
export interface CommandShape {
  readonly type: string;
  readonly data: object;
}

/**
 * An expected "no". `code` comes from a closed list: the engine's own (`EngineRefusal`) or the decider's.
 * `detail` holds facts for the reader's message (a stage, a limit), never personal data.
 */
export interface Refusal<R extends string = string> {
  readonly code: R;
  readonly detail?: Readonly<Record<string, string | number>>;
}

/** Events, perhaps none, or a refusal; never an exception. */
export type Decision<E, R extends string = string> =
  { readonly ok: true; readonly events: readonly E[] } | { readonly ok: false; readonly refusal: Refusal<R> };

/** What comes next by itself: at `at` (ISO 8601 with offset) the shell gives `command` to `decide`, once. */
export interface Due<C> {
  readonly at: string;
  readonly command: C;
}

/**
 * The whole of what a domain has to write. Pure, synchronous and total: no clock, no randomness, no I/O, no npm.
 * `decide` answers with events or a refusal and never throws on outside input; `evolve` trusts recorded events and
 * throws only on a corrupt stream.
 */
export interface Decider<S, C extends CommandShape, E extends EventShape, R extends string = string> {
  /** Names the kind of entity on every surface: workflow type and id prefix, topics, event types. Lower-case words with dashes. */
  readonly aggregate: string;
  /** The one command that may start an entity. */
  readonly startsWith: C['type'];
  readonly initial: S;
  /**
   * The newest rules version that this code knows; absent means 1. It knows every older one too: what was decided once is decided the same
   * way at every replay. A release that changes what `decide`, `evolve` or `due` give raises it and branches by `context.rules`.
   */
  readonly rules?: number;
  /** Rules version from which records name whoever gave a command by the alias that came with it; absent: never. */
  readonly aliasSince?: number;
  /** Version of the form of the state, absent means 1; `migrate` lifts what an older run carried. */
  readonly stateVersion?: number;
  /** A state of an older form as one of today's. Pure and total. */
  migrate?(state: unknown, fromVersion: number): S;
  readonly upcasters?: Upcasters;
  /** What this command does to this state. Never throws on outside input: one that does has a bug, and the command is refused as `failed`. */
  decide(command: C, state: S, context: Context): Decision<E, R>;
  /**
   * Whether this actor may give this command to the entity as it is: false for what `decide` refuses for role or ownership. Such a command
   * lets nothing fall due that is older than it; absent, every command does. Pure and total.
   */
  isPermitted?(command: C, state: S, context: Context): boolean;
  /** Gets every event in its newest form. */
  evolve(state: S, event: E, context: RulesContext): S;
  /** The next thing that happens by itself; null while nothing will. */
  due(state: S, context: RulesContext): Due<C> | null;
  /** True when nothing can happen any more: the workflow drains its outbox and completes. */
  isFinal(state: S): boolean;
  /**
   * Small public summary for the answer to a command (`stage`, `status`); also what refusal messages may show.
   * No personal data.
   */
  summary(state: S): Summary;
  /** How its workflows read in Temporal's own pages. */
  readonly labels?: Labels<S, C>;
  /** Typed search attributes of the workflow, upserted on change; null clears. No personal data. */
  searchAttributes?(state: S): Readonly<Record<string, string | null>>;
}

/** A decider whose state, commands and events are nobody's business here. */
export type AnyDecider = Decider<unknown, CommandShape, EventShape>;

/** Forgets a decider's types, for tables of deciders. Sound because the engine only gives a decider back its own values. */
export const anyDecider = <S, C extends CommandShape, E extends EventShape, R extends string>(decider: Decider<S, C, E, R>): AnyDecider =>
  decider as unknown as AnyDecider;

/** The alias of a command, where records made under these rules hold it. */
export const aliasUnder = (
  rules: number,
  { aliasSince }: { readonly aliasSince?: number },
  { alias }: { readonly alias?: Alias },
): { readonly alias?: Alias } => (alias === undefined || aliasSince === undefined || rules < aliasSince ? {} : { alias });

/** A few names and values that anybody may see. Plain, so that every surface can show it. */
export type Summary = Readonly<Record<string, string | null>>;

/** A decision for these events; for none, the command changes nothing and is accepted. */
export const accept = <E>(...events: readonly E[]): { readonly ok: true; readonly events: readonly E[] } => ({ ok: true, events });

/** A decision against a command, by a code of the closed list. */
export const refuse = <R extends string>(
  code: R,
  detail?: Readonly<Record<string, string | number>>,
): { readonly ok: false; readonly refusal: Refusal<R> } => ({ ok: false, refusal: detail === undefined ? { code } : { code, detail } });

/** Reaching this is a bug, never a user's mistake, so it throws instead of refusing. */
export const unreachable = (value: never): never => {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
};
