import { stepLabel } from '@qiyue/civic-domain';
import type { Due, Labels } from '@qiyue/engine';
import type { UnitYearCommand, UnitYearCommandType } from './unit-year.commands';
import { TIMED_STAGES, type TimedStage } from './unit-year.events';
import { PERMISSIONS } from './unit-year.permissions';
import { isAt, type UnitYearState } from './unit-year.state';

/** Rules version from which commands come as updates of their own names. */
const UPDATES_NAMED_SINCE = 2;

/** What is waited for in a stage, as the timer's deadline says it. */
const AWAITED: Readonly<Record<TimedStage, string>> = { pledging: 'publish', published: 'name needs', fulfilling: 'keep the pledges' };

const dueOf = ({ command }: Due<UnitYearCommand>, state: UnitYearState): string =>
  command.type === 'tick' && isAt(state, TIMED_STAGES)
    ? stepLabel(AWAITED[state.stage], state.clock?.schedule.dueAt ?? null, command.data.step)
    : 'the year ends';

/** As `住建局, 2024`, which nobody needs a number for; `publish by 2024-02-29 18:00: reminder`. */
export const unitYearLabels: Labels<UnitYearState, UnitYearCommand> = {
  titleOf: ({ type, data }) => (type === 'open' || type === 'reserve' ? `${data.unit}, ${data.year}` : type),
  dueOf,
  updates: { since: UPDATES_NAMED_SINCE, types: Object.keys(PERMISSIONS) as UnitYearCommandType[] },
};
