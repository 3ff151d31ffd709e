import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIPv6, type LookupFunction } from 'node:net';

/** Addresses that are nobody's on the open network (IANA's special-purpose registries, RFC 6890). */
const INNER = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  INNER.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 127],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  INNER.addSubnet(net, bits, 'ipv6');

/** An IPv4 address inside of an IPv6 one (`::ffff:10.0.0.1`) is looked at as what it is. */
export const isPublic = (address: string): boolean => !INNER.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

/** Code of the refusal. */
export const INNER_ADDRESS = 'EINNERADDRESS';
class InnerAddress extends Error {
  readonly code = INNER_ADDRESS;
}

/**
 * Looks a name up and refuses it when any of its addresses is an inner one: a public name may point to a machine of ours. The
 * connection is made to what was looked at, so there is no second look-up that could answer otherwise.
 */
export const publicLookup: LookupFunction = (hostname: string, options: LookupOptions, answer) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const [first] = addresses ?? [];
    if (error !== null) return answer(error, '', 0);
    if (first === undefined || !addresses.every(({ address }) => isPublic(address))) return answer(new InnerAddress('an inner address'), '', 0);
    if (options.all === true) answer(null, addresses);
    else answer(null, first.address, first.family);
  });
};
