import { isAfter, isPerson } from '@qiyue/civic-domain';
import { accept, CLOCK_ACTOR, refuse } from '@qiyue/engine';
import { acceptedCount } from '../ballot-box';
import { NO_BALLOT, OWN_BALLOT, tallyOf } from '../counting';
import { CHANNELS, type Do } from '../decision.commands';
import type { DecisionEvent } from '../decision.events';
import { invalidBody, type Refused, type Rule } from '../decision.ruling';
import { isAt, type DecisionStage, type Existing } from '../decision.state';
import { NOBODY_WAITED_FOR, startStage } from '../decision.terms';
import { areaOfHead, headOfOwner, headOfRoom, isIn, rosterHashOf } from '../electorate';

export const openBallot: Rule<'open-ballot', 'preparing'> = ({ data: { closesAt, channels } }, { needId, electorate }, context) => {
  if (!isAfter(closesAt, context.now)) return invalidBody('closesAt');
  if (channels.length === 0 || new Set(channels).size !== channels.length || !channels.every((one) => CHANNELS.includes(one)))
    return invalidBody('channels');
  const started = startStage('voting', context, closesAt);
  return accept({ type: 'BallotOpened', data: { needId, closesAt, channels, rosterHash: rosterHashOf(electorate), ...started } });
};

/** Who votes: the owner who is named, or whose room it is. */
const headIn = ({ electorate }: Existing, { room, owner }: Do<'vote'>['data']): number | Refused => {
  if ((room === undefined) === (owner === undefined)) return invalidBody('room');
  if (room !== undefined) return headOfRoom(electorate, room) ?? refuse('no-such-room', { room });
  return headOfOwner(electorate, owner ?? '') ?? refuse('no-such-owner');
};

/** From the opening on: one that comes when the ballot is closed is late. */
export const vote: Rule<'vote', Exclude<DecisionStage, 'preparing' | 'declared' | 'emergency'>> = ({ data }, state, { actor }) => {
  if (!isAt(state, ['voting'])) return refuse('too-late', { until: state.stage });
  const head = headIn(state, data);
  if (typeof head !== 'number') return head;
  const { choice, channel, evidence } = data;
  // What an owner gives is given online; what comes on paper is the community's to enter.
  if (!state.channels.includes(channel) || (channel === 'online') !== isPerson(actor.role)) return refuse('channel-closed', { channel });
  const areaCm2 = areaOfHead(state.electorate, head, 'deciding');
  if (areaCm2 === 0) return refuse('not-deciding');
  const before = state.ballots[head];
  const replaces = before !== NO_BALLOT;
  // What an owner has cast with their own hand nobody replaces but they themselves.
  if (replaces && (state.terms.secondBallot === 'refuse' || (before === OWN_BALLOT && channel !== 'online'))) return refuse('already-voted');
  const { needId, electorate } = state;
  return accept({
    type: 'VoteCast',
    data: {
      ...{ needId, owner: electorate.heads[head] ?? null, areaCm2, choice, channel, replaces },
      ...(evidence === undefined ? {} : { evidence }),
    },
  });
};

/** By the community at any time, by the clock at its end. */
export const closeBallot: Rule<'close-ballot', 'voting'> = (_, { needId, closesAt, ballotsHash }, { actor, now }) => {
  const isClock = actor.id === CLOCK_ACTOR.id;
  if (isClock && isAfter(closesAt, now)) return accept(); // a timer that comes early is not an error
  return accept({ type: 'VotingEnded', data: { needId, cause: isClock ? 'deadline' : 'by-hand', ballotsHash } });
};

/** By whoever has the keys to the ballots; silent where they are counted, or where nothing is to be decided any more. */
export const count: Rule<'count', DecisionStage> = ({ data }, state, context) => {
  if (!isAt(state, ['counting'])) return accept();
  const { needId, electorate, ballots, ballotsHash, rule, cause } = state;
  const counted = acceptedCount(electorate, ballots, ballotsHash, data);
  if (counted === null) return refuse('count-differs');
  const tally = tallyOf(counted, rule, true);
  const { outcome } = tally;
  if (outcome === 'open') throw new Error('a closed ballot has an outcome');
  const hasPassed = outcome === 'passed';
  const started = hasPassed ? startStage('passed', context) : NOBODY_WAITED_FOR(context);
  const closed: DecisionEvent = { type: 'BallotClosed', data: { needId, outcome, tally, cause, ballotsHash, ...started } };
  return hasPassed ? accept(closed) : accept<DecisionEvent>(closed, { type: 'DecisionFailed', data: { needId, cause: outcome } });
};

/** Belongs to a ballot that was cast, and counts nothing by itself. */
export const sign: Rule<'sign', 'voting' | 'counting' | 'passed' | 'noticing' | 'confirming' | 'confirmed'> = (
  { data: { room, evidence } },
  state,
) => {
  const { needId, electorate, ballots, signed } = state;
  const head = headOfRoom(electorate, room);
  if (head === null) return refuse('no-such-room', { room });
  if (ballots[head] === NO_BALLOT) return refuse('no-ballot', { room });
  if (isIn(signed, electorate.rooms.indexOf(room))) return refuse('already-signed', { room });
  return accept({ type: 'SignatureTaken', data: { needId, room, ...(evidence === undefined ? {} : { evidence }) } });
};
