import { expect, it } from '@jest/globals';
import { KeysUnavailable } from './subject-keys';
import { Pseudonyms } from './pseudonyms';

const keysOf = (secret: string) => ({ of: () => Promise.resolve({ keyId: 'a'.repeat(32), secret: Buffer.from(secret.repeat(32)) }) });

it('a person has one pseudonym in a need, another in every other need and under another key, and none tells the id', async () => {
  const here = new Pseudonyms(keysOf('k'));
  const names = [(await here.within('n1'))('r-1'), (await here.within('n2'))('r-1'), (await here.within('n1'))('r-2')];
  names.push((await new Pseudonyms(keysOf('l')).within('n1'))('r-1'));
  expect(new Set(names).size).toBe(4);
  expect((await new Pseudonyms(keysOf('k')).within('n1'))('r-1')).toBe(names[0]);
  for (const name of names) expect(name).toMatch(/^p-[0-9a-f]{20}$/);
});

it('keys that were away are asked for again', async () => {
  let asked = 0;
  const pseudonyms = new Pseudonyms({ of: () => ((asked += 1) === 1 ? Promise.reject(new KeysUnavailable('away')) : keysOf('k').of()) });
  await expect(pseudonyms.within('n1')).rejects.toThrow(KeysUnavailable);
  expect((await pseudonyms.within('n1'))('r-1')).toMatch(/^p-/);
});
