import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import {
  compilePolicy,
  DEFAULT_CONTRACT,
  DEFAULT_POLICY_DOCUMENT,
  scheduleThatLapses,
  scheduleUntil,
  scheduleWithin,
  type ContractPolicy,
} from '@qiyue/civic-domain';
import { CLOCK_ACTOR, type Actor } from '@qiyue/engine';
import {
  contractDecider,
  type ContractCommand,
  type ContractCommandType,
  type ContractEvent,
  type ContractState,
  type Do,
  type Fact,
  type Item,
  type Side,
} from '../index';

export const water: Actor = { id: 'wes', role: 'department', unit: 'Water' };
export const roads: Actor = { id: 'rod', role: 'department', unit: 'Roads' };
export const cora: Actor = { id: 'cora', role: 'community', unit: 'Lakeside' };
export const hill: Actor = { id: 'hal', role: 'community', unit: 'Hillside' };
export const centre: Actor = { id: 'cen', role: 'centre', unit: 'Service centre' };
export const retimer: Actor = { id: 'retime', role: 'system', unit: null };
export const clock = CLOCK_ACTOR;

/** Every event of these fixtures happens at once. */
export const NOW = '2024-01-08T09:00:00.000+08:00';
export const ENDS_AT = '2025-01-01T00:00:00.000+08:00';
/** 24:00 fifteen days later. */
export const EFFECTIVE_AT = '2024-01-24T00:00:00.000+08:00';
export const parties = { unit: 'Water', community: 'Lakeside', year: 2024 } as const;

/** Calendar and policy; `contract` where a policy says otherwise than by default. */
export const tablesWith = (contract?: Partial<ContractPolicy>) => ({
  calendar: compileTable(CHINA_2024_2026),
  policy: compilePolicy(
    contract === undefined ? DEFAULT_POLICY_DOCUMENT : { ...DEFAULT_POLICY_DOCUMENT, contract: { ...DEFAULT_CONTRACT, ...contract } },
  ),
});
export const TABLES = tablesWith();

const policy = 'default-1';
const signing = scheduleWithin(TABLES, NOW, DEFAULT_CONTRACT.signWithin);
const running = scheduleUntil(TABLES, NOW, '2024-12-31');
export const evaluating = (from: string) => scheduleThatLapses(TABLES, from, DEFAULT_CONTRACT.evaluateWithin, DEFAULT_CONTRACT.lapseAfterWorkingDays);

const lights = { title: 'Street lights', kind: 'tangible', quantity: 20, unit: 'piece', dueOn: '2024-09-30' } as const;
const lectures = { title: 'Lectures', kind: 'service' } as const;
export const ITEMS: readonly Item[] = [
  { itemId: 'i1', ...lights },
  { itemId: 'i2', ...lectures },
];
const duties = { community: ['find a room'], unit: ['name a contact'] };
const dates = { startsOn: '2024-01-08', endsOn: '2024-12-31' };

/** One well-formed body for each command, for the usual contract of Water and Lakeside. */
const BODIES: { readonly [T in ContractCommandType]: Do<T>['data'] } = {
  propose: { ...parties, items: [lights, lectures], duties, ...dates },
  sign: {},
  withdraw: { reason: 'another contract says so already' },
  amend: { duties: { ...duties, unit: [] }, reason: 'no contact' },
  'agree-amendment': {},
  'decline-amendment': { reason: 'no' },
  'finish-item': { itemId: 'i1' },
  evaluate: { side: 'unit', score: 4 },
  terminate: { reason: 'the unit is dissolved' },
  vouch: { by: { role: 'department', unit: 'Water' }, unit: 'Water', community: 'Lakeside', itemId: 'i1' },
  end: {},
  'take-effect': {},
  tick: { step: 'missed' },
  retime: {},
};
export const COMMAND_TYPES = Object.keys(BODIES) as readonly ContractCommandType[];

/** A command of that type, with a body of its own or the usual one. */
export const please = <T extends ContractCommandType>(type: T, data?: Do<T>['data']): Do<T> =>
  ({ type, data: data ?? BODIES[type] }) as unknown as Do<T>;

/** The actor whom the rules mean, by the unit's side where either may. */
export const rightActorFor = ({ type }: ContractCommand): Actor => {
  switch (type) {
    case 'end':
    case 'take-effect':
    case 'tick':
      return clock;
    case 'vouch':
    case 'retime':
      return retimer;
    default:
      return water;
  }
};
export const actorOf = (side: Side): Actor => (side === 'unit' ? water : cora);

export const proposed: Fact<'ContractProposed'> = {
  type: 'ContractProposed',
  data: {
    ...parties,
    ...{ side: 'unit', items: ITEMS, duties, ...dates, endsAt: ENDS_AT },
    ...{ dueAt: signing.dueAt, policy, deadline: signing },
  },
};
export const signedBy = (side: Side): Fact<'SignatureGiven'> => ({ type: 'SignatureGiven', data: { ...parties, side } });
export const inForce: Fact<'ContractInForce'> = {
  type: 'ContractInForce',
  data: { ...parties, ...dates, items: ITEMS, dueAt: running.dueAt, policy, deadline: running },
};
export const withdrawn: Fact<'ContractWithdrawn'> = {
  type: 'ContractWithdrawn',
  data: { ...parties, side: 'unit', reason: 'another contract says so already' },
};
export const amendmentBy = (side: Side, changes: Partial<Fact<'AmendmentProposed'>['data']> = {}): Fact<'AmendmentProposed'> => ({
  type: 'AmendmentProposed',
  data: { ...parties, side, reason: 'no contact', duties: { ...duties, unit: [] }, ...changes },
});
export const amended = (
  stage: 'proposed' | 'in-force',
  changes: Partial<Fact<'ContractAmended'>['data']> = { duties: { ...duties, unit: [] } },
): Fact<'ContractAmended'> => ({
  type: 'ContractAmended',
  data: { ...parties, ...dates, items: ITEMS, duties, endsAt: ENDS_AT, droppedItems: [], stage, ...changes },
});
export const finished = (itemId: string, side: Side = 'unit'): Fact<'ItemFinished'> => ({ type: 'ItemFinished', data: { ...parties, side, itemId } });
/** While the contract runs, with the deadline for its evaluations. */
export const finishedInForce = (itemId: string, side: Side = 'unit'): Fact<'ItemFinished'> => ({
  type: 'ItemFinished',
  data: { ...finished(itemId, side).data, deadline: scheduleWithin(TABLES, NOW, DEFAULT_CONTRACT.evaluateWithin) },
});
export const evaluatedBy = (side: Side, itemId?: string): Fact<'SideEvaluated'> => ({
  type: 'SideEvaluated',
  data: { ...parties, side, score: 4, ...(itemId === undefined ? {} : { itemId }) },
});
export const noticed: Fact<'TerminationGiven'> = {
  type: 'TerminationGiven',
  data: { ...parties, side: 'unit', reason: 'the unit is dissolved', effectiveAt: EFFECTIVE_AT },
};
export const terminated: Fact<'ContractTerminated'> = { type: 'ContractTerminated', data: { ...parties, side: 'unit' } };
export const ended = (unfinished: readonly string[] = ['i1', 'i2']): Fact<'ContractEnded'> => {
  const deadline = evaluating(ENDS_AT);
  return { type: 'ContractEnded', data: { ...parties, unfinished, dueAt: deadline.dueAt, policy, deadline } };
};
export const closed = (cause: Fact<'ContractClosed'>['data']['cause']): Fact<'ContractClosed'> => ({
  type: 'ContractClosed',
  data: { ...parties, cause },
});

export const toForce: readonly ContractEvent[] = [proposed, signedBy('unit'), signedBy('community'), inForce];

/** A past for each status that a contract can rest in. */
export const PASTS: Readonly<Record<string, readonly ContractEvent[]>> = {
  nonexistent: [],
  'proposed/awaiting-signatures': [proposed],
  'proposed/awaiting-second-signature': [proposed, signedBy('community')],
  'in-force/running': toForce,
  'in-force/under-notice': [...toForce, noticed],
  'evaluating/awaiting-evaluations': [...toForce, ended()],
  'closed/withdrawn': [proposed, withdrawn],
  'closed/unsigned': [proposed, closed('unsigned')],
  'closed/terminated': [...toForce, noticed, terminated],
  'closed/evaluated': [...toForce, ended(), evaluatedBy('unit'), evaluatedBy('community'), closed('evaluated')],
  'closed/lapsed': [...toForce, ended(), closed('lapsed')],
};

/** `evolve`, as a step for `reduce`. */
export const evolve = (state: ContractState, event: ContractEvent): ContractState => contractDecider.evolve(state, event, { rules: 1 });
export const stateAfter = (past: readonly ContractEvent[]): ContractState => past.reduce(evolve, contractDecider.initial);
