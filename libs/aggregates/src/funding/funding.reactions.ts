import type { Reaction } from '@qiyue/engine';
import { DECISIONS_SINCE, MONEY_SINCE, type Fact, type FundReservation, type NeedEventType } from '@qiyue/need-domain';
import type { Do } from '@qiyue/unit-year-domain';
import { anyReaction, type ReactionOn } from '../steps';
import { toDecision } from '../decision/decision.steps';
import { toYear, yearIdAt } from './unit-year.steps';

const ofNeed = <T extends NeedEventType>(reaction: ReactionOn<T, Fact<T>>): Reaction => anyReaction({ since: MONEY_SINCE, ...reaction });

const heldBy = ({ reservationId, departmentFen, revision = 0 }: FundReservation): Do<'resize'>['data'] => ({
  reservationId,
  amountFen: departmentFen,
  revision,
});

/** What has to be known of a need's money and of its end, in the year of the unit that pays or has delivered. */
export const FUNDING_REACTIONS: readonly Reaction[] = [
  /** Works were accepted: what they have cost is spent, the rest is given back. */
  ofNeed({
    name: 'commit-funds',
    on: ['NeedDone'],
    commands: ({ data: { reservation, spentFen } }) =>
      reservation === undefined || spentFen === undefined
        ? []
        : [toYear(reservation.unitYearId, 'commit', { reservationId: reservation.reservationId, amountFen: spentFen })],
  }),
  ofNeed({
    name: 'release-funds',
    on: ['WorksCancelled'],
    commands: ({ data: { reservation } }) =>
      reservation === undefined ? [] : [toYear(reservation.unitYearId, 'release', { reservationId: reservation.reservationId })],
  }),
  /** Less than was reserved is enough. More has been reserved before. */
  ofNeed({
    name: 'reduce-funds',
    on: ['FundingAdjusted'],
    commands: ({ data: { reservation, deltaFen } }) =>
      reservation === undefined || deltaFen > 0 ? [] : [toYear(reservation.unitYearId, 'resize', heldBy(reservation))],
  }),
  /** What the owners' maintenance fund has paid is spent, and the warranty of the new works begins. */
  ofNeed({
    name: 'commit-owners-funds',
    since: DECISIONS_SINCE,
    on: ['NeedDone'],
    commands: ({ data: { owners, ownersSpentFen } }, { entity }) =>
      owners === undefined || ownersSpentFen === undefined
        ? []
        : [
            toDecision(owners.decisionId, 'commit', { reservationId: owners.reservationId, amountFen: ownersSpentFen }),
            toDecision(owners.decisionId, 'works-accepted', { needId: entity }),
          ],
  }),
  ofNeed({
    name: 'release-owners-funds',
    since: DECISIONS_SINCE,
    on: ['WorksCancelled'],
    commands: ({ data: { owners } }) =>
      owners === undefined ? [] : [toDecision(owners.decisionId, 'release', { reservationId: owners.reservationId })],
  }),
  /** A need that has ended has nothing to decide about. */
  ofNeed({
    name: 'end-decision',
    since: DECISIONS_SINCE,
    on: ['NeedWithdrawn', 'NeedRejected', 'NeedMerged'],
    commands: ({ data: { decisionId } }, { entity }) =>
      decisionId === undefined ? [] : [{ ...toDecision(decisionId, 'need-ended', { needId: entity }), mayBeAbsent: true }],
  }),
  ofNeed({
    name: 'reduce-owners-funds',
    since: DECISIONS_SINCE,
    on: ['FundingAdjusted'],
    commands: ({ data: { owners, deltaFen } }) =>
      owners === undefined || deltaFen > 0
        ? []
        : [
            toDecision(owners.decisionId, 'resize', {
              ...{ reservationId: owners.reservationId, amountFen: owners.fundFen, revision: owners.revision ?? 0 },
            }),
          ],
  }),
  /** In the year in which it was evaluated: what was promised for another year is no promise of this one. */
  ofNeed({
    name: 'fulfil-pledge',
    on: ['NeedEvaluated', 'EvaluationLapsed'],
    commands: ({ data: { unit, kind, satisfied } }, { entity, time }) =>
      unit === undefined || satisfied !== true
        ? []
        : [
            {
              ...toYear(yearIdAt(unit, time), 'fulfil-pledge', { needId: entity, satisfied, ...(kind === undefined ? {} : { kind }) }),
              mayBeAbsent: true,
            },
          ],
  }),
];
