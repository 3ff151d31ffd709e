import { minuteOf, toShanghaiIso, instantMsOf, type Due, type Labels } from '@qiyue/engine';
import { spokenNumberOf, type DeadlineStage } from '@qiyue/civic-domain';
import type { NeedCommand, NeedCommandType } from './need.commands';
import { PERMISSIONS } from './need.permissions';
import { dueAtOf, type NeedState } from './need.state';

/** Rules version from which commands come as updates of their own names. */
const UPDATES_NAMED_SINCE = 6;

/** What is waited for in a stage, as the timer's deadline says it. */
const AWAITED: Readonly<Record<DeadlineStage, string>> = { submitted: 'claim', claimed: 'fund', funded: 'finish works', done: 'evaluate' };
const STEPS: Readonly<Record<string, string>> = {
  approaching: 'reminder',
  missed: 'missed, 催办',
  lapsed: 'closed without',
  whistle: 'answer to the whistle',
};

const dueOf = ({ command }: Due<NeedCommand>, state: NeedState): string => {
  if (command.type !== 'tick') return 'end of the time to reopen';
  const { step } = command.data;
  const dueAt = dueAtOf(state);
  const said = STEPS[step] ?? step.replace('escalated:', 'told upwards, rung ');
  return dueAt === null || !(state.stage in AWAITED) ? said : `${AWAITED[state.stage as DeadlineStage]} by ${minuteOf(dueAt)}: ${said}`;
};

/** As `240701-7K3M9P-N 加装扶手`, `claim by 2024-07-03 18:00: reminder`. */
export const needLabels: Labels<NeedState, NeedCommand> = {
  titleOf: (command, { entity, now }) => {
    const number = spokenNumberOf(entity, toShanghaiIso(instantMsOf(now)));
    return command.type === 'submit' ? `${number} ${command.data.title}` : number;
  },
  dueOf,
  updates: { since: UPDATES_NAMED_SINCE, types: Object.keys(PERMISSIONS) as NeedCommandType[] },
};
