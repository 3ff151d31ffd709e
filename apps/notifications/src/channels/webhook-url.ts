import { isIP } from 'node:net';

export type WebhookRefusal = 'not-a-url' | 'not-https' | 'has-credentials' | 'private-host';
export type CheckedUrl = { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly why: WebhookRefusal };

/** Hosts of the machine itself: what a rehearsal and the tests post to. */
export const LOCAL_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '::1'];

const INNER_NAME = /\.(?:local|localhost|internal|intranet|lan|home\.arpa)$/;

/**
 * The one place that says where a message may be posted to: https to a public name, or anything to a host that the settings
 * allow by name. An address written as a number is private unless it is allowed. Names are not resolved here.
 */
export const checkWebhookUrl = (text: string, allowedHosts: readonly string[] = LOCAL_HOSTS): CheckedUrl => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return { ok: false, why: 'not-a-url' };
  if (url.username !== '' || url.password !== '') return { ok: false, why: 'has-credentials' };
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '');
  if (allowedHosts.includes(host)) return { ok: true, url };
  if (isIP(host) !== 0 || !host.includes('.') || INNER_NAME.test(host)) return { ok: false, why: 'private-host' };
  return url.protocol === 'https:' ? { ok: true, url } : { ok: false, why: 'not-https' };
};
