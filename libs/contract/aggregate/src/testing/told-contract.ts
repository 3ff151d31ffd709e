import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_CONTRACT, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { contractDecider, type ContractCommand, type Score, type Side } from '@qiyue/contract-domain';
import { foldContractView, type ContractView } from '@qiyue/contract-views';
import { entityIdOf, type Actor, type RecordBody } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';

export const wes: Actor = { id: 'wes', role: 'department', unit: '住建局' };
export const cora: Actor = { id: 'cora', role: 'community', unit: '民悦社区' };
const retimer: Actor = { id: 'retime', role: 'system', unit: null };
const TABLES = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
const LATER = {
  ...TABLES,
  policy: compilePolicy({ ...DEFAULT_POLICY_DOCUMENT, version: 'later-1', contract: { ...DEFAULT_CONTRACT, signWithin: { workingDays: 20 } } }),
};
export const CONTRACT_ID = entityIdOf('contract', 'wes', 'told');

/** One event, and the contract around it. */
export interface Moment {
  readonly record: RecordBody;
  readonly before: ContractView | null;
  readonly after: ContractView;
}

const reason = 'SECRET-reason';
const lights = { title: '安装太阳能路灯', kind: 'tangible', quantity: 20, unit: '盏', dueOn: '2024-09-30' } as const;
const lectures = { title: '消防安全讲座', kind: 'service' } as const;
const duties = { community: ['提供场地，组织居民参加'], unit: ['安排专人联系社区', '每季度走访一次'] };
const actorOf = (side: Side): Actor => (side === 'unit' ? wes : cora);

type Step = readonly [Actor, ContractCommand] | 'waits' | 'is retimed';
const waits = (times: number): readonly Step[] => Array.from({ length: times }, () => 'waits');
const evaluates = (side: Side, score: Score, itemId?: string): Step => [
  actorOf(side),
  { type: 'evaluate', data: { side, score, comment: 'SECRET-comment', ...(itemId === undefined ? {} : { itemId }) } },
];

const PROPOSED: readonly Step[] = [
  [
    wes,
    {
      type: 'propose',
      data: { unit: '住建局', community: '民悦社区', year: 2024, items: [lights, lectures], duties, startsOn: '2024-01-08', endsOn: '2024-12-31' },
    },
  ],
];
const SIGNED: readonly Step[] = [...PROPOSED, [wes, { type: 'sign', data: {} }], [cora, { type: 'sign', data: {} }]];

const lived = (steps: readonly Step[]): readonly Moment[] => {
  const life = new EntityLife(contractDecider, { entity: CONTRACT_ID, bornAt: '2024-01-08T09:00:00.000+08:00', tables: TABLES });
  for (const step of steps) {
    if (step === 'waits') life.waits();
    else {
      const refused = step === 'is retimed' ? life.isBrought(LATER, retimer, { type: 'retime', data: {} }) : life.does(...step);
      if (refused !== null) throw new Error(`${JSON.stringify(step)}: ${refused}`);
    }
  }
  let before: ContractView | null = null;
  return life.records.map((record) => {
    const after = foldContractView(before, record);
    const moment = { record, before, after };
    before = after;
    return moment;
  });
};

export const LIVES: Readonly<Record<string, readonly Moment[]>> = {
  unsigned: lived([...PROPOSED, ...waits(7)]),
  moved: lived([...PROPOSED, 'is retimed']),
  withdrawn: lived([...PROPOSED, [cora, { type: 'withdraw', data: { reason } }]]),
  signed: lived(SIGNED),
  amended: lived([
    ...PROPOSED,
    [wes, { type: 'sign', data: {} }],
    [cora, { type: 'amend', data: { duties: { ...duties, community: [] }, reason } }],
    [wes, { type: 'agree-amendment', data: {} }],
    ...SIGNED.slice(1),
    [cora, { type: 'amend', data: { items: [lights], reason } }],
    [cora, { type: 'decline-amendment', data: { reason } }],
    [cora, { type: 'amend', data: { items: [{ itemId: 'i1', ...lights, quantity: 24.5 }, lectures], endsOn: '2024-11-30', reason } }],
    [wes, { type: 'agree-amendment', data: {} }],
  ]),
  terminated: lived([...SIGNED, [wes, { type: 'terminate', data: { reason } }], 'waits']),
  evaluated: lived([
    ...SIGNED,
    [wes, { type: 'finish-item', data: { itemId: 'i1' } }],
    evaluates('community', 5, 'i1'),
    'waits',
    evaluates('unit', 4, 'i1'),
    ...waits(2),
    evaluates('community', 3),
    evaluates('unit', 5),
  ]),
  lapsed: lived([...SIGNED, ...waits(7)]),
};
export const EVERY_MOMENT = Object.values(LIVES).flat();

/** The `nth` event of a kind in a life, 0 the first. */
export const moment = (life: string, type: string, nth = 0): Moment => {
  const found = LIVES[life]?.filter(({ record }) => record.type === type)[nth];
  if (found === undefined) throw new Error(`no ${type} ${nth} in ${life}`);
  return found;
};
/** The contract as the life leaves it. */
export const endOf = (life: string): ContractView => {
  const after = LIVES[life]?.at(-1)?.after;
  if (after === undefined) throw new Error(`no life ${life}`);
  return after;
};
