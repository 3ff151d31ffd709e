import type { Json, ReactionCommand, SagaStep } from '@qiyue/engine';
import type { Do as ProjectDo } from '@qiyue/project-domain';
import type { Do as ResourceDo } from '@qiyue/resource-domain';

type Data = { readonly [key: string]: Json };
/** A command as a saga or a reaction gives it. */
type Step = Omit<SagaStep, 'starts'> & ReactionCommand;

export const toProject = <T extends 'plan-item' | 'need-moved' | 'resource-moved'>(entity: string, type: T, data: ProjectDo<T>['data']): Step => ({
  ...{ aggregate: 'project', entity, type },
  data: data as unknown as Data,
});

export const toResource = <T extends 'reserve' | 'use' | 'free'>(entity: string, type: T, data: ResourceDo<T>['data']): Step => ({
  ...{ aggregate: 'resource', entity, type },
  data: data as unknown as Data,
});

/** What a need is told of the project that it is in; `join-project` is refused by one that has ended or is in another. */
export const toNeed = (
  entity: string,
  type: 'join-project' | 'leave-project',
  data: { readonly projectId: string; readonly unit?: string },
): Step => ({
  ...{ aggregate: 'need', entity, type },
  data: { ...data },
});
