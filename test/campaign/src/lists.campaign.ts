import { toShanghaiIso } from '@qiyue/engine';
import { ActiveModel } from '@qiyue/engine-runtime';
import { needsModel } from '@qiyue/need';
import { APP_NAMES, insertNeeds, LIST_COMBINATIONS, LIST_FILTERS, LIST_SORTS, startSystem, type System, type Who } from '@qiyue/testkit';
import type { CampaignResult, Row } from './figures';
import { measured } from './percentiles';
import { residentMiB } from './resident';

export interface ListsCampaignOptions {
  readonly needs?: number;
  readonly onProgress?: (line: string) => void;
}

const ASKED_TIMES = 30;
const BOUND_MS = 150;
const TABLE_ROWS = 100_000;
const TABLE_GROWTH_MIB = 300;
const PROGRESS_EVERY = 50_000;
const CENTRE: Who = { actor: 'centre-1', role: 'operator' };

type Asked = Readonly<Record<string, string>>;
/** Every filter in every order, and what people ask together. */
const QUESTIONS: readonly (readonly [query: Asked, as: Who])[] = [
  ...LIST_FILTERS.flatMap(([query, asker]) => LIST_SORTS.map((sort) => [{ ...query, sort }, whoOf(asker)] as const)),
  ...LIST_COMBINATIONS.map(([query, asker]) => [query, whoOf(asker)] as const),
];

function whoOf({ id, role, unit }: (typeof LIST_FILTERS)[number][1]): Who {
  return { actor: id, role, ...(unit === null ? {} : { unit }) } as Who;
}

/** Lists over many needs that stand in the read model alone: how long the first page takes, in every order, and a table of many rows. */
export const listsCampaign = async ({ needs = 1_000_000, onProgress = () => undefined }: ListsCampaignOptions = {}): Promise<CampaignResult> => {
  const system = await startSystem({ settings: { QIYUE_REQUESTS_PER_SECOND: '0' } });
  try {
    await fill(system, needs, onProgress);
    const rows: Row[] = [];
    for (const [query, as] of QUESTIONS) {
      const row = await pageTimes(system, query, as);
      rows.push(row);
      onProgress(JSON.stringify(row));
    }
    const { troubles, ...table } = await readTable(system, Math.min(needs, TABLE_ROWS));
    const slow = rows.flatMap(({ query, p99Ms }) => (Number(p99Ms) > BOUND_MS ? [`${query}: p99 ${p99Ms} ms`] : []));
    const found = [...slow, ...troubles];
    return { sound: found.length === 0, conditions: { needs, askedTimes: ASKED_TIMES, boundMs: BOUND_MS, table }, rows, troubles: found };
  } finally {
    await system.stop();
  }
};

/** While none of our processes listens for what changes: the local stand-in for MongoDB tells them of each document. */
const fill = async (system: System, count: number, onProgress: (line: string) => void): Promise<void> => {
  await Promise.all(APP_NAMES.map((name) => system.app(name).stop()));
  const served = await new ActiveModel(system.store.db, needsModel).collection();
  const place = { mongodb: system.servers.mongodbUri, database: system.store.db.databaseName, collection: served.collectionName };
  const onInserted = (done: number): void => void (done % PROGRESS_EVERY === 0 && onProgress(`${done} of ${count} needs`));
  await insertNeeds(place, { count, now: toShanghaiIso(Date.now()) }, onInserted);
  system.app('api').start();
  await system.app('api').waitReady();
};

const pageTimes = async (system: System, query: Asked, as: Who): Promise<Row> => {
  const words = new URLSearchParams(query).toString();
  const timesMs: number[] = [];
  let total = '';
  for (let i = 0; i < ASKED_TIMES; i += 1) {
    const fromMs = performance.now();
    const { status, body } = await system.get(`/v1/needs?${words}`, as);
    timesMs.push(performance.now() - fromMs);
    if (status !== 200) throw new Error(`lists: ${words} was answered with ${status}`);
    const counted = body as { readonly total: number; readonly totalIsBound: boolean };
    total = `${counted.total}${counted.totalIsBound ? '+' : ''}`;
  }
  const { p50Ms, p99Ms } = measured(timesMs);
  return { query: decodeURIComponent(words), as: as.role, total, p50Ms, p99Ms };
};

/** So many rows as CSV, and how much the API grew meanwhile. */
const readTable = async (system: System, rows: number) => {
  const { pid } = system.app('api');
  const before = residentMiB(pid ?? 0);
  let [maxMiB, bytes, lines] = [before, 0, 0];
  const fromMs = performance.now();
  const headers = { authorization: `Bearer ${await system.token(CENTRE)}`, accept: 'text/csv' };
  const going = new AbortController();
  const { body, status } = await fetch(`${system.base}/v1/needs?sort=new`, { headers, signal: going.signal });
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    for (const byte of chunk) if (byte === LINE_END) lines += 1;
    maxMiB = Math.max(maxMiB, residentMiB(pid ?? 0));
    if (lines > rows) break;
  }
  going.abort();
  const troubles = [
    ...(status === 200 && lines > rows ? [] : [`the table: ${status}, ${lines} lines`]),
    ...(maxMiB - before <= TABLE_GROWTH_MIB ? [] : [`the table: the API grew by ${maxMiB - before} MiB`]),
  ];
  return { lines, bytes, seconds: Math.round((performance.now() - fromMs) / 1_000), grownMiB: maxMiB - before, troubles };
};
const LINE_END = 0x0a;
