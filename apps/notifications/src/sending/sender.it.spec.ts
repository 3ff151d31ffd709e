import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NoticeStore, SmsBudgets, type NoticeDoc } from '@qiyue/edge';
import { systemClock } from '@qiyue/platform';
import { eventually, freshStore } from '@qiyue/testkit';
import type { Channel, ChannelName, Delivery, OutgoingMessage } from '../channels';
import { dueNotice } from '../testing/due-notice';
import { quiet } from '../testing/notice-bench';
import { Dispatch } from './dispatch';
import { Sender } from './sender';

/** A way out that answers as it is told; the other side's own tests are those of the channels. */
class TestChannel implements Channel {
  readonly sent: OutgoingMessage[] = [];
  answer: (message: OutgoingMessage) => Promise<Delivery> = () => Promise.resolve({ kind: 'sent', reference: 'ref' });

  constructor(readonly name: ChannelName) {}

  send(message: OutgoingMessage): Promise<Delivery> {
    this.sent.push(message);
    return this.answer(message);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

let database: Awaited<ReturnType<typeof freshStore>>;
let notices: NoticeStore;
let wecom: TestChannel;
let email: TestChannel;
let senders: Sender[];

beforeEach(async () => {
  database = await freshStore();
  notices = new NoticeStore(database.store.db);
  await notices.ensureIndexes();
  [wecom, email, senders] = [new TestChannel('wecom'), new TestChannel('email'), []];
});
afterEach(async () => {
  await Promise.all(senders.map((sender) => sender.stop()));
  await database.drop();
});

const startSender = (leaseMs = 60_000, store: NoticeStore = notices): Sender => {
  const channels = new Map<ChannelName, Channel>([wecom, email].map((channel) => [channel.name, channel]));
  const directory = { addressOf: ({ to }: { to: string }) => Promise.resolve(to === 'gone' ? null : `${to}@example.org`) };
  const dispatch = new Dispatch({
    notices: store,
    channels,
    directory,
    budgets: new SmsBudgets(database.store.db, 4),
    clock: systemClock,
    log: quiet,
    leaseMs,
  });
  const sender = new Sender({ notices, dispatch, clock: systemClock, log: quiet });
  senders.push(sender);
  sender.start();
  return sender;
};
const become = (state: string, count = 1): Promise<NoticeDoc[]> =>
  eventually(`${count} × ${state}`, async () => {
    const found = await notices.list({ state: state as 'sent', limit: 1_000 });
    return found.length === count && found;
  });

describe('the sender', () => {
  it('sends what waits for one address as one message, urgent first, and notes what the other side calls it', async () => {
    await notices.insert([dueNotice('a'), dueNotice('b', { urgent: true }), dueNotice('c', { to: 'other' })]);
    startSender();
    const settled = await become('sent', 3);
    expect(settled.every(({ reference, attempts, lease }) => reference === 'ref' && attempts === 1 && lease === null)).toBe(true);
    expect(wecom.sent.map(({ to }) => to).sort()).toEqual(['group@example.org', 'other@example.org']);
    expect(wecom.sent.find(({ to }) => to === 'group@example.org')?.text).toMatch(/^1\. S-b\n.*\n2\. S-a\n/);
    expect(wecom.sent.find(({ to }) => to === 'other@example.org')).toMatchObject({ subject: 'S-c', text: 'T-c' });
  });

  it('sends what it has claimed though the answer to the claim was lost, as when the database changes its primary', async () => {
    await notices.insert([dueNotice('a'), dueNotice('b')]);
    let tries = 0;
    const lossy = Object.create(notices, {
      claim: {
        value: async (...args: Parameters<NoticeStore['claim']>) => {
          const claimed = await notices.claim(...args);
          if ((tries += 1) === 1) throw new Error('the primary stepped down');
          return claimed;
        },
      },
    }) as NoticeStore;
    startSender(60_000, lossy);
    const settled = await become('sent', 2);
    expect([wecom.sent.length, settled.every(({ attempts }) => attempts === 1)]).toEqual([1, true]);
  });

  it('sends no more than twenty in a message, and the rest with the next', async () => {
    await notices.insert(Array.from({ length: 45 }, (_, n) => dueNotice(`n${n}`)));
    startSender();
    await become('sent', 45);
    expect(wecom.sent.map(({ text }) => text.split('\n').length / 2)).toEqual([20, 20, 5]);
  });

  it('sends each once though two of them run', async () => {
    await notices.insert(Array.from({ length: 60 }, (_, n) => dueNotice(`n${n}`, { channel: 'email', to: `p${n % 30}` })));
    startSender();
    startSender();
    await become('sent', 60);
    const lines = email.sent.flatMap(({ subject, text }) => (subject.startsWith('S-') ? [subject] : (text.match(/S-n\d+/g) ?? [])));
    expect(lines).toHaveLength(60);
    expect(new Set(lines).size).toBe(60);
  });

  it('writes to a robot twenty times a minute; what comes meanwhile waits, and holds up nobody else', async () => {
    startSender();
    for (let n = 0; n < 20; n += 1) {
      await notices.insert([dueNotice(`n${n}`)]);
      await become('sent', n + 1);
    }
    await notices.insert([dueNotice('x'), dueNotice('y')]);
    await notices.insert([dueNotice('m', { channel: 'email', to: 'p' }), dueNotice('o', { to: 'other' })]);
    await become('sent', 22);
    await notices.insert([dueNotice('m2', { channel: 'email', to: 'p' })]);
    await become('sent', 23); // a whole round later
    expect((await become('waiting', 2)).map(({ subject }) => subject).sort()).toEqual(['S-x', 'S-y']);
  });

  it('tries later what was certainly not delivered', async () => {
    wecom.answer = () =>
      Promise.resolve(wecom.sent.length === 1 ? { kind: 'later', reason: 'busy', afterMs: 10 } : { kind: 'sent', reference: null });
    await notices.insert([dueNotice('a')]);
    startSender();
    const [settled] = await become('sent');
    expect(settled).toMatchObject({ attempts: 2, reason: null });
  });

  it.each([
    ['refused', { kind: 'refused', reason: 'no such robot' }],
    ['hanging', { kind: 'unknown', reason: 'silence' }],
  ] as const)('leaves alone what is %s, until an operator lets it be sent again', async (state, answer) => {
    wecom.answer = () => Promise.resolve(answer);
    await notices.insert([dueNotice('a')]);
    startSender();
    const [settled] = await become(state);
    expect(settled?.reason).toBe(answer.reason);
    wecom.answer = () => Promise.resolve({ kind: 'sent', reference: null });
    await notices.insert([dueNotice('b')]);
    await become('sent'); // rounds later the first is as it was
    expect(wecom.sent).toHaveLength(2);
    expect(await notices.retry(settled?._id ?? '', '2024-07-01T09:00:00.000+08:00')).toBe(true);
    await become('sent', 2);
    expect(wecom.sent.map(({ key }) => key)).toEqual([dueNotice('a').key, dueNotice('b').key, dueNotice('a').key]);
    expect(await notices.retry(settled?._id ?? '', '2024-07-01T09:00:00.000+08:00')).toBe(false);
  });

  it('takes a channel that throws for one of which nothing is known', async () => {
    wecom.answer = () => Promise.reject(new Error('bug'));
    await notices.insert([dueNotice('a')]);
    startSender();
    expect((await become('hanging'))[0]?.reason).toBe('the channel failed');
  });

  it('is believed when it comes late with its answer: what hung is sent', async () => {
    let answer: (delivery: Delivery) => void = () => undefined;
    wecom.answer = () => new Promise((resolve) => (answer = resolve));
    await notices.insert([dueNotice('a')]);
    startSender(1);
    expect((await become('hanging'))[0]?.reason).toBe('the lease ran out');
    answer({ kind: 'sent', reference: 'late' });
    expect((await become('sent'))[0]?.reference).toBe('late');
  });

  it('refuses what is for somebody who is no longer in the directory', async () => {
    await notices.insert([dueNotice('a', { channel: 'email', to: 'gone' })]);
    startSender();
    expect((await become('refused'))[0]?.reason).toBe('not in the directory');
    expect(email.sent).toEqual([]);
  });

  it('keeps what is for a channel that is off', async () => {
    await notices.insert([dueNotice('a', { channel: 'sms', to: 'p' }), dueNotice('b')]);
    startSender();
    await become('sent');
    expect((await eventually('it to wait', async () => (await notices.list({ state: 'waiting', limit: 1 }))[0]))?.channel).toBe('sms');
  });
});
