import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { EntityWalk } from '@qiyue/edge';
import { need } from '@qiyue/need';
import { freshStore } from '@qiyue/testkit';

let fresh: Awaited<ReturnType<typeof freshStore>>;
beforeAll(async () => {
  fresh = await freshStore();
});
afterAll(() => fresh.drop());

it('walks over needs, and over nothing else that was submitted meanwhile', async () => {
  const { store } = fresh;
  const row = (aggregate: string, n: number) => ({
    ...{ _id: `c-${aggregate}-${n}`, state: 'accepted' as const, aggregate, entity: `${aggregate}-${n}`, type: 'submit', fingerprint: 'f' },
    ...{ actor: { id: 'ann', role: 'resident', unit: null }, channel: 'http' as const, receivedAt: '2024-07-01T08:00:00.000+08:00' },
    notedAt: new Date(),
  });
  await store.commands.insertMany([row('need', 1), row('contract', 1), row('need', 2), row('decision', 1)]);
  const walk = new EntityWalk(store, [need]);
  expect((await walk.born(null, Date.now())).entities).toEqual(['need-1', 'need-2'].map((entity) => ({ aggregate: 'need', entity })));
});
