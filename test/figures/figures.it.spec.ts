import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anyQuery, type AggregateQuery, type AskedPorts } from '@qiyue/aggregate';
import { AGGREGATES, communityScoreboard, unitScoreboard } from '@qiyue/aggregates';
import { sealRecord } from '@qiyue/engine';
import { ActiveKeys, ActiveModel, projected } from '@qiyue/engine-runtime';
import { durations, needFigures, needsModel, threeRates, timeliness } from '@qiyue/need';
import { satisfactionList, scoreboard, type SatisfactionList } from '@qiyue/reports';
import { freshStore } from '@qiyue/testkit';
import fc from 'fast-check';
import { lifeOf } from './random-lives';
import { recountDurations, recountRates, recountSatisfaction, recountScoreboard, recountTimeliness } from './recount';

const NOW = '2025-06-01T09:00:00.000+08:00';
const NEEDS = 300;
const LIVES = fc
  .sample(fc.array(fc.nat(9_999), { minLength: 20, maxLength: 45, size: 'max' }), { numRuns: NEEDS, seed: 20_240_701 })
  .map((picks, i) => lifeOf(picks, i));
const MODELS = [needsModel, needFigures, unitScoreboard, communityScoreboard];

describe('figures that are read from the models', () => {
  let fresh: Awaited<ReturnType<typeof freshStore>>;
  let ports: AskedPorts;
  beforeAll(async () => {
    fresh = await freshStore();
    const { db } = fresh.store;
    ports = {
      ...{ now: NOW, model: (of) => new ActiveModel(db, of), keys: (of) => new ActiveKeys(db, of), workingDaysBetween: () => null },
      ...{ reader: { role: 'centre', unit: null }, language: 'zh-CN', shownOf: () => Promise.reject(new Error('nothing sealed is opened')) },
    };
    const records = LIVES.flat().map((body) => ({ body, hash: sealRecord(body).hash }));
    for (const model of MODELS) await projected(fresh.store, model as typeof needFigures).apply(records);
  }, 120_000);
  afterAll(() => fresh.drop());

  const ask = async <A>(question: AggregateQuery, query: Readonly<Record<string, string>>): Promise<A> =>
    (await question.read(question.parameters.parse(query) as never, ports)) as A;

  it.each(['unit', 'community', 'category', 'kind', 'year', 'month'])('say of the three rates by %s what the records say', async (by) => {
    expect(await ask(anyQuery(threeRates), { by })).toEqual(recountRates(LIVES, by, {}, NOW));
    expect(await ask(anyQuery(threeRates), { by, year: '2024', kind: 'service' })).toEqual(
      recountRates(LIVES, by, { year: 2024, kind: 'service' }, NOW),
    );
  });

  it.each(['unit', 'community', 'stage', 'month'])('say of timeliness by %s what the records say', async (by) => {
    expect(await ask(anyQuery(timeliness), { by })).toEqual(recountTimeliness(LIVES, by, NOW));
    const between = ['2024-05-01T00:00:00.000+08:00', '2025-02-01T00:00:00.000+08:00'] as const;
    expect(await ask(anyQuery(timeliness), { by, from: '2024-05-01', to: '2025-01-31' })).toEqual(recountTimeliness(LIVES, by, NOW, between));
  });

  it.each(['unit', 'community', 'category', 'kind', 'year'])('say of durations by %s what the records say', async (by) => {
    expect(await ask(anyQuery(durations), { by })).toEqual(recountDurations(LIVES, by, {}));
    expect(await ask(anyQuery(durations), { by, year: '2025' })).toEqual(recountDurations(LIVES, by, { year: 2025 }));
  });

  it('have a row of the satisfaction list for each need that the records say is evaluated, page by page', async () => {
    const rows: SatisfactionList['items'][number][] = [];
    let cursor: string | null = null;
    do {
      const page: SatisfactionList = await ask(anyQuery(satisfactionList), { limit: '7', ...(cursor === null ? {} : { cursor }) });
      rows.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    const expected = recountSatisfaction(LIVES);
    expect(expected.length).toBeGreaterThan(20);
    expect(rows).toMatchObject(expected.map(({ days, ...row }) => ({ ...row, unit: row.unit ?? '' })));
    expect(rows.map(({ days }) => Object.fromEntries(Object.entries(days).map(([phase, spent]) => [phase, spent?.calendar ?? null])))).toEqual(
      expected.map(({ days }) => days),
    );
    expect(JSON.stringify(rows)).not.toContain('SECRET');
  });

  it.each(['unit', 'community'] as const)('have on the scoreboard of each %s what the records say', async (of) => {
    const { rows } = await ask<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>(anyQuery(scoreboard), { of });
    const said = rows.map(({ needs, year, whistles, ...row }) => {
      const { tangible: _, service: __, ...counts } = needs as Readonly<Record<string, unknown>>;
      return { key: `${String(year)} ${String(row[of])}`, ...counts, whistles };
    });
    const counted = recountScoreboard(LIVES, of);
    expect([...said].sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual(counted);
    const sum = (numbers: readonly (number | undefined)[]): number => numbers.reduce<number>((before, n = 0) => before + n, 0);
    const answered = sum(counted.map(({ whistles }) => whistles.answered));
    const unanswered = sum(counted.map(({ whistles }) => ('blown' in whistles ? whistles.blown : whistles.called))) - answered;
    expect(Math.min(answered, unanswered)).toBeGreaterThan(20);
  });

  it('are found by an index, in the order of when they happened', async () => {
    const collection = await new ActiveKeys(fresh.store.db, needFigures).collection();
    const wanted = { 'key.of': 'closing', 'key.at': { $gte: '2024-', $lt: '2025-' } };
    const plan = JSON.stringify(await collection.find(wanted).sort({ 'key.at': 1, 'key.need': 1 }).explain('queryPlanner'));
    expect(plan).toContain('IXSCAN');
    expect(plan).not.toContain('"SORT"');
  });

  it('belong to a model of the list of all kinds', () => {
    expect(AGGREGATES.flatMap(({ keyedModels = [] }) => keyedModels)).toContain(needFigures);
  });
});
