import type { Context } from '@qiyue/engine';
import { NEED_RULES, needDecider, type NeedCommand, type NeedEvent, type NeedState } from '../index';
import { clock, TABLES } from './need.fixtures';

const evolve = (state: NeedState, event: NeedEvent): NeedState => needDecider.evolve(state, event, { rules: NEED_RULES });
const fold = (...past: readonly NeedEvent[]): NeedState => past.reduce(evolve, needDecider.initial);
export const contextAt = (now: string, actor: Context['actor'], rules = NEED_RULES): Context => ({
  ...{ now, actor, rules, entity: 'e', commandId: 'c', tables: TABLES },
});
/** The past with what a command makes of it; throws where it is refused. */
export const after = (past: readonly NeedEvent[], command: NeedCommand, context: Context): readonly NeedEvent[] => {
  const decision = needDecider.decide(command, fold(...past), context);
  if (!decision.ok) throw new Error(decision.refusal.code);
  return [...past, ...decision.events];
};

/** What the timers do until then, each step as `07-05T08:00 Escalated 1`, and the past with it. */
export const letTimePass = (past: readonly NeedEvent[], until: string, rules = NEED_RULES) => {
  const [events, told] = [[...past], [] as string[]];
  for (let due = needDecider.due(fold(...events), { rules }); due !== null && due.at <= until; due = needDecider.due(fold(...events), { rules })) {
    const decision = needDecider.decide(due.command, fold(...events), contextAt(due.at, clock, rules));
    for (const event of decision.ok ? decision.events : []) {
      events.push(event);
      told.push(`${due.at.slice(5, 16)} ${event.type}${'level' in event.data ? ` ${event.data.level}` : ''}`);
    }
  }
  return { events, told };
};
