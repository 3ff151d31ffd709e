import { numberedTitle, stepLabel } from '@qiyue/civic-domain';
import type { Due, Labels } from '@qiyue/engine';
import type { ContractCommand, ContractCommandType } from './contract.commands';
import { TIMED_STAGES, type TimedStage } from './contract.events';
import { PERMISSIONS } from './contract.permissions';
import { isAt, type ContractState } from './contract.state';

/** Rules version from which commands come as updates of their own names. */
const UPDATES_NAMED_SINCE = 2;

/** What is waited for in a stage, as the timer's deadline says it. */
const AWAITED: Readonly<Record<TimedStage, string>> = { proposed: 'sign', 'in-force': 'keep the contract', evaluating: 'evaluate' };

const dueOf = ({ command }: Due<ContractCommand>, state: ContractState): string => {
  if (command.type === 'take-effect') return 'the termination takes effect';
  if (command.type !== 'tick' || !isAt(state, TIMED_STAGES)) return 'the contract ends';
  const [itemId = '', step] = command.data.step.split('/');
  if (step === undefined) return stepLabel(AWAITED[state.stage], state.clock?.schedule.dueAt ?? null, itemId);
  const item = state.stage === 'in-force' ? state.itemClocks.find((one) => one.itemId === itemId) : undefined;
  return stepLabel(`evaluate ${itemId}`, item?.clock.schedule.dueAt ?? null, step);
};

/** As `240701-7K3M9P-N 住建局, 民悦社区, 2024`, `sign by 2024-07-03 18:00: reminder`. */
export const contractLabels: Labels<ContractState, ContractCommand> = {
  titleOf: (command, context) =>
    numberedTitle(command.type === 'propose' ? `${command.data.unit}, ${command.data.community}, ${command.data.year}` : null, context),
  dueOf,
  updates: { since: UPDATES_NAMED_SINCE, types: Object.keys(PERMISSIONS) as ContractCommandType[] },
};
