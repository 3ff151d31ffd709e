import type { EntityQuestion, EntityQuestionPorts } from '@qiyue/aggregate';
import { matchesWith, needsModel, similar, unitRecords } from '@qiyue/need';
import { ActiveKeys, ActiveModel, keyIdOf, type LedgerStore } from '@qiyue/engine-runtime';
import { recordRowsOf, type NeedView } from '@qiyue/need-views';
import { compare, timed, together, type BenchResult } from './measure';

const COMMUNITIES = 10;
const UNITS = 300;
const BATCH = 5_000;
const START_MS = Date.parse('2020-01-01T00:00:00.000+08:00');
const THINGS = ['路灯', '楼顶防水', '井盖', '健身器材', '楼道栏杆', '垃圾桶', '电梯', '车棚', '消防器材', '快递柜', '宣传栏', '暖气'];
const WORKS = ['不亮请维修', '损坏', '更换', '增设', '老化', '安装', '缺少', '破旧需要修补'];

/**
 * (g) Who asks what is like a need, among 100,000 of them in ten communities, and who could serve it, among 300 departments: one reader after the other, then
 * four at once. What the reader may see is not opened here: that costs what a search for words costs, for 100 needs at most.
 */
export const suggestionsBench = async (store: LedgerStore, needs: number, reads: number): Promise<readonly BenchResult[]> => {
  await fillNeeds(store, needs);
  await fillRecords(store);
  const ports = {
    now: new Date(START_MS).toISOString(),
    language: 'zh-CN' as const,
    model: <V>(of: Pick<typeof needsModel, 'name' | 'version' | 'indexes'> & { readonly fold: unknown }) => new ActiveModel<V>(store.db, of),
    keys: (of: typeof unitRecords) => new ActiveKeys(store.db, of),
    shownOf: (views: readonly NeedView[]) => Promise.resolve(views),
  };
  const ask =
    <K extends keyof NeedView, A>(question: EntityQuestion<NeedView, K, A>) =>
    async (_: number, turn: number): Promise<void> => {
      await question.read(viewOf((turn * 7_919) % needs, needs), ports as unknown as EntityQuestionPorts<NeedView, K>);
    };
  const measured = async <K extends keyof NeedView, A>(question: EntityQuestion<NeedView, K, A>) => {
    await timed(1, 5, ask(question));
    return compare(question.name, 'reads/s', together([await timed(1, reads, ask(question)), await timed(4, reads / 4, ask(question))]), null);
  };
  return [await measured(similar), await measured(matchesWith(() => Promise.resolve([])))];
};

/** Ten minutes apart, so that no two of a community are near each other in the index alone. */
const viewOf = (i: number, needs: number): NeedView =>
  ({
    ...{
      needId: `n${i}`,
      seq: 1,
      stage: i % 3 === 0 ? 'submitted' : 'evaluated',
      title: `${i % 40}号楼${THINGS[i % THINGS.length]}${WORKS[i % WORKS.length]}`,
    },
    ...{ description: null, compound: null, location: null, kind: 'tangible', category: null, community: `社区${i % COMMUNITIES}` },
    items: [{ name: THINGS[(i * 5) % THINGS.length], quantity: 1, unit: '个' }],
    createdAt: new Date(START_MS + (i % needs) * 600_000).toISOString().replace('Z', '+08:00'),
  }) as unknown as NeedView;

const fillNeeds = async (store: LedgerStore, needs: number): Promise<void> => {
  const collection = await new ActiveModel<NeedView>(store.db, needsModel).collection();
  for (let from = 0; from < needs; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, needs - from) }, (_, at) => viewOf(from + at, needs));
    await collection.insertMany(batch.map((view) => ({ _id: view.needId, seq: 1, hash: '', view })));
  }
};

const fillRecords = async (store: LedgerStore): Promise<void> => {
  const collection = await new ActiveKeys(store.db, unitRecords).collection();
  const rows = Array.from({ length: UNITS }, (_, unit) =>
    THINGS.slice(unit % 6, (unit % 6) + 6).flatMap((thing) =>
      recordRowsOf({
        ...{ community: `社区${unit % COMMUNITIES}`, kind: 'tangible', category: null, title: thing, names: [] },
        score: { lead: { unit: `单位${unit}`, year: 2024 }, isDone: true, isLate: unit % 4 === 0, isSatisfied: true, dueAt: null, pausedSince: null },
      }),
    ),
  ).flat();
  const documents = new Map(rows.map(({ unit, of, name, ...sums }) => [keyIdOf({ unit, of, name }), { key: { unit, of, name }, sums }]));
  await collection.insertMany([...documents].map(([_id, document]) => ({ _id, ...document })));
};
