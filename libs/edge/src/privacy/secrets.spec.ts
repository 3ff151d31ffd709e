import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { secretWord } from '@qiyue/civic-contracts';
import { personalPathsIn } from '@qiyue/aggregate';
import { openTexts, PersonalSeal, sealedBy, type SubjectKey } from '@qiyue/privacy';
import { z } from 'zod';

const made = new Map<string, SubjectKey>();
const keyOf = (subject: string): SubjectKey => {
  const key = { keyId: createHash('md5').update(subject).digest('hex'), secret: createHash('sha256').update(subject).digest() };
  made.set(subject, key);
  return key;
};
const keys = {
  of: async (subject: string) => keyOf(subject),
  has: async (subject: string) => made.has(subject),
  byId: async (id: string) => [...made.values()].find(({ keyId }) => keyId === id) ?? null,
  ...{ erase: async () => null, destroy: async () => false, settle: async () => 0 },
};
const seal = new PersonalSeal(keys, 'any');
const paths = personalPathsIn(z.strictObject({ choice: secretWord(z.enum(['yes', 'no'])), room: z.string() }));
const command = { entity: 'd1', commandId: 'c1' };

describe('a secret word', () => {
  it('is under the key of its entity, whoever sends it, and opens for whoever has the keys', async () => {
    const [ann, bo] = await Promise.all(['ann', 'bo'].map((who) => seal.seal(paths, { choice: 'yes', room: '1' }, who, command)));
    expect([sealedBy(ann!.choice), sealedBy(bo!.choice)]).toEqual([keyOf('key:secrets:d1').keyId, keyOf('key:secrets:d1').keyId]);
    expect([ann!.choice === bo!.choice, ann!.room]).toEqual([false, '1']);
    expect(await openTexts(keys)('choice', [ann!.choice, bo!.choice, 'no'])).toEqual(['yes', 'yes', 'no']);
    expect(await seal.seal(paths, { choice: 'yes', room: '1' }, 'ann', command)).toEqual(ann);
  });

  it('comes over Kafka sealed, whatever the settings let through', async () => {
    expect(await seal.openOwn(paths, { choice: 'yes' }, 'ann', command)).toMatchObject({ plain: ['choice'] });
    const own = await seal.seal(paths, { choice: 'yes' }, 'ann');
    expect(await seal.openOwn(paths, own, 'ann', command)).toEqual({ body: { choice: 'yes' }, plain: [], foreign: [] });
    expect(await seal.openOwn(paths, own, 'bo', command)).toMatchObject({ foreign: ['choice'] });
  });

  it('that an edge has handed over opens for the same sender and command, and tells nobody else what it is', async () => {
    const handed = await seal.seal(paths, { choice: 'yes' }, 'ann', command);
    expect(await seal.openOwn(paths, handed, 'ann', command)).toEqual({ body: { choice: 'yes' }, plain: [], foreign: [] });
    for (const [who, other] of [
      ['bo', command],
      ['ann', { ...command, commandId: 'c2' }],
      ['ann', { ...command, entity: 'd2' }],
    ] as const)
      expect(await seal.openOwn(paths, handed, who, other)).toMatchObject({ foreign: ['choice'] });
  });
});
