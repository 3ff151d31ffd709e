import { unreachable } from '@qiyue/engine';
import type { Side } from './need.commands';
import type { Fact, NeedEvent } from './need.events';
import { isAt, type At, type Born, type Done, type Led, type LedStage, type NeedState, type Submitted } from './need.state';

/** Total over recorded histories and trusting: what was recorded is a fact. Throws only on a corrupt stream. */
export const evolve = (state: NeedState, event: NeedEvent): NeedState => {
  switch (event.type) {
    case 'NeedSubmitted':
      return submitted(at(state, event, 'unborn'), event);
    case 'NeedAmended':
      return { ...at(state, event, 'submitted'), ...communityOf(event) };
    case 'NeedWithdrawn':
      return { ...born(at(state, event, 'submitted')), stage: 'withdrawn', status: 'ended' };
    case 'NeedRejected':
      return { ...born(at(state, event, 'submitted')), stage: 'rejected', status: 'ended' };
    case 'NeedMerged':
      return { ...born(at(state, event, 'submitted')), stage: 'merged', status: 'ended' };
    case 'NeedAdopted':
      return adopted(at(state, event, 'submitted', 'claimed', 'funded'), event);
    case 'NeedUnadopted':
      return unadopted(at(state, event, 'submitted', 'claimed', 'funded', 'done', 'evaluated'), event);
    case 'NeedInspected':
      return { ...at(state, event, 'submitted'), inspected: true, status: 'inspected' };
    case 'NeedClaimed':
      return claimed(at(state, event, 'submitted'), event);
    case 'ClaimReturned':
      return onTheList(born(at(state, event, 'claimed')), event.data.claimBy);
    case 'NeedFunded':
      return funded(at(state, event, 'claimed'), event);
    case 'WorksStarted':
      return { ...at(state, event, 'funded'), status: 'working' };
    case 'ProgressReported':
      return at(state, event, 'funded');
    case 'WorksReported':
      return { ...at(state, event, 'funded'), status: 'at-acceptance' };
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
    default:
      return unreachable(event);
  }
};

const at = <S extends NeedState['stage']>(state: NeedState, event: NeedEvent, ...stages: readonly S[]): At<S> => {
  if (!isAt(state, stages)) throw new Error(`corrupt stream: ${event.type} in ${state.stage}`);
  return state;
};

/** Leaves a stage: keeps what every need has and drops the stage's own. */
const born = ({ author, community, adopted, inspected, round }: Born): Born => ({ author, community, adopted, inspected, round });
const led = (state: Led): Led => ({ ...born(state), lead: state.lead, helpers: state.helpers });

const onTheList = (need: Born, claimBy: string): Submitted => ({
  ...need,
  stage: 'submitted',
  status: need.inspected ? 'inspected' : 'waiting',
  claimBy,
});

const submitted = (_: At<'unborn'>, { data }: Fact<'NeedSubmitted'>): NeedState =>
  onTheList({ author: data.author, community: data.community, adopted: [], inspected: false, round: 1 }, data.claimBy);

const communityOf = ({ data }: Fact<'NeedAmended'>) => (data.community === undefined ? {} : { community: data.community });

const adopted = (state: At<'submitted' | 'claimed' | 'funded'>, { data }: Fact<'NeedAdopted'>): NeedState => ({
  ...state,
  adopted: [...state.adopted, { from: data.from, followers: data.followers }],
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
  promisedBy: data.promisedBy ?? null,
});

const funded = (state: At<'claimed'>, { data }: Fact<'NeedFunded'>): NeedState => ({
  ...led(state),
  stage: 'funded',
  status: 'waiting-to-start',
  amountFen: data.amountFen,
  doneBy: data.doneBy,
});

const done = (state: At<'funded'>, { data }: Fact<'NeedDone'>): NeedState => ({
  ...led(state),
  stage: 'done',
  status: 'awaiting-evaluations',
  evaluateBy: data.evaluateBy,
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
  promisedBy: null,
});
