import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lossOf } from '@qiyue/audit';
import { EvidencePlace } from './evidence-place';

const WHY = 'the disk of the second of July';

describe('an older copy of the database under newer checkpoints', () => {
  let place: EvidencePlace;
  let lost: string[];
  beforeEach(async () => {
    place = await EvidencePlace.open();
    for (const need of ['a', 'b', 'c']) await place.append(need, 3);
    expect(await place.keep()).toMatchObject({ ok: true, checkpoint: { n: 1, position: 9, records: 9 } });
    const backup = await place.backup();
    lost = [...(await place.append('a', 2)), ...(await place.append('d', 2)), ...(await place.append('b', 1))].map(({ _id }) => _id).sort();
    expect(await place.keep()).toMatchObject({ ok: true, checkpoint: { n: 2, position: 14, records: 14 } });
    await place.restore(backup);
    // Life goes on: places of the feed are given a second time, and one need decides otherwise.
    await place.append('c', 2);
    await place.append('a', 1, 'another way');
  }, 60_000);
  afterEach(() => place.close());

  const settle = async () => {
    const loss = await lossOf(place.ledger, place.witness);
    if (!loss.ok) throw new Error(loss.why);
    return { loss, kept: await place.keep({ settled: { why: WHY, lost: loss.lost, checkpoints: loss.checkpoints } }) };
  };

  it('gets no checkpoint, and every stream that lost something is named', async () => {
    const kept = await place.keep();
    expect(kept).toMatchObject({ ok: false, why: 'findings' });
    const named = kept.ok || kept.why !== 'findings' ? [] : kept.findings.map(({ stream, kind }) => `${stream} ${kind}`);
    expect(named.sort()).toEqual(['a missing', 'b missing', 'd missing', 'feed missing']);
    expect(new Set((await place.findings()).map(({ stream }) => stream))).toEqual(new Set(['a', 'b', 'd']));
  }, 60_000);

  it('is settled by an act that names each lost record, is signed, and alarms no more', async () => {
    const { loss, kept } = await settle();
    expect(loss.lost.map(({ entity, seq }) => `${entity}:${seq}`)).toEqual(lost);
    expect(kept).toMatchObject({ ok: true, checkpoint: { n: 3, position: 12, records: 12, streams: 3, settled: { why: WHY } } });
    expect(await place.findings()).toEqual([]);
    expect(await place.findings(null)).toEqual([]);
    await place.append('d', 3);
    expect(await place.keep()).toMatchObject({ ok: true, checkpoint: { n: 4, records: 15 } });
    expect(await place.findings()).toEqual([]);
    expect(await lossOf(place.ledger, place.witness)).toMatchObject({ ok: true, lost: [], checkpoints: [] });
  }, 60_000);

  it('signs what stands at places that were given twice: cut off afterwards, it is missed without the topic', async () => {
    await settle();
    await place.store.ledger.deleteOne({ _id: 'c:5' });
    await place.store.feed.deleteOne({ entity: 'c', seq: 5 });
    expect(await place.findings(null)).toMatchObject([{ stream: 'c', seq: 5, kind: 'missing' }]);
  }, 60_000);

  it('gives up nothing else: a record that was made since is missed in the settled ledger, by the topic as well', async () => {
    await settle();
    await place.append('b', 1, 'since then');
    await place.store.ledger.deleteOne({ _id: 'b:4' });
    await place.store.feed.deleteOne({ entity: 'b', seq: 4 });
    expect(await place.findings('new')).toMatchObject([{ stream: 'b', seq: 4, kind: 'missing' }]);
  }, 60_000);
});
