import { openRecord, type RecordBody } from '@qiyue/engine';
import { ActiveKeys, projected, type KeyedModel, type KeyedSource, type LedgerDocument, type LedgerStore } from '@qiyue/engine-runtime';
import { notedStream } from '@qiyue/testkit';
import { compare, nowMs, timed, together, type BenchResult, type Measured } from './measure';

const UNITS = 1_000;
const YEARS = [2022, 2023, 2024, 2025, 2026] as const;
const BATCH = 500;
const READS = 300;

interface Given {
  readonly unit: number;
  readonly year: number;
  readonly fen: number;
}
const sourceOf = (aggregate: string, sums: (fen: number) => Readonly<Record<string, number>>): KeyedSource<Given> => ({
  aggregate,
  fold: (state, { data }: RecordBody) => {
    const [unit = 0, year = 0, fen = 0] = (data as { readonly note: string }).note.split(' ').map(Number);
    return { unit, year, fen: (state?.fen ?? 0) + fen };
  },
  partsOf: ({ unit, year, fen }) => [{ key: { unit: `unit ${unit}`, year }, sums: sums(fen) }],
});
/** As many as a row of the county's scoreboard has. */
const COUNTS = Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`count-${i}`, 1]));
const scoreboard: KeyedModel = {
  ...{ name: 'bench_scoreboard', version: 1, indexes: [{ 'key.year': 1, 'key.unit': 1 }] },
  sources: [sourceOf('need', (spentFen) => ({ needs: 1, spentFen, ...COUNTS })), sourceOf('unit-year', (budgetFen) => ({ budgetFen }))],
};

/**
 * (e) A scoreboard of 1,000 units and five years: records of needs and unit-years into it, and then one year of it, all 1,000 units in order, as four readers
 * list it at once.
 */
export const scoreboardBench = async (store: LedgerStore, needsPerUnit: number): Promise<readonly BenchResult[]> => {
  const filled = await fill(store, recordsOf(needsPerUnit));
  const keys = await new ActiveKeys(store.db, scoreboard).collection();
  const list = async (_: number, turn: number): Promise<void> => {
    const year = YEARS[turn % YEARS.length] ?? 2024;
    const listed = await keys.find({ 'key.year': year }).sort({ 'key.unit': 1 }).toArray();
    if (listed.length !== UNITS) throw new Error(`bench: ${listed.length} units in ${year}`);
  };
  await timed(4, 10, list);
  return [
    compare('keyed', 'events/s', filled, null),
    compare('scoreboard', 'reads/s', together([await timed(1, READS, list), await timed(4, READS / 4, list)]), null),
  ];
};

/** As they come: no two of one unit beside each other. */
const recordsOf = (needsPerUnit: number): readonly LedgerDocument[] => {
  const of = (aggregate: string, entity: string, note: (seq: number) => string, count: number) =>
    notedStream(entity, count, note, () => ({ aggregate }));
  const years = YEARS.flatMap((year) =>
    Array.from({ length: UNITS }, (_, unit) => of('unit-year', `w${unit}-${year}`, () => `${unit} ${year} 1000`, 1)),
  );
  const needs = Array.from({ length: needsPerUnit * UNITS }, (_, i) =>
    of('need', `n${i}`, (seq) => `${i % UNITS} ${YEARS[Math.floor(i / UNITS) % YEARS.length]} ${seq}`, 3),
  );
  return [...years.flat(), ...[0, 1, 2].flatMap((at) => needs.flatMap((stream) => stream[at] ?? []))];
};

const fill = async (store: LedgerStore, records: readonly LedgerDocument[]): Promise<Measured> => {
  const model = projected(store, scoreboard);
  await model.ensure();
  const startMs = nowMs();
  for (let from = 0; from < records.length; from += BATCH) {
    await model.apply(records.slice(from, from + BATCH).map((record) => ({ body: openRecord(record), hash: record.hash })));
  }
  return { count: records.length, wallMs: nowMs() - startMs, latenciesMs: [] };
};
