import { MongoError } from 'mongodb';
import {
  eventOf,
  knownRulesOf,
  openRecord,
  reactionCommandId,
  reactsTo,
  rulesOf,
  type EventShape,
  type Json,
  type Reaction,
  type RecordBody,
} from '@qiyue/engine';
import type { Command } from '../commands/gateway-answer';
import { faultOf, type Fault } from '../fault';
import type { ReceivedRecord } from '../feed/cloud-event';
import type { LedgerDocument } from '../ledger/documents';
import { hashesOf } from '../ledger/hashes-of';
import type { LedgerStore } from '../ledger/ledger-store';
import type { Bound, ReactionCommands } from './reaction-commands';
import type { ParkedReaction, ParkedReactions, Stuck } from './parked-reactions';
import {
  asideOf,
  commandsOf,
  NO_KEYS,
  reactingAggregates,
  type FollowingCommand,
  type OpenSealed,
  type ReactingAggregate,
} from './reacting-aggregate';
import type { ReactionProgress } from './reaction-progress';
import type { RefusedReaction, RefusedReactions } from './refused-reactions';
import { recordsBehind } from './source-records';

/** Where reactions read, what they give, and where they note what they did. */
export interface ReactionPorts {
  readonly ledger: Pick<LedgerStore, 'stream' | 'noteUnsound' | 'ledger'>;
  readonly commands: Pick<ReactionCommands, 'execute'>;
  readonly progress: Pick<ReactionProgress, 'of' | 'note'>;
  readonly parked: Pick<ParkedReactions, 'among' | 'standBehind' | 'park'>;
  readonly refused: Pick<RefusedReactions, 'note' | 'skippedAmong'>;
  /** Told of every reaction whose code failed, each time. */
  readonly log: {
    /** A reaction broke. */
    error(what: object, text: string): void;
  };
  /** Left out: what is sealed stays so, and what needs it waits. */
  readonly open?: OpenSealed;
}

/** Why a source stands still of which a record needs newer code. */
export const NEEDS_NEWER_CODE = 'rules-unknown';
/** What the way of commands says of an entity that does not exist. */
const ABSENT = 'not-found';
const SOURCES_AT_ONCE = 20;
const NOBODY_WAITS: Bound = { alive: () => Promise.resolve(), once: true };

/** A source, and the last of its records that has come. */
type Source = Pick<ParkedReaction, '_id' | 'aggregate' | 'upTo'>;

/**
 * Gives the commands that follow from records.
 *
 * Contract:
 * 1. Of one source in order of seq, out of the ledger, each record whole before the next; many sources side by side. Progress goes on behind the outcome of
 *    everything that follows from a record, so what a crash leaves half done is given again, under the same ids.
 * 2. What is refused for good is noted, and so is a reaction that breaks; both are passed by. So is what an operator gave up.
 * 3. A command without an outcome within its bound though others get through parks its source, and so do records that do not fit each other, that are not
 *    those that were reacted to, or that need newer code or keys. What comes of a parked source stands behind. Nothing else waits for it.
 * 4. Rejects only while a server is away: then it is to be asked again, and nothing is skipped.
 */
export class ReactionRunner {
  private readonly known: ReadonlyMap<string, ReactingAggregate>;

  constructor(
    aggregates: readonly ReactingAggregate[],
    private readonly ports: ReactionPorts,
  ) {
    this.known = reactingAggregates(aggregates);
  }

  /** Of records that the ledger holds. `alive` is called whenever something of it got done. */
  async take(records: readonly ReceivedRecord[], alive: () => Promise<void>): Promise<void> {
    const sources = await this.withNews(sourcesOf(records));
    const waiting = await this.ports.parked.among(sources.map(({ _id }) => _id));
    const failures: unknown[] = [];
    const worker = async (): Promise<void> => {
      for (let source = sources.shift(); source !== undefined && failures.length === 0; source = sources.shift()) {
        const isBehind = waiting.has(source._id) && (await this.ports.parked.standBehind(source._id, source.upTo));
        if (!isBehind) await this.takeOne(source, alive);
      }
    };
    const noted = (): Promise<void> => worker().catch((error: unknown) => void failures.push(error));
    await Promise.all(Array.from({ length: Math.min(SOURCES_AT_ONCE, sources.length) }, noted)); // all have stopped before it is tried again
    if (failures.length > 0) throw failures[0];
  }

  /** On with a source, up to the last of its records that has come. Null: it is there. Else where it stands still. */
  async goOn({ _id: entity, aggregate, upTo }: Source, bound: Bound): Promise<Stuck | null> {
    let reacted = (await this.ports.progress.of([entity])).get(entity) ?? null;
    do {
      const next = await recordsBehind(this.ports.ledger, entity, reacted, upTo);
      if ('why' in next) return next;
      for (const document of next.documents) {
        const stuck = await this.react(openRecord(document), bound);
        if (stuck !== null) return stuck;
        reacted = { seq: document.seq, hash: document.hash };
        if (document === next.documents.at(-1) || this.mayReactTo(document)) await this.ports.progress.note(entity, aggregate, reacted);
      }
    } while (reacted !== null && reacted.seq < upTo);
    return null;
  }

  /** One attempt to make a reaction that broke. */
  async makeAgain({ source: { aggregate, entity, seq }, reaction: name }: Pick<RefusedReaction, 'source' | 'reaction'>): Promise<ReactionMade> {
    const [document] = await this.ports.ledger.stream(entity, seq, seq);
    const reaction = this.known.get(aggregate)?.reactions.find((each) => each.name === name);
    if (document === undefined || reaction === undefined) return { broke: GONE };
    const record = openRecord(document);
    const event = this.eventIn(record);
    return event === null ? { stuck: { seq, why: NEEDS_NEWER_CODE, command: null } } : this.make(reaction, event, record, NOBODY_WAITS);
  }

  private async takeOne(source: Source, alive: () => Promise<void>): Promise<void> {
    const stuck = await this.goOn(source, { alive, once: false });
    if (stuck !== null) await this.ports.parked.park(source, stuck);
  }

  /** Of one that has none it is looked at whether the ledger still holds what was reacted to. */
  private async withNews(sources: readonly Source[]): Promise<Source[]> {
    const progress = await this.ports.progress.of(sources.map(({ _id }) => _id));
    const old = sources.flatMap(({ _id: entity, upTo }) => {
      const reacted = progress.get(entity);
      return reacted === undefined || reacted.seq < upTo ? [] : [{ entity, ...reacted }];
    });
    const held = await hashesOf(this.ports.ledger, old);
    const without = new Set(old.filter(({ entity, seq, hash }) => held.get(`${entity}:${seq}`) === hash).map(({ entity }) => entity));
    return sources.filter(({ _id }) => !without.has(_id));
  }

  private mayReactTo({ aggregate, type }: Pick<LedgerDocument, 'aggregate' | 'type'>): boolean {
    return this.known.get(aggregate)?.reactions.some(({ on }) => on.includes(type)) === true;
  }

  private async react(record: RecordBody, bound: Bound): Promise<Stuck | null> {
    const event = this.eventIn(record);
    if (event === null) return { seq: record.seq, why: NEEDS_NEWER_CODE, command: null };
    for (const reaction of this.known.get(record.aggregate)?.reactions ?? []) {
      if (!reactsTo(reaction, record)) continue;
      const { stuck, broke } = await this.make(reaction, event, record, bound);
      if (stuck !== undefined) return stuck;
      if (broke !== undefined) await this.ports.refused.note({ ...rowOf(reaction, record, null, broke.name), fault: broke });
    }
    return null;
  }

  /** Null for one that only newer code can read: that code may react to it. */
  private eventIn(record: RecordBody): EventShape | null {
    const decider = this.known.get(record.aggregate)?.decider;
    if (decider === undefined || rulesOf(record) > knownRulesOf(decider)) return null;
    try {
      return eventOf(record, decider.upcasters);
    } catch {
      return null;
    }
  }

  /** What it rejects with is waited for, whatever it is: unless a server is away, which is waited for with everything. */
  private async aside(reaction: Reaction, record: RecordBody): Promise<Aside> {
    const { ledger, open = NO_KEYS } = this.ports;
    try {
      return { found: await asideOf(reaction, record, { ledger, open }) };
    } catch (error) {
      if (error instanceof MongoError) throw error;
      return { fault: this.broken(reaction, record, error) };
    }
  }

  /** Said where whoever mends it looks: which reaction, to which record, by what. */
  private broken({ name: reaction }: Reaction, { aggregate, entity, seq }: RecordBody, error: unknown): Fault {
    const fault = faultOf(error);
    this.ports.log.error({ aggregate, entity, seq, reaction, ...fault }, 'a reaction broke');
    return fault;
  }

  private async make(reaction: Reaction, event: EventShape, record: RecordBody, bound: Bound): Promise<ReactionMade> {
    const aside = await this.aside(reaction, record);
    if ('fault' in aside) {
      const broke = { reaction: reaction.name, fault: aside.fault };
      return { stuck: { seq: record.seq, why: aside.fault.name, command: null, broke } };
    }
    let following: readonly FollowingCommand[];
    try {
      following = commandsOf(reaction, event, record, this.known, aside.found);
    } catch (error) {
      return { broke: this.broken(reaction, record, error) };
    }
    const skipped = await this.ports.refused.skippedAmong(following.map(({ command }) => command.commandId));
    for (const { command, mayBeAbsent } of following) {
      if (skipped.has(command.commandId)) continue;
      const executed = await this.ports.commands.execute(command, bound);
      if (executed.became === 'without-outcome') return { stuck: { seq: record.seq, why: executed.why, command: namedAs(command) } };
      if (executed.became === 'refused' && !(mayBeAbsent && executed.why === ABSENT))
        await this.ports.refused.note(rowOf(reaction, record, command, executed.why));
    }
    return {};
  }
}

type Aside = { readonly found: Json } | { readonly fault: Fault };

/** `broke`: what the reaction threw; then it has given nothing. With neither all of it has its outcome. */
export interface ReactionMade {
  readonly stuck?: Stuck;
  readonly broke?: Fault;
}

/** This program has no such record, or no such reaction. */
const GONE: Fault = { name: 'gone', message: null, at: [] };

const sourcesOf = (records: readonly ReceivedRecord[]): readonly Source[] => {
  const sources = new Map<string, Source>();
  for (const { body } of records) {
    const upTo = Math.max(body.seq, sources.get(body.entity)?.upTo ?? 0);
    sources.set(body.entity, { _id: body.entity, aggregate: body.aggregate, upTo });
  }
  return [...sources.values()];
};

const namedAs = ({ commandId, aggregate, entity, type }: Command) => ({ commandId, aggregate, entity, type });

const rowOf = (reaction: Reaction, record: RecordBody, command: Command | null, why: string): Parameters<RefusedReactions['note']>[0] => ({
  _id: command?.commandId ?? `${reactionCommandId(record, reaction.name)}/${BROKEN}`,
  source: { aggregate: record.aggregate, entity: record.entity, seq: record.seq },
  reaction: reaction.name,
  command: command && namedAs(command),
  why,
});

const BROKEN = 'broken';
