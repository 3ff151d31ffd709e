import { describe, expect, it } from '@jest/globals';
import { eventOf } from '@qiyue/engine';
import { DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import type { NeedEvent } from '@qiyue/need-domain';
import { recipientsOf } from './recipients';
import { addressesOf, recipientKey } from '@qiyue/notices';
import { isTold, TOLD_TYPES } from './told';
import { LIVES, type Moment } from '../testing/told-life';

const toldOf = ({ record, before, after }: Moment): readonly string[] | null => {
  const event = eventOf<NeedEvent>(record);
  return isTold(event) ? recipientsOf({ event, by: record.actor, before, after }, DEFAULT_POLICY_DOCUMENT).map(recipientKey) : null;
};

const ANN = 'actor/ann';
const LAKESIDE = 'post/community/Lakeside';
const HILLSIDE = 'post/community/Hillside';
const WATER = 'post/department/Water';
const ROADS = 'post/department/Roads';
const DEPARTMENTS = 'post/department/*';
const CENTRE = 'post/centre/*';
const SUPERVISOR = 'post/supervisor/*';
const COUNTY = 'post/county/*';

/** [life, event, which of its kind, who is told] */
const TABLE: readonly (readonly [string, NeedEvent['type'], number, readonly string[] | null])[] = [
  ['ordinary', 'NeedSubmitted', 0, [LAKESIDE]],
  ['ofTheCommunity', 'NeedSubmitted', 0, []],
  ['emergency', 'NeedSubmitted', 0, [LAKESIDE, CENTRE]],
  ['emergency', 'WhistleBlown', 0, [WATER]],
  ['madeEmergency', 'NeedAmended', 0, [LAKESIDE, CENTRE]],
  ['movedAway', 'NeedAmended', 0, ['post/community/Riverside', LAKESIDE]],
  ['emergencyOfTheCommunity', 'NeedSubmitted', 0, [CENTRE, DEPARTMENTS]],
  ['withdrawn', 'NeedWithdrawn', 0, [LAKESIDE]],
  ['rejected', 'NeedRejected', 0, [ANN]],
  ['merged', 'NeedAdopted', 0, null],
  ['merged', 'NeedMerged', 0, [ANN]],
  ['ordinary', 'NeedClaimed', 0, [ANN, LAKESIDE, ROADS]],
  ['followed', 'NeedClaimed', 0, [ANN, 'actor/pam', 'actor/bo', LAKESIDE, ROADS]],
  ['ofTheCommunity', 'NeedClaimed', 0, [LAKESIDE, ROADS]],
  ['returned', 'ClaimReturned', 0, [ANN, LAKESIDE, ROADS]],
  ['ordinary', 'NeedFunded', 0, [ANN, LAKESIDE, ROADS]],
  ['cancelled', 'FundingAdjusted', 0, [WATER, LAKESIDE]],
  ['cancelled', 'WorksCancelled', 0, [ANN, LAKESIDE, WATER, ROADS]],
  ['worked', 'WorksStarted', 0, [ANN, LAKESIDE]],
  ['worked', 'ProgressReported', 0, [ANN]],
  ['ordinary', 'WorksReported', 0, [LAKESIDE, ANN]],
  ['ordinary', 'WorksRefused', 0, [WATER, ROADS, ANN]],
  ['ordinary', 'NeedDone', 0, [ANN, WATER, ROADS]],
  ['ordinary', 'ResidentEvaluated', 0, null],
  ['ordinary', 'NeedEvaluated', 0, [ANN, WATER]],
  ['ordinary', 'NeedReopened', 0, [ANN, WATER, ROADS]],
  ['ordinary', 'WhistleBlown', 0, [WATER, ROADS]],
  ['slow', 'WhistleBlown', 0, [DEPARTMENTS, LAKESIDE]],
  ['slow', 'WhistleBlown', 1, [CENTRE, LAKESIDE]],
  ['dispatched', 'NeedDispatched', 0, [WATER, LAKESIDE, ANN]],
  ['dispatched', 'NeedDispatched', 1, [HILLSIDE, LAKESIDE, ANN]],
  ['dispatched', 'NeedCorrected', 0, [ANN, LAKESIDE, HILLSIDE]],
  ['correctedToEmergency', 'NeedCorrected', 0, [ANN, LAKESIDE, DEPARTMENTS, CENTRE]],
  ['confirmed', 'UrgencyConfirmed', 0, [ANN, DEPARTMENTS, CENTRE]],
  ['lowered', 'UrgencyConfirmed', 0, [ANN]],
  ['answered', 'UnitReportedIn', 0, [LAKESIDE]],
  ['ordinary', 'ContractSigned', 0, [WATER]],
  ['ordinary', 'ContractSigned', 1, [LAKESIDE]],
  ['slow', 'DeadlineApproaching', 0, [DEPARTMENTS]],
  ['slowLead', 'DeadlineApproaching', 0, [WATER]],
  ['unevaluated', 'DeadlineApproaching', 0, [ANN]],
  ['slow', 'DeadlineMissed', 0, [LAKESIDE, ANN]],
  ['slowLead', 'DeadlineMissed', 0, [WATER, LAKESIDE, ANN]],
  ['unevaluated', 'DeadlineMissed', 0, [ANN, LAKESIDE]],
  ['slow', 'Escalated', 0, [DEPARTMENTS, LAKESIDE, ANN]],
  ['unaccepted', 'DeadlineApproaching', 0, [LAKESIDE, WATER]],
  ['unaccepted', 'DeadlineMissed', 0, [LAKESIDE, WATER, ANN]],
  ['slowLead', 'Escalated', 0, [WATER, LAKESIDE, ANN]],
  ['slowLead', 'Escalated', 1, [WATER, LAKESIDE, CENTRE, ANN]],
  ['slowLead', 'Escalated', 2, [SUPERVISOR, ANN]],
  ['slowLead', 'Escalated', 3, [SUPERVISOR, COUNTY, ANN]],
  ['ordinary', 'ClockPaused', 0, [ANN, WATER, ROADS]],
  ['ordinary', 'ClockResumed', 0, [ANN, WATER, ROADS]],
  ['ordinary', 'ExtensionRequested', 0, [CENTRE, LAKESIDE]],
  ['ordinary', 'ExtensionGranted', 0, [WATER, LAKESIDE, ANN]],
  ['returned', 'ExtensionDenied', 0, [WATER, LAKESIDE]],
  ['moved', 'DeadlineMoved', 0, [WATER, LAKESIDE, ANN]],
  ['unevaluated', 'EvaluationLapsed', 0, [ANN, LAKESIDE, WATER]],
  ['unevaluated', 'NeedClosed', 0, null],
];

describe('who is told', () => {
  it.each(TABLE)('in the life "%s" of %s (%i): %j', (name, type, nth, told) => {
    const moment = LIVES[name]?.moment(type, nth);
    expect(moment && toldOf(moment)).toEqual(told);
  });

  it('is stated above for every event that anybody is told of', () => {
    expect(TOLD_TYPES.filter((type) => !TABLE.some(([, stated]) => stated === type))).toEqual([]);
  });

  it('follows the policy at each step of the ladder', () => {
    const { record, before, after } = LIVES['slowLead']?.moment('DeadlineMissed') as Moment;
    const policy = { ...DEFAULT_POLICY_DOCUMENT, missed: { tells: ['helpers' as const, 'supervisor' as const] } };
    const told = recipientsOf({ event: eventOf<never>(record), by: record.actor, before, after }, policy);
    expect(told.map(recipientKey)).toEqual([WATER, ROADS, SUPERVISOR, ANN]);
  });
});

describe('a recipient\u2019s key', () => {
  it('keeps names apart that hold its own marks', () => {
    const keys = [
      recipientKey({ kind: 'post', role: 'department', unit: null }),
      recipientKey({ kind: 'post', role: 'department', unit: '*' }),
      recipientKey({ kind: 'post', role: 'department', unit: 'a/b' }),
      recipientKey({ kind: 'post', role: 'department', unit: 'a%2Fb' }),
      recipientKey({ kind: 'actor', id: 'a:b' }),
    ];
    expect(new Set(keys).size).toBe(5);
    expect(keys.filter((key) => key.includes(':'))).toEqual([]);
  });

  it('is among the addresses of whoever it means, and of nobody else', () => {
    expect(addressesOf({ id: 'wes', role: 'department', unit: 'Water' })).toEqual(['actor/wes', WATER, DEPARTMENTS]);
    expect(addressesOf({ id: 'sun', role: 'supervisor', unit: null })).toEqual(['actor/sun', SUPERVISOR]);
  });
});
