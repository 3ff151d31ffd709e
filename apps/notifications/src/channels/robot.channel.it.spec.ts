import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OutgoingMessage } from './channel';
import { DINGTALK, dingtalkSignature } from './dingtalk.dialect';
import { RobotChannel, type RobotDeps } from './robot.channel';
import type { RobotAddress, RobotDialect } from './robot-dialect';
import { deadPort, replies, startPostServer, type PostServer } from '../testing/post-server';
import { WECOM } from './wecom.dialect';

const NOW_MS = Date.parse('2025-01-27T09:00:00+08:00');
const notice: OutgoingMessage = { key: 'n-1:7:robot:wecom', to: 'r-1', subject: '催办：北门坡道', text: '已逾期 1 个工作日\n/needs/n-1' };

let server: PostServer;
beforeEach(async () => void (server = await startPostServer(replies.json({ errcode: 0, errmsg: 'ok' }))));
afterEach(() => server.stop());

const channel = (dialect: RobotDialect, robot: RobotAddress | null, more: Partial<RobotDeps> = {}): RobotChannel =>
  new RobotChannel(dialect, { robotOf: () => Promise.resolve(robot), nowMs: () => NOW_MS, timeoutMs: 2_000, allowedHosts: ['127.0.0.1'], ...more });
const wecom = (more: Partial<RobotDeps> = {}): RobotChannel => channel(WECOM, { url: `${server.url}/send?key=k` }, more);

describe('a message into a group', () => {
  it('goes to a WeCom robot as text', async () => {
    expect(await wecom().send(notice)).toEqual({ kind: 'sent', reference: null });
    expect(server.posted).toMatchObject([
      { path: '/send?key=k', body: { msgtype: 'text', text: { content: '催办：北门坡道\n已逾期 1 个工作日\n/needs/n-1' } } },
    ]);
  });

  it('goes to a DingTalk robot signed for this moment', async () => {
    const secret = 'SEC密钥+/';
    expect(await channel(DINGTALK, { url: `${server.url}/robot/send?access_token=t`, secret }).send(notice)).toEqual({
      kind: 'sent',
      reference: null,
    });
    const { searchParams } = new URL(server.posted[0]?.path ?? '', server.url);
    expect(Object.fromEntries(searchParams)).toEqual({ access_token: 't', timestamp: String(NOW_MS), sign: dingtalkSignature(NOW_MS, secret) });
    expect(server.posted[0]?.path).not.toContain('+'); // a plus would be read as a space
    expect(server.posted[0]?.body).toMatchObject({ msgtype: 'text', text: { content: expect.stringContaining('催办') } });
  });

  it('goes to a DingTalk robot without a secret unsigned', async () => {
    await channel(DINGTALK, { url: `${server.url}/robot/send?access_token=t` }).send(notice);
    expect(server.posted[0]?.path).toBe('/robot/send?access_token=t');
  });
});

describe('what a robot answers', () => {
  it.each([
    [WECOM, 93000, { kind: 'refused', reason: 'wecom errcode 93000' }],
    [WECOM, 45009, { kind: 'later', reason: 'wecom errcode 45009', afterMs: 60_000 }],
    [WECOM, -1, { kind: 'later', reason: 'wecom errcode -1', afterMs: null }],
    [DINGTALK, 310000, { kind: 'refused', reason: 'dingtalk errcode 310000' }],
    [DINGTALK, 130101, { kind: 'later', reason: 'dingtalk errcode 130101', afterMs: 600_000 }],
  ] as const)('%p errcode %p', async (dialect, errcode, delivery) => {
    server.answerWith(replies.json({ errcode, errmsg: 'no' }));
    expect(await channel(dialect, { url: server.url }).send(notice)).toEqual(delivery);
  });

  it.each([
    [200, { ok: true }, { kind: 'unknown', reason: 'wecom: an answer without errcode' }],
    [500, {}, { kind: 'unknown', reason: 'http 500' }],
    [404, {}, { kind: 'refused', reason: 'http 404' }],
    [503, {}, { kind: 'later', reason: 'http 503', afterMs: 7_000 }],
  ] as const)('status %p', async (status, body, delivery) => {
    server.answerWith(replies.json(body, status, { 'retry-after': '7' }));
    expect(await wecom().send(notice)).toEqual(delivery);
  });

  it('is not looked for anywhere else: a redirect is not followed', async () => {
    const elsewhere = await startPostServer(replies.json({ errcode: 0 }));
    server.answerWith(replies.json({}, 307, { location: elsewhere.url }));
    expect(await wecom().send(notice)).toEqual({ kind: 'unknown', reason: 'http 307' });
    await elsewhere.stop();
    expect(elsewhere.posted).toEqual([]);
  });

  it('is read up to a bound, whatever its length', async () => {
    server.answerWith((response) => {
      const more = (): void => void (response.write('x'.repeat(65_536)) ? setImmediate(more) : response.once('drain', more));
      response.on('error', () => undefined);
      more();
    });
    expect(await wecom().send(notice)).toEqual({ kind: 'unknown', reason: 'wecom: an answer without errcode' });
  });
});

describe('a robot that does not answer', () => {
  it('may have the message when it hung up, cut its answer, or kept silent', async () => {
    for (const [reply, reason] of [
      [replies.cut, 'ECONNRESET'],
      [replies.half, 'ECONNRESET'],
      [replies.begun, 'timeout'],
      [replies.silent, 'timeout'],
    ] as const) {
      server.answerWith(reply);
      expect(await wecom({ timeoutMs: 300 }).send(notice)).toEqual({ kind: 'unknown', reason });
    }
    expect(server.posted).toHaveLength(4);
  });

  it('cannot have it when nobody listens', async () => {
    const url = `http://127.0.0.1:${await deadPort()}`;
    expect(await channel(WECOM, { url }).send(notice)).toEqual({ kind: 'later', reason: 'ECONNREFUSED', afterMs: null });
  });

  it('cannot have it when TLS does not come about', async () => {
    const url = server.url.replace('http:', 'https:');
    expect(await channel(WECOM, { url }).send(notice)).toMatchObject({ kind: 'later', afterMs: null });
    expect(server.posted).toEqual([]);
  });
});

describe('a robot that is not to be written to', () => {
  it('is refused when the directory has none of that id, and waits while there is no directory', async () => {
    expect(await channel(WECOM, null).send(notice)).toMatchObject({ kind: 'refused' });
    expect(await wecom({ robotOf: () => Promise.reject(new Error('away')) }).send(notice)).toMatchObject({ kind: 'later' });
  });

  it('is refused when its address is not allowed, and its key is not told', async () => {
    const delivery = await wecom({ allowedHosts: [] }).send(notice);
    expect(delivery).toEqual({ kind: 'refused', reason: 'address of the robot: private-host' });
    expect(server.posted).toEqual([]);
  });
});
