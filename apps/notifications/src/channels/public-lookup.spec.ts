import { describe, expect, it } from '@jest/globals';
import { isPublic, publicLookup } from './public-lookup';

const lookedUp = (name: string, all: boolean): Promise<unknown> =>
  new Promise((resolve) =>
    publicLookup(name, { all }, (error, address) => resolve(error === null ? address : (error as NodeJS.ErrnoException).code)),
  );

describe('an address', () => {
  it.each(['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255'])(
    '%s is an inner one',
    (address) => expect(isPublic(address)).toBe(false),
  );
  it.each(['::1', '::', 'fe80::1', 'fd00::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1'])('%s is an inner one too', (address) =>
    expect(isPublic(address)).toBe(false),
  );
  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '198.20.0.1', '2001:4860:4860::8888'])('%s is not', (address) =>
    expect(isPublic(address)).toBe(true),
  );
});

describe('a name', () => {
  it.each([true, false])('that leads to an inner address is refused before there is a connection (all: %s)', async (all) => {
    expect(await lookedUp('localhost', all)).toBe('EINNERADDRESS');
  });
  it('that does not exist says so', async () => {
    expect(await lookedUp('no-such-host.invalid', false)).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });
});
