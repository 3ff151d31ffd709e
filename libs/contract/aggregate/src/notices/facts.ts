import { TIMED_STAGES, type Fact, type Outcome, type Score, type Side, type TimedStage } from '@qiyue/contract-domain';
import type { ContractView } from '@qiyue/contract-views';
import { missingSides } from './recipients';
import type { ToldEvent, ToldType } from './told';

/** All that a template can say. Nothing else of a contract reaches one, so no reason and no comment can slip into a message. */
export interface TemplateFacts {
  readonly unit: string;
  readonly community: string;
  readonly year: number;
  /** By whom it is. */
  readonly side: Side | null;
  /** Of the item that this is about. */
  readonly title: string | null;
  readonly score: Score | null;
  readonly items: number;
  readonly endsOn: string;
  readonly effectiveAt: string | null;
  readonly outcome: Outcome | null;
  readonly stage: TimedStage | null;
  /** It is about a deadline for evaluations of the item. */
  readonly isOfItem: boolean;
  readonly dueAt: string | null;
  readonly oldDueAt: string | null;
  readonly rung: { readonly level: number; readonly name: string } | null;
  readonly movedBy: Fact<'DeadlineMoved'>['data']['cause'] | null;
  /** Whose signature or evaluation is missing. */
  readonly missing: readonly Side[];
  readonly isInForce: boolean;
}

/** What several of the events have; `cause` so that each has something of it. */
interface About {
  readonly side?: Side;
  readonly itemId?: string;
  readonly stage?: string;
  readonly dueAt?: string | null;
  readonly cause?: string;
}

const is = <T extends ToldType>(event: ToldEvent, type: T): event is ToldEvent & Fact<T> => event.type === type;

export const factsOf = (event: ToldEvent, view: ContractView): TemplateFacts => {
  const about: About = event.data;
  const ofItem = view.items.find(({ itemId }) => itemId === (about.itemId ?? about.stage));
  return {
    ...{ unit: view.unit, community: view.community, year: view.year, endsOn: view.endsOn, items: view.items.length },
    side: about.side ?? null,
    title: ofItem?.title ?? null,
    isOfItem: ofItem !== undefined && ofItem.itemId === about.stage,
    score: is(event, 'SideEvaluated') ? event.data.score : null,
    effectiveAt: is(event, 'TerminationGiven') ? event.data.effectiveAt : null,
    outcome: view.outcome,
    ...{ stage: TIMED_STAGES.find((stage) => stage === about.stage) ?? null, dueAt: about.dueAt ?? null },
    oldDueAt: is(event, 'DeadlineMoved') ? event.data.oldDueAt : null,
    rung: is(event, 'Escalated') ? { level: event.data.level, name: event.data.name } : null,
    movedBy: is(event, 'DeadlineMoved') ? event.data.cause : null,
    missing: missingSides(view, about.stage),
    isInForce: view.stage === 'in-force',
  };
};
