import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync, readdirSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointFolder, keepCheckpoint } from '@qiyue/audit';
import { GENESIS_HASH, sealRecord } from '@qiyue/engine';
import {
  CopyComparison,
  newSigningKey,
  toLedgerDocument,
  verifyLedger,
  verifySince,
  type Finding,
  type LedgerDocument,
  type LedgerStore,
  type StreamEnds,
} from '@qiyue/engine-runtime';
import { freshStore } from '@qiyue/testkit';

const STREAMS = 1_000;
const LENGTH = 10;
const ACTOR = { id: 'ann', role: 'resident', unit: null };
const nameOf = (n: number): string => `stream${String(n).padStart(4, '0')}`;
const VICTIM = nameOf(417);
const LATER = nameOf(5);
/** What is changed and put back; nobody touches the others. */
const TOUCHED = { entity: { $in: [VICTIM, LATER, nameOf(0), nameOf(STREAMS - 1)] } };

/** A stream whose records say `note`, linked behind `before` as the workflow links them. */
const streamOf = (entity: string, fromSeq: number, toSeq: number, note: string, before: string = GENESIS_HASH): readonly LedgerDocument[] => {
  const documents: LedgerDocument[] = [];
  for (let seq = fromSeq; seq <= toSeq; seq += 1) {
    const prevHash = documents.at(-1)?.hash ?? before;
    const body = {
      aggregate: 'need',
      entity,
      seq,
      type: 'Noted',
      time: '2024-07-01T08:00:00.000+08:00',
      actor: ACTOR,
      commandId: `c-${entity}-${seq}`,
    };
    documents.push(toLedgerDocument(sealRecord({ ...body, v: 1, data: { note }, prevHash })));
  }
  return documents;
};

describe('a ledger of 10,000 records under a checkpoint', () => {
  let fresh: Awaited<ReturnType<typeof freshStore>>;
  let store: LedgerStore;
  let path: string;
  let folder: CheckpointFolder;
  const key = newSigningKey();
  let before: readonly LedgerDocument[] = [];

  const feedRows = (documents: readonly LedgerDocument[], from: number) => documents.map(({ entity, seq }, i) => ({ _id: from + i, entity, seq }));
  const ends = async (): Promise<StreamEnds> => (await folder.read())?.chain.ends as StreamEnds;
  const verify = async (entity?: string): Promise<readonly Finding[]> =>
    (await verifyLedger(store, { ends: await ends(), ...(entity === undefined ? {} : { entity }) })).findings;
  const put = async (documents: readonly LedgerDocument[]): Promise<void> => {
    await store.ledger.deleteMany({ _id: { $in: documents.map(({ _id }) => _id) } });
    await store.ledger.insertMany(structuredClone([...documents]));
  };
  const cut = async (entity: string, fromSeq: number): Promise<void> => {
    await store.ledger.deleteMany({ entity, seq: { $gte: fromSeq } });
    await store.feed.deleteMany({ entity, seq: { $gte: fromSeq } });
  };
  /** Changes, looks, and puts everything back. */
  const tampered = async <T>(change: () => Promise<unknown>, look: () => Promise<T>): Promise<T> => {
    const [ledger, feed] = [await store.ledger.find(TOUCHED).toArray(), await store.feed.find(TOUCHED).toArray()];
    try {
      await change();
      return await look();
    } finally {
      await store.ledger.deleteMany(TOUCHED);
      await store.feed.deleteMany(TOUCHED);
      await store.ledger.insertMany(ledger);
      await store.feed.insertMany(feed);
    }
  };

  beforeAll(async () => {
    fresh = await freshStore();
    store = fresh.store;
    path = mkdtempSync(join(tmpdir(), 'qiyue-checkpoints-'));
    folder = new CheckpointFolder(path);
    await store.ensureIndexes();
    before = Array.from({ length: STREAMS }, (_, n) => streamOf(nameOf(n), 1, LENGTH, 'honest')).flat();
    await store.ledger.insertMany(structuredClone([...before]));
    await store.feed.insertMany(feedRows(before, 1));
    expect(await keepCheckpoint({ store, folder, key })).toMatchObject({ ok: true, checkpoint: { n: 1, records: 10_000, streams: STREAMS } });
  }, 60_000);
  afterAll(async () => {
    await fresh.drop();
    rmSync(path, { recursive: true, force: true });
  });

  const of = (entity: string): readonly LedgerDocument[] => before.filter((document) => document.entity === entity);

  it('has nothing wrong with it', async () => {
    expect(await verify()).toEqual([]);
  });

  it('shows one changed character, wherever in a stored record it is, and names the record', async () => {
    const victims = of(VICTIM);
    const fields = ['canonical', 'hash', 'prevHash', 'type', 'time', 'actorId', 'commandId', 'aggregate'] as const;
    for (let i = 0; i < 80; i += 1) {
      const document = victims[i % LENGTH] as LedgerDocument;
      const field = fields[i % fields.length] as (typeof fields)[number];
      const at = (i * 37) % document[field].length;
      const changed = document[field].slice(0, at) + (document[field][at] === 'x' ? 'y' : 'x') + document[field].slice(at + 1);
      await store.ledger.updateOne({ _id: document._id }, { $set: { [field]: changed } });
      expect([field, at, (await verify(VICTIM))[0]]).toMatchObject([field, at, { stream: VICTIM, seq: document.seq }]);
      await store.ledger.updateOne({ _id: document._id }, { $set: { [field]: document[field] } });
    }
    expect(await verify(VICTIM)).toEqual([]);
  }, 60_000);

  it('shows a record that is gone from the middle', async () => {
    const [first] = await tampered(
      () => store.ledger.deleteOne({ entity: VICTIM, seq: 5 }),
      () => verify(),
    );
    expect(first).toMatchObject({ stream: VICTIM, seq: 6, kind: 'gap', detail: 'expected seq 5, found 6' });
  });

  it('shows two that changed places', async () => {
    const [, , third, fourth] = of(VICTIM) as readonly [LedgerDocument, LedgerDocument, LedgerDocument, LedgerDocument];
    const place = ({ _id, seq }: LedgerDocument, from: LedgerDocument): LedgerDocument => ({ ...from, _id, seq });
    const [first] = await tampered(
      () => put([place(third, fourth), place(fourth, third)]),
      () => verify(),
    );
    expect(first).toMatchObject({ stream: VICTIM, seq: 3 });
  });

  it.each([1, 2, 5, 9])('shows an end that is cut off, %i records from ledger and feed alike', async (k) => {
    expect(
      await tampered(
        () => cut(VICTIM, LENGTH - k + 1),
        () => verify(),
      ),
    ).toEqual([{ stream: VICTIM, seq: LENGTH - k + 1, kind: 'missing', detail: 'a checkpoint has seen 10 records of it' }]);
  });

  it('shows a stream that is gone altogether, the first and the last as well', async () => {
    for (const entity of [VICTIM, nameOf(0), nameOf(STREAMS - 1)])
      expect(
        await tampered(
          () => cut(entity, 1),
          () => verify(),
        ),
      ).toMatchObject([{ stream: entity, seq: 1, kind: 'missing' }]);
  });

  it('shows an end that was written anew, link by link; the topic knows from where on', async () => {
    const honest = of(VICTIM);
    const forged = streamOf(VICTIM, 8, LENGTH, 'forged', honest[6]?.hash);
    const look = async () => {
      const comparison = new CopyComparison(store);
      await comparison.take(honest);
      return [await verify(), comparison.findings] as const;
    };
    const [findings, copies] = await tampered(() => put(forged), look);
    expect(findings).toMatchObject([{ stream: VICTIM, seq: LENGTH, kind: 'rewritten' }]);
    expect(copies).toMatchObject([{ stream: VICTIM, seq: 8, kind: 'rewritten' }]);
  });

  it('does not take what was written anew into the next checkpoint', async () => {
    const made = await tampered(
      async () => {
        await put(streamOf(VICTIM, 1, LENGTH, 'forged'));
        const more = streamOf(VICTIM, LENGTH + 1, LENGTH + 1, 'forged', streamOf(VICTIM, 1, LENGTH, 'forged').at(-1)?.hash);
        await store.ledger.insertMany(structuredClone([...more]));
        await store.feed.insertMany(feedRows(more, before.length + 1));
      },
      () => keepCheckpoint({ store, folder, key }),
    );
    expect(made).toMatchObject({ ok: false, why: 'findings', findings: [{ stream: VICTIM, seq: LENGTH + 1, kind: 'link' }] });
    expect(readdirSync(path).filter((name) => name.startsWith('0'))).toHaveLength(1);
  });

  describe('and behind a second one', () => {
    beforeAll(async () => {
      const more = streamOf(LATER, LENGTH + 1, LENGTH + 3, 'later', of(LATER).at(-1)?.hash);
      await store.ledger.insertMany(structuredClone([...more]));
      await store.feed.insertMany(feedRows(more, before.length + 1));
      before = [...before, ...more];
      expect(await keepCheckpoint({ store, folder, key })).toMatchObject({
        ok: true,
        checkpoint: { n: 2, records: 10_003, changed: [{ entity: LATER, seq: 13 }] },
      });
    });

    it('an old database that is put back shows in every stream that has grown since', async () => {
      expect(
        await tampered(
          () => cut(LATER, LENGTH + 1),
          () => verify(),
        ),
      ).toMatchObject([{ stream: LATER, seq: LENGTH + 1, kind: 'missing' }]);
    });

    it('what is newer than both is found by comparing with the topic', async () => {
      const newest = streamOf(VICTIM, LENGTH + 1, LENGTH + 2, 'newest', of(VICTIM).at(-1)?.hash);
      const comparison = new CopyComparison(store);
      const findings = await tampered(
        () => store.ledger.insertMany(structuredClone(streamOf(VICTIM, LENGTH + 1, LENGTH + 2, 'forged', of(VICTIM).at(-1)?.hash).slice())),
        async () => {
          await comparison.take(newest);
          return verify();
        },
      );
      expect(findings).toEqual([]); // the ledger alone cannot tell
      expect(comparison.findings).toMatchObject([{ stream: VICTIM, seq: LENGTH + 1, kind: 'rewritten' }]);
    });

    it('only what came since the first can be looked at, and that its end still stands', async () => {
      const since = async () => {
        const [first, all] = [await folder.read(1), await folder.read()];
        return verifySince(store, { ends: first?.chain.ends as StreamEnds }, { ends: all?.chain.ends as StreamEnds });
      };
      expect(await since()).toMatchObject({ ok: true, records: 3, streams: 1 });
      const [first, second] = before.slice(-3) as unknown as readonly [LedgerDocument, LedgerDocument, LedgerDocument];
      const changes: readonly (readonly [object, () => Promise<unknown>])[] = [
        [{ seq: 12, kind: 'hash' }, () => store.ledger.updateOne({ _id: second._id }, { $set: { canonical: `${second.canonical} ` } })],
        [{ seq: 12, kind: 'gap' }, () => store.ledger.deleteOne({ _id: first._id })],
        [{ seq: 13, kind: 'missing' }, () => cut(LATER, 13)],
        [{ seq: 11, kind: 'missing' }, () => cut(LATER, 11)],
        [{ seq: 13, kind: 'rewritten' }, () => put(streamOf(LATER, 13, 13, 'forged', second.hash))],
        [{ seq: 10, kind: 'rewritten' }, () => store.ledger.updateOne({ entity: LATER, seq: 10 }, { $set: { hash: GENESIS_HASH } })],
      ];
      for (const [finding, change] of changes) expect((await tampered(change, since)).findings[0]).toMatchObject({ stream: LATER, ...finding });
    }, 60_000);

    it('two that are made at once lie one behind the other', async () => {
      const made = await Promise.all([1, 2, 3].map(() => keepCheckpoint({ store, folder, key })));
      expect(made.map((kept) => (kept.ok ? kept.checkpoint.n : kept.why)).toSorted()).toEqual([3, 4, 5]);
      expect((await folder.read())?.chain.head).toMatchObject({ n: 5, records: 10_003 });
    });

    it('a key is handed over, and the old one signs no more', async () => {
      const next = newSigningKey();
      expect(await keepCheckpoint({ store, folder, key, nextKey: next.public })).toMatchObject({ ok: true });
      expect(await keepCheckpoint({ store, folder, key })).toEqual({ ok: false, why: 'other-key', expected: next.public.keyId });
      expect(await keepCheckpoint({ store, folder, key: next })).toMatchObject({ ok: true, checkpoint: { n: 7, keyId: next.public.keyId } });
    });

    it('a checkpoint that was changed or is gone ends the chain before it', async () => {
      const file = join(path, '000000004.json');
      chmodSync(file, 0o644);
      writeFileSync(file, '{}');
      expect(await folder.read()).toMatchObject({ fault: { n: 4, why: 'malformed' } });
      rmSync(file);
      const read = await folder.read();
      expect([read?.fault, read?.chain.head?.n]).toEqual([{ n: 4, why: 'missing' }, 3]);
      expect(await keepCheckpoint({ store, folder, key })).toMatchObject({ ok: false, why: 'broken' });
    });
  });
});
