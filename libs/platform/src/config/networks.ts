import { isIP, isIPv4 } from 'node:net';

const [BITS_IPV4, BITS_IPV6] = [32, 128];

/** An address, or a network as `address/bits`. A network of everybody is none: it would believe whatever a client says. */
export const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...rest] = text.split('/');
  if (isIP(address) === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  return /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (isIPv4(address) ? BITS_IPV4 : BITS_IPV6);
};
