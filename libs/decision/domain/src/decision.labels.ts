import { numberedTitle, stepLabel } from '@qiyue/civic-domain';
import type { Due, Labels } from '@qiyue/engine';
import type { DecisionCommand, DecisionCommandType } from './decision.commands';
import { TIMED_STAGES, type TimedStage } from './decision.events';
import { PERMISSIONS } from './decision.permissions';
import { isAt, type DecisionState } from './decision.state';

/** Rules version from which commands come as updates of their own names. */
const UPDATES_NAMED_SINCE = 2;

/** What is waited for in a stage, as the timer's deadline says it. */
const AWAITED: Readonly<Record<TimedStage, string>> = {
  ...{ preparing: 'open the ballot', voting: 'vote', passed: 'post the notice', noticing: 'challenge', confirming: 'confirm' },
  ...{ declared: 'confirm the emergency', emergency: 'post the notice', warranty: 'look at the works' },
};
/** What ends by itself. */
const ENDS: Readonly<Record<string, string>> = {
  'close-ballot': 'the ballot closes',
  'end-notice': 'the notice ends',
  'end-warranty': 'the warranty ends',
};

const dueOf = ({ command }: Due<DecisionCommand>, state: DecisionState): string =>
  command.type === 'tick' && isAt(state, TIMED_STAGES)
    ? stepLabel(AWAITED[state.stage], state.clock?.schedule.dueAt ?? null, command.data.step)
    : (ENDS[command.type] ?? command.type);

/** As `240701-7K3M9P-N use-fund, need 01J…`, `vote by 2024-07-22 18:00: reminder`. What owners want done may stand in the works' words: not there. */
export const decisionLabels: Labels<DecisionState, DecisionCommand> = {
  titleOf: (command, context) => numberedTitle(command.type === 'open' ? `${command.data.matter}, need ${command.data.needId}` : null, context),
  dueOf,
  updates: { since: UPDATES_NAMED_SINCE, types: Object.keys(PERMISSIONS) as DecisionCommandType[] },
};
