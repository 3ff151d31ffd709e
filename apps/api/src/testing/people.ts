import type { Who } from './test-tokens';

export const RESIDENT: Who = { actor: 'r-1', role: 'resident', unit: '幸福社区' };
export const NEIGHBOUR: Who = { actor: 'r-2', role: 'resident', unit: '幸福社区' };
export const COMMUNITY: Who = { actor: 'c-1', role: 'community', unit: '幸福社区' };
export const OTHER_COMMUNITY: Who = { actor: 'c-2', role: 'community', unit: '和平社区' };
export const DEPARTMENT: Who = { actor: 'd-1', role: 'department', unit: '住建局' };
export const OTHER_DEPARTMENT: Who = { actor: 'd-2', role: 'department', unit: '水利局' };
export const SUPERVISOR: Who = { actor: 's-1', role: 'supervisor' };
export const OPERATOR: Who = { actor: 'o-1', role: 'operator' };
/** For what takes two. */
export const SECOND_OPERATOR: Who = { actor: 'o-2', role: 'operator' };

export const NEED = {
  title: '3号楼加装扶手',
  description: '楼梯无扶手，老人上下不便',
  kind: 'tangible',
  items: [{ name: '扶手', quantity: 12, unit: '米' }],
  community: '幸福社区',
  contact: '13800000000',
} as const;
