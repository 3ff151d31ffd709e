import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { explainRefusal, LANGUAGES, yearOf } from '@qiyue/civic-domain';
import { entityIdOf, reactsTo, type Actor, type Context, type Refusal, type Saga, type SagaPlan, type StoppedBy } from '@qiyue/engine';
import { specFor } from '@qiyue/engine-testing';
import { need } from '@qiyue/need';
import { MONEY_SINCE, needDecider, type Fact, type NeedCommand, type NeedEvent, type NeedState } from '@qiyue/need-domain';
import { unitYear } from '@qiyue/unit-year';
import { unitYearDecider, unitYearIdOf, type UnitYearCommand, type UnitYearEvent, type UnitYearState } from '@qiyue/unit-year-domain';
import { FUNDING_REACTIONS } from './funding.reactions';
import { adjustFundingSaga, fundSaga } from './funding.sagas';
import { linkSaga } from './pledge.saga';

const GOLDEN = resolve(__dirname, '../../../need/contracts/golden');
const NEED = entityIdOf('need', 'ann', 'k1');
const NOW = '2024-07-01T08:00:00.000+08:00';
const LAST_MINUTE = '2024-12-31T23:59:00.000+08:00';
const water: Actor = { id: 'wes', role: 'department', unit: 'Water' };
const centre: Actor = { id: 'cen', role: 'centre', unit: null };
const system: Actor = { id: 'saga', role: 'system', unit: null };
const WATERS = { unit: 'Water', year: 2024 } as const;
const WATERS_ID = unitYearIdOf(WATERS);

/** As it was once recorded. */
const golden = <T extends NeedEvent['type']>(name: `${T}.${string}` | T): Fact<T> =>
  JSON.parse(readFileSync(join(GOLDEN, `${name}.json`), 'utf8')) as Fact<T>;
const needAfter = (events: readonly NeedEvent[], rules = MONEY_SINCE): NeedState =>
  events.reduce<NeedState>((state, event) => needDecider.evolve(state, event, { rules }), needDecider.initial);
const yearAfter = (events: readonly UnitYearEvent[]): UnitYearState =>
  events.reduce<UnitYearState>((state, event) => unitYearDecider.evolve(state, event, { rules: 1 }), unitYearDecider.initial);

const CLAIMED: readonly NeedEvent[] = [golden<'NeedSubmitted'>('NeedSubmitted.least'), golden<'NeedClaimed'>('NeedClaimed.most')];
const mixed = golden<'NeedFunded'>('NeedFunded.mixed');
const FUNDED: readonly NeedEvent[] = [...CLAIMED, mixed];
/** 300,000 fen of the department and 200,000 that were donated. */
const RESERVED = mixed.data.reservation ?? fail('the golden file names no reservation');
function fail(why: string): never {
  throw new Error(why);
}

const contextOf = (over: Partial<Context> = {}): Context => ({
  ...{ now: NOW, actor: water, entity: NEED, commandId: 'c1', tables: {}, rules: MONEY_SINCE },
  ...over,
});
const planned = <S, C extends { readonly type: string; readonly data: object }>(saga: Saga<S, C>, command: C, state: S, over?: Partial<Context>) =>
  saga.plan(command, state, contextOf(over), null);
const isPlan = (answer: ReturnType<typeof planned>): answer is SagaPlan => answer !== null && 'before' in answer;

const fund = (data: object = {}) => ({ type: 'fund', data: { amountFen: 500_000, source: 'department', reference: 'B-1', ...data } }) as never;
const adjust = (deltaFen: number) => ({ type: 'adjust-funding', data: { deltaFen, reason: 'r' } }) as never;

describe('the plan of a funding', () => {
  const reservationId = expect.stringMatching(/^[0-9a-z]{26}$/) as unknown as string;
  const reservation = { unitYearId: WATERS_ID, reservationId, unit: 'Water', departmentFen: 500_000 };

  it('reserves what the department pays in the year of the lead, and says so to the need', () => {
    expect(planned(fundSaga, fund(), needAfter(CLAIMED), { actor: centre })).toEqual({
      before: [
        {
          ...{ aggregate: 'unit-year', entity: WATERS_ID, type: 'reserve', starts: true },
          data: { ...WATERS, reservationId, needId: NEED, amountFen: 500_000 },
        },
      ],
      undo: [{ aggregate: 'unit-year', entity: WATERS_ID, type: 'release', data: { reservationId } }],
      data: { reservation },
    });
  });

  it('reserves the department’s part of several alone', () => {
    const plan = planned(fundSaga, fund({ source: 'mixed', split: { departmentFen: 300_000, donationFen: 200_000 } }), needAfter(CLAIMED));
    expect(isPlan(plan) && [plan.before[0]?.data['amountFen'], plan.data]).toEqual([
      300_000,
      { reservation: { ...reservation, departmentFen: 300_000 } },
    ]);
  });

  it.each([
    ['a donation', { source: 'donation' }],
    ['rework', { source: 'rework', amountFen: 0 }],
    ['several sources without a department', { source: 'mixed', split: { departmentFen: 0, donationFen: 500_000 } }],
  ])('is not needed for %s', (_, data) => {
    expect(planned(fundSaga, fund(data), needAfter(CLAIMED))).toBeNull();
  });

  it('was not needed under rules that knew no reservations', () => {
    expect(planned(fundSaga, fund(), needAfter(CLAIMED, 3), { rules: 3 })).toBeNull();
  });

  it('names the reservation by need and command: the same for the same, another for any other use of the same key', () => {
    const nameOf = (over: Partial<Context>, data?: object): unknown => {
      const plan = planned(fundSaga, fund(data), needAfter(CLAIMED), over);
      return isPlan(plan) && plan.before[0]?.data['reservationId'];
    };
    expect(nameOf({})).toBe(nameOf({ now: LAST_MINUTE }));
    const others = [nameOf({ commandId: 'c2' }), nameOf({ entity: 'other' }), nameOf({ actor: centre }), nameOf({}, { reference: 'B-2' })];
    expect(new Set([nameOf({}), ...others]).size).toBe(5);
  });

  it.each([
    [LAST_MINUTE, 2024],
    ['2024-12-31T16:00:00.000Z', 2025],
    ['2025-01-01T00:00:00.000+08:00', 2025],
  ])('takes the year in which %s lies in Shanghai', (now, year) => {
    expect(yearOf(now)).toBe(year);
    const plan = planned(fundSaga, fund(), needAfter(CLAIMED), { now });
    expect(isPlan(plan) && plan.before[0]).toMatchObject({ entity: unitYearIdOf({ unit: 'Water', year }), data: { unit: 'Water', year } });
  });
});

describe('the plan of an adjustment', () => {
  const resize = (data: object) => ({ aggregate: 'unit-year', entity: RESERVED.unitYearId, type: 'resize', data });
  const { reservationId } = RESERVED;

  it('for more resizes the reservation before, from what it was seen to be, and back', () => {
    expect(planned(adjustFundingSaga, adjust(5), needAfter(FUNDED))).toEqual({
      before: [resize({ reservationId, amountFen: 300_005, revision: 1, beforeFen: 300_000, beforeRevision: 0 })],
      undo: [resize({ reservationId, amountFen: 300_000, revision: 0, beforeFen: 300_005, beforeRevision: 1 })],
      data: { reservation: { ...RESERVED, departmentFen: 300_005, revision: 1 } },
    });
  });
  it('for less touches nothing before: it is given back behind the fact', () => {
    expect(planned(adjustFundingSaga, adjust(-5), needAfter(FUNDED))).toEqual({
      before: [],
      undo: [],
      data: { reservation: { ...RESERVED, departmentFen: 299_995, revision: 1 } },
    });
  });
  it('counts how often it was adjusted', () => {
    const again = needAfter([...FUNDED, golden<'FundingAdjusted'>('FundingAdjusted.revised')]);
    const plan = planned(adjustFundingSaga, adjust(5), again);
    expect(isPlan(plan) && plan.before[0]?.data).toMatchObject({ beforeFen: 400_000, beforeRevision: 2, revision: 3 });
  });
  it('of what no department pays has no step', () => {
    const donated = needAfter([...CLAIMED, golden<'NeedFunded'>('NeedFunded.donation')]);
    expect(planned(adjustFundingSaga, adjust(5), donated)).toEqual({ before: [], undo: [] });
  });
  it('of which nothing would be left has no step', () => {
    expect(planned(adjustFundingSaga, adjust(-300_000), needAfter(FUNDED))).toEqual({ before: [], undo: [] });
  });
});

describe('the plan of a link', () => {
  const year = yearAfter([
    { type: 'UnitYearOpened', data: { ...WATERS, dueAt: null, policy: 'p', openedAt: NOW, closesAt: '2025-01-01T00:00:00.000+08:00' } },
    { type: 'PledgeMade', data: { ...WATERS, pledgeId: 'p1', kind: 'service', title: 't' } },
  ]);
  const link = (data: object) => ({ type: 'link', data: { pledgeId: 'p1', needId: NEED, ...data } }) as never;

  it('asks the need whether it lives and is of the kind of the pledge', () => {
    expect(planned(linkSaga, link({}), year)).toEqual({
      before: [{ aggregate: 'need', entity: NEED, type: 'vouch', data: { kind: 'service' }, rules: MONEY_SINCE }],
      undo: [null],
    });
  });
  it('is refused for what is no id of a need, before anybody is asked', () => {
    expect(planned(linkSaga, link({ needId: 'n 1' }), year)).toMatchObject({ refusal: { code: 'no-such-need' } });
  });
  it('of a pledge that is not there has no step: the year refuses it', () => {
    expect(planned(linkSaga, link({ pledgeId: 'p2' }), year)).toEqual({ before: [], undo: [] });
  });
  it.each([
    [
      { code: 'other-kind', detail: { kind: 'tangible' } },
      { code: 'other-kind', detail: { kind: 'tangible' } },
    ],
    [{ code: 'not-found' }, { code: 'no-such-need' }],
    [{ code: 'wrong-stage' }, { code: 'no-such-need' }],
  ])('passes %j on as %j', (refusal, told) => {
    expect(linkSaga.refusalOf?.({ index: 0, refusal, summary: {} })).toEqual(told);
  });
});

describe('what a unit’s year refuses', () => {
  const opened: UnitYearEvent = {
    type: 'UnitYearOpened',
    data: { ...WATERS, dueAt: null, policy: 'p', openedAt: NOW, closesAt: '2025-01-01T00:00:00.000+08:00' },
  };
  const granted: UnitYearEvent = { type: 'BudgetSet', data: { ...WATERS, beforeFen: null, amountFen: 400_000, reference: 'F-1' } };
  const reserved: UnitYearEvent = {
    type: 'FundsReserved',
    data: { ...WATERS, reservationId: RESERVED.reservationId, needId: NEED, amountFen: 300_000 },
  };
  const released: UnitYearEvent = {
    type: 'FundsReleased',
    data: { ...WATERS, reservationId: RESERVED.reservationId, needId: NEED, amountFen: 300_000 },
  };
  const closed: UnitYearEvent = { type: 'UnitYearClosed', data: { ...WATERS, cause: 'by-hand', lapsedContests: [] } };

  /** What the need's sender is told when the first step of this plan comes to a year with this past. */
  const toldAfter = (past: readonly UnitYearEvent[], plan: ReturnType<typeof planned>, now = NOW): Refusal => {
    const step = isPlan(plan) ? plan.before[0] : undefined;
    if (step === undefined) throw new Error('there is no step');
    const command = { type: step.type, data: step.data } as unknown as UnitYearCommand;
    const decision = unitYearDecider.decide(command, yearAfter(past), contextOf({ actor: system, now, rules: 1 }));
    if (decision.ok) throw new Error('it was accepted');
    return told({ index: 0, refusal: decision.refusal, summary: {} });
  };
  const told = (stopped: StoppedBy): Refusal => fundSaga.refusalOf?.(stopped) ?? stopped.refusal;
  const funding = planned(fundSaga, fund(), needAfter(CLAIMED));
  const more = planned(adjustFundingSaga, adjust(100_001), needAfter(FUNDED));

  it('is told with what is available, at once', () => {
    const detail = { availableFen: 400_000, usedFen: 0 };
    expect(toldAfter([opened, granted], funding)).toEqual({ code: 'over-budget', detail });
    expect(toldAfter([opened, granted, reserved], more)).toEqual({ code: 'over-budget', detail: { availableFen: 100_000, usedFen: 300_000 } });
  });
  it('is told as a year that is closed, also where it is over', () => {
    expect(toldAfter([opened, closed], funding)).toEqual({ code: 'year-closed' });
    expect(toldAfter([], funding, '2025-01-01T00:00:00.000+08:00')).toEqual({ code: 'year-closed' });
    expect(toldAfter([opened, reserved, closed], more)).toEqual({ code: 'year-closed' });
  });
  it('is told as money that cannot be had, for every other cause', () => {
    const resized: UnitYearEvent = {
      type: 'ReservationResized',
      data: { ...WATERS, reservationId: RESERVED.reservationId, needId: NEED, beforeFen: 300_000, amountFen: 300_001, revision: 1 },
    };
    expect(toldAfter([opened, reserved, resized], more)).toEqual({ code: 'funds-unavailable', detail: { why: 'reservation-differs' } });
    expect(toldAfter([opened], more)).toEqual({ code: 'funds-unavailable', detail: { why: 'no-such-reservation' } });
    expect(toldAfter([opened, reserved, released], more)).toEqual({ code: 'funds-unavailable', detail: { why: 'reservation-ended' } });
  });
  it.each(['over-budget', 'no-budget', 'closed', 'too-late', 'funds'])('has words for whoever funds, in each language: %s', (code) => {
    const refusal = told({ index: 0, refusal: { code, detail: { availableFen: 1, usedFen: 2 } }, summary: {} });
    for (const language of LANGUAGES) {
      const words = explainRefusal(need.refusals, refusal, need, language);
      expect(words).not.toBe(explainRefusal(need.refusals, { code: 'failed' }, need, language));
      expect(words).not.toMatch(/[{}]/);
    }
  });
  it('has words for whoever links, in each language', () => {
    for (const language of LANGUAGES)
      for (const code of ['no-such-need', 'other-kind'])
        expect(explainRefusal(unitYear.refusals, { code, detail: { kind: 'service' } }, unitYear, language)).not.toMatch(/[{}]/);
  });
});

describe('what a need refuses of what was reserved for it', () => {
  const given = specFor(needDecider, { rules: MONEY_SINCE, now: NOW });
  const asPlanned = (command: NeedCommand, plan: ReturnType<typeof planned>): NeedCommand =>
    ({ ...command, data: { ...command.data, ...(isPlan(plan) ? plan.data : {}) } }) as NeedCommand;

  it('is nothing as long as it is what it was', () => {
    given(...CLAIMED)
      .when(asPlanned(fund(), planned(fundSaga, fund(), needAfter(CLAIMED))), { actor: water })
      .thenAccepted();
    for (const delta of [5, -5])
      given(...FUNDED)
        .when(asPlanned(adjust(delta), planned(adjustFundingSaga, adjust(delta), needAfter(FUNDED))), { actor: centre })
        .thenAccepted();
  });
  it('is a funding under another lead than the one whose money it is', () => {
    const plan = planned(fundSaga, fund(), needAfter(CLAIMED), { actor: centre });
    const [submitted] = CLAIMED as [NeedEvent];
    const claim = golden<'NeedClaimed'>('NeedClaimed.most');
    given(submitted, { ...claim, data: { ...claim.data, unit: 'Roads' } })
      .when(asPlanned(fund(), plan), { actor: centre })
      .thenRefused('lead-changed');
  });
  it('is an adjustment of what was adjusted meanwhile', () => {
    given(...FUNDED, golden<'FundingAdjusted'>('FundingAdjusted.revised'))
      .when(asPlanned(adjust(5), planned(adjustFundingSaga, adjust(5), needAfter(FUNDED))), { actor: centre })
      .thenRefused('funds-unavailable');
  });
});

describe('a reaction', () => {
  const TIME = '2024-12-31T23:59:00.000+08:00';
  const recordOf = ({ type, data }: NeedEvent, rules = MONEY_SINCE) => ({
    ...{ v: 1 as const, aggregate: 'need', entity: NEED, seq: 7, type, time: TIME, actor: water, commandId: 'c', data, prevHash: '', rules },
  });
  /** By name, what follows from a recorded event. */
  const followingOf = (event: NeedEvent, rules?: number): Readonly<Record<string, unknown>> => {
    const record = recordOf(event, rules);
    const those = FUNDING_REACTIONS.filter((reaction) => reactsTo(reaction, record));
    return Object.fromEntries(those.map((reaction) => [reaction.name, reaction.commands(event, record)]).filter(([, all]) => all?.length !== 0));
  };
  const inYear = (type: string, data: object) => [{ aggregate: 'unit-year', entity: RESERVED.unitYearId, type, data }];
  const { reservationId } = RESERVED;
  const inWaters = (data: object) => [
    { aggregate: 'unit-year', entity: WATERS_ID, type: 'fulfil-pledge', mayBeAbsent: true, data: { needId: NEED, satisfied: true, ...data } },
  ];

  /** All golden files that something follows from. */
  const FOLLOWING: Readonly<Record<string, object>> = {
    'NeedDone.spent': { 'commit-funds': inYear('commit', { reservationId, amountFen: 250_000 }) },
    WorksCancelled: { 'release-funds': inYear('release', { reservationId }) },
    'NeedEvaluated.delivered': { 'fulfil-pledge': inWaters({ kind: 'tangible' }) },
    'EvaluationLapsed.delivered': { 'fulfil-pledge': inWaters({ kind: 'tangible' }) },
  };
  const FILES = readdirSync(GOLDEN).map((name) => name.replace(/\.json$/, ''));

  it.each(FILES)('gives, of events as they were once recorded, what this table says: %s', (name) => {
    expect(followingOf(golden(name as 'NeedDone'))).toEqual(FOLLOWING[name] ?? {});
  });
  it.each(FILES)('gives nothing of what was recorded under rules without reservations: %s', (name) => {
    expect(followingOf(golden(name as 'NeedDone'), 3)).toEqual({});
  });
  it('gives back what an adjustment leaves over, as often adjusted as the need says', () => {
    const { data } = golden<'FundingAdjusted'>('FundingAdjusted.revised');
    const less: NeedEvent = { type: 'FundingAdjusted', data: { ...data, deltaFen: -5 } };
    expect(followingOf(less)).toEqual({ 'reduce-funds': inYear('resize', { reservationId, amountFen: 400_000, revision: 2 }) });
  });
  it('tells no year of a need that did not satisfy, or whose kind is not known', () => {
    const evaluated = golden<'NeedEvaluated'>('NeedEvaluated.delivered');
    expect(followingOf({ ...evaluated, data: { ...evaluated.data, satisfied: false } })).toEqual({});
    const { kind: _, ...kindless } = evaluated.data;
    expect(followingOf({ type: 'NeedEvaluated', data: kindless })).toEqual({ 'fulfil-pledge': inWaters({}) });
  });
});
