import { numberedTitle, stepLabel, type DeadlineStage } from '@qiyue/civic-domain';
import type { Due, Labels } from '@qiyue/engine';
import type { NeedCommand, NeedCommandType } from './need.commands';
import { PERMISSIONS } from './need.permissions';
import { dueAtOf, type NeedState } from './need.state';

/** Rules version from which commands come as updates of their own names. */
const UPDATES_NAMED_SINCE = 6;

/** What is waited for in a stage, as the timer's deadline says it. */
const AWAITED: Readonly<Record<DeadlineStage, string>> = { submitted: 'claim', claimed: 'fund', funded: 'finish works', done: 'evaluate' };

const dueOf = ({ command }: Due<NeedCommand>, state: NeedState): string =>
  command.type === 'tick'
    ? stepLabel(state.stage in AWAITED ? AWAITED[state.stage as DeadlineStage] : null, dueAtOf(state), command.data.step)
    : 'end of the time to reopen';

/** As `240701-7K3M9P-N 加装扶手`, `claim by 2024-07-03 18:00: reminder`. */
export const needLabels: Labels<NeedState, NeedCommand> = {
  titleOf: (command, context) => numberedTitle(command.type === 'submit' ? command.data.title : null, context),
  dueOf,
  updates: { since: UPDATES_NAMED_SINCE, types: Object.keys(PERMISSIONS) as NeedCommandType[] },
};
