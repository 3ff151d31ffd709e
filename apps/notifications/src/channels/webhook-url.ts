import { isIP } from 'node:net';

export type WebhookRefusal = 'not-a-url' | 'not-https' | 'has-credentials' | 'private-host';
/** `isNamed`: its host was allowed by name, so it may have an inner address. */
export type CheckedUrl = { readonly ok: true; readonly url: URL; readonly isNamed: boolean } | { readonly ok: false; readonly why: WebhookRefusal };

const INNER_NAME = /\.(?:local|localhost|internal|intranet|lan|home\.arpa)$/;

/**
 * The one place that says where a message may be posted to: https to a public name, or anything to a host that the settings
 * allow by name. An address written as a number is private unless it is allowed. Names are looked up when
 * the connection is made: see `publicLookup`.
 */
export const checkWebhookUrl = (text: string, allowedHosts: readonly string[]): CheckedUrl => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return { ok: false, why: 'not-a-url' };
  if (url.username !== '' || url.password !== '') return { ok: false, why: 'has-credentials' };
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '');
  if (allowedHosts.includes(host)) return { ok: true, url, isNamed: true };
  if (isIP(host) !== 0 || !host.includes('.') || INNER_NAME.test(host)) return { ok: false, why: 'private-host' };
  return url.protocol === 'https:' ? { ok: true, url, isNamed: false } : { ok: false, why: 'not-https' };
};
