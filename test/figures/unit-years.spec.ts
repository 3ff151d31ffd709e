import { deepEqual } from 'node:assert/strict';
import { expect, it } from '@jest/globals';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import type { Actor, RecordBody } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';
import { scoreboardModel } from '@qiyue/unit-year';
import { UNIT_YEAR_RULES, unitYearDecider, type UnitYearCommand } from '@qiyue/unit-year-domain';
import fc from 'fast-check';

const TABLES = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
const OF = { unit: '水利局', year: 2024 } as const;
const bureau: Actor = { id: 'wes', role: 'department', unit: OF.unit };
const centre: Actor = { id: 'cen', role: 'centre', unit: '服务中心' };
const office: Actor = { id: 'cora', role: 'community', unit: '民悦社区' };
const saga: Actor = { id: 'funding', role: 'system', unit: null };
const at = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

/** What the pick means: a step that leads on more often than not, of some pledge, need and reservation. */
const stepOf = (pick: number): readonly [Actor, UnitYearCommand] => {
  const n = Math.floor(pick / 31);
  const pledgeId = `p${(n % 4) + 1}`;
  const [needId, reservationId] = [`n${(n % 4) + 1}`, `r${(n % 5) + 1}`];
  const kind = at(['tangible', 'service'] as const, n);
  const steps: readonly (readonly [Actor, UnitYearCommand])[] = [
    ...Array.from({ length: 3 }, () => [bureau, { type: 'pledge', data: { kind, title: 't' } }] as const),
    ...Array.from({ length: 3 }, () => [bureau, { type: 'link', data: { pledgeId, needId } }] as const),
    ...Array.from({ length: 3 }, () => [saga, { type: 'reserve', data: { ...OF, reservationId, needId, amountFen: 100 + (n % 90) } }] as const),
    ...Array.from({ length: 2 }, () => [saga, { type: 'fulfil-pledge', data: { needId, kind, satisfied: n % 5 > 0 } }] as const),
    ...Array.from({ length: 2 }, () => [centre, { type: 'publish', data: {} }] as const),
    ...Array.from({ length: 2 }, () => [office, { type: 'contest', data: { pledgeId, reason: 'r' } }] as const),
    [saga, { type: 'resize', data: { reservationId, amountFen: 50 + (n % 200) } }],
    [saga, { type: 'commit', data: { reservationId, amountFen: 40 + (n % 60) } }],
    [saga, { type: 'release', data: { reservationId } }],
    [centre, { type: 'set-budget', data: { amountFen: 1_000, reference: 'r' } }],
    [centre, { type: 'adjust-budget', data: { deltaFen: (n % 400) - 150, reason: 'r' } }],
    [centre, { type: 'settle', data: { pledgeId, upheld: n % 3 === 0, reason: 'r' } }],
    [bureau, { type: 'amend-pledge', data: { pledgeId, kind } }],
    [bureau, { type: 'unlink', data: { pledgeId } }],
    [centre, { type: 'carry-over', data: { pledgeId, reason: 'r' } }],
    ...(n % 11 === 0 ? [[centre, { type: 'close', data: {} }] as const] : []),
  ];
  return at(steps, pick);
};

const lifeOf = (picks: readonly number[]): readonly RecordBody[] => {
  const life = new EntityLife(unitYearDecider, { entity: '0'.repeat(26), bornAt: '2024-01-08T09:00:00.000+08:00', tables: TABLES });
  life.under(UNIT_YEAR_RULES);
  life.does(centre, { type: 'open', data: OF });
  for (const pick of picks) {
    if (pick % 37 === 0) life.waits();
    else if (pick % 17 === 0) life.passes((pick % 60) * 24 * 60);
    else life.does(...stepOf(pick));
  }
  return life.records;
};

/** Sums of zero are left out, as the model leaves them out. */
const withoutZeros = (sums: Readonly<Record<string, number>>) => Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));

const counted = (records: readonly RecordBody[]) => {
  const [source] = scoreboardModel.sources;
  const state = records.reduce<unknown>((before, record) => source?.fold(before, record, ''), null);
  return source?.partsOf(state).map(({ key, sums }) => ({ key, sums: withoutZeros(sums) }));
};

interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The same without any state that is carried on: each pledge and each reservation by the last events that name it. */
const recounted = (records: readonly RecordBody[]) => {
  const told = records.map(({ type, data }): Told => ({ type, data: data as unknown as Told['data'] }));
  const named = (field: string): readonly string[] => [
    ...new Set(told.flatMap(({ data }) => (typeof data[field] === 'string' ? [data[field]] : []))),
  ];
  const sums: Record<string, number> = { [stageIn(told)]: 1 };
  for (const pledgeId of named('pledgeId')) {
    const key = `${kindIn(told, pledgeId)}-${stateIn(told, pledgeId)}`;
    sums[key] = (sums[key] ?? 0) + 1;
  }
  const budget = told.filter(({ type }) => type === 'BudgetSet' || type === 'BudgetAdjusted').at(-1);
  if (budget !== undefined) Object.assign(sums, { budgets: 1, grantedFen: budget.data['amountFen'] });
  for (const reservationId of named('reservationId')) {
    const last = told.filter(({ data }) => data['reservationId'] === reservationId).at(-1);
    const amountFen = Number(last?.data['amountFen']);
    if (last?.type === 'FundsReserved' || last?.type === 'ReservationResized') sums['reservedFen'] = (sums['reservedFen'] ?? 0) + amountFen;
    if (last?.type === 'FundsCommitted') sums['committedFen'] = (sums['committedFen'] ?? 0) + amountFen;
  }
  return [{ key: OF, sums: withoutZeros(sums) }];
};

const stageIn = (told: readonly Told[]): string => {
  const last = told.filter(({ type }) => ['UnitYearOpened', 'PledgesPublished', 'PledgesUnderWay', 'UnitYearClosed'].includes(type)).at(-1);
  const stages: Readonly<Record<string, string>> = { UnitYearOpened: 'pledging', PledgesUnderWay: 'fulfilling', UnitYearClosed: 'closed' };
  return String(last?.data['stage'] !== undefined && last.type === 'PledgesPublished' ? last.data['stage'] : stages[last?.type ?? '']);
};

const kindIn = (told: readonly Told[], pledgeId: string): string =>
  String(
    told.filter(({ type, data }) => /^Pledge(Made|Amended)$/.test(type) && data['pledgeId'] === pledgeId && data['kind'] !== undefined).at(-1)?.data[
      'kind'
    ],
  );

const ENDS: Readonly<Record<string, string>> = {
  PledgeMade: 'promised',
  PledgeUnlinked: 'promised',
  PledgeLinked: 'linked',
  PledgeFulfilled: 'fulfilled',
  PledgeWithdrawn: 'withdrawn',
  PledgeFailed: 'failed',
  PledgeCarriedOver: 'carried-over',
};

/** Contested where nothing has settled, ended or lapsed it since: a need that is evaluated meanwhile does not. */
const stateIn = (told: readonly Told[], pledgeId: string): string => {
  const own = told.filter(({ data }) => data['pledgeId'] === pledgeId);
  const ended = own.filter(({ type }) => type in ENDS).at(-1);
  const contestedAt = own.findLastIndex(({ type }) => type === 'PledgeContested');
  const isOver = own.slice(contestedAt + 1).some(({ type }) => /^Pledge(Settled|Withdrawn|Failed|CarriedOver|Unlinked|Linked)$/.test(type));
  const hasLapsed = told.some(({ data }) => (data['lapsedContests'] as readonly string[] | undefined)?.includes(pledgeId) === true);
  return contestedAt >= 0 && !isOver && !hasLapsed ? 'contested' : String(ENDS[ended?.type ?? '']);
};

const seen = new Map<string, number>();

it('pledges and budgets are what a count apart from the scoreboard finds in the records of any year', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(99_999), { maxLength: 80, size: 'max' }), (picks) => {
      const records = lifeOf(picks);
      const [recount] = recounted(records);
      for (const name of Object.keys(recount?.sums ?? {})) seen.set(name, (seen.get(name) ?? 0) + 1);
      deepEqual(counted(records), [recount]);
    }),
    { numRuns: 300, seed: 20_240_701 },
  );
  const needed = ['tangible-promised', 'tangible-linked', 'service-fulfilled', 'tangible-contested', 'reservedFen', 'committedFen', 'closed'];
  expect(needed.filter((name) => (seen.get(name) ?? 0) < 10)).toEqual([]);
}, 120_000);
