import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OutgoingMessage } from './channel';
import { HttpSmsGateway } from './http-sms-gateway';
import { SmsChannel } from './sms.channel';
import { deadPort, replies, startPostServer, type PostServer } from '../testing/post-server';

const notice: OutgoingMessage = { key: 'n-1:7:post/department/住建局:sms', to: '+8613800000000', subject: '催办', text: '北门坡道已逾期' };

let server: PostServer;
beforeEach(async () => void (server = await startPostServer(replies.json({ reference: 'g-42' }, 202))));
afterEach(() => server.stop());
const channel = (url = server.url): SmsChannel => new SmsChannel(new HttpSmsGateway({ url: new URL(url), token: 'letmein', timeoutMs: 300 }));

describe('short messages by a plain HTTP gateway', () => {
  it('are posted with token and key, and sent when the gateway takes them', async () => {
    expect(await channel().send(notice)).toEqual({ kind: 'sent', reference: 'g-42' });
    expect(server.posted).toMatchObject([
      {
        body: { to: notice.to, text: notice.text, key: notice.key },
        headers: { authorization: 'Bearer letmein', 'idempotency-key': encodeURI(notice.key), 'content-type': 'application/json; charset=utf-8' },
      },
    ]);
  });

  it('are cut before they become very long', async () => {
    await channel().send({ ...notice, text: '😀'.repeat(600) });
    const { text } = server.posted[0]?.body as { text: string };
    expect([Array.from(text).length, text.slice(-3)]).toEqual([469, '😀…']);
  });

  it.each([
    [204, {}, { kind: 'sent', reference: null }],
    [400, {}, { kind: 'refused', reason: 'http 400' }],
    [429, { 'retry-after': '30' }, { kind: 'later', reason: 'http 429', afterMs: 30_000 }],
    [503, {}, { kind: 'later', reason: 'http 503', afterMs: null }],
    [503, { 'retry-after': '99999999' }, { kind: 'later', reason: 'http 503', afterMs: 86_400_000 }],
    [503, { 'retry-after': 'Wed, 01 Jan 2020 00:00:00 GMT' }, { kind: 'later', reason: 'http 503', afterMs: 0 }],
    [503, { 'retry-after': 'soon' }, { kind: 'later', reason: 'http 503', afterMs: null }],
    [500, {}, { kind: 'unknown', reason: 'http 500' }],
    [302, { location: 'http://127.0.0.1:1/' }, { kind: 'unknown', reason: 'http 302' }],
  ] as const)('answered with %p %p', async (status, headers, delivery) => {
    server.answerWith(replies.json(null, status, headers));
    expect(await channel().send(notice)).toEqual(delivery);
  });

  it('are unknown when the gateway hangs up or is silent, later when it is not there', async () => {
    for (const reply of [replies.cut, replies.silent]) {
      server.answerWith(reply);
      expect(await channel().send(notice)).toMatchObject({ kind: 'unknown' });
    }
    expect(await channel(`http://127.0.0.1:${await deadPort()}`).send(notice)).toMatchObject({ kind: 'later', reason: 'ECONNREFUSED' });
  });
});
