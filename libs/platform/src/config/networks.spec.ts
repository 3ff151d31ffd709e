import { describe, expect, it } from '@jest/globals';
import { isNetwork } from './networks';
import { settingsSchema } from './settings';

describe('networks in settings', () => {
  it('are addresses, or addresses with bits', () => {
    expect(['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '127.0.0.1/32'].filter((text) => !isNetwork(text))).toEqual([]);
  });
  it('are never everybody, and nothing that only looks like one', () => {
    expect(
      ['0.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0/8', 'proxy', 'loopback', '10.0.0.1/8/8', '10.0.0.1/', 'true', '*', ''].filter(isNetwork),
    ).toEqual([]);
  });
  it('are none where nothing is set', () => {
    const read = (text?: string) => settingsSchema.shape.QIYUE_TRUSTED_PROXIES.safeParse(text);
    expect([read(undefined).data, read('').data, read('10.0.0.1, 10.1.0.0/16').data]).toEqual([[], [], ['10.0.0.1', '10.1.0.0/16']]);
    expect([read('10.0.0.1,proxy').success, read('1').success]).toEqual([false, false]);
  });
});
