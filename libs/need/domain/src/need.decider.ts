import type { Decider, Due, Summary } from '@qiyue/engine';
import type { NeedCommand } from './need.commands';
import { decide, isPermitted } from './need.decide';
import type { NeedEvent } from './need.events';
import { evolve } from './need.evolve';
import { needLabels } from './need.labels';
import type { NeedRefusal } from './need.refusals';
import { nextTick } from './rules/clock.rules';
import { PSEUDONYMS_SINCE } from './need.persons';
import { needUpcasters } from './need.upcasters';
import { dueAtOf, unborn, type NeedState } from './need.state';

const summary = (state: NeedState): Summary =>
  state.stage === 'unborn' ? { stage: null, status: null } : { stage: state.stage, status: state.status };

/** `NeedDueAt` is the next deadline that binds somebody; the end of the time to reopen binds nobody. */
const searchAttributes = (state: NeedState): Readonly<Record<string, string | null>> => ({
  NeedStage: state.stage === 'unborn' ? null : state.stage,
  NeedUnit: 'lead' in state ? state.lead : null,
  NeedCommunity: state.stage === 'unborn' ? null : state.community,
  NeedDueAt: dueAtOf(state),
});

/** Only instants that an event fixed: a timer weeks later needs neither calendar nor policy. */
const due = (state: NeedState): Due<NeedCommand> | null => {
  if (state.stage === 'evaluated') return state.status === 'open-to-reopen' ? { at: state.closesAt, command: { type: 'close', data: {} } } : null;
  const next = nextTick(state);
  return next && { at: next.at, command: { type: 'tick', data: { step: next.step } } };
};

const isFinal = (state: NeedState): boolean => 'status' in state && (state.status === 'ended' || state.status === 'closed');

/** Raise it with every release that changes what is decided, and branch by `context.rules`: see infra/docs/rules.md. */
export const NEED_RULES = 7;

/** The life of a need for the engine. */
export const needDecider: Decider<NeedState, NeedCommand, NeedEvent, NeedRefusal> = {
  aggregate: 'need',
  rules: NEED_RULES,
  aliasSince: PSEUDONYMS_SINCE,
  upcasters: needUpcasters,
  startsWith: 'submit',
  initial: unborn,
  decide,
  isPermitted,
  evolve,
  due,
  isFinal,
  summary,
  labels: needLabels,
  searchAttributes,
};
