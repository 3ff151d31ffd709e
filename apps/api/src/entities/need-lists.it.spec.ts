import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PassThrough } from 'node:stream';
import type { AnyView, Asker } from '@qiyue/aggregate';
import { lightOf } from '@qiyue/civic-views';
import { instantMsOf } from '@qiyue/engine';
import { ActiveModel, type ModelDocument } from '@qiyue/engine-runtime';
import { need, needsModel } from '@qiyue/need';
import { waitsForOf, type NeedView } from '@qiyue/need-views';
import { communityNumber, freshStore, insertNeeds, needNumber, serversFromEnv } from '@qiyue/testkit';
import type { Collection } from 'mongodb';
import { COUNTED_MAX, EntityLists, type ListReader } from './entity-lists';
import { orderOf, sortBy } from './list-order';
import { listQueryOf } from './list-query';
import { columnsFor } from './list-columns';
import { sendCsv, sendWorkbook } from './list-tables';

const COUNT = 2_000;
const NOW = '2026-06-01T09:00:00.000+08:00';
const among = { count: COUNT, now: NOW };
const COMMUNITY = communityNumber(0);
const UNIT = '住建局';
/** Documents that the server may look at for a page, whatever is asked: a quarter of all. */
const EXAMINED_MAX = COUNT / 4;
const MIB = 2 ** 20;

const asking = (role: string, unit: string | null = null): Asker => ({ id: 'ann', role, unit, seesPersonal: true });
const CENTRE = asking('operator');
const DEPARTMENT = asking('department', UNIT);
const FOR_COMMUNITY = asking('community', COMMUNITY);

const all = Array.from({ length: COUNT }, (_, i) => needNumber(i, among));
const day = (view: NeedView): string => view.createdAt.slice(0, 10);
const isDue = ({ dueAt, clock }: NeedView): boolean => dueAt !== null && !clock?.paused && dueAt < NOW;
const wasLate = ({ stages, clock }: NeedView): boolean =>
  stages.some(({ late }) => late === true) || clock?.steps.some(({ kind, firedAt }) => kind === 'missed' && firedAt !== null) === true;
const waitsFor = (view: NeedView, who: string, name?: string): boolean =>
  waitsForOf(view).some((one) => one.who === who && (name === undefined || one.names.includes(name)));

type Question = readonly [query: Readonly<Record<string, string>>, asker: Asker, fits: (view: NeedView) => boolean];
const FILTERS: readonly Question[] = [
  [{}, CENTRE, () => true],
  [{ stage: 'claimed' }, CENTRE, ({ stage }) => stage === 'claimed'],
  [{ status: 'at-acceptance' }, CENTRE, ({ status }) => status === 'at-acceptance'],
  [{ unit: UNIT }, CENTRE, ({ unit }) => unit === UNIT],
  [{ community: COMMUNITY }, CENTRE, ({ community }) => community === COMMUNITY],
  [{ kind: 'service' }, CENTRE, ({ kind }) => kind === 'service'],
  [{ category: '道路维修' }, CENTRE, ({ category }) => category === '道路维修'],
  [{ urgency: 'normal' }, CENTRE, ({ urgency }) => urgency === null || urgency === 'normal'],
  [{ mine: 'true' }, DEPARTMENT, ({ unit, helpers }) => unit === UNIT || helpers.includes(UNIT)],
  [{ mine: 'true' }, FOR_COMMUNITY, ({ community }) => community === COMMUNITY],
  [{ waitingFor: 'me' }, DEPARTMENT, (view) => waitsFor(view, 'unit', UNIT)],
  [{ waitingFor: 'me' }, FOR_COMMUNITY, (view) => waitsFor(view, 'community', COMMUNITY)],
  [{ waitingFor: 'unit' }, CENTRE, (view) => waitsFor(view, 'unit')],
  [{ waitingFor: 'residents' }, CENTRE, (view) => waitsFor(view, 'residents')],
  [{ overdue: 'true' }, CENTRE, isDue],
  [{ overdue: 'false' }, CENTRE, (view) => !isDue(view)],
  [{ late: 'true' }, CENTRE, (view) => isDue(view) || wasLate(view)],
  [{ late: 'false' }, CENTRE, (view) => !isDue(view) && !wasLate(view)],
  [{ satisfied: 'false' }, CENTRE, ({ evaluations }) => evaluations.resident?.satisfied === false],
  [{ light: 'red' }, CENTRE, (view) => lightOf(view, NOW) === 'red'],
  [{ light: 'yellow' }, CENTRE, (view) => lightOf(view, NOW) === 'yellow'],
  [{ light: 'green' }, CENTRE, (view) => lightOf(view, NOW) === 'green'],
  [{ year: '2024' }, CENTRE, (view) => day(view).startsWith('2024')],
  [{ from: '2024-03-05', to: '2024-04-10' }, CENTRE, (view) => day(view) >= '2024-03-05' && day(view) <= '2024-04-10'],
  [{ q: '路灯' }, CENTRE, ({ title, category }) => `${title} ${category ?? ''}`.includes('路灯')],
];
const COMBINATIONS: readonly Question[] = [
  [{ unit: UNIT, stage: 'funded' }, CENTRE, ({ unit, stage }) => unit === UNIT && stage === 'funded'],
  [{ waitingFor: 'me', sort: 'due' }, DEPARTMENT, (view) => waitsFor(view, 'unit', UNIT)],
  [
    { waitingFor: 'unit', stage: 'submitted', category: '加装扶手' },
    CENTRE,
    (v) => waitsFor(v, 'unit') && v.stage === 'submitted' && v.category === '加装扶手',
  ],
  [{ community: COMMUNITY, light: 'red' }, CENTRE, (v) => v.community === COMMUNITY && lightOf(v, NOW) === 'red'],
  [
    { community: COMMUNITY, year: '2023', satisfied: 'false' },
    CENTRE,
    (v) => v.community === COMMUNITY && day(v).startsWith('2023') && v.evaluations.resident?.satisfied === false,
  ],
  [{ mine: 'true', late: 'true', sort: 'lateness' }, DEPARTMENT, (v) => (v.unit === UNIT || v.helpers.includes(UNIT)) && (isDue(v) || wasLate(v))],
  [{ q: '灯 5号楼', community: COMMUNITY }, CENTRE, (v) => v.community === COMMUNITY && holds(v, '灯') && holds(v, '5号楼')],
  [{ urgency: 'emergency', waitingFor: 'unit', sort: 'urgency' }, CENTRE, (v) => v.urgency === 'emergency' && waitsFor(v, 'unit')],
  [{ unit: UNIT, from: '2025-01-01', to: '2025-03-31' }, CENTRE, (v) => v.unit === UNIT && day(v) >= '2025-01-01' && day(v) <= '2025-03-31'],
  [
    { kind: 'service', stage: 'evaluated', late: 'false', year: '2022' },
    CENTRE,
    (v) => v.kind === 'service' && v.stage === 'evaluated' && !isDue(v) && !wasLate(v) && day(v).startsWith('2022'),
  ],
];
const holds = ({ title, category, community, items, plan }: NeedView, word: string): boolean =>
  [title, category, community, plan, ...items.map(({ name }) => name)].some((text) => text?.includes(word));
const SORTS = ['new', 'due', 'urgency', 'lateness'] as const;

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

describe('lists of two thousand needs', () => {
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
    clock: { nowMs: () => instantMsOf(NOW) },
    begunBy: () => Promise.resolve([]),
  });
  const reader = (asker: Asker): ListReader => ({ asker, textsOf: () => Promise.resolve({}), tell: () => Promise.resolve() });
  const list = (query: Readonly<Record<string, string>>, asker: Asker) => lists.list(listQueryOf(need).parse(query), reader(asker));

  beforeAll(async () => {
    database = await freshStore();
    stored = (await new ActiveModel(database.store.db, needsModel).collection()) as unknown as Stored;
    await insertNeeds({ mongodb: serversFromEnv().mongodb, database: database.store.db.databaseName, collection: stored.collectionName }, among);
  }, 60_000);
  afterAll(() => database?.drop());

  it('count what a plain look at each need counts, up to the bound', async () => {
    for (const [query, asker, fits] of [...FILTERS, ...COMBINATIONS]) {
      const expected = all.filter(fits).length;
      const { total, totalIsBound } = await list(query, asker);
      expect([query, total, totalIsBound]).toEqual([query, Math.min(expected, COUNTED_MAX), expected > COUNTED_MAX]);
    }
  }, 120_000);

  it('answer every filter in every order from an index, looking at few documents', async () => {
    const costs: [object, number][] = [];
    const questions = [...FILTERS.flatMap(([query, asker]) => SORTS.map((sort) => [{ ...query, sort }, asker] as const)), ...COMBINATIONS];
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
    for (const sort of SORTS) {
      const ids: string[] = [];
      for await (const items of lists.rows(listQueryOf(need).parse({ waitingFor: 'me', sort }), reader(DEPARTMENT)))
        ids.push(...items.map((item) => (item as { needId: string }).needId));
      const expected = all.filter((view) => waitsFor(view, 'unit', UNIT)).map(({ needId }) => needId);
      expect([sort, new Set(ids).size, [...ids].sort()]).toEqual([sort, ids.length, expected.sort()]);
    }
  }, 60_000);

  it('are written as tables as fast as they are taken, in little memory', async () => {
    for (const send of [sendCsv, sendWorkbook]) {
      const before = process.memoryUsage().rss;
      let [most, bytes] = [0, 0];
      const sink = Object.assign(new PassThrough(), { type: () => sink });
      sink.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        most = Math.max(most, process.memoryUsage().rss - before);
      });
      await send(sink as never, columnsFor(need, 'zh-CN'), lists.rows(listQueryOf(need).parse({}), reader(CENTRE)));
      expect(bytes).toBeGreaterThan(MIB / 32);
      expect(most / MIB).toBeLessThan(300);
    }
  }, 180_000);
});
