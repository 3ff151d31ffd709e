import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freshStore } from '@qiyue/testkit';
import type { OutwardNotice } from '@qiyue/notices';
import { NoticeStore } from '@qiyue/edge';

const NOW = '2024-07-01T09:00:00.000+08:00';
const LATER = '2024-07-01T10:00:00.000+08:00';
const MOMENT = { now: NOW, realMs: 1_000 };
const notice: OutwardNotice = {
  ...{ key: 'n:1:actor/ann:email:0', entity: 'n', seq: 1, type: 'NeedClaimed', channel: 'email', to: 'ann', language: 'en' },
  ...{ recipient: { kind: 'actor', id: 'ann' }, urgent: false, at: NOW, sendAt: NOW, subject: 's', text: 't' },
};
const { key } = notice;

let database: Awaited<ReturnType<typeof freshStore>>;
let store: NoticeStore;
beforeEach(async () => {
  database = await freshStore();
  store = new NoticeStore(database.store.db);
  await store.ensureIndexes();
  await store.insert([notice]);
});
afterEach(() => database.drop());

const claim = async (id: string, untilMs = 2_000): Promise<number> => (await store.claim([key], { id, untilMs })).length;
const stateNow = async (): Promise<string | undefined> => (await store.find(key))?.state;

describe('a stored notice', () => {
  it('is inserted once, also beside new ones, and keeps what has become of it', async () => {
    await claim('a');
    await store.settle('a', { state: 'sent', reference: 'r' }, NOW);
    await store.insert([
      { ...notice, subject: 'other' },
      { ...notice, key: 'n:2' },
    ]);
    expect(await store.find(key)).toMatchObject({ state: 'sent', reference: 'r', subject: 's' });
    expect(await store.list({ limit: 10 })).toHaveLength(2);
  });

  it('is claimed by one sender, and by none while or after it is sent', async () => {
    const claims = await Promise.all(Array.from({ length: 10 }, (_, n) => claim(`lease-${n}`)));
    expect(claims.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(await claim('late')).toBe(0);
    await store.settle(`lease-${claims.indexOf(1)}`, { state: 'sent', reference: null }, NOW);
    expect(await claim('later')).toBe(0);
    expect(await stateNow()).toBe('sent');
  });

  it('is due from its time on, not before what the other side asked for, and not for a target that takes nothing', async () => {
    const due = async (now: string, realMs: number, notFor: readonly string[] = []) => (await store.due({ now, realMs }, notFor, 10)).length;
    expect([await due('2024-07-01T08:59:59.999+08:00', 1_000), await due(NOW, 1_000), await due(NOW, 1_000, ['email:ann'])]).toEqual([0, 1, 0]);
    await claim('a');
    expect(await due(LATER, 1_000)).toBe(0);
    await store.settle('a', { state: 'waiting', reason: 'busy', retryAtMs: 5_000 }, NOW);
    expect([await due(LATER, 4_999), await due(LATER, 5_000)]).toEqual([0, 1]);
  });

  it('hangs when its lease has run out, not before', async () => {
    await claim('a', 1_000);
    expect(await store.hangDead(MOMENT)).toBe(0);
    expect(await store.hangDead({ now: LATER, realMs: 1_001 })).toBe(1);
    expect(await store.find(key)).toMatchObject({ state: 'hanging', settledAt: LATER });
    expect(await claim('b')).toBe(0);
  });

  it('is settled by whoever claimed it last and by nobody else', async () => {
    await claim('a', 0);
    await store.settle('b', { state: 'sent', reference: null }, NOW);
    expect(await stateNow()).toBe('claimed');
    await store.hangDead(MOMENT);
    expect(await store.retry(key, LATER)).toBe(true);
    await store.settle('a', { state: 'refused', reason: 'late' }, NOW);
    expect(await store.find(key)).toMatchObject({ state: 'waiting', sendAt: LATER });
  });

  it('waits again only when it hangs or was refused', async () => {
    expect(await store.retry(key, NOW)).toBe(false);
    await claim('a');
    expect(await store.retry(key, NOW)).toBe(false);
    await store.settle('a', { state: 'refused', reason: 'no' }, NOW);
    expect(await store.retry(key, NOW)).toBe(true);
    await claim('b');
    await store.settle('b', { state: 'sent', reference: null }, NOW);
    expect(await store.retry(key, NOW)).toBe(false);
  });
});
