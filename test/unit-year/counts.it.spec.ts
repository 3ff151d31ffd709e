import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AskedPorts } from '@qiyue/aggregate';
import { sealRecord } from '@qiyue/engine';
import { ActiveKeys, ActiveModel, projected, type ReceivedRecord } from '@qiyue/engine-runtime';
import { EntityLife } from '@qiyue/engine-testing';
import { freshStore } from '@qiyue/testkit';
import { scoreboardModel, unitYearAggregate, type Budgets, type Pledges } from '@qiyue/unit-year';
import { unitYearDecider, unitYearIdOf } from '@qiyue/unit-year-domain';

const centre = { id: 'cen', role: 'centre', unit: null };
const NOW = '2025-06-01T09:00:00.000+08:00';

/** A year with a budget and a pledge, as its records come off the topic. */
const yearOf = (unit: string, year: number, amountFen: number): readonly ReceivedRecord[] => {
  const life = new EntityLife(unitYearDecider, { entity: unitYearIdOf({ unit, year }), bornAt: `${year}-01-08T09:00:00.000+08:00` });
  life.does(centre, { type: 'open', data: { unit, year } });
  life.does(centre, { type: 'set-budget', data: { amountFen, reference: 'F-1' } });
  life.does({ id: 'dep', role: 'department', unit }, { type: 'pledge', data: { kind: 'tangible', title: 'Street lights' } });
  return life.records.map((body) => ({ body, hash: sealRecord(body).hash }));
};

describe('the counts of units and years', () => {
  let fresh: Awaited<ReturnType<typeof freshStore>>;
  let ports: AskedPorts;
  beforeAll(async () => {
    fresh = await freshStore();
    const { db } = fresh.store;
    ports = {
      ...{ now: NOW, model: (of) => new ActiveModel(db, of), keys: (of) => new ActiveKeys(db, of) },
      ...{
        reader: { role: 'centre', unit: null },
        language: 'en',
        workingDaysBetween: () => null,
        shownOf: () => Promise.reject(new Error('these are of no entity')),
      },
    };
    const years = [yearOf('Water', 2024, 1), yearOf('Roads', 2025, 2), yearOf('Water', 2025, 3), yearOf('Parks', 2024, 4)];
    await projected(fresh.store, scoreboardModel).apply(years.flat());
  });
  afterAll(() => fresh.drop());

  const ask = async <A>(path: string, query: Readonly<Record<string, string>>): Promise<A> => {
    const question = unitYearAggregate.queries?.find((one) => one.path === path);
    if (question === undefined) throw new Error(`no ${path}`);
    return question.answer.parse(await question.read(question.parameters.parse(query) as never, ports)) as A;
  };
  const shown = ({ rows }: Budgets) => rows.map(({ unit, year, grantedFen, availableFen }) => `${unit} ${year} ${grantedFen} ${availableFen}`);

  it('come with the newest year first, units by name', async () => {
    expect(shown(await ask('stats/budgets', {}))).toEqual(['Roads 2025 2 2', 'Water 2025 3 3', 'Parks 2024 4 4', 'Water 2024 1 1']);
  });
  it('come for one unit, one year, or both', async () => {
    expect(shown(await ask('stats/budgets', { unit: 'Water' }))).toEqual(['Water 2025 3 3', 'Water 2024 1 1']);
    expect(shown(await ask('stats/budgets', { year: '2024' }))).toEqual(['Parks 2024 4 4', 'Water 2024 1 1']);
    expect(shown(await ask('stats/budgets', { year: '2024', unit: 'Water' }))).toEqual(['Water 2024 1 1']);
    expect(shown(await ask('stats/budgets', { year: '2023' }))).toEqual([]);
  });
  it('have the pledges by kind and state', async () => {
    const { rows } = await ask<Pledges>('stats/pledges', { year: '2025', unit: 'Roads' });
    expect(rows).toMatchObject([{ unit: 'Roads', year: 2025, stage: 'pledging', tangible: { promised: 1, fulfilled: 0 }, service: { promised: 0 } }]);
  });
  it('are found by an index, in their order', async () => {
    const collection = await new ActiveKeys(fresh.store.db, scoreboardModel).collection();
    const plan = JSON.stringify(await collection.find({ 'key.year': 2025 }).sort({ 'key.year': -1, 'key.unit': 1 }).explain('queryPlanner'));
    expect(plan).toContain('IXSCAN');
    expect(plan).not.toContain('"SORT"');
  });
});
