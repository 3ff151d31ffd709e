import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { KeysUnavailable, type SubjectKey } from '@qiyue/privacy';
import { HandedReceipts, RECEIPT_HEADER } from './handed-receipt';

const RECEIVED = Date.UTC(2026, 2, 2, 9, 59, 55);
const TAKEN = RECEIVED + 12_000;
const [AUTHORIZATION, VALUE] = ['Bearer a.b.c', '{"id":"k-1"}'];
const keysOf = (secret: Buffer) => ({ of: (): Promise<SubjectKey> => Promise.resolve({ keyId: '0'.repeat(32), secret }) });
const ours = new HandedReceipts(keysOf(randomBytes(32)));
const message = (receipt: string, changes: object = {}) => ({
  headers: { authorization: AUTHORIZATION, [RECEIPT_HEADER]: receipt },
  value: VALUE,
  timestampMs: TAKEN,
  ...changes,
});

describe('the receipt of a command that was handed over', () => {
  it('is when the API received it, though the topic took it later', async () => {
    expect(await ours.of(message(await ours.seal(RECEIVED, AUTHORIZATION, VALUE)))).toBe(RECEIVED);
  });

  it('is the broker’s time for what nobody handed over', async () => {
    expect(await ours.of({ headers: {}, value: VALUE, timestampMs: TAKEN })).toBe(TAKEN);
  });

  it('cannot be claimed by another writer of the topic', async () => {
    const good = await ours.seal(RECEIVED, AUTHORIZATION, VALUE);
    const [, , mac] = good.split('.');
    const foreign = await new HandedReceipts(keysOf(randomBytes(32))).seal(RECEIVED, AUTHORIZATION, VALUE);
    for (const forged of [foreign, `v1.${RECEIVED - 1_000}.${mac}`, `v1.${RECEIVED}.`, `v1.${RECEIVED}.${'A'.repeat(43)}`, 'v1', '', `${good}x`])
      expect([forged, await ours.of(message(forged))]).toEqual([forged, TAKEN]);
    expect(await ours.of(message(good, { value: '{"id":"k-2"}' }))).toBe(TAKEN);
    expect(await ours.of(message(good, { headers: { authorization: 'Bearer d.e.f', [RECEIPT_HEADER]: good } }))).toBe(TAKEN);
  });

  it('is not believed of the future, nor once it is minutes old', async () => {
    const good = await ours.seal(RECEIVED, AUTHORIZATION, VALUE);
    expect(await ours.of(message(good, { timestampMs: RECEIVED - 1 }))).toBe(RECEIVED - 1);
    expect(await ours.of(message(good, { timestampMs: RECEIVED + 3_600_000 }))).toBe(RECEIVED + 3_600_000);
  });

  it('is waited for while the keys are away', async () => {
    const away = new HandedReceipts({ of: () => Promise.reject(new KeysUnavailable('away')) });
    await expect(away.of(message(await ours.seal(RECEIVED, AUTHORIZATION, VALUE)))).rejects.toThrow(KeysUnavailable);
  });
});
