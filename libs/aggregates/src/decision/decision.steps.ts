import type { Json, ReactionCommand, SagaStep } from '@qiyue/engine';
import type { Do as DecisionDo } from '@qiyue/decision-domain';
import { DECISIONS_SINCE, type Do as NeedDo } from '@qiyue/need-domain';

type Step = Omit<SagaStep, 'starts'> & ReactionCommand;
type Data = { readonly [key: string]: Json };

/** A command to an owners' decision, as a saga or a reaction gives it. */
export const toDecision = <T extends 'reserve' | 'resize' | 'commit' | 'release' | 'works-accepted' | 'need-ended'>(
  decisionId: string,
  type: T,
  data: DecisionDo<T>['data'],
): Step => ({ aggregate: 'decision', entity: decisionId, type, data: data as unknown as Data });

/** What a need is told of the decision that it waits for. */
export const toNeedOf = <T extends 'await-decision' | 'note-decision'>(needId: string, type: T, data: NeedDo<T>['data']): Step => ({
  aggregate: 'need',
  entity: needId,
  type,
  data: data as unknown as Data,
  rules: DECISIONS_SINCE,
});
