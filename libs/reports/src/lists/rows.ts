import type { FundingView, NeedView } from '@qiyue/need-views';
import type { ProjectView } from '@qiyue/project-views';
import type { ResourceView } from '@qiyue/resource-views';
import type { NeedRow, ProjectRow, ResourceRow } from './lists.schema';
import type { ListTexts } from './texts';

/** What the lists open of each kind, as the reader may see it. */
export const NEED_FIELDS = [
  ...(['needId', 'title', 'items', 'kind', 'compound', 'unit', 'helpers', 'funding', 'stage', 'createdAt'] as const),
  ...(['promisedBy', 'stages', 'evaluations', 'lapsed'] as const),
] as const;
export const RESOURCE_FIELDS = ['resourceId', 'giver', 'kind', 'name', 'quantity', 'unit', 'from', 'to', 'status'] as const;
export const PROJECT_FIELDS = [
  ...(['projectId', 'title', 'unit', 'needs', 'budgetFen', 'stage', 'startsOn', 'endsOn', 'startedAt', 'finishedAt'] as const),
] as const;
export type ShownNeed = Pick<NeedView, (typeof NEED_FIELDS)[number]>;
export type ShownResource = Pick<ResourceView, (typeof RESOURCE_FIELDS)[number]>;
export type ShownProject = Pick<ProjectView, (typeof PROJECT_FIELDS)[number]>;

interface Amounts {
  readonly funding: readonly Pick<FundingView, 'amountFen' | 'finalCostFen' | 'cancelledAt'>[];
}
/** What the works of a need may cost or have cost, of all rounds; works that were cancelled cost nothing. In fen. */
export const amountOf = ({ funding }: Amounts): number =>
  funding.reduce((sum, { amountFen, finalCostFen, cancelledAt }) => (cancelledAt === undefined ? sum + (finalCostFen ?? amountFen) : sum), 0);

/** The last time that it was in a stage. */
const lastIn = ({ stages }: Pick<NeedView, 'stages'>, name: string) => stages.findLast(({ stage }) => stage === name);

const isDone = ({ stage }: Pick<NeedView, 'stage'>): boolean => stage === 'done' || stage === 'evaluated';

/** Closed without an evaluation, nobody knows. */
const satisfiedWith = ({ stage, evaluations: { resident, community }, lapsed }: ShownNeed): boolean | null => {
  if (stage !== 'evaluated') return null;
  if (resident !== null && community !== null) return resident.satisfied && community.satisfied;
  return lapsed === null ? false : null;
};

export const needRowOf = (need: ShownNeed, number: number, texts: ListTexts): NeedRow => ({
  ...{ number, needId: need.needId, title: need.title },
  items: need.items.map(({ name, quantity, unit }) => ({ name, quantity, unit })),
  ...{ kind: need.kind, kindName: texts.kinds[need.kind], compound: need.compound, unit: need.unit, helpers: need.helpers },
  ...{ amountFen: amountOf(need), stage: need.stage, stageName: texts.stages[need.stage], submittedAt: need.createdAt },
  claimedAt: need.unit === null ? null : (lastIn(need, 'claimed')?.from ?? null),
  promisedBy: need.promisedBy,
  doneAt: isDone(need) ? (lastIn(need, 'done')?.from ?? null) : null,
  evaluatedAt: need.stage === 'evaluated' ? (lastIn(need, 'done')?.endedAt ?? null) : null,
  satisfied: satisfiedWith(need),
});

export const resourceRowOf = (resource: ShownResource, number: number, texts: ListTexts): ResourceRow => {
  const { resourceId, giver, kind, name, quantity, unit, from, to, status } = resource;
  return {
    ...{ number, resourceId, unit: giver, kind, kindName: texts.resourceKinds[kind], name, quantity, quantityUnit: unit, from, to },
    ...{ state: status, stateName: texts.resourceStates[status] },
  };
};

/** `needs`: those that are part of it, as far as they were found. */
export const projectRowOf = (project: ShownProject, number: number, needs: readonly ShownNeed[], texts: ListTexts): ProjectRow => {
  const { projectId, title, unit, budgetFen, stage, startsOn, endsOn, startedAt, finishedAt } = project;
  return {
    ...{ number, projectId, title, unit, needs: needs.map((need) => ({ needId: need.needId, title: need.title })), budgetFen },
    amountFen: needs.reduce((sum, need) => sum + amountOf(need), 0),
    ...{ state: stage, stateName: texts.projectStates[stage], startsOn, endsOn, startedAt, finishedAt },
  };
};
