import {
  checkReactions,
  fingerprintOf,
  openRecord,
  REACTION_ACTOR,
  reactionCommandId,
  type AnyDecider,
  type EventShape,
  type Json,
  type OpenableRecords,
  type Reaction,
  type RecordBody,
} from '@qiyue/engine';
import type { Command } from '../commands/gateway-answer';
import type { LedgerStore } from '../ledger/ledger-store';

/** A kind of entity as whoever runs reactions has to know it: it gives commands to others, takes them, or both. */
export interface ReactingAggregate {
  readonly decider: AnyDecider;
  /** Commands of processes of ours that start one too; left out: none. */
  readonly startedBy?: readonly string[];
  /** To its own events. */
  readonly reactions: readonly Reaction[];
}

/** By name. Throws one sentence when ids of commands could be taken for one another. */
export const reactingAggregates = (aggregates: readonly ReactingAggregate[]): ReadonlyMap<string, ReactingAggregate> => {
  for (const { decider, reactions } of aggregates) checkReactions(decider.aggregate, reactions);
  return new Map(aggregates.map((aggregate) => [aggregate.decider.aggregate, aggregate]));
};

/** Those to whose events something reacts. */
export const reactedTo = (aggregates: readonly ReactingAggregate[]): readonly string[] =>
  aggregates.flatMap(({ decider, reactions }) => (reactions.length === 0 ? [] : [decider.aggregate]));

/** `mayBeAbsent`: whoever does not exist has nothing to hear of it. */
export interface FollowingCommand {
  readonly command: Command;
  readonly mayBeAbsent: boolean;
}

/** What always starts an entity says so, and nothing does that never starts one. */
const isStart = ({ decider, startedBy = [] }: ReactingAggregate, type: string, starts: boolean): boolean =>
  type === decider.startsWith ? starts : !starts || startedBy.includes(type);

/** Reads what is sealed: see `OpenableRecords.open`. */
export type OpenSealed = OpenableRecords['open'];
/** For whoever has no keys. */
export const NO_KEYS: OpenSealed = () => Promise.reject(new Error('no keys'));

/** What a reaction needs beside a record. Rejects with what the ledger or the reaction rejects with. */
export const asideOf = async (
  { aside }: Pick<Reaction, 'aside'>,
  { entity, seq }: Pick<RecordBody, 'entity' | 'seq'>,
  { ledger, open }: { readonly ledger: Pick<LedgerStore, 'stream'>; readonly open: OpenSealed },
): Promise<Json> => {
  if (aside === undefined) return null;
  const documents = await ledger.stream(entity, 1, seq);
  return aside({ records: documents.map((document) => openRecord(document)), open });
};

/**
 * The commands that a reaction gives to a record. They count as received when the event happened, so that nothing is late because we were. Throws what the
 * reaction throws, and for a command that nobody could take: a bug of the reaction either way.
 */
export const commandsOf = (
  reaction: Reaction,
  event: EventShape,
  record: RecordBody,
  known: ReadonlyMap<string, ReactingAggregate>,
  aside: Json,
): readonly FollowingCommand[] =>
  reaction.commands(event, record, aside).map(({ aggregate, entity, type, data, starts = false, mayBeAbsent = false }, i) => {
    const target = known.get(aggregate);
    if (target === undefined) throw new TypeError(`${reaction.name}: there is no ${aggregate}`);
    if (!isStart(target, type, starts)) throw new TypeError(`${reaction.name}: ${type} and what starts a ${aggregate} differ`);
    const asked = { entity, type, data, actor: REACTION_ACTOR };
    const command: Command = {
      ...asked,
      ...{ aggregate, starts, channel: 'system' as const, receivedAt: record.time },
      ...{ commandId: reactionCommandId(record, reaction.name, i + 1), fingerprint: fingerprintOf(asked) },
    };
    return { command, mayBeAbsent };
  });
