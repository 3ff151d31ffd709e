import type { Actor, EventShape, Json } from './decider';
import { rulesOf, type RecordBody } from './record';

/** The actor of a command that an event of another entity gives: nobody did it, the event did. */
export const REACTION_ACTOR: Actor = { id: 'reaction', role: 'system', unit: null };

/** A command that follows from an event. `data` goes on record at its entity as it is: no personal data in the open. */
export interface ReactionCommand {
  readonly aggregate: string;
  readonly entity: string;
  readonly type: string;
  readonly data: { readonly [key: string]: Json };
  /** It is the one that may start its entity. */
  readonly starts?: true;
  /** Whoever does not exist has nothing to hear of it: that is no refusal. */
  readonly mayBeAbsent?: true;
}

/** An entity's records, and what is sealed in them for whoever has the keys. */
export interface OpenableRecords {
  /** From the first up to the one that is reacted to. */
  readonly records: readonly RecordBody[];
  /** What these texts of a field say, in their order: null for one that nobody can open; one that is not sealed says itself. Rejects while the keys are away. */
  open(field: string, texts: readonly string[]): Promise<readonly (string | null)[]>;
}

/**
 * What follows at other entities from what one of them has recorded. Pure and total: the same record gives the same commands for ever, since their ids
 * follow from the record and a command that comes again under its id has to be the same one.
 */
export interface Reaction<E extends EventShape = EventShape> {
  /** Part of the ids of its commands, so it never changes. Lower-case words with dashes, once in its aggregate. */
  readonly name: string;
  /** Event types that it reacts to. */
  readonly on: readonly string[];
  /** Rules version of the record from which on it reacts; absent: all. A reaction that is added later names the rules that begin with it. */
  readonly since?: number;
  /**
   * What its commands need beside the record, out of the records of the same entity up to it, and what only a process with keys can work out. The same for the same
   * records. Left out: nothing. While it rejects the reaction waits: the source is parked.
   */
  aside?(of: OpenableRecords): Promise<Json>;
  /** Gets the event in its newest form, and what `aside` has worked out; null, or left out, where there is none. */
  commands(event: E, record: RecordBody, aside?: Json): readonly ReactionCommand[];
}

/** Whether a reaction is about this record: by its type, and by the rules under which it was made. */
export const reactsTo = ({ on, since }: Pick<Reaction, 'on' | 'since'>, record: Pick<RecordBody, 'type' | 'rules'>): boolean =>
  on.includes(record.type) && rulesOf(record) >= (since ?? 1);

/** Id of the nth command, from 1, that a reaction gives to a record: the first has no number. Nobody from outside may take such an id. */
export const reactionCommandId = ({ entity, seq }: Pick<RecordBody, 'entity' | 'seq'>, reaction: string, nth = 1): string =>
  `system:${entity}:${seq}/${reaction}${nth === 1 ? '' : `/${nth}`}`;

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const NAME_CHARS_MAX = 60;

/** Throws one sentence when ids of their commands could be taken for one another. */
export const checkReactions = (aggregate: string, reactions: readonly Pick<Reaction, 'name'>[]): void => {
  const names = reactions.map(({ name }) => name);
  for (const [i, name] of names.entries()) {
    if (!NAME.test(name) || name.length > NAME_CHARS_MAX) throw new Error(`${aggregate}: ${JSON.stringify(name)} cannot name a reaction`);
    if (names.indexOf(name) !== i) throw new Error(`${aggregate}: two reactions are called ${name}`);
  }
};
