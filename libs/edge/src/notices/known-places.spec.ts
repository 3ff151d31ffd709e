import { describe, expect, it } from '@jest/globals';
import { namesCommunity, namesUnit } from '@qiyue/civic-contracts';
import { z } from 'zod';
import { KnownPlaces } from './known-places';

const name = z.string();
const SCHEMA = z.strictObject({
  community: namesCommunity(name.max(100)).exactOptional(),
  lead: z.strictObject({ unit: namesUnit(name.max(99)) }).exactOptional(),
  units: z.array(namesUnit(name.max(98))).exactOptional(),
  own: name.exactOptional(),
});
const place = (full: string, ...shortNames: string[]) => ({ name: full, shortNames });
const storeOf = (communities: string[], units: string[]) => ({
  places: () => Promise.resolve({ communities: communities.map((one) => ({ ...place(one), compounds: [] })), units: units.map((one) => place(one)) }),
});

describe('places that a command names', () => {
  const known = new KnownPlaces(storeOf(['民悦社区'], ['住建局', '交通局']));

  it('are communities that the directory lists, or the first of them is said with what may be meant', async () => {
    expect(await known.unknownIn(SCHEMA, { community: '民悦社区' })).toBeNull();
    expect(await known.unknownIn(SCHEMA, { community: '民阅社区' })).toEqual({ field: 'community', suggestions: ['民悦社区'] });
  });

  it('are units, each of which is said that the directory does not list, wherever it stands', async () => {
    const body = { lead: { unit: '住健局' }, units: ['交通局', '水务所', '交通'], own: '住健局' };
    expect(await known.unlistedUnitsIn(SCHEMA, body)).toEqual([
      { field: 'lead.unit', unit: '住健局', suggestions: ['住建局'] },
      { field: 'units.1', unit: '水务所', suggestions: [] },
      { field: 'units.2', unit: '交通', suggestions: ['交通局'] },
    ]);
    expect(await known.unlistedUnitsIn(SCHEMA, { lead: null, units: '交通' })).toEqual([]);
  });

  it('are as good as any while the directory lists none, or was never read', async () => {
    const away = { places: () => Promise.reject(new Error('away')) };
    for (const store of [storeOf([], []), away]) {
      const unknowing = new KnownPlaces(store);
      expect([await unknowing.unknownIn(SCHEMA, { community: 'x' }), await unknowing.unlistedUnitsIn(SCHEMA, { units: ['x'] })]).toEqual([null, []]);
    }
  });
});
