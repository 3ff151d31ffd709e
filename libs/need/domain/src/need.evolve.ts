import { unreachable, type RulesContext } from '@qiyue/engine';
import { clockWith, startClock, type DeadlineStage, type Urgency } from '@qiyue/civic-domain';
import type { Side } from './need.commands';
import type { Fact, NeedEvent } from './need.events';
import { DECISIONS_SINCE, EMERGENCIES_SINCE, MONEY_SINCE } from './need.since';
import { isAt, type Adoption, type At, type Born, type Done, type Led, type LedStage, type NeedState, type Submitted } from './need.state';

/** Total over recorded histories and trusting: what was recorded is a fact. Throws only on a corrupt stream. */
export const evolve = (state: NeedState, event: NeedEvent, { rules }: RulesContext): NeedState => {
  switch (event.type) {
    case 'NeedSubmitted':
      return submitted(at(state, event, 'unborn'), event, rules);
    case 'NeedAmended':
      return amended(at(state, event, 'submitted', 'claimed', 'funded', 'done'), event, rules);
    case 'NeedWithdrawn':
      return { ...born(at(state, event, 'submitted')), stage: 'withdrawn', status: 'ended' };
    case 'NeedRejected':
      return { ...born(at(state, event, 'submitted')), stage: 'rejected', status: 'ended' };
    case 'NeedMerged':
      return { ...born(at(state, event, 'submitted')), stage: 'merged', status: 'ended' };
    case 'NeedAdopted':
      return adopted(at(state, event, 'submitted', 'claimed', 'funded'), event);
    case 'NeedUnadopted':
      return unadopted(at(state, event, ...LIVE), event);
    case 'NeedInspected':
      return { ...at(state, event, 'submitted'), inspected: true, status: 'inspected' };
    case 'NeedClaimed':
      return claimed(at(state, event, 'submitted'), event);
    case 'ClaimReturned':
      return onTheList(born(at(state, event, 'claimed')), event.data);
    case 'NeedFunded':
      return funded(at(state, event, 'claimed'), event, rules);
    case 'FundingAdjusted':
      return adjusted(at(state, event, 'funded'), event);
    case 'WorksCancelled':
      return cancelled(at(state, event, 'funded'), event);
    case 'WorksStarted':
      return { ...at(state, event, 'funded'), status: 'working' };
    case 'ProgressReported':
      return at(state, event, 'funded');
    case 'WorksReported':
      return reported(at(state, event, 'funded'), event);
    case 'WorksRefused':
      return { ...at(state, event, 'funded'), status: 'reworking' };
    case 'NeedDone':
      return done(at(state, event, 'funded'), event);
    case 'ResidentEvaluated':
      return judged(at(state, event, 'done'), 'resident', event);
    case 'CommunityEvaluated':
      return judged(at(state, event, 'done'), 'community', event);
    case 'NeedEvaluated':
      return { ...led(at(state, event, 'done')), stage: 'evaluated', status: 'open-to-reopen', closesAt: event.data.closesAt };
    case 'NeedReopened':
      return reopened(at(state, event, 'evaluated'), event);
    case 'NeedClosed':
      return { ...at(state, event, 'evaluated'), status: 'closed' };
    case 'WhistleBlown':
      return whistled(at(state, event, 'submitted'), event, rules);
    case 'NeedDispatched':
      return dispatched(at(state, event, 'submitted'), event);
    case 'NeedCorrected':
      return corrected(at(state, event, 'submitted', 'claimed', 'funded', 'done'), event, rules);
    case 'UrgencyConfirmed':
      return weighed(at(state, event, 'submitted', 'claimed', 'funded'), event.data.to, rules);
    case 'ContractSigned':
      return signed(at(state, event, 'claimed'), event);
    case 'HelperJoined':
      return joined(at(state, event, 'claimed', 'funded', 'done'), event);
    case 'UnitReportedIn':
      return answered(at(state, event, 'submitted'), event);
    case 'VolunteerReportedIn':
      return at(state, event, 'submitted', 'claimed', 'funded');
    case 'DecisionAwaited':
      return { ...at(state, event, 'submitted', 'claimed'), decision: { decisionId: event.data.decisionId, progress: 'open' } };
    case 'DecisionNoted':
      return { ...at(state, event, ...LIVE), decision: event.data };
    case 'ProjectJoined':
      return { ...at(state, event, ...LIVE), projectId: event.data.projectId };
    case 'ProjectLeft':
      return outOfProject(at(state, event, ...LIVE));
    case 'ContactShared':
      return shared(at(state, event, 'submitted', 'claimed', 'funded', 'done'), event);
    case 'DeadlineApproaching':
    case 'DeadlineMissed':
    case 'Escalated':
    case 'ClockPaused':
    case 'ExtensionRequested':
    case 'ExtensionDenied':
      return tick(state, event);
    case 'ClockResumed':
    case 'ExtensionGranted':
      return moved(state, event);
    case 'DeadlineMoved':
      return windowMoved(moved(state, event), event);
    case 'EvaluationLapsed':
      return { ...led(at(state, event, 'done')), stage: 'evaluated', status: 'open-to-reopen', closesAt: event.data.closesAt };
    default:
      return unreachable(event);
  }
};

const LIVE = ['submitted', 'claimed', 'funded', 'done', 'evaluated'] as const;

const at = <S extends NeedState['stage']>(state: NeedState, event: NeedEvent, ...stages: readonly S[]): At<S> => {
  if (!isAt(state, stages)) throw new Error(`corrupt stream: ${event.type} in ${state.stage}`);
  return state;
};

/** Leaves a stage: keeps what every need has and drops the stage's own. */
const born = ({ author, community, urgency, category, adopted, inspected, round, ...rest }: Born): Born => ({
  ...{ author, community, urgency, category, adopted, inspected, round },
  ...bornSince(rest),
});

type BornSince = Pick<Born, 'contactSharedWith' | 'kind' | 'urgencyConfirmed' | 'urgencyDenied' | 'decision' | 'projectId'>;

/** What needs of before do not have. */
const bornSince = ({ contactSharedWith, kind, urgencyConfirmed, urgencyDenied, decision, projectId }: BornSince): BornSince => ({
  ...(contactSharedWith === undefined ? {} : { contactSharedWith }),
  ...(urgencyConfirmed === undefined ? {} : { urgencyConfirmed }),
  ...(urgencyDenied === undefined ? {} : { urgencyDenied }),
  ...(kind === undefined ? {} : { kind }),
  ...(decision === undefined ? {} : { decision }),
  ...(projectId === undefined ? {} : { projectId }),
});
const led = (state: Led): Led => ({
  ...born(state),
  ...{ lead: state.lead, helpers: state.helpers },
  ...(state.joined === undefined ? {} : { joined: state.joined }),
});

type Listed = Pick<Fact<'NeedSubmitted'>['data'], 'claimBy' | 'deadline'>;

const onTheList = (need: Born, { claimBy, deadline }: Listed): Submitted => ({
  ...need,
  stage: 'submitted',
  status: need.inspected ? 'inspected' : 'waiting',
  claimBy,
  clock: startClock(deadline),
  whistle: null,
});

const submitted = (_: At<'unborn'>, { data }: Fact<'NeedSubmitted'>, rules: number): NeedState =>
  onTheList(
    {
      author: data.author,
      community: data.community,
      urgency: data.urgency ?? 'normal',
      category: data.category ?? null,
      adopted: [],
      inspected: false,
      round: 1,
      ...(rules < MONEY_SINCE ? {} : { kind: data.kind }),
    },
    data,
  );

const joined = (state: At<'claimed' | 'funded' | 'done'>, { data: { unit } }: Fact<'HelperJoined'>): NeedState => ({
  ...state,
  joined: [...(state.joined ?? []), unit],
});

const shared = (state: Timed, { data: { unit } }: Fact<'ContactShared'>): NeedState => ({
  ...state,
  contactSharedWith: [...(state.contactSharedWith ?? []), unit],
});

const amended = (state: Timed, { data }: Fact<'NeedAmended'>, rules: number): NeedState => ({
  ...(data.urgency === undefined || data.urgency === state.urgency ? state : weighed(state, data.urgency, rules, false)),
  community: data.community ?? state.community,
  category: data.category ?? state.category,
  ...(rules < MONEY_SINCE || data.kind === undefined ? {} : { kind: data.kind }),
});

/** How urgent it is from now on; `isWord`: an office says so. Its no stands until an office says yes. */
const weighed = <S extends Timed>({ urgencyConfirmed: _, urgencyDenied, ...state }: S, urgency: Urgency, rules: number, isWord = true): S => {
  const isEmergency = urgency === 'emergency';
  const isDeniedNow = isWord && state.urgency === 'emergency' && rules >= EMERGENCIES_SINCE;
  return {
    ...state,
    urgency,
    ...(isWord && isEmergency ? { urgencyConfirmed: true } : {}),
    ...(!isEmergency && (urgencyDenied === true || isDeniedNow) ? { urgencyDenied: true } : {}),
  } as unknown as S;
};

/** A unit is waited for as one that was called by name. */
const dispatched = (state: At<'submitted'>, { data: { unit, answerBy = null, community } }: Fact<'NeedDispatched'>): NeedState => ({
  ...state,
  ...(community === undefined ? {} : { community }),
  ...(unit === undefined ? {} : { whistle: { reach: 'named', answerBy, units: [unit], answers: state.whistle?.answers ?? {} } }),
});

const corrected = (state: Timed, { data }: Fact<'NeedCorrected'>, rules: number): NeedState => {
  const { community, kind, category, urgency, promisedBy } = data;
  const right: Timed = {
    ...(urgency === undefined ? state : weighed(state, urgency, rules)),
    ...(community === undefined ? {} : { community }),
    ...(kind === undefined ? {} : { kind }),
    ...(category === undefined ? {} : { category }),
  };
  return promisedBy === undefined ? right : promised(right, promisedBy);
};

const promised = (state: Timed, promisedBy: string): Timed => {
  if (state.stage === 'claimed') return { ...state, promisedBy };
  return state.stage === 'funded' ? { ...state, clock: state.clock && { ...state.clock, promisedBy } } : state;
};

const adopted = (state: At<'submitted' | 'claimed' | 'funded'>, { data }: Fact<'NeedAdopted'>): NeedState => ({
  ...state,
  adopted: [...state.adopted, adoptionIn(data)],
});

export const adoptionIn = ({ from, followers, persons }: Fact<'NeedAdopted'>['data']): Adoption => ({
  ...{ from, followers },
  ...(persons === undefined ? {} : { persons }),
});

const unadopted = (state: At<LedStage | 'submitted'>, { data }: Fact<'NeedUnadopted'>): NeedState => ({
  ...state,
  adopted: state.adopted.filter(({ from }) => from !== data.from),
});

const claimed = (state: At<'submitted'>, { data }: Fact<'NeedClaimed'>): NeedState => ({
  ...born(state),
  stage: 'claimed',
  status: 'planned',
  lead: data.unit,
  helpers: data.helpers,
  fundBy: data.fundBy,
  returnUntil: data.returnUntil,
  clock: startClock(data.deadline),
  signed: [],
  promisedBy: data.promisedBy ?? null,
});

const whistled = (state: At<'submitted'>, { data: { reach, units, answerBy } }: Fact<'WhistleBlown'>, rules: number): NeedState => ({
  ...state,
  whistle: { reach, answerBy, ...(rules < DECISIONS_SINCE ? {} : { units, answers: state.whistle?.answers ?? {} }) },
});

const answered = (state: At<'submitted'>, { data: { unit, answer, answerBy } }: Fact<'UnitReportedIn'>): NeedState => ({
  ...state,
  whistle: state.whistle && { ...state.whistle, answerBy, answers: { ...state.whistle.answers, [unit]: answer } },
});

const outOfProject = ({ projectId: _, ...state }: At<LedStage | 'submitted'>): NeedState => state as NeedState;

const signed = (state: At<'claimed'>, { data: { party } }: Fact<'ContractSigned'>): NeedState => ({ ...state, signed: [...state.signed, party] });

const funded = (state: At<'claimed'>, { data }: Fact<'NeedFunded'>, rules: number): NeedState => ({
  ...led(state),
  stage: 'funded',
  status: 'waiting-to-start',
  amountFen: data.amountFen,
  ...(rules < MONEY_SINCE ? {} : { money: { source: data.source, reservation: data.reservation ?? null, finalCostFen: null, ...ownersIn(data) } }),
  doneBy: data.doneBy,
  clock: startClock(data.deadline, state.promisedBy),
});

const ownersIn = ({ owners }: Pick<Fact<'NeedFunded'>['data'], 'owners'>) => (owners === undefined ? {} : { owners });

const adjusted = (state: At<'funded'>, { data }: Fact<'FundingAdjusted'>): NeedState => ({
  ...state,
  amountFen: data.amountFen,
  ...(state.money === undefined ? {} : { money: { ...state.money, reservation: data.reservation ?? state.money.reservation, ...ownersIn(data) } }),
});

const cancelled = (state: At<'funded'>, { data }: Fact<'WorksCancelled'>): NeedState => ({
  ...led(state),
  stage: 'claimed',
  status: 'planned',
  fundBy: data.fundBy,
  returnUntil: data.returnUntil,
  clock: startClock(data.deadline),
  signed: [],
  promisedBy: null,
});

const reported = (state: At<'funded'>, { data: { finalCostFen } }: Fact<'WorksReported'>): NeedState => ({
  ...state,
  status: 'at-acceptance',
  ...(state.money === undefined ? {} : { money: { ...state.money, finalCostFen: finalCostFen ?? null } }),
});

const done = (state: At<'funded'>, { data }: Fact<'NeedDone'>): NeedState => ({
  ...led(state),
  stage: 'done',
  status: 'awaiting-evaluations',
  evaluateBy: data.evaluateBy,
  clock: startClock(data.deadline),
  verdicts: { resident: null, community: null },
});

const judged = (state: Done, side: Side, { data: { score, satisfied } }: Fact<'ResidentEvaluated' | 'CommunityEvaluated'>): NeedState => ({
  ...state,
  status: state.status === 'awaiting-evaluations' ? 'one-side-evaluated' : 'both-sides-evaluated',
  verdicts: { ...state.verdicts, [side]: { score, satisfied } },
});

/** The promise was for the round that failed: the new one has the policy's window alone. */
const reopened = (state: At<'evaluated'>, { data }: Fact<'NeedReopened'>): NeedState => ({
  ...led(state),
  stage: 'claimed',
  status: 'reopened',
  round: data.round,
  fundBy: data.fundBy,
  returnUntil: data.returnUntil,
  clock: startClock(data.deadline),
  signed: [],
  promisedBy: null,
});

type Timed = At<DeadlineStage>;
type OnClock = Extract<NeedEvent, { data: { stage: DeadlineStage } }>;
type Moving = Fact<'ClockResumed' | 'ExtensionGranted' | 'DeadlineMoved'>;

/** An event of the running deadline, which has to be that of its stage. */
const tick = (state: NeedState, event: OnClock): Timed => {
  const timed = at(state, event, 'submitted', 'claimed', 'funded', 'done');
  if (timed.clock === null || timed.stage !== event.data.stage) throw new Error(`corrupt stream: ${event.type} without its deadline`);
  return { ...timed, clock: clockWith(timed.clock, event) };
};

const moved = (state: NeedState, event: Moving): Timed => withDueAt(tick(state, event), event.data.dueAt);

const withDueAt = (state: Timed, dueAt: string | null): Timed => {
  switch (state.stage) {
    case 'submitted':
      return { ...state, claimBy: dueAt };
    case 'claimed':
      return { ...state, fundBy: dueAt };
    case 'funded':
      return { ...state, doneBy: dueAt };
    case 'done':
      return { ...state, evaluateBy: dueAt };
  }
};

const windowMoved = (state: Timed, { data }: Fact<'DeadlineMoved'>): NeedState =>
  state.stage === 'claimed' && data.returnUntil !== undefined ? { ...state, returnUntil: data.returnUntil } : state;
