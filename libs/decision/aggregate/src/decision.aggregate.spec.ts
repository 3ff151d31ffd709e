import { describe, expect, it } from '@jest/globals';
import { pathsOf, reaches } from '@qiyue/aggregate';
import { COMMON_REFUSALS, ENGINE_REFUSALS, explainRefusal } from '@qiyue/civic-domain';
import { sightBy, type Reader } from '@qiyue/civic-views';
import { DECISION_EVENT_TYPES, decisionEventSchemas, DECISION_STAGES } from '@qiyue/decision-contracts';
import { COMMON_PARTS, countBallots, decisionDecider, type DecisionCommand, type DecisionEvent, type RosterEntry } from '@qiyue/decision-domain';
import { foldDecisionView, toListItem, type DecisionView } from '@qiyue/decision-views';
import { eventOf } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';
import { z } from 'zod';
import { decisionAggregate as decision } from './decision.aggregate';
import { parts } from './queries/parts';
import { cora, endOf, EVERY_MOMENT, funding, LIVES, moment } from './testing/told-decision';

const { access, refusals, noun } = decision;
const NOW = '2024-12-31T08:00:00.000+08:00';

const COMMUNITY: Reader = { id: 'cora', role: 'community', unit: '渠南社区' };
const SUPERVISOR: Reader = { id: 'sue', role: 'supervisor', unit: null };
const reader = (role: string, id = 'x', unit: string | null = null): Reader => ({ id, role, unit });

/** What a reader sees of a value, by path: a second, plainer reader than the edge's. */
const shownTo = (who: Reader, value: object, within: string, view: DecisionView): Readonly<Record<string, unknown>> => {
  const sight = sightBy(access.reading, who.role, access.relationOf(who, view) as 'other');
  const walk = (inner: unknown, path: string): unknown => {
    if (Array.isArray(inner)) return inner.map((one: unknown) => walk(one, `${path}[]`));
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(
      Object.entries(inner).flatMap(([name, one]) => {
        const at = path === '' ? name : `${path}.${name}`;
        return reaches(sight, access.leastSightOf(at, within)) ? [[name, walk(one, at)]] : [];
      }),
    );
  };
  return { ...(walk(value, '') as object), ...access.ownPartOf?.(who, value, within) };
};
const documentFor = (who: Reader, view: DecisionView) => decision.shownOf(shownTo(who, view, access.withinOf(view), view) as never, NOW);

describe('the definition', () => {
  it('has a body that fits for each command, the starting one first', () => {
    expect(Object.keys(decision.commands)[0]).toBe(decision.decider.startsWith);
    for (const { schema, example, summary } of Object.values(decision.commands)) {
      expect(schema.safeParse(example).error).toBeUndefined();
      expect(summary.en).toMatch(/^[a-z]/);
    }
  });
  it('names the module that has its decider, of pure code', () => {
    const { path, name } = decision.deciderModule;
    const exported = require(path) as Readonly<Record<string, unknown>>;
    expect(exported[name]).toMatchObject({ aggregate: 'decision', startsWith: 'open', rules: 2 });
  });
  it('can be written down as JSON Schema, each part of it', () => {
    const all = [decision.shown, decision.listing.item, parts.answer, ...Object.values(decision.commands).map(({ schema }) => schema)];
    for (const schema of [...all, ...Object.values(decision.events).map((event) => event.schema)])
      expect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).toHaveProperty('type', 'object');
  });
  it('shows documents and list items as their schemas say', () => {
    for (const { after } of EVERY_MOMENT) {
      expect(decision.shown.parse(decision.shownOf(after, NOW))).toEqual(decision.shownOf(after, NOW));
      expect(decision.listing.item.parse(toListItem(after, NOW))).toEqual(toListItem(after, NOW));
    }
  });
  it('lists by need, community, matter, stage and what is late, without owners and money', () => {
    const query = z
      .strictObject(decision.listing.filters)
      .parse({ needId: 'n1', community: '渠南社区', matter: 'use-fund', stage: 'voting', overdue: 'true' });
    expect(decision.listing.conditionsOf(query, NOW)).toEqual([
      ...[{ 'view.needId': 'n1' }, { 'view.community': '渠南社区' }, { 'view.matter': 'use-fund' }, { 'view.stage': 'voting' }],
      { 'view.dueAt': { $ne: null, $lt: NOW } },
    ]);
    expect(decision.listing.conditionsOf({ overdue: false }, NOW)).toEqual([{ $or: [{ 'view.dueAt': null }, { 'view.dueAt': { $gte: NOW } }] }]);
    expect(JSON.stringify(toListItem(endOf('working'), NOW))).not.toMatch(/owner|reserved|drawn|SECRET/);
  });
  it('tells which parts the fund is for', async () => {
    const answer = await parts.read({}, {} as never);
    expect(parts.answer.parse(answer)).toEqual(answer);
    expect(answer.parts.map(({ code }) => code)).toEqual(COMMON_PARTS.map(({ code }) => code));
    expect(answer.parts[5]).toEqual({ code: 'roof', kind: 'part', name: { zh: '屋顶', en: 'roof' }, source: '《住宅专项维修资金管理办法》第三条' });
  });
});

describe('a field', () => {
  it('is shown to somebody, each in documents and events', () => {
    for (const path of pathsOf(decision.shown)) expect([path, access.leastSightOf(path, 'passed')]).toEqual([path, expect.any(String)]);
    for (const [type, schema] of Object.entries(decisionEventSchemas))
      for (const path of pathsOf(schema)) expect([type, path, access.leastSightOf(path, type)]).toEqual([type, path, expect.any(String)]);
  });
  it('that nobody has named is not shown to anybody, though one of its name is elsewhere', () => {
    for (const path of ['', '__proto__', 'constructor', 'roster[].choice', 'tally.surprise', 'choice'])
      expect(access.leastSightOf(path, 'passed')).toBeNull();
  });
});

describe('how somebody voted', () => {
  const open = endOf('voting');
  const OTHERS = [...['resident', 'property', 'grid', 'department', 'centre', 'authority', 'operator', 'service', 'none', '__proto__'].map((role) => reader(role)),
    reader('community', 'x', '另一社区'), reader('department', 'ann')]; // prettier-ignore
  it.each(OTHERS)('is nobody else’s to know: %j', (who) => {
    for (const view of [open, endOf('confirmed')]) expect(JSON.stringify(documentFor(who, view))).not.toMatch(/"agree"|"disagree"|"choice"/);
    for (const { record, after } of EVERY_MOMENT)
      expect(JSON.stringify(shownTo(who, record.data as object, record.type, after))).not.toMatch(/"agree"|"disagree"|"choice"/);
  });
  it.each([COMMUNITY, SUPERVISOR])('is shown to those who supervise the count: %j', (who) => {
    expect(documentFor(who, open)).toMatchObject({
      ballots: [{ owner: 'ann', choice: 'disagree' }, { choice: 'agree' }, { owner: 'cy' }, { owner: null }],
    });
  });
  it('is shown to themselves, and of others nothing', () => {
    const [ann, bo, cy] = ['ann', 'bo', 'zoe'].map((id) => documentFor(reader('resident', id), open) as Readonly<Record<string, unknown>>);
    expect([ann?.['ownBallot'], bo?.['ownBallot'], cy?.['ownBallot']]).toMatchObject([
      { choice: 'disagree', channel: 'online' },
      { choice: 'agree' },
      null,
    ]);
    expect([ann?.['ballots'], bo?.['ballots']]).toEqual([undefined, undefined]);
    const { record, after } = moment('voting', 'VoteCast');
    expect(shownTo(reader('resident', 'ann'), record.data as object, 'VoteCast', after)).toMatchObject({ owner: 'ann', choice: 'disagree' });
    expect(shownTo(reader('resident', 'bo'), record.data as object, 'VoteCast', after)).toEqual({ needId: 'n1' });
  });
  it('is not told by its evidence, which is for those who supervise the count and for themselves', () => {
    const { record, after } = moment('voting', 'VoteCast', 2);
    const seenBy = (who: Reader) => shownTo(who, record.data as object, 'VoteCast', after)['evidence'];
    for (const who of [...OTHERS, reader('resident', 'ann')]) expect([who, seenBy(who)]).toEqual([who, undefined]);
    for (const who of [COMMUNITY, SUPERVISOR, reader('resident', 'cy')]) expect(seenBy(who)).toMatchObject([{ kind: 'paper' }]);
  });
  it('is not told by the numbers while the ballot is open, then or looked back at, and they are for everybody behind it', () => {
    const numbersFor = (who: Reader, view: DecisionView) => Object.keys((shownTo(who, view, access.withinOf(view), view)['tally'] ?? {}) as object);
    const hidden = ['agreeAreaCm2', 'agreeHeads', 'approval', 'partAreaCm2'];
    expect(numbersFor(reader('resident', 'ann'), open)).toEqual(['totalAreaCm2', 'totalHeads', 'partHeads', 'quorum', 'outcome']);
    for (const who of [reader('authority'), reader('centre'), reader('resident', 'ann')])
      expect(shownTo(who, open, 'voting', open)['counting']).not.toHaveProperty('neededAgreeAreaCm2');
    expect(shownTo(COMMUNITY, open, 'voting', open)['counting']).toHaveProperty('neededAgreeAreaCm2');
    expect(numbersFor(COMMUNITY, open)).toEqual(expect.arrayContaining(hidden));
    expect(numbersFor(reader('resident'), endOf('confirmed'))).toEqual(expect.arrayContaining(hidden));
    const rule = shownTo(reader('resident'), open, 'voting', open)['rule'];
    expect(rule).toEqual(open.rule);
  });
});

describe('what is said and what is owned', () => {
  const view = endOf('working');
  it('is for owners and offices as far as it is theirs', () => {
    const seen = (who: Reader) => JSON.stringify(documentFor(who, view));
    expect(seen(reader('resident'))).not.toMatch(/3-2-101|SECRET|777777|"cy"/);
    expect(seen(reader('resident', 'bo'))).toMatch(/3-2-101.*777777/); // an owner: roster and money, and no words of others
    expect(seen(reader('resident', 'bo'))).not.toMatch(/SECRET-words|"cy"/);
    expect(seen(reader('authority'))).toMatch(/SECRET-words/);
    expect(seen(reader('authority'))).not.toMatch(/"cy"/);
    expect(seen(COMMUNITY)).toMatch(/SECRET-words.*"cy"|"cy".*SECRET-words/);
  });
  it('is for everybody as far as it was posted', () => {
    expect(documentFor(reader('none'), view)).toMatchObject({
      ...{ plan: { works: '3号楼2单元屋面防水层铲除重做', budgetFen: 3_200_000 }, tally: { outcome: 'passed', agreeHeads: 3 } },
      ...{ notice: { days: 7 }, counting: { severalRooms: 1, unsoldRooms: 1 }, rule: { name: 'civil-code-278' } },
    });
  });
  it('costs each room its agreed share, to the fen', () => {
    expect(view.roster.map(({ shareFen }) => shareFen)).toEqual([640_000, 640_000, 640_000, 640_000, 640_000]);
    const byArea = endOf('idle').roster.map(({ shareFen }) => shareFen);
    expect(byArea).toEqual([682_387, 775_914, 682_386, 775_914, 682_386].map((_, i) => byArea[i]));
    expect(byArea.reduce<number>((sum, fen) => sum + (fen ?? 0), 0)).toBe(3_600_000);
  });
  it('keeps visits and objections with the plan that they were about', () => {
    expect([view.objections.map(({ planNumber }) => planNumber), view.mediations.map(({ planNumber }) => planNumber)]).toEqual([[1], [1, 2]]);
    expect(view.plans.map(({ number, budgetFen }) => [number, budgetFen])).toEqual([[1, 3_600_000]]);
  });
});

describe('money that was drawn for works that do not come', () => {
  it('is owed, seen by owners and offices, until it is paid back', () => {
    const seen = (who: Reader) => documentFor(who, endOf('owing'));
    for (const who of [reader('resident', 'bo'), reader('authority'), COMMUNITY])
      expect(seen(who)).toMatchObject({ fund: { drawnFen: 700_000, owedFen: 700_000 }, repayments: [{ amountFen: 77_777 }] });
    expect(JSON.stringify(seen(reader('resident')))).not.toMatch(/700000|77777/);
  });
});

describe('a decision', () => {
  it('concerns its community, and has ended when the last of its money has', () => {
    expect([access.communitiesOf(endOf('idle')), access.unitsOf(endOf('idle')), access.authorOf(endOf('idle'))]).toEqual([['渠南社区'], [], null]);
    expect([access.endedAtOf(endOf('confirmed')), access.endedAtOf(endOf('working'))]).toEqual([null, endOf('working').updatedAt]);
  });
  it('has lived through every stage and every event here', () => {
    expect(new Set(EVERY_MOMENT.map(({ after }) => after.stage))).toEqual(new Set(DECISION_STAGES));
    expect(new Set(EVERY_MOMENT.map(({ record }) => record.type))).toEqual(new Set(DECISION_EVENT_TYPES));
    expect(Object.keys(LIVES).length).toBeGreaterThan(10);
  });
});

describe('a refusal', () => {
  it('has a sentence of its own in Chinese and in English, each of them', () => {
    const codes = Object.keys(refusals);
    const english = codes.map((code) => explainRefusal(refusals, { code }, { noun }, 'en'));
    expect(new Set(english).size).toBe(codes.length);
    for (const sentence of english) expect(sentence).toMatch(/^[A-Z][\x20-\x7e–]+\.$/);
    for (const code of codes) expect(explainRefusal(refusals, { code }, { noun }, 'zh-CN')).toMatch(/\p{Script=Han}.*。$/u);
    expect(codes.filter((code) => !(code in ENGINE_REFUSALS) && !(code in COMMON_REFUSALS))).toHaveLength(36);
  });
});

describe('3,000 rooms', () => {
  const roster = Array.from({ length: 3_000 }, (_, i): RosterEntry => ({
    room: `12-3-${1_000 + i}`,
    areaCm2: 800_000 + i,
    owner: `u-${String(i).padStart(24, '0')}`,
  }));
  const plan = { parts: ['roof'], works: '屋面', budgetFen: 123_456_789, warrantyEndedOn: '2015-06-30', from: '2024-09-01', to: '2024-09-20' };
  const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

  it('fit where they go, with all their votes', () => {
    const life = new EntityLife(decisionDecider, { entity: '0123456789abcdefghjkmnpqrs', bornAt: '2024-07-08T09:00:00.000+08:00' });
    const does = (command: DecisionCommand): void => expect(life.does(cora, command)).toBeNull();
    does({ type: 'open', data: { needId: 'n1', matter: 'use-fund', roster, plan } });
    does({ type: 'open-ballot', data: { closesAt: '2025-01-01T00:00:00.000+08:00', channels: ['paper'] } });
    const choice = `sealed:v1:${'0'.repeat(32)}:${'A'.repeat(80)}`;
    for (const { room } of roster) does({ type: 'vote', data: { room, choice, channel: 'paper' } });
    does({ type: 'close-ballot', data: {} });
    const events = life.records.map((record) => eventOf<DecisionEvent>(record));
    expect(
      life.does(funding, {
        type: 'count',
        data: countBallots(
          events,
          roster.map(() => 'agree'),
        ),
      }),
    ).toBeNull();
    const view = life.records.reduce<DecisionView | null>(foldDecisionView, null);
    expect(view?.tally).toMatchObject({ outcome: 'passed', agreeHeads: 3_000 });
    expect(bytesOf(life.records[0])).toBeLessThan(300_000); // a record may have 900 kB, a body 1 MB
    expect(bytesOf(life.records[2])).toBeLessThan(600);
    expect(bytesOf(life.state)).toBeLessThan(250_000); // what a run hands to the next: Temporal takes 2 MB
    expect(bytesOf(view)).toBeLessThan(1_500_000); // of MongoDB's 16 MB
  }, 120_000);
});
