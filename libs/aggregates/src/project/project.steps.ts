import type { Do as ContractDo } from '@qiyue/contract-domain';
import type { Do as ProjectDo } from '@qiyue/project-domain';
import type { Do as ResourceDo } from '@qiyue/resource-domain';
import { DECISIONS_SINCE, type Do as NeedDo } from '@qiyue/need-domain';
import { stepTo, type Step } from '../steps';

export const toProject = <T extends 'plan-item' | 'need-moved' | 'resource-moved' | 'vouch'>(
  entity: string,
  type: T,
  data: ProjectDo<T>['data'],
): Step => stepTo('project', entity, type, data);

export const toResource = <T extends 'reserve' | 'use' | 'free'>(entity: string, type: T, data: ResourceDo<T>['data']): Step =>
  stepTo('resource', entity, type, data);

/** What a need is told of the project that it is in, or asked for what is to be done for it. */
export const toNeed = <T extends 'join-project' | 'leave-project' | 'vouch'>(entity: string, type: T, data: NeedDo<T>['data']): Step => ({
  ...stepTo('need', entity, type, data),
  rules: DECISIONS_SINCE,
});

export const toContract = (entity: string, type: 'vouch', data: ContractDo<'vouch'>['data']): Step => stepTo('contract', entity, type, data);
