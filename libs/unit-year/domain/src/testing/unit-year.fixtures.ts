import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT, DEFAULT_UNIT_YEAR, scheduleAt, scheduleUntil, type UnitYearPolicy } from '@qiyue/civic-domain';
import { CLOCK_ACTOR, type Actor } from '@qiyue/engine';
import {
  unitYearDecider,
  type Do,
  type Fact,
  type UnitYearCommand,
  type UnitYearCommandType,
  type UnitYearEvent,
  type UnitYearState,
} from '../index';

export const water: Actor = { id: 'wes', role: 'department', unit: 'Water' };
export const roads: Actor = { id: 'rod', role: 'department', unit: 'Roads' };
export const centre: Actor = { id: 'cen', role: 'centre', unit: 'Service centre' };
export const cora: Actor = { id: 'cora', role: 'community', unit: 'Lakeside' };
export const funding: Actor = { id: 'funding', role: 'system', unit: null };
export const clock = CLOCK_ACTOR;

/** Every event of these fixtures happens at once. */
export const NOW = '2024-01-08T09:00:00.000+08:00';
export const YEAR_END = '2025-01-01T00:00:00.000+08:00';
export const waters = { unit: 'Water', year: 2024 } as const;

/** Calendar and policy; `unitYear` where a policy says otherwise than by default. */
export const tablesWith = (unitYear?: Partial<UnitYearPolicy>) => ({
  calendar: compileTable(CHINA_2024_2026),
  policy: compilePolicy(
    unitYear === undefined ? DEFAULT_POLICY_DOCUMENT : { ...DEFAULT_POLICY_DOCUMENT, unitYear: { ...DEFAULT_UNIT_YEAR, ...unitYear } },
  ),
});
export const TABLES = tablesWith();

const policy = 'default-1';
const publishing = scheduleAt(TABLES, NOW, '2024-03-31');
const halfway = scheduleAt(TABLES, NOW, '2024-06-30');
const yearEnd = scheduleUntil(TABLES, NOW, '2024-12-31');
if (publishing === null || halfway === null) throw new Error('the fixtures begin too late in their year');

/** One well-formed body for each command, for the usual year of Water. */
const BODIES: { readonly [T in UnitYearCommandType]: Do<T>['data'] } = {
  open: waters,
  'set-budget': { amountFen: 1_000, reference: 'F-1' },
  'adjust-budget': { deltaFen: 500, reason: 'more rain' },
  pledge: { kind: 'tangible', title: 'Street lights' },
  'amend-pledge': { pledgeId: 'p1', description: 'solar' },
  'withdraw-pledge': { pledgeId: 'p1', reason: 'done by others' },
  publish: {},
  link: { pledgeId: 'p1', needId: 'n1' },
  unlink: { pledgeId: 'p1' },
  contest: { pledgeId: 'p1', reason: 'a leaflet is no street light' },
  settle: { pledgeId: 'p1', upheld: true, reason: 'so it is' },
  'carry-over': { pledgeId: 'p1', reason: 'the frost came early' },
  close: {},
  reserve: { ...waters, reservationId: 'r1', needId: 'n1', amountFen: 400 },
  resize: { reservationId: 'r1', amountFen: 450 },
  commit: { reservationId: 'r1', amountFen: 300 },
  release: { reservationId: 'r1' },
  'fulfil-pledge': { needId: 'n1', kind: 'tangible', satisfied: true },
  tick: { step: 'missed' },
  retime: {},
};
export const COMMAND_TYPES = Object.keys(BODIES) as readonly UnitYearCommandType[];

/** A command of that type, with a body of its own or the usual one. */
export const please = <T extends UnitYearCommandType>(type: T, data?: Do<T>['data']): Do<T> =>
  ({ type, data: data ?? BODIES[type] }) as unknown as Do<T>;

/** The actor whom the rules mean for a command on Water's year. */
export const rightActorFor = ({ type }: UnitYearCommand): Actor => {
  switch (type) {
    case 'pledge':
    case 'amend-pledge':
    case 'withdraw-pledge':
    case 'link':
    case 'unlink':
      return water;
    case 'contest':
      return cora;
    case 'reserve':
    case 'resize':
    case 'commit':
    case 'release':
    case 'fulfil-pledge':
    case 'retime':
      return funding;
    case 'tick':
      return clock;
    default:
      return centre;
  }
};

export const opened: Fact<'UnitYearOpened'> = {
  type: 'UnitYearOpened',
  data: { ...waters, dueAt: publishing.dueAt, policy, deadline: publishing, openedAt: NOW, closesAt: YEAR_END },
};
export const granted: Fact<'BudgetSet'> = { type: 'BudgetSet', data: { ...waters, beforeFen: null, amountFen: 1_000, reference: 'F-1' } };
export const reserved: Fact<'FundsReserved'> = { type: 'FundsReserved', data: { ...waters, reservationId: 'r1', needId: 'n1', amountFen: 400 } };
export const committed: Fact<'FundsCommitted'> = {
  type: 'FundsCommitted',
  data: { ...waters, reservationId: 'r1', needId: 'n1', amountFen: 300, returnedFen: 100 },
};
export const released: Fact<'FundsReleased'> = { type: 'FundsReleased', data: { ...waters, reservationId: 'r1', needId: 'n1', amountFen: 400 } };
export const promised = (pledgeId: string, kind: 'tangible' | 'service' = 'tangible', title = pledgeId): Fact<'PledgeMade'> => ({
  type: 'PledgeMade',
  data: { ...waters, pledgeId, kind, title },
});
/** As few as may be published. */
export const threePledges: readonly UnitYearEvent[] = [promised('p1'), promised('p2'), promised('p3', 'service')];
export const published: Fact<'PledgesPublished'> = {
  type: 'PledgesPublished',
  data: { ...waters, stage: 'published', dueAt: halfway.dueAt, policy, deadline: halfway },
};
export const linked = (pledgeId: string, needId: string, kind: 'tangible' | 'service' = 'tangible'): Fact<'PledgeLinked'> => ({
  type: 'PledgeLinked',
  data: { ...waters, pledgeId, kind, needId },
});
export const underWay: Fact<'PledgesUnderWay'> = { type: 'PledgesUnderWay', data: { ...waters, dueAt: YEAR_END, policy, deadline: yearEnd } };
export const contested: Fact<'PledgeContested'> = {
  type: 'PledgeContested',
  data: { ...waters, pledgeId: 'p1', kind: 'tangible', community: 'Lakeside', reason: 'no' },
};
export const settled = (upheld: boolean): Fact<'PledgeSettled'> => ({
  type: 'PledgeSettled',
  data: { ...waters, pledgeId: 'p1', kind: 'tangible', upheld, reason: 'so it is' },
});
export const fulfilled: Fact<'PledgeFulfilled'> = { type: 'PledgeFulfilled', data: { ...waters, pledgeId: 'p1', kind: 'tangible', needId: 'n1' } };
export const failed = (
  pledgeId: string,
  kind: 'tangible' | 'service' = 'tangible',
  cause: 'year-closed' | 'contest-upheld' = 'year-closed',
): Fact<'PledgeFailed'> => ({ type: 'PledgeFailed', data: { ...waters, pledgeId, kind, cause } });
export const closed: Fact<'UnitYearClosed'> = { type: 'UnitYearClosed', data: { ...waters, cause: 'by-hand', lapsedContests: [] } };

export const toPublished: readonly UnitYearEvent[] = [opened, ...threePledges, published];
export const allLinked: readonly UnitYearEvent[] = [linked('p1', 'n1'), linked('p2', 'n2'), linked('p3', 'n3', 'service')];
export const toFulfilling: readonly UnitYearEvent[] = [...toPublished, ...allLinked, underWay];
const allFailed: readonly UnitYearEvent[] = [failed('p1'), failed('p2'), failed('p3', 'service')];

/** A past for each status that a unit's year can rest in. */
export const PASTS: Readonly<Record<string, readonly UnitYearEvent[]>> = {
  nonexistent: [],
  'pledging/promising': [opened, granted, reserved, ...threePledges],
  'published/matching': [opened, granted, reserved, ...threePledges, published],
  'fulfilling/at-work': [opened, granted, reserved, ...threePledges, published, ...allLinked, underWay],
  'closed/settling': [...toFulfilling, granted, reserved, ...allFailed, closed],
  'closed/ended': [...toFulfilling, ...allFailed, closed],
};

/** `evolve`, as a step for `reduce`. */
export const evolve = (state: UnitYearState, event: UnitYearEvent): UnitYearState => unitYearDecider.evolve(state, event, { rules: 1 });
export const stateAfter = (past: readonly UnitYearEvent[]): UnitYearState => past.reduce(evolve, unitYearDecider.initial);
