import { describe, expect, it } from '@jest/globals';
import { KeysUnavailable, type SubjectKey } from '@qiyue/privacy';
import { RightsSeal, type ForgedRow } from './rights-seal';

/** Keys as a folder keeps them, without one. */
const memoryKeys = () => {
  const bySubject = new Map<string, SubjectKey>();
  let made = 0;
  return {
    of: (subject: string) => {
      const key = bySubject.get(subject) ?? { keyId: String((made += 1)).padStart(32, '0'), secret: Buffer.alloc(32, made) };
      bySubject.set(subject, key);
      return Promise.resolve(key);
    },
    has: (subject: string) => Promise.resolve(bySubject.has(subject)),
    byId: (keyId: string) => Promise.resolve([...bySubject.values()].find((key) => key.keyId === keyId) ?? null),
    erase: (subject: string) => {
      const key = bySubject.get(subject) ?? null;
      bySubject.delete(subject);
      return Promise.resolve(key);
    },
  };
};

const SESSION = { _id: 's', actor: { id: 'a', role: 'resident', unit: null }, expiresAt: new Date(1_000) };

describe('a row that gives a right', () => {
  it('is right as it was signed, in the collection and under the id that it was signed for, and in no other way', async () => {
    const seal = new RightsSeal(memoryKeys());
    await seal.closeAdoption();
    const signed = await seal.sign('sessions', SESSION);
    const changed = [
      { ...signed, _id: 't' },
      { ...signed, actor: { ...signed.actor, role: 'supervisor' } },
      { ...signed, expiresAt: new Date(2_000) },
      { ...signed, more: null },
      { ...signed, mac: signed.mac.slice(1) },
      { ...signed, mac: undefined },
    ];
    expect(await seal.isRight('sessions', signed)).toBe(true);
    expect(await Promise.all(changed.map((row) => seal.isRight('sessions', row as typeof signed)))).toEqual(changed.map(() => false));
    expect(await seal.isRight('dutyHolders', signed)).toBe(false);
    expect(await new RightsSeal(memoryKeysOf(9)).isRight('sessions', signed)).toBe(false);
  });

  it('may change where nothing is decided by it', async () => {
    const seal = new RightsSeal(memoryKeys());
    const row = await seal.sign('apiKeys', { _id: 'k', revokedAt: null, lastUsedOn: null, life: await seal.begin('apiKeys', 'k') });
    expect(await seal.isRight('apiKeys', { ...row, lastUsedOn: '2026-11-26' } as never)).toBe(true);
  });

  it('is not right any more once it has been taken back, though its MAC holds', async () => {
    const told: ForgedRow[] = [];
    const seal = new RightsSeal(memoryKeys(), (forged) => told.push(forged));
    const row = await seal.sign('apiKeys', { _id: 'k', revokedAt: null, life: await seal.begin('apiKeys', 'k') });
    const revoked = await seal.sign('apiKeys', { ...row, revokedAt: 'now' });
    await seal.settle('apiKeys', row);
    expect(await seal.isRight('apiKeys', row)).toBe(true);
    await seal.settle('apiKeys', revoked); // as after a process that was cut off behind the row
    expect([await seal.isRight('apiKeys', row), await seal.isRight('apiKeys', revoked)]).toEqual([false, true]);
    await seal.begin('apiKeys', 'k'); // another life is not that one
    expect(await seal.isRight('apiKeys', row)).toBe(false);
    expect(told).toEqual([
      { kind: 'apiKeys', row: 'k' },
      { kind: 'apiKeys', row: 'k' },
    ]);
  });

  it('without a MAC waits until those from before are signed, and is refused from then on', async () => {
    const seal = new RightsSeal(memoryKeys());
    await expect(seal.isRight('sessions', SESSION)).rejects.toThrow(KeysUnavailable);
    const adopted = { ...SESSION, ...(await seal.adopt('sessions', SESSION)) };
    await seal.closeAdoption();
    expect([await seal.isRight('sessions', adopted), await seal.isRight('sessions', SESSION)]).toEqual([true, false]);
  });

  it('cannot be told while the keys are away, and is asked again', async () => {
    const keys = memoryKeys();
    let isAway = true;
    const seal = new RightsSeal({ ...keys, of: (subject) => (isAway ? Promise.reject(new KeysUnavailable('away')) : keys.of(subject)) });
    await expect(seal.sign('sessions', SESSION)).rejects.toThrow(KeysUnavailable);
    isAway = false;
    expect(await seal.isRight('sessions', await seal.sign('sessions', SESSION))).toBe(true);
  });
});

/** Another folder: its secrets are others. */
const memoryKeysOf = (from: number) => {
  const keys = memoryKeys();
  return { ...keys, of: async (subject: string) => ({ ...(await keys.of(subject)), secret: Buffer.alloc(32, from) }) };
};
