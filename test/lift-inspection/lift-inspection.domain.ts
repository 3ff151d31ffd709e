import {
  clockWith,
  movedTo,
  nextStep,
  scheduleWithin,
  startClock,
  stepId,
  stepTaken,
  tablesOf,
  type ClockEvent,
  type CommonRefusal,
  type DeadlineClock,
  type Ladder,
  type Role,
  type Schedule,
  type StartsDeadline,
} from '@qiyue/civic-domain';
import { accept, CLOCK_ACTOR, refuse, type Context, type Decider, type Decision, type RecordedActor } from '@qiyue/engine';

type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };
type Nothing = Readonly<Record<string, never>>;
export interface Visit {
  readonly lift: string;
  /** The department that inspects. */
  readonly unit: string;
  /** Of the inspector. */
  readonly phone: string;
}
export interface Finding {
  readonly passed: boolean;
  readonly note?: string;
}
export interface Repair {
  readonly note: string;
}

export type LiftCommand =
  | Of<'schedule', Visit>
  | Of<'inspect', Finding>
  | Of<'repair', Repair>
  | Of<'close', Nothing>
  | Of<'tick', { readonly step: string }>
  | Of<'retime', Nothing>;
export type LiftEvent =
  | Of<'InspectionScheduled', Visit & StartsDeadline & { readonly author: RecordedActor }>
  | Of<'LiftInspected', Finding>
  | Of<'LiftRepaired', Repair>
  | Of<'InspectionClosed', Nothing>
  | Extract<ClockEvent<'scheduled'>, { type: 'DeadlineApproaching' | 'DeadlineMissed' | 'Escalated' | 'DeadlineMoved' }>;
export type LiftRefusal = CommonRefusal | 'nothing-to-repair' | 'not-safe';

export const STAGES = ['scheduled', 'inspected', 'repaired', 'closed'] as const;
export type LiftStage = (typeof STAGES)[number];
export interface Lift {
  readonly stage: LiftStage;
  readonly unit: string;
  readonly author: RecordedActor;
  readonly passed: boolean | null;
  readonly clock: DeadlineClock | null;
}
export type LiftState = Lift | { readonly stage: 'unborn' };

type OwnershipRule = 'anyone' | 'author' | 'own-unit' | 'clock';
/** Role × command. */
export const PERMISSIONS: Readonly<Record<LiftCommand['type'], Readonly<Partial<Record<Role, OwnershipRule>>>>> = {
  schedule: { property: 'anyone' },
  inspect: { department: 'own-unit' },
  repair: { property: 'author' },
  close: { centre: 'anyone' },
  tick: { system: 'clock' },
  retime: { system: 'anyone' },
};
const FROM: Readonly<Record<LiftCommand['type'], readonly LiftState['stage'][]>> = {
  schedule: ['unborn'],
  inspect: ['scheduled'],
  repair: ['inspected'],
  close: ['inspected', 'repaired'],
  tick: STAGES,
  retime: STAGES,
};

/** No policy of the county has a rule for lifts: ten working days, and a ladder of two rungs. */
const WINDOW = { workingDays: 10 };
const LADDER: Omit<Ladder, 'officeHours'> = {
  version: 'lift-inspection-1',
  remind: { beforeWorkingDays: 2, beforeShareOfHours: 0.5 },
  ladder: [
    { level: 1, name: '催检', afterWorkingDays: 1, afterHours: 24 },
    { level: 2, name: '停用', afterWorkingDays: 5, afterHours: 120 },
  ],
};
const scheduleFrom = (from: string, context: Context): Schedule | undefined => {
  const tables = tablesOf(context);
  return tables === null ? undefined : scheduleWithin({ ...tables, policy: { ...LADDER, officeHours: tables.policy.officeHours } }, from, WINDOW);
};

const ruleOf = (type: LiftCommand['type'], role: string): OwnershipRule | null =>
  Object.hasOwn(PERMISSIONS[type], role) ? (PERMISSIONS[type][role as Role] ?? null) : null;

const isOwner = (rule: OwnershipRule, state: LiftState, { actor, alias }: Context): boolean => {
  if (rule === 'anyone') return true;
  if (rule === 'clock') return actor.id === CLOCK_ACTOR.id;
  if (state.stage === 'unborn') return false;
  return rule === 'own-unit' ? state.unit === actor.unit : [actor.id, alias?.id].includes(state.author.id);
};

const decide = (command: LiftCommand, state: LiftState, context: Context): Decision<LiftEvent, LiftRefusal> => {
  const rule = ruleOf(command.type, context.actor.role);
  if (rule === null) return refuse('not-permitted', { command: command.type, role: context.actor.role });
  if (!FROM[command.type].includes(state.stage)) return refuse('wrong-stage', { command: command.type, stage: state.stage });
  if (!isOwner(rule, state, context)) return refuse('not-permitted', { command: command.type, rule });
  return state.stage === 'unborn' ? begin(command, context) : goOn(command, state, context);
};

const begin = (command: LiftCommand, context: Context): Decision<LiftEvent, LiftRefusal> => {
  if (command.type !== 'schedule') return accept();
  const { actor, alias, now } = context;
  const deadline = scheduleFrom(now, context);
  const author = alias === undefined ? actor : { ...actor, id: alias.id, person: alias.person };
  return accept({
    type: 'InspectionScheduled',
    data: { ...command.data, author, policy: LADDER.version, ...(deadline === undefined ? {} : { deadline }) },
  });
};

const goOn = (command: LiftCommand, { passed, stage, clock }: Lift, context: Context): Decision<LiftEvent, LiftRefusal> => {
  switch (command.type) {
    case 'inspect':
      return accept({ type: 'LiftInspected', data: command.data });
    case 'repair':
      return passed === true ? refuse('nothing-to-repair') : accept({ type: 'LiftRepaired', data: command.data });
    case 'close':
      return passed === true || stage === 'repaired' ? accept({ type: 'InspectionClosed', data: {} }) : refuse('not-safe');
    case 'tick':
      return silentlyNothing(clock && stepTaken(clock, 'scheduled', command.data.step, context.now));
    case 'retime': {
      const deadline = clock === null ? undefined : scheduleFrom(clock.schedule.from, context);
      return silentlyNothing(clock && deadline && movedTo(clock, 'scheduled', deadline));
    }
    case 'schedule':
      return accept();
  }
};

/** The clock of an inspection gives no other events than these. */
const silentlyNothing = (event: ClockEvent<'scheduled'> | null | undefined): Decision<LiftEvent, LiftRefusal> =>
  event ? accept(event as LiftEvent) : accept();

const evolve = (state: LiftState, event: LiftEvent): LiftState => {
  if (event.type === 'InspectionScheduled') {
    const { unit, author, deadline } = event.data;
    return { stage: 'scheduled', unit, author, passed: null, clock: startClock(deadline) };
  }
  if (state.stage === 'unborn') throw new Error(`corrupt stream: ${event.type} before InspectionScheduled`);
  switch (event.type) {
    case 'LiftInspected':
      return { ...state, stage: 'inspected', passed: event.data.passed, clock: null };
    case 'LiftRepaired':
      return { ...state, stage: 'repaired' };
    case 'InspectionClosed':
      return { ...state, stage: 'closed' };
    default:
      return { ...state, clock: state.clock && clockWith(state.clock, event) };
  }
};

export const liftInspectionDecider: Decider<LiftState, LiftCommand, LiftEvent, LiftRefusal> = {
  aggregate: 'lift-inspection',
  aliasSince: 1,
  startsWith: 'schedule',
  initial: { stage: 'unborn' },
  decide,
  isPermitted: (command, state, context) => {
    const rule = ruleOf(command.type, context.actor.role);
    return rule !== null && isOwner(rule, state, context);
  },
  evolve,
  due: (state) => {
    const step = state.stage === 'unborn' || state.clock === null ? null : nextStep(state.clock);
    return step && { at: step.at, command: { type: 'tick', data: { step: stepId(step) } } };
  },
  isFinal: ({ stage }) => stage === 'closed',
  summary: ({ stage }) => ({ stage: stage === 'unborn' ? null : stage }),
  searchAttributes: (state) => ({ LiftInspectionStage: state.stage === 'unborn' ? null : state.stage }),
};
