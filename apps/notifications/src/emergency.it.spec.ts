import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InboxStore, SmsBudgets } from '@qiyue/edge';
import { toShanghaiIso } from '@qiyue/engine';
import { NEED_RULES } from '@qiyue/need-domain';
import { eventually, freshStore } from '@qiyue/testkit';
import { NoticeBench } from './testing/notice-bench';
import { replies, startPostServer, type PostServer } from './testing/post-server';
import { claim, COMMUNITY, HOUSING, RESIDENT, Story, submit } from './testing/story';

const PEOPLE = 150;
const MINUTE_MS = 60_000;
/** Telephone numbers, by which the gateway knows them. */
const ids = new Map<string, string>();
const person = (id: string, role: string, unit: string | null) => {
  const phone = `+86139${String(ids.size).padStart(8, '0')}`;
  ids.set(phone, id);
  return { id, role, unit, language: 'zh-CN' as const, phone };
};
const DIRECTORY = {
  persons: [
    ...Array.from({ length: PEOPLE }, (_, n) => person(`d${n}`, 'department', n === 0 ? '住建局' : `部门${n}`)),
    person('cora-2', 'community', '城南社区'),
    person('cen', 'centre', null),
    person('sun', 'supervisor', null),
    person('li', 'county', null),
  ],
  robots: [],
};
const emergency = { urgency: 'emergency' };
const idOf = (n: number): string => `need${n}`.padEnd(26, '0');

describe('an emergency that a resident calls', () => {
  let bench: NoticeBench;
  let gateway: PostServer;
  let channels: Readonly<Record<string, string>>;
  beforeEach(async () => {
    bench = await NoticeBench.create();
    gateway = await startPostServer(replies.json({ reference: 'r' }));
    channels = { QIYUE_SMS_URL: `${gateway.url}/sms`, QIYUE_SMS_TOKEN: 't' };
    await bench.directory.replace(DIRECTORY);
  });
  afterEach(async () => {
    await bench.close();
    await gateway.stop();
  });

  const sentTo = (): readonly string[] => gateway.posted.map(({ body }) => ids.get((body as { readonly to: string }).to) ?? '?');
  const settled = (count: number) =>
    eventually(
      `${count} notices to be settled`,
      async () => {
        const notices = await bench.all();
        return notices.length === count && notices.every(({ state }) => state === 'sent' || state === 'refused') && notices;
      },
      60_000,
    );
  const inboxOf = (now: string) => {
    const reader = { id: 'd0', addresses: ['post/department/*'], now };
    return new InboxStore(bench.store.db).list(reader, { limit: 10 });
  };

  it('costs one need no more short messages than its budget, and who is called by name still gets theirs', async () => {
    const night = new Story(idOf(1), '2024-07-01T23:59:00.000+08:00').does(RESIDENT, submit(emergency)).waits(7);
    await bench.happens(night.take());
    await bench.start({ ...channels, QIYUE_SMS_PER_NEED: '40' });
    const notices = await eventually(
      'all to be settled',
      async () => {
        const all = await bench.all();
        return all.length > PEOPLE && all.every(({ state }) => state === 'sent' || state === 'refused') && all;
      },
      90_000,
    );
    expect(sentTo().length).toBeLessThanOrEqual(40);
    expect(sentTo().filter((to) => to.startsWith('d'))).toHaveLength(20);
    expect(new Set(sentTo().filter((to) => !to.startsWith('d')))).toEqual(new Set(['cora-2', 'cen', 'sun', 'li']));
    const refused = notices.filter(({ state }) => state === 'refused');
    expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(['over the budget of short messages']));
    const [one] = refused;
    await bench.notices.retry(String(one?._id), toShanghaiIso(Date.now())); // what an operator sends once more costs what it costs
    await eventually('it to be sent', async () => (await bench.notices.find(String(one?._id)))?.state === 'sent');
  }, 120_000);

  it('calls no department that an office has had its word before, in whatever batches the events come', async () => {
    const now = toShanghaiIso(Date.now() - MINUTE_MS);
    const [whistled, claimed] = [new Story(idOf(2), now, NEED_RULES), new Story(idOf(3), now)];
    await bench.start(channels);
    await bench.happens(whistled.does(RESIDENT, submit(emergency)).take());
    await eventually('the call to wait', async () => (await bench.all()).filter(({ awaitsWord }) => awaitsWord).length === PEOPLE);
    expect(sentTo().filter((to) => to.startsWith('d'))).toEqual([]);
    expect(await inboxOf(toShanghaiIso(Date.now()))).toEqual([]);
    expect(await inboxOf(toShanghaiIso(Date.now() + 15 * MINUTE_MS))).toHaveLength(1);
    // a unit that is called by name says that it comes: until then all are called as they were to be
    await bench.happens(whistled.does(COMMUNITY, { type: 'whistle', data: { units: ['住建局'] } }).take());
    await bench.happens(whistled.does(HOUSING, { type: 'report-in', data: { answer: 'coming' } }).take());
    await bench.happens(claimed.does(RESIDENT, submit(emergency)).does(HOUSING, claim).take());
    await eventually('both needs to be told', async () => (await bench.toldUpTo(idOf(2))) === 3 && (await bench.toldUpTo(idOf(3))) === 2);
    // of each community and centre, of the second the community's claim; of the first the one unit that was called, and its answer
    await settled(7);
    expect(sentTo().filter((to) => to.startsWith('d'))).toEqual(['d0']);
    expect(await inboxOf(toShanghaiIso(Date.now() + 60 * MINUTE_MS))).toEqual([]);
  }, 60_000);
});

describe('budgets of short messages', () => {
  it('pay for no more than there is, however many ask at once, and for the same message once', async () => {
    const { store, drop } = await freshStore();
    try {
      const [one, other] = [new SmsBudgets(store.db, 4), new SmsBudgets(store.db, 4)];
      const [need, mass] = [
        { key: 'need/n', share: 1 },
        { key: 'mass/n', share: 0.5 },
      ];
      const now = '2024-07-01T09:00:00.000+08:00';
      const paid = await Promise.all(Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? one : other).pay([need], `m-${n}`, now)));
      expect(paid.filter(Boolean)).toHaveLength(4);
      const again = await Promise.all(paid.map((_, n) => other.pay([need], `m-${n}`, now)));
      expect(again).toEqual(paid);
      expect(await one.pay([mass, need], 'x', now)).toBe(false);
      const tomorrow = '2024-07-02T00:00:00.000+08:00';
      const called = await Promise.all([1, 2, 3].map((n) => one.pay([mass, need], `c-${n}`, tomorrow)));
      expect(called.filter(Boolean)).toHaveLength(2);
      const named = await Promise.all([1, 2, 3].map((n) => one.pay([need], `n-${n}`, tomorrow)));
      expect(named.filter(Boolean)).toHaveLength(2); // half of it is kept for them
      expect(await new SmsBudgets(store.db, 0).pay([need], 'y', tomorrow)).toBe(false);
    } finally {
      await drop();
    }
  });
});
