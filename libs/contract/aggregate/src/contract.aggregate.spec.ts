import { describe, expect, it } from '@jest/globals';
import { pathsOf, personalPathsIn, reaches } from '@qiyue/aggregate';
import { COMMON_REFUSALS, ENGINE_REFUSALS, explainRefusal } from '@qiyue/civic-domain';
import { sightBy } from '@qiyue/civic-views';
import { CONTRACT_EVENT_TYPES, contractEventSchemas } from '@qiyue/contract-contracts';
import { toListItem, type ContractView } from '@qiyue/contract-views';
import { z } from 'zod';
import { contractAggregate as contract } from './contract.aggregate';
import { cora, endOf, EVERY_MOMENT, wes } from './testing/told-contract';

const { access, refusals, noun } = contract;
const NOW = '2024-12-30T09:00:00.000+08:00';

/** What a role sees of a value, by path: a second, plainer reader than the edge's. */
const seenBy = (role: string, value: unknown, within: string, view: ContractView, path = ''): unknown => {
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
    expect(Object.keys(contract.commands)[0]).toBe(contract.decider.startsWith);
    for (const { schema, example, summary } of Object.values(contract.commands)) {
      expect(schema.safeParse(example).error).toBeUndefined();
      expect(summary.en).toMatch(/^[a-z]/);
    }
  });
  it('names the module that has its decider, of pure code', () => {
    const { path, name } = contract.deciderModule;
    const exported = require(path) as Readonly<Record<string, unknown>>;
    expect(exported[name]).toMatchObject({ aggregate: 'contract', startsWith: 'propose', rules: 2 });
  });
  it('shows documents and list items as their schemas say', () => {
    for (const { after } of EVERY_MOMENT) {
      expect(contract.shown.parse(contract.shownOf(after, NOW))).toEqual(contract.shownOf(after, NOW));
      expect(contract.listing.item.parse(toListItem(after, NOW))).toEqual(toListItem(after, NOW));
    }
  });
  it('has words about persons in reasons and comments only', () => {
    expect(
      Object.entries(contract.commands).flatMap(([type, { schema }]) => personalPathsIn(schema).personal.map((path) => `${type}.${path}`)),
    ).toEqual(['withdraw.reason', 'amend.reason', 'decline-amendment.reason', 'evaluate.comment', 'terminate.reason']);
  });
  it('lists by unit, community, year, stage, status and what is late, newest first', () => {
    const asked = { unit: '住建局', community: '民悦社区', year: '2024', stage: 'in-force', status: 'running', overdue: 'true' };
    const late = [{ 'view.dueAt': { $ne: null, $lt: NOW } }, { 'view.itemClocks.dueAt': { $gt: '', $lt: NOW } }];
    const query = z.strictObject(contract.listing.filters).parse(asked);
    expect(contract.listing.conditionsOf(query, NOW)).toEqual([
      ...[
        { 'view.unit': '住建局' },
        { 'view.community': '民悦社区' },
        { 'view.year': 2024 },
        { 'view.stage': 'in-force' },
        { 'view.status': 'running' },
      ],
      { $or: late },
    ]);
    expect(contract.listing.conditionsOf({ overdue: false }, NOW)).toEqual([{ $nor: late }]);
    expect(contract.listing.textsOf(endOf('signed'))).toEqual(expect.arrayContaining(['住建局', '民悦社区', '安装太阳能路灯']));
  });
  it('every event is described, and told of', () => {
    expect(Object.keys(contract.events)).toEqual(CONTRACT_EVENT_TYPES);
    expect([...(contract.notices?.types ?? [])].sort()).toEqual([...CONTRACT_EVENT_TYPES].sort());
  });
});

describe('a field', () => {
  it('is shown to somebody, each in documents and events', () => {
    for (const path of pathsOf(contract.shown)) expect([path, access.leastSightOf(path, 'in-force')]).toEqual([path, expect.any(String)]);
    for (const [type, schema] of Object.entries(contractEventSchemas))
      for (const path of pathsOf(schema)) expect([type, path, access.leastSightOf(path, type)]).toEqual([type, path, expect.any(String)]);
  });
  it('that nobody has named is not shown to anybody', () => {
    for (const path of ['', '__proto__', 'constructor', 'items[].by', 'signatures[].title', 'year.unit'])
      expect(access.leastSightOf(path, 'in-force')).toBeNull();
  });
});

describe('reasons, comments and who signed', () => {
  const INNER = /SECRET|"by":"/;
  it.each(['resident', 'property', 'grid', 'operator', 'service', 'none'])('are hidden from a %s, who sees all that was agreed on', (role) => {
    for (const { record, after } of EVERY_MOMENT) {
      const document = JSON.stringify(seenBy(role, contract.shownOf(after, NOW), after.stage, after));
      expect(document).not.toMatch(INNER);
      expect(document).toMatch(/安装太阳能路灯.*安排专人联系社区/);
      expect(JSON.stringify(seenBy(role, record.data, record.type, after))).not.toMatch(INNER);
    }
  });
  it.each(['community', 'department', 'centre', 'authority', 'supervisor'])('are shown to a %s', (role) => {
    for (const { record, after } of EVERY_MOMENT) {
      expect(seenBy(role, contract.shownOf(after, NOW), after.stage, after)).toEqual(contract.shownOf(after, NOW));
      expect(seenBy(role, record.data, record.type, after)).toEqual(record.data);
    }
  });
});

describe('a contract', () => {
  const view = endOf('signed');
  it('concerns its two sides', () => {
    expect([access.unitsOf(view), access.communitiesOf(view)]).toEqual([['住建局'], ['民悦社区']]);
    expect([access.authorOf(view), access.followersOf(view)]).toEqual([null, []]);
  });
  it('has ended when it is closed', () => {
    expect([access.endedAtOf(view), access.endedAtOf(endOf('evaluated'))]).toEqual([null, endOf('evaluated').updatedAt]);
  });
  it('is proposed by those that it names: nobody has to be asked for that', () => {
    const data = { unit: '住建局', community: '民悦社区' };
    expect([wes, cora].map((actor) => access.isOwnWord?.('named-party', data, actor))).toEqual([true, true]);
    expect(access.isOwnWord?.('named-party', data, { ...wes, unit: '水利局' })).toBe(false);
    expect(access.isOwnWord?.('own-side', data, wes)).toBe(false);
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
  });
  it('is a conflict where it is a contract’s own', () => {
    for (const code of own) expect(refusals[code]?.status).toBe(409);
  });
});
