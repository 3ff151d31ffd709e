import type { Fact, FailCause, Outcome, TimedStage } from '@qiyue/decision-domain';
import type { DecisionView } from '@qiyue/decision-views';
import type { ToldEvent, ToldType } from './told';

/** All that a template can say. Nothing else of a decision reaches one, so no vote, no reason and no name can slip into a message. */
export interface TemplateFacts {
  readonly community: string;
  /** What is to be done, cut short: it is public. */
  readonly works: string;
  readonly stage: TimedStage | null;
  readonly dueAt: string | null;
  readonly oldDueAt: string | null;
  readonly rung: { readonly level: number; readonly name: string } | null;
  readonly movedBy: Fact<'DeadlineMoved'>['data']['cause'] | null;
  readonly outcome: Outcome;
  readonly failedBy: FailCause | null;
  readonly isEarly: boolean;
  /** A ballot that the community has entered for its owner. */
  readonly isPaper: boolean;
  readonly endsAt: string | null;
  readonly upheld: boolean;
  readonly heads: { readonly total: number; readonly part: number; readonly agree: number };
}

const WORKS_MAX = 40;
const is = <T extends ToldType>(event: ToldEvent, type: T): event is ToldEvent & Fact<T> => event.type === type;

export const factsOf = (event: ToldEvent, { community, plan, tally, ballot }: DecisionView): TemplateFacts => {
  const about: {
    readonly needId?: string;
    readonly stage?: TimedStage;
    readonly dueAt?: string | null;
    readonly endsAt?: string;
    readonly closesAt?: string;
  } = event.data;
  return {
    community,
    works: plan.works.length > WORKS_MAX ? `${plan.works.slice(0, WORKS_MAX)}…` : plan.works,
    ...{ stage: about.stage ?? null, dueAt: about.dueAt ?? null, endsAt: about.endsAt ?? about.closesAt ?? null },
    oldDueAt: is(event, 'DeadlineMoved') ? event.data.oldDueAt : null,
    rung: is(event, 'Escalated') ? { level: event.data.level, name: event.data.name } : null,
    movedBy: is(event, 'DeadlineMoved') ? event.data.cause : null,
    outcome: tally.outcome,
    failedBy: is(event, 'DecisionFailed') ? event.data.cause : null,
    isEarly: ballot?.cause === 'by-hand',
    isPaper: is(event, 'VoteCast') && event.data.channel === 'paper',
    upheld: is(event, 'ChallengeSettled') && event.data.upheld,
    heads: { total: tally.totalHeads, part: tally.partHeads, agree: tally.agreeHeads ?? 0 },
  };
};
