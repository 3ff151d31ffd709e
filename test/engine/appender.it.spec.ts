import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sealRecord, openRecord, type OutboxEntry } from '@qiyue/engine';
import { appendActivities, Appender, anyDecider, Incidents, verifyLedger, type LedgerStore } from '@qiyue/engine-runtime';
import { freshStore, outboxOf } from '@qiyue/testkit';
import { loanDecider } from '../loan/loan.decider';

const decider = anyDecider(loanDecider);
let nextEntity = 0;
const loanOf = (renewals: number): { entity: string; entries: readonly OutboxEntry[] } => {
  const entity = `e${(nextEntity += 1)}`;
  const renew = Array.from({ length: renewals }, () => ({ type: 'renew', data: {} }));
  return { entity, entries: outboxOf(decider, entity, [{ type: 'lend', data: { book: 'b' } }, ...renew]) };
};

let store: LedgerStore;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await freshStore());
});
afterAll(() => drop());

describe('appending to the ledger', () => {
  const append = (entity: string, entries: readonly OutboxEntry[], appender = new Appender(store)) =>
    appender.append({ aggregate: 'loan', entity, entries });

  it('keeps order and links whatever slices of the stream come, by several appenders at once', async () => {
    const { entity, entries } = loanOf(30);
    const slices = [entries.slice(0, 10), entries.slice(0, 20), entries.slice(0, 31), entries];
    await Promise.all(slices.map((slice) => append(entity, slice)));
    expect((await store.stream(entity)).map(({ seq }) => seq)).toEqual(Array.from({ length: 31 }, (_, i) => i + 1));
    expect(await verifyLedger(store, { entity })).toMatchObject({ ok: true, records: 31 });
  });

  it('confirms the last record and ordinal of what was offered', async () => {
    const { entity, entries } = loanOf(2);
    const result = await append(entity, entries);
    expect(result).toEqual({
      status: 'appended',
      confirmation: { seq: 3, hash: entries.at(-1)?.records[0]?.hash, ordinal: 3, digest: entries.at(-1)?.digest },
    });
    expect(await append(entity, entries)).toEqual(result);
  });

  it('sees another history at a seq that is taken, and adds nothing behind it', async () => {
    const { entity, entries } = loanOf(3);
    await append(entity, entries.slice(0, 2));
    const forked = forkAt(entries, 2);
    expect(await append(entity, forked)).toMatchObject({ status: 'fork', why: 'other-hash' });
    expect(await store.stream(entity)).toHaveLength(2);
    expect(await store.forks.findOne({ _id: entity })).toMatchObject({ why: 'other-hash' });
  });

  it('sees a fork below the head too', async () => {
    const { entity, entries } = loanOf(5);
    await append(entity, entries);
    expect(await append(entity, forkAt(entries, 2).slice(0, 3))).toMatchObject({ status: 'fork' });
  });

  it('lets a record that the database refuses hold up its own entity only, shows it, and appends it once it is taken', async () => {
    const [stuck, neighbour] = [loanOf(2), loanOf(1)];
    const refused = stuck.entries[1]?.commandId ?? '';
    const validate = (validator: object) => store.db.command({ collMod: 'ledger', validator, validationLevel: 'strict' });
    await validate({ commandId: { $ne: refused } });
    const appender = new Appender(store);
    const [first, second] = await Promise.allSettled([
      append(stuck.entity, stuck.entries, appender),
      append(neighbour.entity, neighbour.entries, appender),
    ]);
    expect([first, second]).toMatchObject([
      { status: 'rejected', reason: { name: 'NotTaken', code: 121 } },
      { status: 'fulfilled', value: { status: 'appended' } },
    ]);
    expect([(await store.stream(stuck.entity)).length, (await store.stream(neighbour.entity)).length]).toEqual([1, 2]);
    expect(await store.commands.countDocuments({ entity: stuck.entity })).toBe(0);

    const incidents = new Incidents(store.db);
    const { appendEntries } = appendActivities({ store, incidents });
    const flush = () => appendEntries({ aggregate: 'loan', ...stuck });
    expect(await flush()).toEqual({ status: 'away' });
    expect(await incidents.list('append-stuck')).toMatchObject([{ subject: stuck.entity, entity: stuck.entity, why: 'MongoDB 121' }]);
    await validate({});
    expect(await flush()).toMatchObject({ status: 'appended', confirmation: { seq: 3 } });
    expect(await incidents.list()).toEqual([]);
    expect(await store.stream(stuck.entity)).toHaveLength(3);
    expect(await store.commands.countDocuments({ entity: stuck.entity, state: 'accepted' })).toBe(3);
  });

  it('refuses what has no predecessor in the ledger', async () => {
    const { entity, entries } = loanOf(4);
    expect(await append(entity, entries.slice(3))).toMatchObject({ status: 'fork', why: 'gap' });
    expect(await store.stream(entity)).toHaveLength(0);
  });

  it('does not let one forked entity hold up or hole the others of its batch', async () => {
    const appender = new Appender(store);
    const bad = loanOf(3);
    await append(bad.entity, bad.entries.slice(0, 1));
    const good = Array.from({ length: 20 }, () => loanOf(5));
    const results = await Promise.all([
      append(bad.entity, forkAt(bad.entries, 1), appender),
      ...good.map(({ entity, entries }) => append(entity, entries, appender)),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fork', ...good.map(() => 'appended')]);
    for (const { entity } of good) expect(await store.stream(entity)).toHaveLength(6);
  });

  it('rejects a record that contradicts its own bytes and takes the rest', async () => {
    const appender = new Appender(store);
    const { entity, entries } = loanOf(0);
    const lie = entries.map((entry) => ({
      ...entry,
      records: entry.records.map((record) => ({ ...record, canonical: record.canonical.replace('"b"', '"c"') })),
    }));
    const good = loanOf(1);
    const [refused, taken] = await Promise.allSettled([append(entity, lie, appender), append(good.entity, good.entries, appender)]);
    expect(refused.status).toBe('rejected');
    expect(taken).toMatchObject({ status: 'fulfilled', value: { status: 'appended' } });
  });

  it('notes the outcome of every command, refused ones with their code', async () => {
    const entity = 'e-refused';
    const entries = outboxOf(decider, entity, [
      { type: 'lend', data: { book: 'b' } },
      { type: 'lend', data: { book: 'b' } },
    ]);
    await append(entity, entries);
    const rows = await store.commands.find({ entity }).sort({ ordinal: 1 }).toArray();
    expect(rows.map(({ state, code }) => [state, code])).toEqual([
      ['accepted', undefined],
      ['refused', 'wrong-phase'],
    ]);
  });
});

describe('outcomes that an appender has noted', () => {
  const ordinalsOf = (entity: string) =>
    store.commands
      .find({ entity })
      .sort({ ordinal: 1 })
      .map(({ ordinal }) => ordinal)
      .toArray();

  it('are noted once, however often answers hand them over', async () => {
    const { entity, entries } = loanOf(3);
    const appender = new Appender(store);
    const offer = (upTo: number) => appender.append({ aggregate: 'loan', entity, entries: entries.slice(0, upTo) });
    await Promise.all([offer(1), offer(2), offer(3)]);
    const before = await store.commands.find({ entity }).toArray();
    await offer(4);
    expect(await ordinalsOf(entity)).toEqual([1, 2, 3, 4]);
    expect(await store.commands.find({ entity, ordinal: { $lte: 3 } }).toArray()).toEqual(before);
  });

  it('are offered to the database once each, in whatever order the answers come', async () => {
    const { entity, entries } = loanOf(5);
    const offered = jest.spyOn(store, 'noteCommands');
    const appender = new Appender(store);
    const offer = (from: number, upTo: number) => appender.append({ aggregate: 'loan', entity, entries: entries.slice(from, upTo) });
    await Promise.all([offer(0, 3), offer(0, 1), offer(0, 2)]);
    for (const [from, upTo] of [[0, 5], [0, 4], [2, 6], [1, 5]] as const) await offer(from, upTo); // prettier-ignore
    expect(offered.mock.calls.flatMap(([rows]) => rows.map(({ ordinal }) => ordinal))).toEqual([1, 2, 3, 4, 5, 6]);
    offered.mockRestore();
    expect(await ordinalsOf(entity)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('are noted anew after they were taken back with records that contradicted the ledger', async () => {
    const { entity, entries } = loanOf(2);
    await new Appender(store).append({ aggregate: 'loan', entity, entries: entries.slice(0, 2) });
    const appender = new Appender(store);
    expect(await appender.append({ aggregate: 'loan', entity, entries: forkAt(entries, 2) })).toMatchObject({ status: 'fork' });
    expect(await ordinalsOf(entity)).toEqual([1, 2]);
    expect(await appender.append({ aggregate: 'loan', entity, entries })).toMatchObject({ status: 'appended' });
    expect(await ordinalsOf(entity)).toEqual([1, 2, 3]);
  });
});

describe('the row of a command', () => {
  const rowOf = async (id: string) =>
    store.commands.findOne({ _id: id }, { projection: { _id: 0, entity: 1, fingerprint: 1, state: 1, outcome: 1 } });
  const append = (entity: string, entries: readonly OutboxEntry[]) => new Appender(store).append({ aggregate: 'loan', entity, entries });
  const named = (commandId: string) => {
    const { entity, entries } = loanOf(0);
    return { entity, entries: entries.map((entry) => ({ ...entry, commandId })) };
  };
  const reserved = async (commandId: string, row: { entity: string; fingerprint: string; state: 'pending' | 'dead' }) => {
    const { entries } = loanOf(0);
    const [entry] = entries as [OutboxEntry];
    const { type, actor, channel, receivedAt } = entry;
    await store.commands.insertOne({ _id: commandId, aggregate: 'loan', type, actor, channel, receivedAt, notedAt: new Date(), ...row });
  };

  it('that was reserved gets its outcome', async () => {
    const { entity, entries } = named('reserved');
    await reserved('reserved', { entity, fingerprint: entries[0]!.fingerprint, state: 'pending' });
    await append(entity, entries);
    expect(await rowOf('reserved')).toMatchObject({ entity, state: 'accepted', outcome: { seq: 1 } });
  });

  it('that was given up gets the outcome of whoever comes then', async () => {
    const { entity, entries } = named('given-up');
    await reserved('given-up', { entity: 'another', fingerprint: 'f'.repeat(64), state: 'dead' });
    await append(entity, entries);
    expect(await rowOf('given-up')).toMatchObject({ entity, fingerprint: entries[0]!.fingerprint, state: 'accepted' });
    expect(await rowOf(`given-up ${entity}`)).toBeNull();
  });

  it.each([
    [
      'has its outcome',
      async () => {
        const first = named('taken');
        await append(first.entity, first.entries);
        return 'taken';
      },
    ],
    [
      'waits for its own',
      async () => {
        await reserved('waiting', { entity: 'another', fingerprint: 'f'.repeat(64), state: 'pending' });
        return 'waiting';
      },
    ],
  ])('of another entity that %s stays, and ours is kept beside', async (_, taking) => {
    const id = await taking();
    const before = await rowOf(id);
    const { entity, entries } = named(id);
    await append(entity, entries.map((entry) => ({ ...entry, fingerprint: 'e'.repeat(64) }))); // prettier-ignore
    expect(await rowOf(id)).toEqual(before);
    expect(await rowOf(`${id} ${entity}`)).toMatchObject({ entity, fingerprint: 'e'.repeat(64), state: 'accepted' });
  });
});

describe('the state behind an outcome', () => {
  const digestIn = async (entity: string) => (await store.lastOutcome(entity))?.digest;
  const folded = (entries: readonly OutboxEntry[], renewals: string): OutboxEntry[] =>
    entries.map((entry) => ({ ...entry, digest: { ...entry.digest, renewals } }));

  it('is kept out of an answer, and what a replay comes to is held against it before a flush and before a timer', async () => {
    const { entity, entries } = loanOf(1);
    await new Appender(store).append({ aggregate: 'loan', entity, entries });
    expect(await digestIn(entity)).toEqual(entries.at(-1)?.digest);
    const { appendEntries } = appendActivities({ store });
    const request = { aggregate: 'loan', entity };
    expect(await appendEntries({ ...request, entries })).toMatchObject({ status: 'appended' });
    await expect(appendEntries({ ...request, entries: folded(entries, '00000000') })).rejects.toMatchObject({ type: 'Diverged' });
    const { seq, hash } = entries.at(-1)!.records.at(-1)!;
    const asking = (digest: NonNullable<OutboxEntry['digest']>) =>
      appendEntries({ ...request, entries: [], agreement: { seq, hash, openEnds: [{ seq, hash }], isDiverged: false, digests: [{ seq, digest }] } });
    expect(await asking(entries.at(-1)!.digest!)).toMatchObject({ status: 'appended' });
    await expect(asking({ renewals: '00000000' })).rejects.toMatchObject({ type: 'Diverged' });
    expect(await asking({ desk: '00000000' })).toMatchObject({ status: 'appended' });
  });

  it('is not what a flush brings, for other code may have replayed it', async () => {
    const { entity, entries } = loanOf(1);
    const { appendEntries } = appendActivities({ store });
    const flushed = await appendEntries({ aggregate: 'loan', entity, entries: folded(entries, '00000000') });
    expect(flushed).toEqual({ status: 'appended', confirmation: { seq: 2, hash: entries.at(-1)?.records[0]?.hash, ordinal: 2 } });
    expect(await digestIn(entity)).toBeUndefined();
  });
});

/** The same stream with another content from `seq` on, correctly linked. */
const forkAt = (entries: readonly OutboxEntry[], seq: number): OutboxEntry[] => {
  let prevHash: string | null = null;
  return entries.map((entry) => ({
    ...entry,
    records: entry.records.map((record) => {
      if (record.seq < seq) return record;
      const body = openRecord(record);
      const other = sealRecord({ ...body, time: '2030-01-01T00:00:00.000+08:00', prevHash: prevHash ?? body.prevHash });
      prevHash = other.hash;
      return other;
    }),
  }));
};
