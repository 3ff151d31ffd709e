import { eventTopicOf, toShanghaiIso } from '@qiyue/engine';
import { faultText, Incidents, ParkedReactions, RefusedReactions, type ParkedReaction, type RefusedReaction } from '@qiyue/engine-runtime';
import type { Collection, Db } from 'mongodb';
import type { RightsSeal } from '../auth/rights-seal';
import type { DeadLetterRow } from './dead-letter-rows';
import { MessageOrders, type MessageAction } from './message-orders';
import { intakeGroupOf } from '@qiyue/platform';
import { aggregateOfTopic } from './our-topics';
import { IN_A_CROWD, NOT_FORGED } from './parked-commands';

/**
 * `retrying`: a reader stands at it; `dead`: nobody could handle it; `parked`: a command waits; `set-aside`: the relay cannot publish it; `reaction-parked`: what
 * follows from a record waits; `reaction-refused`: it was refused for good, or it broke; `saga-waiting`: a command waits for another entity than its own.
 */
export type StandingState = 'retrying' | 'dead' | 'parked' | 'set-aside' | 'reaction-parked' | 'reaction-refused' | 'saga-waiting';

/** A message, command or record that stands aside; never what it says. */
export interface StandingMessage {
  readonly id: string;
  readonly state: StandingState;
  readonly topic: string;
  readonly partition: number | null;
  readonly offset: string | null;
  readonly reader: string | null;
  readonly entity: string | null;
  readonly seq: number | null;
  readonly commandId: string | null;
  readonly why: string;
  /** Of a dead letter: what is wrong with it, where `why` says less. */
  readonly detail?: string;
  /** Of what follows from a record: the reaction, and how often it was tried, where that is known. */
  readonly reaction?: string;
  readonly tries?: number;
  readonly since: string;
  /** SHA-256 of the original; null when it is not known. */
  readonly hash: string | null;
}

interface ParkedRow {
  readonly _id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly commandId: string;
  readonly needId: string | null;
  readonly hash: string;
  readonly parkedAt: Date;
  readonly why: string;
  readonly lease?: { readonly until: Date };
  readonly isForged?: true;
}
interface AsideRow {
  readonly _id: string;
  readonly seq: number;
  readonly why: string;
  readonly since: string;
}

/** `before`: ISO 8601 with +08:00. */
export interface LetterFilter {
  readonly topic?: string;
  readonly reason?: string;
  readonly before?: string;
}

const LISTED_MAX = 200;
/** Ids of what the relay has set aside begin with the ledger that it is of. */
const RELAYS = [
  { prefix: 'relay:', collection: 'relayAside', ledger: 'ledger' },
  { prefix: 'relay-audit:', collection: 'auditRelayAside', ledger: 'auditLedger' },
] as const;
type AsideOf = (typeof RELAYS)[number] & { readonly rows: Collection<AsideRow> };

/** All that stands aside, wherever it is kept. What is not there, or was never written, counts as none. */
export class StandingMessages {
  private readonly letters: Collection<DeadLetterRow>;
  private readonly parked: Collection<ParkedRow>;
  private readonly asides: readonly AsideOf[];
  private readonly incidents: Incidents;
  private readonly parkedReactions: ParkedReactions;
  private readonly refusedReactions: RefusedReactions;

  constructor(private readonly db: Db) {
    this.letters = db.collection('deadLetters');
    this.parked = db.collection('parkedCommands');
    this.asides = RELAYS.map((relay) => ({ ...relay, rows: db.collection<AsideRow>(relay.collection) }));
    this.incidents = new Incidents(db);
    this.parkedReactions = new ParkedReactions(db);
    this.refusedReactions = new RefusedReactions(db);
  }

  /** Oldest first. */
  async list(topic?: string): Promise<readonly StandingMessage[]> {
    const [retrying, dead, parked, parkedReactions, refusedReactions, sagas, ...asides] = await Promise.all([
      this.incidents.list('batch-retrying', LISTED_MAX),
      this.letters.find({ state: 'open' }).sort({ at: 1 }).limit(LISTED_MAX).toArray(),
      this.parked
        .find({ why: { $ne: IN_A_CROWD }, ...NOT_FORGED })
        .sort({ parkedAt: 1, _id: 1 })
        .limit(LISTED_MAX)
        .toArray(),
      this.parkedReactions.list(LISTED_MAX),
      this.refusedReactions.list(LISTED_MAX),
      this.incidents.list('saga-waiting', LISTED_MAX),
      ...this.asides.map(async (of) =>
        Promise.all((await of.rows.find().sort({ since: 1 }).limit(LISTED_MAX).toArray()).map((row) => this.ofAside(of, row))),
      ),
    ]);
    const reactions = [...parkedReactions.map(ofParkedReaction), ...refusedReactions.map(ofRefusedReaction)];
    const all = [...retrying.map(ofRetrying), ...dead.map(ofLetter), ...parked.map(ofParked), ...reactions, ...sagas.map(ofSaga), ...asides.flat()];
    return all.filter((message) => topic === undefined || message.topic === topic).sort((a, b) => (a.since < b.since ? -1 : 1));
  }

  /** Commands of persons who have sent many at once: they go in their turn. */
  inCrowds(): Promise<number> {
    return this.parked.countDocuments({ why: IN_A_CROWD });
  }

  /** What is parked is found before the dead letter of the same place. */
  async find(id: string): Promise<StandingMessage | null> {
    const relay = this.asides.find(({ prefix }) => id.startsWith(prefix));
    if (relay !== undefined) {
      const row = await relay.rows.findOne({ _id: id.slice(relay.prefix.length) });
      return row && this.ofAside(relay, row);
    }
    if (id.startsWith(REACTION)) return ofFound(await this.parkedReactions.find(sourceIn(id)), ofParkedReaction);
    if (id.startsWith('system:')) return ofFound(await this.refusedReactions.find(id), ofRefusedReaction);
    if (id.startsWith(SAGA)) return (await this.incidents.list('saga-waiting', LISTED_MAX)).map(ofSaga).find((saga) => saga.id === id) ?? null;
    const parked = await this.parked.findOne({ _id: id });
    if (parked !== null) return ofParked(parked);
    const letter = await this.letters.findOne({ _id: id });
    if (letter !== null) return ofLetter(letter);
    return (await this.incidents.list('batch-retrying', LISTED_MAX)).map(ofRetrying).find((message) => message.id === id) ?? null;
  }

  /** The reader leaves it out from its next attempt on. */
  async order(
    { reader, topic, partition, offset }: StandingMessage,
    action: MessageAction,
    rights: Pick<RightsSeal, 'sign' | 'isRight'>,
  ): Promise<void> {
    if (reader === null || partition === null || offset === null) throw new Error('an order needs a reader and a place');
    await new MessageOrders(this.db, reader, rights).place({ topic, partition, offset }, action);
  }

  /** All open dead letters that fit, at once. Answers how many there were. */
  async skipLetters({ topic, reason, before }: LetterFilter): Promise<number> {
    const filter = {
      state: 'open' as const,
      ...(topic === undefined ? {} : { topic }),
      ...(reason === undefined ? {} : { reason }),
      ...(before === undefined ? {} : { at: { $lt: before } }),
    };
    return (await this.letters.updateMany(filter, { $set: { state: 'skipped' } })).modifiedCount;
  }

  async markLetter(id: string, state: DeadLetterRow['state']): Promise<void> {
    await this.letters.updateOne({ _id: id }, { $set: { state } });
  }

  /** With all that stand before it. */
  async retryParked(id: string): Promise<void> {
    const row = await this.parked.findOne({ _id: id }, { projection: { key: 1 } });
    if (row !== null) await this.parked.updateMany({ key: row.key }, { $set: { nextAt: new Date() } });
  }

  /** The topic is that of the record which waits. */
  private async ofAside({ prefix, ledger }: AsideOf, { _id, seq, why, since }: AsideRow): Promise<StandingMessage> {
    const record = await this.db
      .collection<{ _id: string; aggregate: string }>(ledger)
      .findOne({ _id: `${_id}:${seq}` }, { projection: { aggregate: 1 } });
    return {
      ...{ id: `${prefix}${_id}`, state: 'set-aside', topic: record === null ? '' : eventTopicOf(record.aggregate) },
      ...{ partition: null, offset: null, reader: null, entity: _id, seq, commandId: null, why, since, hash: null },
    };
  }

  async retryParkedReaction(id: string): Promise<void> {
    await this.parkedReactions.retryNow(sourceIn(id));
  }

  /** False: it is not one that broke. */
  retryRefusedReaction(id: string): Promise<boolean> {
    return this.refusedReactions.askAgain(id);
  }

  async acknowledgeReaction(id: string): Promise<void> {
    await this.refusedReactions.acknowledge(id);
  }

  async retryAside(id: string): Promise<void> {
    const relay = this.asides.find(({ prefix }) => id.startsWith(prefix));
    await relay?.rows.updateOne({ _id: id.slice(relay.prefix.length) }, { $set: { retry: true } });
  }
}

/** Before the hash in the id of a saga's workflow. */
const SAGA = 'saga-';
/** Before the source's id. */
const REACTION = 'reaction:';
/** The source that a parked reaction's id names. */
export const sourceIn = (id: string): string => id.slice(REACTION.length);
const READER = 'qiyue.reactions';

const ofFound = <Row>(row: Row | null, of: (row: Row) => StandingMessage): StandingMessage | null => row && of(row);

const ofParkedReaction = ({ _id, aggregate, seq, command, why, broke, attempts, parkedAt }: ParkedReaction): StandingMessage => ({
  ...{ id: `${REACTION}${_id}`, state: 'reaction-parked', topic: eventTopicOf(aggregate), partition: null, offset: null, reader: READER },
  ...{ entity: _id, seq, commandId: command?.commandId ?? null, since: toShanghaiIso(parkedAt.getTime()), hash: null },
  ...(broke ? { why: faultText(broke.fault), reaction: broke.reaction } : { why }),
  tries: attempts + 1,
});

const ofRefusedReaction = ({ _id, source, reaction, command, why, fault, tries, at }: RefusedReaction): StandingMessage => ({
  ...{ id: _id, state: 'reaction-refused', topic: eventTopicOf(source.aggregate), partition: null, offset: null, reader: READER },
  ...{ entity: source.entity, seq: source.seq, commandId: command?.commandId ?? null, since: at, hash: null },
  ...{ why: fault === undefined ? why : faultText(fault), reaction, ...(tries === undefined ? {} : { tries }) },
});

const ofRetrying = ({ subject, place, entity, why, since }: Awaited<ReturnType<Incidents['list']>>[number]): StandingMessage => ({
  ...{ id: subject, state: 'retrying', topic: place?.topic ?? '', partition: place?.partition ?? null, offset: place?.offset ?? null },
  ...{ reader: subject.split('/')[0] ?? null, entity: entity ?? null, seq: null, commandId: null, why, since, hash: null },
});

const ofSaga = ({ subject, why, since }: Awaited<ReturnType<Incidents['list']>>[number]): StandingMessage => ({
  ...{ id: subject, state: 'saga-waiting', topic: '', partition: null, offset: null, reader: null, entity: null, seq: null, commandId: null },
  ...{ why, since, hash: null },
});

const ofLetter = ({ _id, topic, partition, offset, reader, entity, commandId, reason, detail, at, hash }: DeadLetterRow): StandingMessage => ({
  ...{ id: _id, state: 'dead', topic, partition, offset, reader, entity: entity ?? null, seq: null, commandId: commandId ?? null },
  ...{ why: reason, since: at, hash: hash === '' ? null : hash },
  ...(detail === undefined ? {} : { detail }),
});

const ofParked = ({ _id, topic, partition, offset, needId, commandId, why, parkedAt, hash }: ParkedRow): StandingMessage => ({
  ...{
    id: _id,
    state: 'parked',
    topic,
    partition,
    offset: String(offset),
    reader: intakeGroupOf(aggregateOfTopic(topic) ?? ''),
  },
  ...{ entity: needId, seq: null, commandId, why, since: parkedAt instanceof Date ? toShanghaiIso(parkedAt.getTime()) : '', hash },
});
