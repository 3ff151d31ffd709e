import { readdirSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CheckpointFolder, KafkaWitness, lossOf, recoverCheckpoints } from '@qiyue/audit';
import { KafkajsEventBus } from '@qiyue/platform';
import { canonicalJson } from '@qiyue/engine';
import { checkpointHash, newSigningKey, signCheckpoint, FIRST_PREV, type SignedCheckpoint } from '@qiyue/engine-runtime';
import { eventually } from '@qiyue/testkit';
import { EvidencePlace } from './evidence-place';

const fileOf = (n: number): string => `${String(n).padStart(9, '0')}.json`;

describe('the folder of checkpoints and their topic', () => {
  let place: EvidencePlace;
  beforeEach(async () => {
    place = await EvidencePlace.open();
    await place.append('a', 3);
    for (const n of [1, 2]) expect(await place.keep()).toMatchObject({ ok: true, published: true, checkpoint: { n } });
  }, 60_000);
  afterEach(() => place.close());

  const take = (name: string): void => {
    chmodSync(join(place.path, name), 0o644);
    rmSync(join(place.path, name));
  };
  const empty = (): void => readdirSync(place.path).forEach(take);
  const restored = () => recoverCheckpoints(place.ledger, place.witness, place.key.public);

  it('an emptied folder is not trusted anew; its checkpoints come back from the topic', async () => {
    const before = readFileSync(join(place.path, fileOf(2)), 'utf8');
    empty();
    expect(await place.keep()).toEqual({ ok: false, why: 'chain-lost', n: 2 });
    expect(await place.findings(null)).toMatchObject([{ stream: 'checkpoint', kind: 'checkpoint' }]); // the database remembers
    expect(await place.findings()).toMatchObject([{ stream: 'checkpoint', seq: 2, kind: 'checkpoint' }]);
    expect(readdirSync(place.path)).toEqual([]);
    expect(await restored()).toEqual({ ok: true, n: 2, added: 2 });
    expect(readFileSync(join(place.path, fileOf(2)), 'utf8')).toBe(before);
    expect(await place.keep()).toMatchObject({ ok: true, checkpoint: { n: 3 } });
  }, 60_000);

  it('a chain begins anew by an act that says why, in an empty folder alone, and names the one before', async () => {
    expect(await place.keep({ restart: 'w' })).toEqual({ ok: false, why: 'not-empty' });
    empty();
    const again = await place.keep({ restart: 'the mount burnt down' });
    expect(again).toMatchObject({ ok: true, checkpoint: { n: 1, restart: { why: 'the mount burnt down', after: { n: 2 } } } });
    expect(await place.findings()).toEqual([]);
    expect(await place.keep()).toMatchObject({ ok: true, checkpoint: { n: 2 } });
    expect(await place.findings()).toEqual([]);
  }, 60_000);

  it('a last checkpoint that was taken away is missed, by the next one and by the verification', async () => {
    take(fileOf(2));
    expect(await place.keep()).toEqual({ ok: false, why: 'contradicts-topic', n: 2 });
    expect(await place.findings()).toMatchObject([{ stream: 'checkpoint', seq: 2, kind: 'checkpoint' }]);
    expect(await restored()).toEqual({ ok: true, n: 2, added: 1 });
    expect(await place.findings()).toEqual([]);
  }, 60_000);

  it('another checkpoint under the same number is found, though the same key has signed it', async () => {
    const read = await place.folder.read(1);
    const head = read?.chain.head;
    const body = { n: 2, time: '2024-07-01T08:00:00.000+08:00', prev: read?.chain.headHash ?? '', position: 3, records: 3, streams: 1 };
    take(fileOf(2));
    await place.folder.append(signCheckpoint({ ...body, root: head?.root ?? '', changed: [] }, place.key));
    expect(await place.keep()).toEqual({ ok: false, why: 'contradicts-topic', n: 2 });
  }, 60_000);

  it('what a stranger signs onto the topic is found, and holds nothing up', async () => {
    const body = {
      n: 9,
      time: '2024-07-01T08:00:00.000+08:00',
      prev: FIRST_PREV,
      position: 0,
      records: 0,
      streams: 0,
      root: FIRST_PREV,
      changed: [],
    };
    await place.witness.publish('', [signCheckpoint(body, newSigningKey())]);
    expect(await place.findings()).toMatchObject([{ stream: 'checkpoint', seq: 9, detail: expect.stringContaining('none of the chain') }]);
    expect(await place.keep()).toMatchObject({ ok: true, checkpoint: { n: 3 } });
  }, 60_000);

  it('what names our key and is not signed by it says nothing: neither to those who sign nor to those who verify or recover', async () => {
    const head = (await place.folder.read())?.chain.head;
    const last = await place.folder.find(head?.n ?? 0);
    const forged = { ...JSON.parse(last?.canonical ?? '{}'), n: (head?.n ?? 0) + 1, prev: checkpointHash(last!) } as object;
    await place.witness.publish('', [{ canonical: canonicalJson(forged), signature: last!.signature }]);
    expect(await place.findings()).toEqual(await place.findings(null));
    expect(await place.keep()).toMatchObject({ ok: true, checkpoint: { n: (head?.n ?? 0) + 1 } });
    const elsewhere = new CheckpointFolder(join(place.path, 'elsewhere'));
    const recovered = await recoverCheckpoints({ store: place.store, folder: elsewhere }, place.witness, place.key.public);
    expect(recovered).toMatchObject({ ok: true, n: (head?.n ?? 0) + 1 });
  }, 60_000);

  it('one that is too large for a message goes there in pieces, and comes back whole', async () => {
    const changed = Array.from({ length: 20_000 }, (_, i) => ({ entity: `e${String(i).padStart(6, '0')}`, seq: 1, hash: FIRST_PREV }));
    const body = { n: 1, time: '2024-07-01T08:00:00.000+08:00', prev: FIRST_PREV, position: 1, records: 1, streams: 1, root: FIRST_PREV };
    const large = signCheckpoint({ ...body, changed }, newSigningKey());
    expect(await place.witness.publish('large', [large])).toBe(true);
    expect(await place.witness.checkpoints('large')).toMatchObject([{ n: 1, hash: checkpointHash(large), signed: large }]);
  }, 60_000);

  it('nothing is signed while the topics cannot be read', async () => {
    const away = ['127.0.0.1:1'];
    const witness = new KafkaWitness(away, new KafkajsEventBus(away, 'drill'));
    expect(await place.keep({ witness })).toEqual({ ok: false, why: 'topic-away' });
  }, 60_000);

  it('nothing is signed over a record that the events topic knows otherwise', async () => {
    const placed = await place.feed(await insert(await place.next('a', 2)));
    await place.publish(placed);
    await place.store.ledger.deleteMany({ entity: 'a', seq: { $gt: 3 } });
    await insert(await place.next('a', 2, 'forged, link by link'));
    expect(await place.findings(null)).toEqual([]); // the ledger fits together
    expect(await place.keep()).toMatchObject({ ok: false, why: 'findings', findings: [{ stream: 'a', seq: 4, kind: 'rewritten' }] });
  }, 60_000);

  it('a record that was fed and never published is named, and holds no checkpoint up', async () => {
    const placed = await place.feed(await insert([...(await place.next('a', 1)), ...(await place.next('b', 2))]));
    await place.publish([placed[0], placed[2]] as typeof placed); // the second one is left out, as two relays did once
    expect(await place.findings()).toMatchObject([{ stream: 'b', seq: 1, kind: 'unpublished' }]);
    expect(await place.keep()).toMatchObject({ ok: true });
  }, 60_000);

  it('what somebody else wrote onto the events topic before there was any checkpoint is given up by name, and holds none up any more', async () => {
    const fresh = await EvidencePlace.open();
    try {
      await fresh.append('a', 1);
      const [forged] = (await fresh.next('ghost', 1, 'forged')) as [Awaited<ReturnType<EvidencePlace['next']>>[number]];
      await fresh.publish([{ document: forged, position: 9 }]);
      expect(await fresh.keep()).toMatchObject({ ok: false, why: 'findings' });
      const loss = await lossOf(fresh.ledger, fresh.witness);
      expect(loss).toMatchObject({ ok: true, lost: [{ entity: 'ghost', seq: 1 }], checkpoints: [] });
      const lost = loss.ok ? loss.lost : [];
      expect(await fresh.keep({ settled: { why: 'a stranger wrote it', lost, checkpoints: [] } })).toMatchObject({ ok: true, checkpoint: { n: 1 } });
      expect(await fresh.findings()).toEqual([]);
    } finally {
      await fresh.close();
    }
  }, 60_000);

  it('a file is there whole or not at all', async () => {
    const other = new CheckpointFolder(join(place.path, 'large'));
    const changed = Array.from({ length: 60_000 }, (_, i) => ({ entity: `e${String(i).padStart(6, '0')}`, seq: 1, hash: FIRST_PREV }));
    const body = { n: 1, time: '2024-07-01T08:00:00.000+08:00', prev: FIRST_PREV, position: 1, records: 1, streams: 1, root: FIRST_PREV };
    const signed = signCheckpoint({ ...body, changed }, place.key);
    let seen = 0;
    let isKept = false;
    const looking = (async () => {
      while (!isKept) {
        for (const name of await lying(other)) {
          expect((JSON.parse(readFileSync(join(other.path, name), 'utf8')) as SignedCheckpoint).signature).toBe(signed.signature);
          seen += 1;
        }
        await new Promise(setImmediate);
      }
    })();
    await other.append(signed);
    await eventually('it to be seen', () => seen > 0);
    isKept = true;
    await looking;
    expect(readdirSync(other.path)).toEqual([fileOf(1)]);
    writeFileSync(join(other.path, `.${fileOf(2)}.killed`), '{"canon');
    expect(await other.size()).toBe(1);
  }, 60_000);

  const lying = async (folder: CheckpointFolder): Promise<readonly string[]> => {
    await new Promise(setImmediate);
    try {
      return readdirSync(folder.path).filter((name) => name.startsWith('0'));
    } catch {
      return [];
    }
  };
  const insert = async (documents: Awaited<ReturnType<EvidencePlace['next']>>) => {
    await place.store.ledger.insertMany(structuredClone([...documents]));
    return documents;
  };
});
