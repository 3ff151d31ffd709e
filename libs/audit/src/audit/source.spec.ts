import { describe, expect, it } from '@jest/globals';
import { currentSource, networkOf, plainAddress, withSource } from './source';

describe('where something was asked from', () => {
  it('is known to whatever is done for it, and to nothing beside', async () => {
    const [one, other] = [{ way: 'key', address: '192.0.2.1' } as const, { way: 'session', address: '192.0.2.2' } as const];
    const seen = await Promise.all(
      [one, other].map((source) =>
        withSource(source, async () => {
          await new Promise((resolve) => setImmediate(resolve));
          return currentSource();
        }),
      ),
    );
    expect(seen).toEqual([one, other]);
    expect(currentSource()).toBeNull();
  });

  it('is one address in one form, and nothing that is none', () => {
    expect(['::ffff:192.0.2.7', '192.0.2.7', 'fe80::1%eth0', '2001:DB8::1', 'unix', '', undefined].map(plainAddress)).toEqual([
      ...['192.0.2.7', '192.0.2.7', 'fe80::1', '2001:db8::1'],
      ...[null, null, null],
    ]);
  });

  it('counts as one for all addresses that one customer has', () => {
    expect(networkOf('192.0.2.7')).toBe('192.0.2.7');
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(networkOf('2001:db8:1:2::9')).toBe(networkOf('2001:0db8:0001:0002:ffff::1'));
    expect(networkOf('2001:db8:1:3::9')).not.toBe(networkOf('2001:db8:1:2::9'));
    expect([networkOf('::1'), networkOf('2001:db8::'), networkOf('1::8')]).toEqual(['0:0:0:0::/64', '2001:db8:0:0::/64', '1:0:0:0::/64']);
  });
});
