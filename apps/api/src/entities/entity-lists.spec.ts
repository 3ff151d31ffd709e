import { expect, it } from '@jest/globals';
import type { AnyView } from '@qiyue/aggregate';
import { instantMsOf } from '@qiyue/engine';
import { need } from '@qiyue/need';
import type { NeedView } from '@qiyue/need-views';
import { HOME, LIST_NOW, needNumber } from '@qiyue/testkit';
import { EntityLists, SEARCHED_MAX, type ListReader, type ListRows } from './entity-lists';
import { listQueryOf } from './list-query';

const COMPOUND = '幸福里小区';
const among = { count: SEARCHED_MAX + 1, now: LIST_NOW };
const NEEDS = Array.from({ length: among.count }, (_, i) => needNumber(i, among));
const QUERY = listQueryOf(need).parse({ compound: COMPOUND });

/** One of the community, to whom the first `found` needs are of the compound. */
const readerOf = (found: number): ListReader => {
  const ids = new Set(NEEDS.slice(0, found).map(({ needId }) => needId));
  return {
    asker: { id: 'cora', role: 'community', unit: HOME, seesPersonal: true },
    textsOf: (view) => Promise.resolve({ description: null, compound: ids.has((view as unknown as NeedView).needId) ? COMPOUND : '别处' }),
    tell: () => Promise.resolve(),
  };
};

/** Lists of the first `count` needs; whatever is asked for a second time begins behind the first page of a table. */
const listsOf = (count: number): EntityLists => {
  const documents = NEEDS.slice(0, count).map((view) => ({ _id: view.needId, view: view as unknown as AnyView }));
  let asked = -1;
  const collection = {
    find: () => {
      asked += 1;
      const found = { sort: () => found, limit: (most: number) => ({ toArray: () => Promise.resolve(documents.slice(asked * 500).slice(0, most)) }) };
      return found;
    },
  };
  return new EntityLists(need, {
    model: { collection: () => Promise.resolve(collection as never) },
    clock: { nowMs: () => instantMsOf(LIST_NOW) },
    begunBy: () => Promise.resolve([]),
  });
};
const pagesOf = async (count: number, found: number): Promise<readonly (readonly [number, boolean])[]> => {
  const pages: ListRows[] = [];
  for await (const page of listsOf(count).rows(QUERY, readerOf(found))) pages.push(page);
  return pages.map(({ items, searchedAll }) => [items.length, searchedAll] as const);
};

it('a list by a sealed text says whether all were opened that it may be found in', async () => {
  const [whole, cut] = [await listsOf(SEARCHED_MAX).list(QUERY, readerOf(1)), await listsOf(SEARCHED_MAX + 1).list(QUERY, readerOf(1))];
  expect(whole).toMatchObject({ items: [{ compound: COMPOUND }], total: 1, totalIsBound: false, searchedAll: true });
  expect(cut).toMatchObject({ items: [{ compound: COMPOUND }], total: 1, totalIsBound: true, searchedAll: false });
}, 120_000);

it('all of it, page by page, says so of where it ends alone: what one page has left, the next one opens', async () => {
  expect(await pagesOf(SEARCHED_MAX + 1, 1)).toEqual([[1, false]]);
  expect(await pagesOf(SEARCHED_MAX + 1, 501)).toEqual([
    [500, true],
    [1, true],
  ]);
}, 120_000);
