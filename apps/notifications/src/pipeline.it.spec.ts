import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventTopicOf, sealRecord, openRecord } from '@qiyue/engine';
import { eventually, readTopic } from '@qiyue/testkit';
import PostalMime from 'postal-mime';
import { startMailServer } from './testing/mail-server';
import { NoticeBench } from './testing/notice-bench';
import { replies, startPostServer, type PostServer } from './testing/post-server';
import { claim, COMMUNITY, fund, HOUSING, RESIDENT, Story, submit } from './testing/story';

const idOf = (n: number): string => `need${n}`.padEnd(26, '0');

let bench: NoticeBench;
let mail: Awaited<ReturnType<typeof startMailServer>>;
let robot: PostServer;
let channels: Readonly<Record<string, string>>;

beforeEach(async () => {
  bench = await NoticeBench.create();
  mail = await startMailServer();
  robot = await startPostServer(replies.json({ errcode: 0 }));
  channels = { QIYUE_SMTP_URL: mail.url, QIYUE_MAIL_FROM: 'qiyue@example.org' };
  await bench.directory.replace({
    persons: [{ id: 'hu', role: 'department', unit: '住建局', language: 'zh-CN', email: 'hu@example.org' }],
    robots: [{ id: 'chengnan', kind: 'wecom', role: 'community', unit: '城南社区', url: `${robot.url}/send?key=k` }],
  });
});
afterEach(async () => {
  await bench.close();
  await mail.stop();
  await robot.stop();
});

/** Nothing waits and nothing is under way: what could be sent was sent. */
const allSent = (count: number) =>
  eventually(
    `${count} notices to be sent`,
    async () => {
      const notices = await bench.all();
      return notices.length === count && notices.every(({ state }) => state === 'sent') && notices;
    },
    20_000,
  );

/** A lead that lets its time for funding pass: the third step is urgent, two before it are not. */
const slowLead = (needId: string) => new Story(needId).does(RESIDENT, submit()).does(HOUSING, claim).waits(4);

describe('notices', () => {
  it('reach inbox, mail and robot; a topic that is read again from its beginning tells nobody anything twice', async () => {
    const story = slowLead(idOf(1));
    await bench.happens(story.take());
    const first = await bench.start(channels);
    // the lead by mail: reminder, missed, level 1, level 2; the community by robot: new, claimed, missed, level 1, level 2
    await allSent(9);
    const mails = await Promise.all(mail.received.map(({ raw }) => PostalMime.parse(raw)));
    expect(mails.every(({ to }) => to?.[0]?.address === 'hu@example.org')).toBe(true);
    expect(mails.map(({ subject, text }) => `${subject} ${text}`).join('\n')).toMatch(/已逾期：加装扶手/);
    expect(JSON.stringify([mails.map(({ text }) => text), robot.posted.map(({ body }) => body)])).not.toContain('13800000000');
    const [mailed, posted, inbox] = [mail.received.length, robot.posted.length, await bench.inboxSize()];
    await bench.stop(first);

    // as if nothing had ever been read; and somebody new is in the directory
    await bench.directory.replace({
      persons: [{ id: 'new', role: 'department', unit: '住建局', language: 'en', email: 'new@example.org' }],
      robots: (await bench.directory.read()).robots,
    });
    await bench.start(channels, 'again');
    await bench.happens(story.does(HOUSING, fund).take()); // behind all the others in the topic
    await allSent(10);
    expect((await bench.all())[0]).toMatchObject({ type: 'NeedFunded', to: 'chengnan' });
    expect(await bench.inboxSize()).toBe(inbox + 2);
    expect([mail.received.length, robot.posted.length - posted]).toEqual([mailed, 1]);
  });

  it('are made anew, and once, when a process died before it noted how far it had come', async () => {
    const records = slowLead(idOf(1)).take();
    await bench.happens(records);
    const first = await bench.start(channels);
    await allSent(9);
    await bench.stop(first);
    const inbox = await bench.inboxSize();
    await bench.store.db.collection('noticed').deleteMany({});
    await bench.start(channels, 'again');
    await eventually('the events to be looked at again', async () => (await bench.toldUpTo(idOf(1))) === records.length);
    expect(await bench.inboxSize()).toBe(inbox);
    await allSent(9);
  });

  it('to one address that are due together are one message', async () => {
    const records = Array.from({ length: 5 }, (_, n) => new Story(idOf(n)).does(RESIDENT, submit({ title: `需求${n}` })).take()).flat();
    await bench.happens(records);
    await bench.start(channels);
    await allSent(5);
    const texts = robot.posted.map(({ body }) => JSON.stringify(body)).join('\n');
    for (let n = 0; n < 5; n += 1) expect(texts.split(`新需求：需求${n}`)).toHaveLength(2);
    expect(robot.posted.length).toBeLessThan(5);
  });

  it('of an event that the topic lost are made with the need\u2019s next', async () => {
    const story = new Story(idOf(1)).does(RESIDENT, submit());
    await bench.start(channels);
    await bench.happens(story.take());
    await eventually('the first to be told', async () => (await bench.toldUpTo(idOf(1))) === 1);
    await bench.record(story.does(HOUSING, claim).take());
    await bench.happens(story.does(HOUSING, fund).take());
    await allSent(3);
    expect((await bench.all()).map(({ type }) => type).sort()).toEqual(['NeedClaimed', 'NeedFunded', 'NeedSubmitted']);
  });

  it('respect what somebody has switched off', async () => {
    await bench.preferences.replace('hu', { off: [{ type: 'DeadlineApproaching', channel: 'email' }], when: 'always' });
    await bench.happens(slowLead(idOf(1)).take());
    await bench.start(channels);
    await allSent(8);
    expect(
      (await bench.all())
        .filter(({ channel }) => channel === 'email')
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['DeadlineMissed', 'Escalated', 'Escalated']);
  });

  it('of others go on when a message is no event, or of a history that the ledger does not hold', async () => {
    const [forged] = new Story(idOf(3)).does(COMMUNITY, submit()).take();
    const { actor, ...body } = openRecord(forged as never);
    await bench.publishRaw([{ key: 'x', value: 'not an event' }]);
    await bench.publish([sealRecord({ ...body, actor: { ...actor, id: 'nobody' } })]);
    await bench.happens(new Story(idOf(1)).does(RESIDENT, submit()).take());
    await bench.start(channels);
    await allSent(1);
    const dead = await readTopic(`${bench.prefix}${eventTopicOf('need')}.dead`, (messages) => messages.length === 1);
    expect(dead.map(({ headers }) => headers['reason'])).toEqual(['the ledger does not hold this record']); // of the other the projections make a dead letter
  });

  it('wait for the office to open', async () => {
    await bench.happens(new Story(idOf(1), '2099-01-01T00:00:00.000+08:00').does(RESIDENT, submit()).take());
    await bench.happens(new Story(idOf(2)).does(RESIDENT, submit()).take());
    await bench.start(channels);
    const states = await eventually('the one of long ago to be sent', async () => {
      const notices = await bench.all();
      return notices.length === 2 && notices[1]?.state === 'sent' && notices.map(({ state }) => state);
    });
    expect(states).toEqual(['waiting', 'sent']); // newest first
  });
});
