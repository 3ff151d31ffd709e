import type { Do as DecisionDo } from '@qiyue/decision-domain';
import { DECISIONS_SINCE, type Do as NeedDo } from '@qiyue/need-domain';
import { stepTo, type Step } from '../steps';

/** A command to an owners' decision, as a saga or a reaction gives it. */
export const toDecision = <T extends 'take-up' | 'reserve' | 'resize' | 'commit' | 'release' | 'works-accepted' | 'need-ended'>(
  decisionId: string,
  type: T,
  data: DecisionDo<T>['data'],
): Step => stepTo('decision', decisionId, type, data);

/** What a need is told of the decision that it waits for. */
export const toNeedOf = <T extends 'await-decision' | 'note-decision'>(needId: string, type: T, data: NeedDo<T>['data']): Step => ({
  ...stepTo('need', needId, type, data),
  rules: DECISIONS_SINCE,
});
