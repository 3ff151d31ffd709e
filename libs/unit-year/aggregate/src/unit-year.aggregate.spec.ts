import { describe, expect, it } from '@jest/globals';
import { csvForm, pathsOf, personalPathsIn, reaches } from '@qiyue/aggregate';
import { COMMON_REFUSALS, ENGINE_REFUSALS, explainRefusal, type Language } from '@qiyue/civic-domain';
import { sightBy } from '@qiyue/civic-views';
import { UNIT_YEAR_EVENT_TYPES, unitYearEventSchemas } from '@qiyue/unit-year-contracts';
import { unitYearIdOf } from '@qiyue/unit-year-domain';
import { toListItem, type UnitYearView } from '@qiyue/unit-year-views';
import { z } from 'zod';
import { unitYearAggregate as unitYear } from './unit-year.aggregate';
import { budgets, budgetsSheet, type BudgetRow, type Budgets } from './queries/budgets';
import { pledges, pledgesSheet, type PledgeRow, type Pledges } from './queries/pledges';
import { endOf, EVERY_MOMENT, LIVES } from './testing/told-year';

const { access, refusals, noun } = unitYear;
const NOW = '2024-12-31T08:00:00.000+08:00';

/** What a role sees of a value, by path: a second, plainer reader than the edge's. */
const seenBy = (role: string, value: unknown, within: string, view: UnitYearView, path = ''): unknown => {
  if (Array.isArray(value)) return value.map((one: unknown) => seenBy(role, one, within, view, `${path}[]`));
  if (typeof value !== 'object' || value === null) return value;
  const sight = sightBy(access.reading, role, access.relationOf({ id: 'x', role, unit: view.unit }, view));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const at = path === '' ? name : `${path}.${name}`;
      return reaches(sight, access.leastSightOf(at, within)) ? [[name, seenBy(role, inner, within, view, at)]] : [];
    }),
  );
};

describe('the definition', () => {
  it('has a body that fits for each command, the starting one first', () => {
    expect(Object.keys(unitYear.commands)[0]).toBe(unitYear.decider.startsWith);
    for (const { schema, example, summary } of Object.values(unitYear.commands)) {
      expect(schema.safeParse(example).error).toBeUndefined();
      expect(summary.en).toMatch(/^[a-z]/);
    }
  });
  it('names the module that has its decider, of pure code', () => {
    const { path, name } = unitYear.deciderModule;
    const exported = require(path) as Readonly<Record<string, unknown>>;
    expect(exported[name]).toMatchObject({ aggregate: 'unit-year', startsWith: 'open', rules: 2 });
  });
  it('gives the same unit and year the same id, however it was typed', () => {
    const id = unitYearIdOf({ unit: '住建局', year: 2024 });
    expect(unitYear.idOf?.({ unit: '住建局', year: 2024 })).toBe(id);
    expect(unitYear.idOf?.({ year: 2024, unit: ' 住建局 ' })).toBe(id);
    expect(unitYear.idOf?.({ unit: '住建局', year: 2025 })).not.toBe(id);
    for (const bad of [{}, { unit: 1, year: 'x' }, { unit: '', year: 2024 }]) expect(unitYear.idOf?.(bad)).toMatch(/^[0-9a-z]{26}$/);
  });
  it('can be written down as JSON Schema, each part of it', () => {
    const schemas = [unitYear.shown, unitYear.listing.item, budgets.answer, pledges.answer];
    const all = [
      ...schemas,
      ...Object.values(unitYear.commands).map(({ schema }) => schema),
      ...Object.values(unitYear.events).map(({ schema }) => schema),
    ];
    for (const schema of all) expect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).toHaveProperty('type', 'object');
    for (const parameters of [budgets.parameters, pledges.parameters, z.strictObject(unitYear.listing.filters)])
      expect(Object.keys(z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' }).properties ?? {})).toEqual(
        expect.arrayContaining(['unit', 'year']),
      );
  });
  it('shows documents and list items as their schemas say', () => {
    for (const { after } of EVERY_MOMENT) {
      expect(unitYear.shown.parse(unitYear.shownOf(after, NOW))).toEqual(unitYear.shownOf(after, NOW));
      expect(unitYear.listing.item.parse(toListItem(after, NOW))).toEqual(toListItem(after, NOW));
    }
  });
  it('has words about persons in reasons only', () => {
    expect(
      Object.entries(unitYear.commands).flatMap(([type, { schema }]) => personalPathsIn(schema).personal.map((path) => `${type}.${path}`)),
    ).toEqual([...['adjust-budget.reason', 'withdraw-pledge.reason', 'contest.reason', 'settle.reason', 'carry-over.reason']]);
  });
  it('lists by unit, year, stage and what is late, newest first', () => {
    const query = z.strictObject(unitYear.listing.filters).parse({ unit: '住建局', year: '2024', stage: 'published', overdue: 'true' });
    expect(unitYear.listing.conditionsOf(query, NOW)).toEqual([
      ...[{ 'view.unit': '住建局' }, { 'view.year': 2024 }, { 'view.stage': 'published' }],
      { 'view.dueAt': { $ne: null, $lt: NOW } },
    ]);
    expect(unitYear.listing.conditionsOf({}, NOW)).toEqual([]);
    expect(unitYear.listing.textsOf(endOf('closed'))).toEqual(expect.arrayContaining(['住建局', '安装路灯']));
  });
});

describe('a field', () => {
  it('is shown to somebody, each in documents and events', () => {
    for (const path of pathsOf(unitYear.shown)) expect([path, access.leastSightOf(path, 'published')]).toEqual([path, expect.any(String)]);
    for (const [type, schema] of Object.entries(unitYearEventSchemas))
      for (const path of pathsOf(schema)) expect([type, path, access.leastSightOf(path, type)]).toEqual([type, path, expect.any(String)]);
  });
  it('that nobody has named is not shown to anybody, though one of its name is elsewhere', () => {
    const view = endOf('closed');
    const planted = { ...view, surprise: 1, amountFen: 5, pledges: view.pledges.map((pledge) => ({ ...pledge, author: 'x', year: 2024 })) };
    for (const role of ['resident', 'department', 'centre', 'supervisor'])
      expect(JSON.stringify(seenBy(role, planted, view.stage, view))).not.toMatch(/surprise|author|"amountFen":5\b/);
    expect(JSON.stringify(seenBy('centre', planted, view.stage, view))).not.toMatch(/"year":2024[^}]*"year":2024/);
    for (const path of ['', '__proto__', 'constructor', 'pledges[].year', 'budget.surprise', 'year.unit'])
      expect(access.leastSightOf(path, 'published')).toBeNull();
    expect(access.leastSightOf('grantedFen', 'BudgetSet')).toBeNull(); // a field of documents, not of this event
  });
});

const MONEY = /Fen"|"reference"|reservation|424242|77777|70000/;

describe('money', () => {
  const view = endOf('closed');
  const all = LIVES['closed'] ?? [];
  it.each(['resident', 'property', 'grid', 'community', 'authority', 'operator', 'service', 'none'])(
    'is hidden from a %s, who sees every pledge',
    (role) => {
      const document = JSON.stringify(seenBy(role, unitYear.shownOf(view, NOW), view.stage, view));
      expect(document).not.toMatch(MONEY);
      expect(document).toMatch(/安装路灯.*修建车棚.*普法讲座/);
      for (const { record } of all) expect(JSON.stringify(seenBy(role, record.data, record.type, view))).not.toMatch(MONEY);
    },
  );
  it.each(['department', 'centre', 'supervisor'])('is shown to a %s', (role) => {
    const seen = seenBy(role, unitYear.shownOf(view, NOW), view.stage, view);
    expect(seen).toMatchObject({ budget: { grantedFen: 424_242, reservedFen: 0, committedFen: 70_000, availableFen: 354_242 } });
    for (const { record } of all) expect(seenBy(role, record.data, record.type, view)).toEqual(record.data);
  });
  it('stands in no list', () => {
    expect(JSON.stringify(toListItem(view, NOW))).not.toMatch(MONEY);
    expect(Object.keys(unitYear.listing.without ?? {})).toEqual(['view.reservations', 'view.budget']);
  });
  it('is counted for those alone who may see it', () => {
    expect(budgets.roles).toEqual(['department', 'centre', 'supervisor']);
    expect(pledges.roles).toBeUndefined();
  });
});

describe('a year', () => {
  it('concerns its unit, and the communities of its pledges and contests', () => {
    const [view, other] = [endOf('contested'), endOf('closed')];
    expect([access.unitsOf(view), access.communitiesOf(view), access.communitiesOf(other)]).toEqual([['住建局'], ['民悦社区'], []]);
    expect([access.authorOf(view), access.followersOf(view)]).toEqual([null, []]);
  });
  it('has ended when the last of its money has', () => {
    expect([access.endedAtOf(endOf('contested')), access.endedAtOf(endOf('closed'))]).toEqual([null, endOf('closed').updatedAt]);
  });
});

describe('a refusal', () => {
  const own = Object.keys(refusals).filter((code) => !(code in ENGINE_REFUSALS) && !(code in COMMON_REFUSALS));
  it('has a sentence of its own in Chinese and in English, each of them', () => {
    const codes = Object.keys(refusals);
    const english = codes.map((code) => explainRefusal(refusals, { code }, { noun }, 'en'));
    expect(new Set(english).size).toBe(codes.length);
    for (const sentence of english) expect(sentence).toMatch(/^[A-Z][\x20-\x7e–]+\.$/);
    for (const code of codes) expect(explainRefusal(refusals, { code }, { noun }, 'zh-CN')).toMatch(/\p{Script=Han}.*。$/u);
    expect(own).toHaveLength(18);
  });
  it('says what the rules know', () => {
    const detail = { tangible: 1, tangibleMin: 2, tangibleMax: 3, service: 1, serviceMin: 1, serviceMax: 2 };
    expect(explainRefusal(refusals, { code: 'pledges-out-of-bounds', detail }, { noun }, 'zh-CN')).toBe(
      '承诺数量不符合要求：实事 1 件（应为 2 至 3 件），好事 1 件（应为 1 至 2 件）。',
    );
    expect(explainRefusal(refusals, { code: 'over-budget', detail: { availableFen: 600, usedFen: 400 } }, { noun }, 'en')).toBe(
      'The budget does not cover this: 600 fen are available, 400 fen are reserved or spent.',
    );
  });
});

const csvOfPledges = (answer: Pledges, language: Language): string => csvForm(pledgesSheet)(answer, null, language);
const csvOfBudgets = (answer: Budgets, language: Language): string => csvForm(budgetsSheet)(answer, null, language);

describe('the counts', () => {
  it('of pledges are a table too', () => {
    const none = { promised: 0, linked: 0, contested: 0, fulfilled: 0, failed: 0, 'carried-over': 0, withdrawn: 0 };
    const needs = { claimed: 5, done: 4, inTime: 3, satisfied: 2 };
    const row: PledgeRow = {
      ...{ unit: '住建局', year: 2024, stage: 'closed', needs },
      ...{ tangible: { ...none, fulfilled: 1, failed: 1 }, service: { ...none, 'carried-over': 1 } },
    };
    expect(csvOfPledges({ rows: [row, { ...row, stage: null }] }, 'zh-CN')).toBe(
      [
        '\uFEFF单位,年度,阶段,实事：已承诺,实事：已对接需求,实事：有异议,实事：已兑现,实事：未兑现,实事：结转下年,实事：已撤回,' +
          '好事：已承诺,好事：已对接需求,好事：有异议,好事：已兑现,好事：未兑现,好事：结转下年,好事：已撤回,' +
          '认领需求,办结需求,按时办结,满意\r\n',
        '住建局,2024,年度已结,0,0,0,1,1,0,0,0,0,0,0,0,1,0,5,4,3,2\r\n',
        '住建局,2024,,0,0,0,1,1,0,0,0,0,0,0,0,1,0,5,4,3,2\r\n',
      ].join(''),
    );
  });
  it('as a table hold no formula, and leave open what has no bound', () => {
    const row: BudgetRow = {
      unit: '=HYPERLINK("x")',
      year: 2024,
      stage: 'pledging',
      grantedFen: null,
      reservedFen: 5,
      committedFen: 0,
      availableFen: null,
    };
    expect(csvOfBudgets({ rows: [row] }, 'en')).toBe(
      '\uFEFFUnit,Year,Stage,"Granted, yuan","Reserved, yuan","Spent, yuan","Available, yuan"\r\n"\'=HYPERLINK(""x"")",2024,pledging,,0.05,0,\r\n',
    );
    expect(Object.keys(budgets.forms ?? {})).toEqual(['text/csv; charset=utf-8']);
  });
});

it('every event is told of, or shown by looking', () => {
  expect(Object.keys(unitYear.events)).toEqual(UNIT_YEAR_EVENT_TYPES);
  expect(UNIT_YEAR_EVENT_TYPES).toEqual(expect.arrayContaining([...(unitYear.notices?.types ?? [])]));
});
