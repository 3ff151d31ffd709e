import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT, DEFAULT_UNIT_YEAR } from '@qiyue/civic-domain';
import type { Actor, RecordBody } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';
import { unitYearDecider, unitYearIdOf, type UnitYearCommand } from '@qiyue/unit-year-domain';
import { foldUnitYearView, type UnitYearView } from '@qiyue/unit-year-views';

export const wes: Actor = { id: 'wes', role: 'department', unit: '住建局' };
export const cen: Actor = { id: 'cen', role: 'centre', unit: '服务中心' };
export const cora: Actor = { id: 'cora', role: 'community', unit: '民悦社区' };
export const funding: Actor = { id: 'funding', role: 'system', unit: null };
export const YEAR = { unit: '住建局', year: 2024 } as const;
const TABLES = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
const LATER = {
  ...TABLES,
  policy: compilePolicy({ ...DEFAULT_POLICY_DOCUMENT, version: 'later-1', unitYear: { ...DEFAULT_UNIT_YEAR, publishBy: '04-30' } }),
};

/** One event, and the year around it. */
export interface Moment {
  readonly record: RecordBody;
  readonly before: UnitYearView | null;
  readonly after: UnitYearView;
}

const on = (n: number) => ({ pledgeId: `p${n}` });
const reason = 'SECRET-reason';
const pledge = (kind: 'tangible' | 'service', title: string): UnitYearCommand => ({
  type: 'pledge',
  data: { kind, title, description: 'SECRET-description' },
});

type Step = readonly [Actor, UnitYearCommand] | 'waits' | 'is retimed';

const OPENED: readonly Step[] = [
  [cen, { type: 'open', data: YEAR }],
  [cen, { type: 'set-budget', data: { amountFen: 424_242, reference: 'SECRET-reference' } }],
  [wes, pledge('tangible', '安装路灯')],
  [wes, pledge('tangible', '修建车棚')],
  [wes, pledge('service', '普法讲座')],
];
const PUBLISHED: readonly Step[] = [...OPENED, [cen, { type: 'publish', data: {} }]];
const LINKED: readonly Step[] = [...PUBLISHED, ...[1, 2, 3].map((n): Step => [wes, { type: 'link', data: { ...on(n), needId: `n${n}` } }])];

const lived = (steps: readonly Step[]): readonly Moment[] => {
  const life = new EntityLife(unitYearDecider, { entity: unitYearIdOf(YEAR), bornAt: '2024-01-08T09:00:00.000+08:00', tables: TABLES });
  for (const step of steps) {
    if (step === 'waits') life.waits();
    else {
      const refused = step === 'is retimed' ? life.isBrought(LATER, funding, { type: 'retime', data: {} }) : life.does(...step);
      if (refused !== null) throw new Error(`${JSON.stringify(step)}: ${refused}`);
    }
  }
  let before: UnitYearView | null = null;
  return life.records.map((record) => {
    const after = foldUnitYearView(before, record);
    const moment = { record, before, after };
    before = after;
    return moment;
  });
};

const waits = (times: number): readonly Step[] => Array.from({ length: times }, () => 'waits');

export const LIVES: Readonly<Record<string, readonly Moment[]>> = {
  unpublished: lived([...OPENED, ...waits(7)]),
  matching: lived([...PUBLISHED, ...waits(7)]),
  working: lived([...LINKED, ...waits(2)]),
  moved: lived([...OPENED, 'is retimed']),
  contested: lived([
    ...LINKED,
    [cora, { type: 'contest', data: { ...on(1), reason } }],
    [cen, { type: 'settle', data: { ...on(1), upheld: false, reason } }],
    [cora, { type: 'contest', data: { ...on(2), reason } }],
    [cen, { type: 'settle', data: { ...on(2), upheld: true, reason } }],
  ]),
  closed: lived([
    ...LINKED,
    [funding, { type: 'reserve', data: { ...YEAR, reservationId: 'r1', needId: 'n1', amountFen: 77_777 } }],
    [funding, { type: 'fulfil-pledge', data: { needId: 'n1', kind: 'tangible', satisfied: true } }],
    [cen, { type: 'carry-over', data: { ...on(3), reason } }],
    [cen, { type: 'close', data: {} }],
    [funding, { type: 'commit', data: { reservationId: 'r1', amountFen: 70_000 } }],
  ]),
};
export const EVERY_MOMENT = Object.values(LIVES).flat();

/** The `nth` event of a kind in a life, 0 the first. */
export const moment = (life: string, type: string, nth = 0): Moment => {
  const found = LIVES[life]?.filter(({ record }) => record.type === type)[nth];
  if (found === undefined) throw new Error(`no ${type} ${nth} in ${life}`);
  return found;
};
/** The year as the life leaves it. */
export const endOf = (life: string): UnitYearView => {
  const after = LIVES[life]?.at(-1)?.after;
  if (after === undefined) throw new Error(`no life ${life}`);
  return after;
};
