import { anySagaDefinition, type AnyAggregate } from '@qiyue/aggregate';
import { contract } from '@qiyue/contract';
import { decision } from '@qiyue/decision';
import { need, needQuestions } from '@qiyue/need';
import { project } from '@qiyue/project';
import { communityScoreboard, REPORTS, unitScoreboard } from '@qiyue/reports';
import { resource } from '@qiyue/resource';
import { unitYear } from '@qiyue/unit-year';
import { DECISION_REACTIONS } from './decision/decision.reactions';
import { confirmDecisionSaga, openDecisionSaga } from './decision/decision.sagas';
import { FUNDING_REACTIONS } from './funding/funding.reactions';
import { adjustFundingSaga, fundSaga } from './funding/funding.sagas';
import { linkSaga } from './funding/pledge.saga';
import { withMore } from './more-aggregates';
import { CONTRACT_REACTIONS } from './project/contract.reactions';
import { NEED_IN_PROJECT_REACTIONS, PROJECT_REACTIONS, RESOURCE_REACTIONS } from './project/project.reactions';
import { addNeedSaga, addResourceSaga, planSaga } from './project/project.sagas';
import { reserveSaga } from './project/resource.sagas';
import { offeredResources } from './suggestions/offered-resources';

export { AggregatesRefused } from './more-aggregates';

export { communityScoreboard, unitScoreboard } from '@qiyue/reports';

/** What is between two kinds of entities is of neither, and stands here. */
const OWN: readonly AnyAggregate[] = [
  {
    ...need,
    sagas: [...(need.sagas ?? []), anySagaDefinition({ saga: fundSaga }), anySagaDefinition({ saga: adjustFundingSaga })],
    reactions: [...FUNDING_REACTIONS, ...NEED_IN_PROJECT_REACTIONS],
    questions: needQuestions(offeredResources),
  },
  {
    ...unitYear,
    keyedModels: [unitScoreboard, communityScoreboard],
    queries: [...(unitYear.queries ?? []), ...REPORTS],
    startedBy: ['reserve'],
    sagas: [anySagaDefinition({ saga: linkSaga })],
  },
  {
    ...decision,
    sagas: [anySagaDefinition({ saga: openDecisionSaga }), anySagaDefinition({ saga: confirmDecisionSaga })],
    reactions: [...(decision.reactions ?? []), ...DECISION_REACTIONS],
  },
  { ...contract, reactions: CONTRACT_REACTIONS },
  { ...resource, sagas: [anySagaDefinition({ saga: reserveSaga })], reactions: RESOURCE_REACTIONS },
  {
    ...project,
    sagas: [anySagaDefinition({ saga: planSaga }), anySagaDefinition({ saga: addNeedSaga }), anySagaDefinition({ saga: addResourceSaga })],
    reactions: PROJECT_REACTIONS,
  },
];

/** Those of this repository, with those of the modules that a text names as QIYUE_MORE_AGGREGATES does. Throws `AggregatesRefused`. */
export const aggregatesWith = (more: string | undefined): readonly AnyAggregate[] => withMore(OWN, more);

/** Every kind of entity that there is: all apps fold over this list. Rows of before there was a second kind are of the first. */
export const AGGREGATES = aggregatesWith(process.env['QIYUE_MORE_AGGREGATES']);

/** There are kinds of entities that were not there when this was built. */
export const HAS_MORE_AGGREGATES = AGGREGATES.length > OWN.length;
