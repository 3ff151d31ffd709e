import type { NeedStage, NeedStatus } from '@qiyue/need-domain';

/** Records, so that a new stage or status does not compile until it can be asked for. */
const STAGES: Readonly<Record<NeedStage, true>> = {
  submitted: true,
  claimed: true,
  funded: true,
  done: true,
  evaluated: true,
  rejected: true,
  withdrawn: true,
  merged: true,
};
const STATUSES: Readonly<Record<NeedStatus, true>> = {
  waiting: true,
  inspected: true,
  planned: true,
  reopened: true,
  'waiting-to-start': true,
  working: true,
  'at-acceptance': true,
  reworking: true,
  'awaiting-evaluations': true,
  'one-side-evaluated': true,
  'both-sides-evaluated': true,
  'open-to-reopen': true,
  closed: true,
  ended: true,
};
export const NEED_STAGES = Object.keys(STAGES) as readonly NeedStage[];
export const NEED_STATUSES = Object.keys(STATUSES) as readonly NeedStatus[];
