import { describe, expect, it } from '@jest/globals';
import { openChannels } from './open-channels';
import { needsStartTls, parseSmtpUrl } from './smtp-server-address';
import { checkWebhookUrl } from './webhook-url';

describe('where a message may be posted to', () => {
  const said = (url: string, allowed: readonly string[] = []): string => {
    const checked = checkWebhookUrl(url, allowed);
    return checked.ok ? 'ok' : checked.why;
  };

  it.each([
    ['https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k', 'ok'],
    ['http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k', 'not-https'],
    ['http://127.0.0.1:8123/x', 'private-host'],
    ['http://[::1]:8123/x', 'private-host'],
    ['http://localhost/x', 'private-host'],
    ['https://10.1.2.3/x', 'private-host'],
    ['https://169.254.169.254/latest/meta-data', 'private-host'],
    ['https://2130706434/x', 'private-host'], // 127.0.0.2
    ['https://0x7f.2/x', 'private-host'],
    ['https://[fe80::1]/x', 'private-host'],
    ['https://[::ffff:10.0.0.1]/x', 'private-host'],
    ['https://8.8.8.8/x', 'private-host'],
    ['https://mongodb:27017/x', 'private-host'],
    ['https://metadata.google.internal/x', 'private-host'],
    ['https://metadata.google.internal./x', 'private-host'],
    ['https://LOCALHOST.localdomain.localhost/x', 'private-host'],
    ['https://user:pass@example.org/x', 'has-credentials'],
    ['ftp://example.org/x', 'not-a-url'],
    ['file:///etc/passwd', 'not-a-url'],
    ['example.org', 'not-a-url'],
  ])('%s: %s', (url, answer) => expect(said(url)).toBe(answer));

  it('is what the settings allow by name, and nothing private when they allow nothing', () => {
    expect(said('http://sms.county.local:8080/send', ['sms.county.local'])).toBe('ok');
    expect(said('http://10.0.0.7/send', ['10.0.0.7'])).toBe('ok');
    expect(said('http://[::1]:8123/x', ['::1'])).toBe('ok');
  });
});

describe('the address of a mail server', () => {
  it('names host, port, TLS and who logs in', () => {
    expect(parseSmtpUrl('smtp://mail.example.org')).toEqual({ host: 'mail.example.org', port: 587, isTls: false, credentials: null });
    expect(parseSmtpUrl('smtps://a%40b:c%3Ad@mail.example.org')).toEqual({
      host: 'mail.example.org',
      port: 465,
      isTls: true,
      credentials: { user: 'a@b', pass: 'c:d' },
    });
    expect(parseSmtpUrl('smtp://[::1]:2525')).toMatchObject({ host: '::1', port: 2525 });
    expect(['https://mail.example.org', 'mail.example.org', 'smtp://', 'smtp://a%zz@h'].map(parseSmtpUrl)).toEqual([null, null, null, null]);
  });

  it('never sends a password in the clear to another machine', () => {
    const needed = ['smtp://u:p@mail.example.org', 'smtp://mail.example.org', 'smtps://u:p@mail.example.org', 'smtp://u:p@127.0.0.1'];
    expect(needed.map((url) => needsStartTls(parseSmtpUrl(url) ?? fail(url)))).toEqual([true, false, false, false]);
  });
});

describe('channels by settings', () => {
  const robotOf = () => Promise.resolve(null);
  const SMTP = { QIYUE_SMTP_URL: 'smtp://u:secret@mail.example.org', QIYUE_MAIL_FROM: 'no-reply@example.org' };
  const SMS = { QIYUE_SMS_URL: 'https://sms.example.org/send', QIYUE_SMS_TOKEN: 'secret' };

  it('are off without theirs, and robots are always on', () => {
    expect(openChannels({}, robotOf).off).toEqual(['email', 'sms']);
    const all = openChannels({ ...SMTP, ...SMS }, robotOf);
    expect([all.off, [...all.channels].every(([name, channel]) => channel.name === name)]).toEqual([[], true]);
  });

  it('are refused by halves, without telling what is secret', () => {
    for (const halves of [
      { QIYUE_SMTP_URL: SMTP.QIYUE_SMTP_URL },
      { ...SMTP, QIYUE_SMTP_URL: 'u:secret@mail' },
      { QIYUE_SMS_URL: SMS.QIYUE_SMS_URL },
      { ...SMS, QIYUE_SMS_TOKEN: 'secret\n' },
      { ...SMS, QIYUE_SMS_URL: 'http://secret.example.org' },
    ]) {
      expect(() => openChannels(halves, robotOf)).toThrow(/^settings refused:\n {2}QIYUE_(?:SMTP_URL|MAIL_FROM|SMS_URL|SMS_TOKEN): (?!.*secret)/);
    }
  });
});

const fail = (what: string): never => {
  throw new Error(what);
};
