import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PassThrough } from 'node:stream';
import type { AnyView, Asker } from '@qiyue/aggregate';
import { instantMsOf } from '@qiyue/engine';
import { ActiveModel, type ModelDocument } from '@qiyue/engine-runtime';
import { need, needsModel } from '@qiyue/need';
import {
  freshStore,
  insertNeeds,
  LIST_COMBINATIONS,
  LIST_FILTERS,
  LIST_NOW,
  LIST_OF_DEPARTMENT,
  LIST_SORTS,
  needNumber,
  serversFromEnv,
  type ListQuestion,
} from '@qiyue/testkit';
import type { Collection } from 'mongodb';
import { COUNTED_MAX, EntityLists, type ListReader } from './entity-lists';
import { orderOf, sortBy } from './list-order';
import { listQueryOf } from './list-query';
import { columnsFor } from './list-columns';
import { sendCsv, sendWorkbook } from './list-tables';

/** `npm run campaign -- lists` asks the same of as many as it is told. */
const COUNT = 5_000;
const among = { count: COUNT, now: LIST_NOW };
/** Documents that the server may look at for a page, whatever is asked: a quarter of all. */
const EXAMINED_MAX = COUNT / 4;
const MIB = 2 ** 20;

const QUESTIONS = [...LIST_FILTERS, ...LIST_COMBINATIONS];
/** What a plain look at each need finds: how many fit each question, and which wait for the department. */
const looked = (): { readonly fitting: readonly number[]; readonly waiting: readonly string[] } => {
  const fitting = QUESTIONS.map(() => 0);
  const waiting: string[] = [];
  const [, , isWaiting] = LIST_OF_DEPARTMENT;
  for (let i = 0; i < COUNT; i += 1) {
    const view = needNumber(i, among);
    for (const [n, [, , fits]] of QUESTIONS.entries()) if (fits(view)) fitting[n] = (fitting[n] ?? 0) + 1;
    if (isWaiting(view)) waiting.push(view.needId);
  }
  return { fitting, waiting: waiting.sort() };
};

type Stored = Collection<ModelDocument<AnyView>>;
interface Plan {
  readonly stage?: string;
  readonly inputStage?: Plan;
  readonly inputStages?: readonly Plan[];
}
const stagesIn = ({ stage, inputStage, inputStages = [] }: Plan): readonly string[] => [
  ...(stage === undefined ? [] : [stage]),
  ...[inputStage, ...inputStages].flatMap((inner) => (inner === undefined ? [] : stagesIn(inner))),
];

describe('lists of thousands of needs', () => {
  const plain = looked();
  let database: Awaited<ReturnType<typeof freshStore>>;
  let stored: Stored;
  const asked: { readonly filter: object }[] = [];
  const spy = (): Stored =>
    new Proxy(stored, {
      get: (collection, name) => {
        if (name === 'find') return (filter: object, options: object) => (asked.push({ filter }), collection.find(filter as never, options));
        const member: unknown = Reflect.get(collection, name);
        return typeof member === 'function' ? (member as () => unknown).bind(collection) : member;
      },
    });
  const lists = new EntityLists(need, {
    model: { collection: () => Promise.resolve(spy()) as never },
    clock: { nowMs: () => instantMsOf(LIST_NOW) },
    begunBy: () => Promise.resolve([]),
  });
  const reader = (asker: Asker): ListReader => ({ asker, textsOf: () => Promise.resolve({}), tell: () => Promise.resolve() });
  const list = (query: Readonly<Record<string, string>>, asker: Asker) => lists.list(listQueryOf(need).parse(query), reader(asker));

  beforeAll(async () => {
    database = await freshStore();
    stored = (await new ActiveModel(database.store.db, needsModel).collection()) as unknown as Stored;
    await insertNeeds({ mongodb: serversFromEnv().mongodb, database: database.store.db.databaseName, collection: stored.collectionName }, among);
  }, 600_000);
  afterAll(() => database?.drop());

  it('count what a plain look at each need counts, up to the bound', async () => {
    for (const [n, [query, asker]] of QUESTIONS.entries()) {
      const expected = plain.fitting[n] ?? 0;
      const { total, totalIsBound } = await list(query, asker);
      expect([query, total, totalIsBound]).toEqual([query, Math.min(expected, COUNTED_MAX), expected > COUNTED_MAX]);
    }
  }, 120_000);

  it('answer every filter in every order from an index, looking at few documents', async () => {
    const costs: [object, number][] = [];
    const questions = [
      ...LIST_FILTERS.flatMap(([query, asker]) => LIST_SORTS.map((sort) => [{ ...query, sort }, asker] as const)),
      ...LIST_COMBINATIONS,
    ];
    for (const [query, asker] of questions) {
      asked.length = 0;
      await list(query, asker);
      for (const { filter } of asked) {
        const order = sortBy(orderOf(need.listing, (query as { sort?: string }).sort));
        const explained = await stored
          .find(filter as never)
          .sort(order)
          .limit(21)
          .explain('executionStats');
        const stages = stagesIn((explained['queryPlanner'] as { winningPlan: Plan }).winningPlan);
        expect([query, stages.includes('COLLSCAN'), stages.includes('IXSCAN')]).toEqual([query, false, true]);
        costs.push([query, (explained['executionStats'] as { totalDocsExamined: number }).totalDocsExamined]);
      }
    }
    expect(costs.filter(([, examined]) => examined > EXAMINED_MAX)).toEqual([]);
  }, 240_000);

  it('go on behind each page without a need twice or left out, in every order', async () => {
    const [waitingFor, department] = LIST_OF_DEPARTMENT;
    for (const sort of LIST_SORTS) {
      const ids: string[] = [];
      for await (const { items } of lists.rows(listQueryOf(need).parse({ ...waitingFor, sort }), reader(department)))
        ids.push(...items.map((item) => (item as { needId: string }).needId));
      expect([sort, new Set(ids).size, [...ids].sort()]).toEqual([sort, ids.length, plain.waiting]);
    }
  }, 60_000);

  it('are written as tables as fast as they are taken, in little memory', async () => {
    const [, centre] = LIST_FILTERS[0] as ListQuestion;
    for (const send of [sendCsv, sendWorkbook]) {
      const before = process.memoryUsage().rss;
      let [most, bytes] = [0, 0];
      const sink = Object.assign(new PassThrough(), { type: () => sink });
      sink.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        most = Math.max(most, process.memoryUsage().rss - before);
      });
      const table = { columns: columnsFor(need, 'zh-CN'), language: 'zh-CN' } as const;
      await send(sink as never, table, lists.rows(listQueryOf(need).parse({}), reader(centre)));
      expect(bytes).toBeGreaterThan(MIB / 32);
      expect(most / MIB).toBeLessThan(300);
    }
  }, 180_000);
});
