import { afterEach, describe, expect, it } from '@jest/globals';
import PostalMime from 'postal-mime';
import type { SMTPServerOptions } from 'smtp-server';
import type { OutgoingMessage } from './channel';
import { EmailChannel } from './email.channel';
import { messageIdOf } from './mail-message';
import { parseSmtpUrl } from './smtp-server-address';
import { startBrokenMailServer, startMailServer } from '../testing/mail-server';
import { deadPort } from '../testing/post-server';

const FROM = '契约 <no-reply@example.org>';
const KEY = 'n-1:7:post/department/住建局:email';
const TEXT = `工程已逾期：请在 2025-01-27 前答复。\n.\n${'长'.repeat(400)}\n/needs/n-1`;
const notice: OutgoingMessage = { key: KEY, to: 'li@example.org', subject: '催办：花园小区北门坡道（已逾期 1 个工作日）', text: TEXT };

const channelTo = (url: string, idleMs = 5_000): EmailChannel => {
  const server = parseSmtpUrl(url);
  if (server === null) throw new Error(`no address: ${url}`);
  return new EmailChannel({ server, from: FROM, timeouts: { connectMs: 2_000, idleMs, wholeMs: 10_000 } });
};

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
});
const started = async <T extends { readonly stop: () => Promise<void> }>(server: Promise<T>): Promise<T> => {
  stops.push((await server).stop);
  return server;
};

describe('mail over a real SMTP server', () => {
  it('arrives with its subject, its text, its sender and the mark of its notice', async () => {
    const server = await started(startMailServer());
    expect(await channelTo(server.url).send(notice)).toEqual({ kind: 'sent', reference: messageIdOf(KEY, FROM) });
    expect(server.received.map(({ from, to }) => ({ from, to }))).toEqual([{ from: 'no-reply@example.org', to: ['li@example.org'] }]);
    const mail = await PostalMime.parse(server.received[0]?.raw ?? '');
    expect(mail).toMatchObject({
      subject: notice.subject,
      from: { name: '契约', address: 'no-reply@example.org' },
      to: [{ address: 'li@example.org' }],
    });
    expect(mail.text?.trimEnd()).toBe(TEXT);
    const headers = Object.fromEntries(mail.headers.map(({ key, value }) => [key, value]));
    expect(headers).toMatchObject({ 'message-id': messageIdOf(KEY, FROM), 'x-qiyue-notice': encodeURI(KEY), 'auto-submitted': 'auto-generated' });
  });

  it('bears the same Message-ID when the same notice goes out again, and another one otherwise', async () => {
    const server = await started(startMailServer());
    const channel = channelTo(server.url);
    for (const key of [KEY, KEY, `${KEY}2`]) await channel.send({ ...notice, key });
    const mails = await Promise.all(server.received.map(({ raw }) => PostalMime.parse(raw)));
    const [first, second, third] = mails.map(({ messageId }) => messageId);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('does not make two receivers or a header out of what is written in one address', async () => {
    const server = await started(startMailServer());
    const channel = channelTo(server.url);
    expect(await channel.send({ ...notice, subject: '甲\r\nBcc: wang@example.org' })).toMatchObject({ kind: 'sent' });
    for (const to of ['li@example.org, wang@example.org', 'li@example.org>\r\nRCPT TO:<wang@example.org', '']) {
      expect(await channel.send({ ...notice, to })).toMatchObject({ kind: 'refused' });
    }
    expect(server.received.map(({ to }) => to)).toEqual([['li@example.org']]);
  });

  it('logs in with the name and the password of the address', async () => {
    const seen: (string | null | undefined)[] = [];
    const server = await started(
      startMailServer({
        authOptional: false,
        allowInsecureAuth: true,
        onAuth: ({ username, password }, _session, done) => {
          seen.push(username, password);
          done(null, { user: 1 });
        },
      }),
    );
    const url = server.url.replace('//', '//qiyue%40example.org:p%3Aq%2Fr@');
    expect(await channelTo(url).send(notice)).toMatchObject({ kind: 'sent' });
    expect(seen).toEqual(['qiyue@example.org', 'p:q/r']);
  });
});

describe('mail that does not arrive', () => {
  const rejecting = (responseCode: number) => ({
    onRcptTo: (_address: unknown, _session: unknown, done: (error: Error) => void) =>
      done(Object.assign(new Error('<li@example.org> unknown here'), { responseCode })),
  });

  it('is refused for good when the receiver is, and says so without the address', async () => {
    const server = await started(startMailServer(rejecting(550)));
    const delivery = await channelTo(server.url).send(notice);
    expect(delivery).toMatchObject({ kind: 'refused', reason: expect.stringContaining('smtp 550') });
    expect(JSON.stringify(delivery)).not.toContain('li@');
  });

  it('is for later when the receiver is put off, as greylisting does', async () => {
    const server = await started(startMailServer(rejecting(450)));
    expect(await channelTo(server.url).send(notice)).toMatchObject({ kind: 'later', reason: expect.stringContaining('smtp 450') });
  });

  it.each([
    ['a message refused after it was read', { '.': '554 5.7.1 not here\r\n' }, 'refused', 'smtp 554 5.7.1 to DATA'],
    ['a message put off after it was read', { '.': '452 4.3.1 no room\r\n' }, 'later', 'smtp 452 4.3.1 to DATA'],
    ['a refusal of DATA', { DATA: '554 5.5.1 no\r\n' }, 'refused', 'smtp 554 5.5.1 to DATA'],
    ['a session in disorder', { DATA: '503 5.5.1 bad sequence\r\n' }, 'later', 'smtp 503 5.5.1 to DATA'],
    ['a sender that is not wanted', { MAIL: '553 5.7.1 not you\r\n' }, 'later', 'smtp 553 5.7.1 to MAIL FROM'],
    ['a server that is shutting down', { connect: '421 4.3.2 closing\r\n' }, 'later', 'smtp 421 4.3.2'],
    ['a connection cut at once', { EHLO: null }, 'later', 'smtp ECONNECTION'],
    ['a connection cut before the message', { DATA: null }, 'later', 'smtp ECONNECTION'],
    ['a connection cut behind the message', { '.': null }, 'unknown', 'smtp ECONNECTION'],
  ] as const)('%s', async (_what, script, kind, reason) => {
    const server = await started(startBrokenMailServer(script));
    expect(await channelTo(server.url).send(notice)).toEqual({ kind, reason, ...(kind === 'later' ? { afterMs: null } : {}) });
  });

  it('is unknown when the server has the message and never answers, later when it never asked for it', async () => {
    const mute = await started(startBrokenMailServer({ '.': '' }));
    const deaf = await started(startBrokenMailServer({ RCPT: '' }));
    expect(await channelTo(mute.url, 300).send(notice)).toEqual({ kind: 'unknown', reason: 'smtp ETIMEDOUT' });
    expect(await channelTo(deaf.url, 300).send(notice)).toMatchObject({ kind: 'later', reason: 'smtp ETIMEDOUT' });
  });

  it('is for later when nobody listens', async () => {
    expect(await channelTo(`smtp://127.0.0.1:${await deadPort()}`).send(notice)).toMatchObject({ kind: 'later', reason: 'smtp ECONNREFUSED' });
  });

  it('is for later when TLS cannot be had, and neither mail nor password goes in the clear', async () => {
    const seen: unknown[] = [];
    const onAuth: SMTPServerOptions['onAuth'] = (auth, _session, done) => (seen.push(auth), done(null, { user: 1 }));
    const untrusted = await started(startMailServer({ disabledCommands: [], onAuth }));
    expect(await channelTo(untrusted.url).send(notice)).toMatchObject({ kind: 'later', reason: expect.stringContaining('CERT') });
    const plain = await started(startMailServer({ authOptional: false, allowInsecureAuth: true, onAuth }));
    const elsewhere = plain.url.replace('//127.0.0.1', '//qiyue:top-secret@[::ffff:127.0.0.1]'); // this machine, by a name that does not say so
    expect(await channelTo(elsewhere).send(notice)).toMatchObject({ kind: 'later', reason: expect.stringContaining('STARTTLS') });
    expect([seen, untrusted.received, plain.received]).toEqual([[], [], []]);
  });

  it('is for later while the password is wrong, which is the operator’s to mend', async () => {
    const server = await started(
      startMailServer({ authOptional: false, allowInsecureAuth: true, onAuth: (_auth, _session, done) => done(new Error('no')) }),
    );
    const delivery = await channelTo(server.url.replace('//', '//qiyue:top-secret@')).send(notice);
    expect(delivery).toMatchObject({ kind: 'later', reason: expect.stringContaining('smtp 535') });
    expect(JSON.stringify(delivery)).not.toContain('top-secret');
  });
});
