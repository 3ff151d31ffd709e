/** Who a token says somebody is. */
export interface Who {
  readonly actor: string;
  readonly role: string;
  readonly unit?: string;
}

export const HOME = '幸福社区';
export const BUREAU = '住建局';

/** The people of the tests' stories, one per part in the life of a need. */
export const PEOPLE = {
  resident: { actor: 'resident-1', role: 'resident', unit: HOME },
  neighbour: { actor: 'resident-2', role: 'resident', unit: HOME },
  community: { actor: 'community-1', role: 'community', unit: HOME },
  department: { actor: 'department-1', role: 'department', unit: BUREAU },
  otherDepartment: { actor: 'department-2', role: 'department', unit: '水利局' },
  supervisor: { actor: 'supervisor-1', role: 'supervisor' },
} as const satisfies Readonly<Record<string, Who>>;

/** A need as a resident of `HOME` submits it. */
export const NEED_BODY = {
  title: '3号楼加装扶手',
  description: '楼梯无扶手，老人上下不便',
  kind: 'tangible',
  items: [{ name: '扶手', quantity: 12, unit: '米' }],
  community: HOME,
} as const;
