import { STATUSES, type PledgeState, type UnitYearStage, type UnitYearStatus } from '@qiyue/unit-year-domain';

/** Records, so that a new stage or state does not compile until it can be asked for. */
const STAGES: Readonly<Record<UnitYearStage, true>> = { pledging: true, published: true, fulfilling: true, closed: true };
const STATES: Readonly<Record<PledgeState, true>> = {
  promised: true,
  linked: true,
  contested: true,
  fulfilled: true,
  failed: true,
  'carried-over': true,
  withdrawn: true,
};
export const UNIT_YEAR_STAGES = Object.keys(STAGES) as readonly UnitYearStage[];
export const UNIT_YEAR_STATUSES: readonly UnitYearStatus[] = STATUSES;
export const PLEDGE_STATES = Object.keys(STATES) as readonly PledgeState[];
