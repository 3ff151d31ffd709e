import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openRecord, type RecordBody } from '@qiyue/engine';
import { ActiveModel, projected, Projector, Quarantine, RULES_UNKNOWN, type LedgerStore, type ReadModel } from '@qiyue/engine-runtime';
import { eventually, freshStore, notedStream } from '@qiyue/testkit';
import { KnownRules } from './known-rules';

interface View {
  readonly notes: number;
}

const OLD: ReadModel<View> = {
  ...{ name: 'notes', aggregate: 'need', version: 1, rules: 1, indexes: [] },
  fold: (view: View | null, _: RecordBody) => ({ notes: (view?.notes ?? 0) + 1 }),
};
const NEW: ReadModel<View> = { ...OLD, rules: 2 };
const EVERY_MS = 200;

describe('what waits for rules that its read model does not know', () => {
  let store: LedgerStore;
  let drop: () => Promise<void>;
  let running: { onApplicationBootstrap(): void; onModuleDestroy(): Promise<void> } | null = null;
  const said: string[] = [];
  const say = (_: unknown, words?: unknown) => void said.push(String(words));
  const log = { info: say, warn: say };
  beforeEach(async () => {
    ({ store, drop } = await freshStore());
    said.length = 0;
  });
  afterEach(async () => {
    await running?.onModuleDestroy();
    await drop();
  });

  const partsOf = (model: ReadModel<View>) => ({
    store,
    quarantine: new Quarantine(store.db, model.name),
    active: new ActiveModel<View>(store.db, model),
  });
  /** Three records, of which the last is made under these rules; an older program meets them. */
  const metByOld = async (entity: string, rules: number): Promise<void> => {
    const stream = notedStream(entity, 3, undefined, (seq) => (seq === 3 ? { rules } : {}));
    await store.insertInOrder(stream);
    await new Projector(OLD, partsOf(OLD)).apply(stream.map((document) => ({ body: openRecord(document), hash: document.hash })));
  };
  const start = (model: ReadModel<View>): void => {
    running = new KnownRules(projected(store, model), log, EVERY_MS);
    running.onApplicationBootstrap();
  };
  const aside = async () => (await new Quarantine(store.db, OLD.name).list()).map(({ entity, why }) => [entity, why]);
  const seqOf = async (entity: string) => (await (await new ActiveModel<View>(store.db, OLD).collection()).findOne({ _id: entity }))?.seq ?? 0;

  it('goes on at the start of a program that knows them, and what no program knows yet stays', async () => {
    await metByOld('of-rules-2', 2);
    await metByOld('of-rules-3', 3);
    await new Quarantine(store.db, OLD.name).add('poisoned', 1, 'no event of ours');
    expect([await seqOf('of-rules-2'), await seqOf('of-rules-3')]).toEqual([2, 2]);
    start(NEW);
    await eventually('it to go on', async () => (await seqOf('of-rules-2')) === 3);
    expect(await aside()).toEqual([
      ['of-rules-3', RULES_UNKNOWN],
      ['poisoned', 'no event of ours'],
    ]);
    expect(await seqOf('of-rules-3')).toBe(2);
  });

  it('goes on also when an older program, which runs beside this one, sets it aside later', async () => {
    start(NEW);
    await metByOld('late', 2);
    expect(await aside()).toEqual([['late', RULES_UNKNOWN]]);
    await eventually('it to go on', async () => (await seqOf('late')) === 3);
    expect(await aside()).toEqual([]);
  });

  it('is left alone by a program that does not know them either', async () => {
    await metByOld('n', 2);
    start(OLD);
    await running?.onModuleDestroy(); // ends behind the first look
    expect([await aside(), said]).toEqual([[['n', RULES_UNKNOWN]], []]);
  });

  it('is looked for again after a look that failed', async () => {
    await metByOld('n', 2);
    const model = projected(store, NEW);
    let fails = 2;
    const flaky = {
      release: (entity: string) => model.release(entity),
      waitingForKnownRules: () => (fails-- > 0 ? Promise.reject(new Error('away')) : model.waitingForKnownRules()),
    };
    running = new KnownRules(flaky, log, EVERY_MS);
    running.onApplicationBootstrap();
    await eventually('it to go on', async () => (await seqOf('n')) === 3);
    expect(said.filter((words) => words === 'will look for known rules again')).toHaveLength(2);
  });
});
