import { numberedTitle } from '@qiyue/civic-domain';
import type { Labels } from '@qiyue/engine';
import type { ResourceCommand, ResourceCommandType } from './resource.commands';
import { PERMISSIONS } from './resource.permissions';
import type { ResourceState } from './resource.state';

/** Rules version from which commands come as updates of their own names; nothing is decided otherwise. Workers of the first know none of them. */
const UPDATES_NAMED_SINCE = 2;

/** As `240701-7K3M9P-N 高空作业车`. */
export const resourceLabels: Labels<ResourceState, ResourceCommand> = {
  titleOf: (command, context) => numberedTitle(command.type === 'offer' ? command.data.name : null, context),
  dueOf: () => 'the offer ends',
  updates: { since: UPDATES_NAMED_SINCE, types: Object.keys(PERMISSIONS) as ResourceCommandType[] },
};
