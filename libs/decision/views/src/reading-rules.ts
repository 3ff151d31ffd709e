import type { PublicRole } from '@qiyue/civic-domain';
import { CHOICES, tallyOf } from '@qiyue/decision-domain';
import { CLOCK_NAMES, named, type Reader, type Sight, type SightRules } from '@qiyue/civic-views';
import type { DecisionView } from './decision-view';

/** How a reader stands to a decision: the community that runs it, an owner on its roster, or neither. */
export const RELATIONS = ['own', 'owner', 'other'] as const;
export type Relation = (typeof RELATIONS)[number];

const residents: SightRules<Relation> = { owner: 'official', other: 'public' };

/**
 * Plan, numbers and dates are for everybody; the roster and the money for owners and offices; what households said for the authority too. How somebody voted is
 * for those alone who supervise the count, and for themselves: see `ownPartOf`.
 */
export const READING_RULES: Readonly<Record<PublicRole, SightRules<Relation>>> = {
  resident: residents,
  property: residents,
  grid: residents,
  community: { own: 'contact', other: 'public' },
  department: { other: 'official' },
  centre: { other: 'official' },
  authority: { other: 'personal' },
  supervisor: { other: 'contact' },
  operator: { other: 'public' },
  service: { other: 'public' },
};

export const relationOf = ({ id, role, unit }: Reader, { community, roster }: Pick<DecisionView, 'community' | 'roster'>): Relation => {
  if (role === 'community' && unit === community) return 'own';
  return Object.hasOwn(PERSONAL_ROLES, role) && roster.some(({ owner }) => owner === id) ? 'owner' : 'other';
};
const PERSONAL_ROLES = { resident: true, property: true, grid: true };

const PUBLIC = [
  ...['decisionId', 'seq', 'needId', 'community', 'matter', 'previous', 'status', 'plan', 'plans', 'number', 'parts', 'works', 'budgetFen'],
  ...[
    'warrantyEndedOn',
    'to',
    'contractor',
    'splitBy',
    'rosterHash',
    'rule',
    'basis',
    'effectiveFrom',
    'participation',
    'agreement',
    'agreementOf',
    'approval',
  ],
  ...['onRequest', 'beforeHandover', 'numerator', 'denominator', 'strict', 'terms', 'secondBallot', 'confirmation', 'emergency', 'noticeDaysMin'],
  ...['firstDrawPercentMax', 'beforeAuditPercentMax', 'warrantyYears', 'warrantyReminderDays', 'planNumber'],
  ...['tally', 'totalAreaCm2', 'totalHeads', 'partAreaCm2', 'partHeads', 'agreeAreaCm2', 'agreeHeads', 'quorum', 'outcome'],
  ...['counting', 'rooms', 'decidingRooms', 'severalRooms', 'unsoldRooms', 'unsoldAreaCm2', 'neededPartAreaCm2', 'neededPartHeads'],
  ...['neededAgreeAreaCm2', 'neededAgreeHeads', 'ballot', 'ballotsHash', 'openedAt', 'closesAt', 'channels', 'closedAt', 'ownBallot'],
  ...['councils', 'attended', 'notice', 'days', 'place', 'postedAt', 'endsAt', 'endedAt', 'challenges', 'challengeId', 'settled', 'upheld'],
  ...['declaredAt', 'confirmedAt', 'manner', 'failedBy', 'cancelled', 'warranty', 'startedAt', 'stages', 'unit', 'round', 'late'],
  ...['createdAt', 'updatedAt', 'hash'],
] as const;

/** The least sight that shows a field, by its name in documents and events. Named one by one: one that stands in no row is shown to nobody. */
export const FIELD_SIGHT: Readonly<Record<string, Sight>> = {
  ...named('public', [...CLOCK_NAMES, 'waitingFor', ...PUBLIC]),
  ...named('official', ['roster', 'room', 'areaCm2', 'shares', 'decides', 'pays', 'shareFen', 'scopes', 'sharing', 'deciding', 'paying']),
  ...named('official', ['fund', 'reservedFen', 'committedFen', 'availableFen', 'drawnFen', 'reservations', 'reservationId', 'amountFen']),
  ...named('official', ['beforeFen', 'returnedFen', 'revision', 'draws', 'repayments', 'owedFen', 'reference', 'audit', 'note', 'signatures']),
  ...named('personal', ['reason', 'notes', 'visits', 'stance', 'objections', 'mediations', 'photos', 'evidence', 'url', 'text']),
  ...named('contact', ['ballots', 'owner', 'choice', 'channel', 'replaces', 'by', 'isOwner']),
};

/** Numbers that move by a single vote: how somebody voted, and by the area, which is nobody else's, who has. */
const TELLING_NUMBERS = ['agreeAreaCm2', 'agreeHeads', 'approval', 'partAreaCm2', 'neededAgreeAreaCm2'];

/** What says more within one event or one stage than elsewhere. Before the count, every number that moves by a single vote would tell it. */
export const CLOSER_SIGHT: Readonly<Record<string, Readonly<Record<string, Sight>>>> = {
  voting: named('contact', TELLING_NUMBERS),
  counting: named('contact', TELLING_NUMBERS),
  VoteCast: named('contact', ['areaCm2', 'evidence', 'kind', 'url', 'text']),
  HouseholdVisited: named('personal', ['room']),
  ObjectionRaised: named('personal', ['room']),
  MediationHeld: named('personal', ['room', 'outcome']),
};

/** How they voted, for an owner who reads: of the document their ballot, of an event of theirs its words. */
export const ownPartOf = ({ id, role }: Reader, value: object, within: string): Readonly<Record<string, unknown>> => {
  if (!Object.hasOwn(PERSONAL_ROLES, role)) return {};
  if (within === 'VoteCast') {
    const { owner, areaCm2, choice, channel, replaces, evidence } = value as Readonly<Record<string, unknown>>;
    return owner === id ? { owner, areaCm2, choice, channel, replaces, ...(evidence === undefined ? {} : { evidence }) } : {};
  }
  const { ballots } = value as Partial<Pick<DecisionView, 'ballots'>>;
  const own = ballots?.find(({ owner }) => owner === id);
  return own === undefined ? {} : { ownBallot: { choice: own.choice, channel: own.channel, areaCm2: own.areaCm2, at: own.at } };
};

type Numbers = Pick<DecisionView, 'tally' | 'ballots' | 'rule' | 'stage'>;

/** For a reader to whom every ballot was opened, how the votes stand before they are counted. */
export const countedOf = (value: object): Readonly<Record<string, unknown>> => {
  const { tally, ballots, rule, stage } = value as Partial<Numbers>;
  if (tally === undefined || ballots === undefined || rule === undefined || (stage !== 'voting' && stage !== 'counting')) return {};
  if (ballots.length !== tally.partHeads || !ballots.every(({ choice }) => CHOICES.some((one) => one === choice))) return {};
  const agree = ballots.filter(({ choice }) => choice === 'agree');
  const count = { ...tally, agreeHeads: agree.length, agreeAreaCm2: agree.reduce((sum, { areaCm2 }) => sum + areaCm2, 0) };
  return { tally: tallyOf(count, rule, false) };
};
