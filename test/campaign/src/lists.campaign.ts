import { toShanghaiIso } from '@qiyue/engine';
import { ActiveModel } from '@qiyue/engine-runtime';
import { needsModel } from '@qiyue/need';
import { communityNumber, insertNeeds, PEOPLE, startSystem, type Who } from '@qiyue/testkit';
import type { CampaignResult, Row } from './figures';
import { measured } from './percentiles';

export interface ListsCampaignOptions {
  readonly needs?: number;
  readonly onProgress?: (line: string) => void;
}

const ASKED_TIMES = 50;
const BOUND_MS = 150;
const COMMUNITY: Who = { ...PEOPLE.community, unit: communityNumber(0) };
const SORTS = ['new', 'due', 'urgency', 'lateness'] as const;
/** What people ask, and who asks it. */
const QUESTIONS: readonly (readonly [query: string, as: Who])[] = [
  ['', PEOPLE.department],
  ['waitingFor=me', PEOPLE.department],
  ['mine=true', PEOPLE.department],
  ['waitingFor=me', COMMUNITY],
  ['mine=true&light=red', COMMUNITY],
  ['waitingFor=unit&stage=submitted', PEOPLE.department],
  ['late=true', PEOPLE.department],
  ['category=道路维修&year=2024', PEOPLE.department],
  ['satisfied=false&from=2024-01-01&to=2024-03-31', PEOPLE.department],
  ['urgency=emergency&overdue=true', PEOPLE.department],
];

/** Lists over many needs that stand in the read model alone: how long the first page takes, in every order. */
export const listsCampaign = async ({ needs = 1_000_000, onProgress = () => undefined }: ListsCampaignOptions = {}): Promise<CampaignResult> => {
  const system = await startSystem({ settings: { QIYUE_REQUESTS_PER_SECOND: '0' } });
  try {
    const served = await new ActiveModel(system.store.db, needsModel).collection();
    const place = { mongodb: system.servers.mongodbUri, database: system.store.db.databaseName, collection: served.collectionName };
    await insertNeeds(
      place,
      { count: needs, now: toShanghaiIso(Date.now()) },
      (done) => done % 100_000 === 0 && onProgress(`${done} of ${needs} needs`),
    );
    const rows: Row[] = [];
    for (const [query, as] of QUESTIONS) {
      for (const sort of SORTS) {
        const timesMs: number[] = [];
        for (let i = 0; i < ASKED_TIMES; i += 1) {
          const fromMs = performance.now();
          await system.get(`/v1/needs?${encodeURI(query)}&sort=${sort}`, as);
          timesMs.push(performance.now() - fromMs);
        }
        const { p50Ms, p99Ms } = measured(timesMs);
        rows.push({ query: query === '' ? '(all)' : query, as: as.role, sort, p50Ms, p99Ms });
      }
      onProgress(`${query}: asked`);
    }
    const troubles = rows.flatMap(({ query, sort, p99Ms }) => (Number(p99Ms) > BOUND_MS ? [`${query} by ${sort}: p99 ${p99Ms} ms`] : []));
    return { sound: troubles.length === 0, conditions: { needs, askedTimes: ASKED_TIMES, boundMs: BOUND_MS }, rows, troubles };
  } finally {
    await system.stop();
  }
};
