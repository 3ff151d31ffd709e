import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import type { AppendRequest, AppendResult, EventRecord, Outcome, OutboxEntry } from '@qiyue/engine';
import type { ConformanceCheck } from './check';
import { entriesOf, newId, recordsIn, requestOf, textsOf } from './notebook';

/** A record's place in the one order that subscribers see. */
export interface FeedPlace {
  readonly position: number;
  readonly entity: string;
  readonly seq: number;
}

/** What a ledger promises to gateway, workflow and relay: see `Appender` and `Relay`. */
export interface LedgerUnderTest {
  /** Resolves when it is kept, or is a fork. Rejects when a server is away, and for a record that contradicts its own bytes. */
  append(request: AppendRequest): Promise<AppendResult>;
  /** Records of one entity in order of seq, as they are kept. */
  stream(entity: string): Promise<readonly Pick<EventRecord, 'seq' | 'prevHash' | 'hash' | 'canonical'>[]>;
  /** What is kept of a command; null when nothing is. */
  outcome(commandId: string): Promise<Outcome | null>;
  /** All places that were given so far, in order. Resolves when everything that was appended before has one. */
  feed(): Promise<readonly FeedPlace[]>;
  /** Another client of the same ledger, as a second process has one: they share what is kept, and nothing else. */
  another(): Promise<LedgerUnderTest>;
}

type Check = (ledger: LedgerUnderTest) => Promise<void>;

const hashesIn = (entries: readonly OutboxEntry[]): readonly string[] => recordsIn(entries).map(({ hash }) => hash);
const kept = async (ledger: LedgerUnderTest, entity: string): Promise<readonly string[]> => (await ledger.stream(entity)).map(({ hash }) => hash);
const isFork = ({ status }: AppendResult): boolean => status === 'fork';

/** Offers entries and expects that they are taken. */
const take = async (ledger: LedgerUnderTest, entity: string, entries: readonly OutboxEntry[]): Promise<AppendResult> => {
  const result = await ledger.append(requestOf(entity, entries));
  strictEqual(result.status, 'appended');
  return result;
};

/** Offers entries and expects a fork for this reason, after which the stream is what it was. */
const turnDown = async (ledger: LedgerUnderTest, entity: string, entries: readonly OutboxEntry[], why: 'gap' | 'other-hash'): Promise<void> => {
  const before = await kept(ledger, entity);
  const result = await ledger.append(requestOf(entity, entries));
  deepStrictEqual({ status: result.status, why: result.status === 'fork' ? result.why : null }, { status: 'fork', why });
  deepStrictEqual(await kept(ledger, entity), before);
};

const CHECKS: Readonly<Record<string, Check>> = {
  'keeps records byte for byte, from seq 1 and without a gap': async (ledger) => {
    const entity = newId();
    const entries = entriesOf(entity, ['a', '契约', '\u0000 "b"\n']);
    await take(ledger, entity, entries);
    const stream = await ledger.stream(entity);
    deepStrictEqual(
      stream.map(({ seq }) => seq),
      [1, 2, 3],
    );
    const bytes = ({ seq, prevHash, hash, canonical }: (typeof stream)[number]) => ({ seq, prevHash, hash, canonical });
    deepStrictEqual(stream.map(bytes), recordsIn(entries).map(bytes));
  },

  'confirms with the seq, hash and ordinal of the last that it was offered': async (ledger) => {
    const entity = newId();
    const entries = entriesOf(entity, ['a', 'b', '']);
    const result = await take(ledger, entity, entries);
    const { seq, hash, ordinal } = result.status === 'appended' ? result.confirmation : { seq: 0, hash: '', ordinal: 0 };
    deepStrictEqual({ seq, hash, ordinal }, { seq: 2, hash: recordsIn(entries).at(-1)?.hash, ordinal: 3 });
  },

  'takes the same again without a trace': async (ledger) => {
    const entity = newId();
    const entries = entriesOf(entity, textsOf(3));
    const first = await take(ledger, entity, entries);
    deepStrictEqual(await take(ledger, entity, entries), first);
    await take(await ledger.another(), entity, entries);
    await take(ledger, entity, entries.slice(1, 2));
    deepStrictEqual(await kept(ledger, entity), hashesIn(entries));
  },

  'goes on behind what it has of a longer run': async (ledger) => {
    const entity = newId();
    const entries = entriesOf(entity, textsOf(5));
    await take(ledger, entity, entries.slice(0, 2));
    await take(await ledger.another(), entity, entries.slice(1, 4));
    await take(ledger, entity, entries);
    deepStrictEqual(await kept(ledger, entity), hashesIn(entries));
  },

  'keeps once what many offer at once': async (ledger) => {
    const entity = newId();
    const entries = entriesOf(entity, textsOf(8));
    const clients = [ledger, await ledger.another()];
    const offers = [8, 3, 8, 5].flatMap((count) => clients.map((client) => take(client, entity, entries.slice(0, count))));
    await Promise.all(offers);
    deepStrictEqual(await kept(ledger, entity), hashesIn(entries));
  },

  'takes nothing whose predecessor it has not': async (ledger) => {
    const entity = newId();
    const entries = entriesOf(entity, textsOf(4));
    await turnDown(ledger, entity, entries.slice(1), 'gap');
    await take(ledger, entity, entries.slice(0, 1));
    await turnDown(ledger, entity, entries.slice(2), 'gap');
  },

  'calls another record at a seq that is taken a fork, and keeps the first': async (ledger) => {
    const entity = newId();
    const entries = entriesOf(entity, textsOf(3));
    const other = entriesOf(entity, textsOf(4, 'another'));
    await take(ledger, entity, entries);
    for (const offered of [other.slice(0, 1), other.slice(0, 3), other]) await turnDown(ledger, entity, offered, 'other-hash');
    await turnDown(await ledger.another(), entity, other.slice(0, 2), 'other-hash');
  },

  'takes no record that names another predecessor than the one it has': async (ledger) => {
    const entity = newId();
    await take(ledger, entity, entriesOf(entity, textsOf(2)));
    const other = entriesOf(entity, textsOf(4, 'another'));
    await turnDown(ledger, entity, other.slice(2), 'other-hash');
  },

  'keeps one of two histories that are offered at once, and that one whole': async (ledger) => {
    const other = await ledger.another();
    for (let round = 0; round < 10; round += 1) {
      const entity = newId();
      const [one, two] = [entriesOf(entity, textsOf(4, 'one')), entriesOf(entity, textsOf(4, 'two'))];
      const results = await Promise.all([ledger.append(requestOf(entity, one)), other.append(requestOf(entity, two))]);
      strictEqual(results.filter(isFork).length, 1);
      deepStrictEqual(await kept(ledger, entity), hashesIn(results[0].status === 'appended' ? one : two));
    }
  },

  'lets the fork of one entity hold up no other': async (ledger) => {
    const forked = newId();
    await take(ledger, forked, entriesOf(forked, ['a']));
    const sound = Array.from({ length: 10 }, newId).map((entity) => ({ entity, entries: entriesOf(entity, textsOf(3)) }));
    const [fork] = await Promise.all([
      ledger.append(requestOf(forked, entriesOf(forked, ['b']))),
      ...sound.map(({ entity, entries }) => take(ledger, entity, entries)),
    ]);
    ok(isFork(fork));
    for (const { entity, entries } of sound) deepStrictEqual(await kept(ledger, entity), hashesIn(entries));
  },

  'rejects a record that its hash does not cover, and leaves it out': async (ledger) => {
    const entity = newId();
    const lie = (record: EventRecord): EventRecord => ({ ...record, canonical: record.canonical.replace('note 1', 'NOTE 1') });
    const entries = entriesOf(entity, textsOf(1)).map((entry) => ({ ...entry, records: entry.records.map(lie) }));
    await rejects(ledger.append(requestOf(entity, entries)));
    deepStrictEqual(await kept(ledger, entity), []);
  },

  'has kept what it has acknowledged, also for another client': async (ledger) => {
    const entity = newId();
    const entries = entriesOf(entity, ['a', '']);
    const other = await ledger.another();
    await take(ledger, entity, entries);
    deepStrictEqual(await kept(other, entity), hashesIn(entries));
    for (const { commandId, outcome } of entries) deepStrictEqual(await other.outcome(commandId), outcome);
  },

  'keeps the outcome of every command, that of a refused one too': async (ledger) => {
    const entity = newId();
    const entries = entriesOf(entity, ['a', '', 'b']);
    await take(ledger, entity, entries);
    for (const { commandId, outcome } of entries) deepStrictEqual(await ledger.outcome(commandId), outcome);
    strictEqual(await ledger.outcome(newId()), null);
  },

  'never writes another outcome over one that it has': async (ledger) => {
    const entity = newId();
    const entries = entriesOf(entity, ['a', '']);
    await take(ledger, entity, entries);
    const [accepted, refused] = entries as readonly [OutboxEntry, OutboxEntry];
    const changed: OutboxEntry = { ...refused, outcome: { ...accepted.outcome, seq: 1 } };
    for (const client of [ledger, await ledger.another()]) await client.append(requestOf(entity, [changed]));
    deepStrictEqual(await ledger.outcome(refused.commandId), refused.outcome);
  },

  'keeps no outcome of what it has turned down': async (ledger) => {
    const entity = newId();
    await take(ledger, entity, entriesOf(entity, textsOf(2)));
    const other = entriesOf(entity, textsOf(2, 'another'));
    await turnDown(ledger, entity, other, 'other-hash');
    for (const { commandId } of other) strictEqual(await ledger.outcome(commandId), null);
  },

  'gives every record one place, those of an entity in order of seq, and leaves no place out': async (ledger) => {
    const entities = Array.from({ length: 5 }, newId).map((entity) => ({ entity, entries: entriesOf(entity, textsOf(6)) }));
    const other = await ledger.another();
    for (const upTo of [2, 4, 6]) {
      await Promise.all(entities.map(({ entity, entries }, i) => take(i % 2 === 0 ? ledger : other, entity, entries.slice(0, upTo))));
    }
    const feed = await ledger.feed();
    deepStrictEqual(
      feed.map(({ position }) => position),
      feed.map((_, i) => (feed[0]?.position ?? 0) + i),
    );
    for (const { entity } of entities) {
      const seqs = feed.filter((place) => place.entity === entity).map(({ seq }) => seq);
      deepStrictEqual(seqs, [1, 2, 3, 4, 5, 6]);
    }
  },

  'never changes a place that it has given': async (ledger) => {
    const [late, early] = [newId(), newId()].sort().reverse() as [string, string];
    await take(ledger, late, entriesOf(late, textsOf(2)));
    const before = await ledger.feed();
    await take(ledger, early, entriesOf(early, textsOf(2)));
    const after = await ledger.feed();
    deepStrictEqual(after.slice(0, before.length), before);
    ok(after.length >= before.length + 2);
  },
};

/**
 * What every ledger has to keep. `open` is asked once for each check; it may always answer the same ledger, since no check uses an id that
 * another has used.
 */
export const ledgerChecks = (open: () => Promise<LedgerUnderTest>): readonly ConformanceCheck[] =>
  Object.entries(CHECKS).map(([name, check]) => ({ name, run: async () => check(await open()) }));
