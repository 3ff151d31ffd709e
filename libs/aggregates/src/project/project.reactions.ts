import type { EventShape, Reaction } from '@qiyue/engine';
import type { Fact as ProjectFact, NeedStage, ProjectEventType } from '@qiyue/project-domain';
import type { Fact as ResourceFact, ResourceEventType } from '@qiyue/resource-domain';
import { anyReaction, type ReactionOn } from '../steps';
import { toNeed, toProject, toResource } from './project.steps';

const ofProject = <T extends ProjectEventType>(reaction: ReactionOn<T, ProjectFact<T>>): Reaction => anyReaction(reaction);
const ofResource = <T extends ResourceEventType>(reaction: ReactionOn<T, ResourceFact<T>>): Reaction => anyReaction(reaction);

/** What a project's end means to what was reserved for it and to its needs. */
export const PROJECT_REACTIONS: readonly Reaction[] = [
  ofProject<'ProjectFinished'>({
    name: 'use-resources',
    on: ['ProjectFinished'],
    commands: ({ data: { reservations } }) => reservations.map(({ resourceId, reservationId }) => toResource(resourceId, 'use', { reservationId })),
  }),
  ofProject<'ProjectCancelled'>({
    name: 'free-resources',
    on: ['ProjectCancelled'],
    commands: ({ data: { reservations } }) => reservations.map(({ resourceId, reservationId }) => toResource(resourceId, 'free', { reservationId })),
  }),
  ofProject<'ProjectCancelled'>({
    name: 'let-needs-go',
    on: ['ProjectCancelled'],
    commands: ({ data: { needs } }, { entity }) => needs.map((needId) => toNeed(needId, 'leave-project', { projectId: entity })),
  }),
];

const END = { ReservationUsed: 'used', ReservationFreed: 'freed' } as const;

/** Somebody has used or freed what a project counts on. */
export const RESOURCE_REACTIONS: readonly Reaction[] = [
  ofResource<'ReservationUsed' | 'ReservationFreed'>({
    name: 'tell-project',
    on: ['ReservationUsed', 'ReservationFreed'],
    commands: ({ type, data: { projectId, reservationId } }, { entity }) =>
      projectId === undefined
        ? []
        : [{ ...toProject(projectId, 'resource-moved', { resourceId: entity, reservationId, end: END[type] }), mayBeAbsent: true }],
  }),
];

/** Where a need is by its event. Of one that is in a project the event names it. */
const STAGE_OF: Readonly<Record<string, NeedStage>> = {
  NeedClaimed: 'claimed',
  ClaimReturned: 'submitted',
  NeedFunded: 'funded',
  WorksStarted: 'started',
  WorksReported: 'started',
  WorksCancelled: 'claimed',
  NeedDone: 'done',
  NeedEvaluated: 'evaluated',
  EvaluationLapsed: 'evaluated',
  NeedReopened: 'claimed',
  NeedWithdrawn: 'withdrawn',
  NeedRejected: 'rejected',
  NeedMerged: 'merged',
  ProjectLeft: 'left',
};
type InProject = EventShape & { readonly data: { readonly projectId?: string; readonly stage?: NeedStage } };

/** A project follows its needs. Events of needs that are in none, and of before there were projects, name none. */
export const NEED_IN_PROJECT_REACTIONS: readonly Reaction[] = [
  anyReaction<string, InProject>({
    name: 'tell-project',
    on: [...Object.keys(STAGE_OF), 'ProjectJoined'],
    commands: ({ type, data: { projectId, ...data } }, { entity }) => {
      const stage = STAGE_OF[type] ?? data.stage;
      return projectId === undefined || stage === undefined ? [] : [toProject(projectId, 'need-moved', { needId: entity, stage })];
    },
  }),
];
