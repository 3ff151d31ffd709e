import { AsyncLocalStorage } from 'node:async_hooks';
import { isIPv4, isIPv6 } from 'node:net';

/** How somebody came in. `login`: on the way to a session; `cli`: past the API, on the stores themselves. */
export const WAYS = ['token', 'key', 'session', 'login', 'kafka', 'cli'] as const;
export type Way = (typeof WAYS)[number];

/** From where something was asked. `address`: of the client; of a message its place, since a broker tells no address; null: not known. */
export interface Source {
  readonly way: Way;
  readonly address: string | null;
}

const current = new AsyncLocalStorage<Source>();

/** Whatever is recorded by `work` came from there, unless it says otherwise. */
export const withSource = <T>(source: Source, work: () => T): T => current.run(source, work);

export const currentSource = (): Source | null => current.getStore() ?? null;

/** An address in one form: IPv4 as such also where a socket shows it as IPv6, without a zone. Null for what is none. */
export const plainAddress = (address: string | undefined): string | null => {
  const text = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return isIPv4(text) || isIPv6(text) ? text.toLowerCase() : null;
};

const GROUPS = 8;
const PREFIX_GROUPS = 4;

/** Who counts as one for a limit: an IPv4 address, or the 64 bits of IPv6 that one customer of a provider has for themselves. */
export const networkOf = (address: string): string => {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const start = head === '' ? [] : head.split(':');
  const end = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, GROUPS - start.length - end.length);
  const groups = [...start, ...Array<string>(zeros).fill('0'), ...end].slice(0, PREFIX_GROUPS);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
};

/** The place of a message on its topic. */
export const sourceOfMessage = (message: { readonly topic: string; readonly partition: number; readonly offset: string }): Source => ({
  way: 'kafka',
  address: `${message.topic}/${message.partition}/${message.offset}`,
});
