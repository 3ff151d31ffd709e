import { decision, COMMAND_EXAMPLES } from '@qiyue/decision';
import { ROLES } from '@qiyue/platform';
import type { ApiBench } from '../api-bench';
import { NEED } from '../people';
import type { Who } from '../test-tokens';
import type { KindOfAnswers, Scene, Step } from './kind';

const COMMUNITY: Who = { actor: 'community-1', role: 'community', unit: NEED.community };
const AUTHORITY: Who = { actor: 'authority-1', role: 'authority', unit: '住建局' };
const PEOPLE: readonly Who[] = [
  ...[COMMUNITY, AUTHORITY, { ...COMMUNITY, unit: '涧东社区' }],
  ...['resident-1', 'resident-2'].map((actor) => ({ actor, role: 'resident', unit: NEED.community })),
  ...ROLES.filter((role) => !['community', 'authority', 'resident'].includes(role)).map((role) => ({
    ...{ actor: `${role}-1`, role, unit: NEED.community },
  })),
];
/** A room of each of these persons, and one that is unsold: four heads of equal area. */
const ROSTER = ['resident-1', 'property-1', 'grid-1', null].map((owner, i) => ({ room: `10${i + 1}`, areaCm2: 1_000_000, owner }));
const PLAN = { parts: ['roof'], works: '屋面防水', budgetFen: 1_000, warrantyEndedOn: '2015-06-30', from: '2026-09-01', to: '2026-09-20' };

const BODIES: Readonly<Record<string, object>> = {
  ...COMMAND_EXAMPLES,
  ...{ visit: { room: '101', stance: 'objects' }, object: { room: '101', reason: '不影响一层' }, sign: { room: '102' } },
  mediate: { room: '101', round: 1, notes: '讲解', outcome: 'unsettled' },
  'revise-plan': { plan: { ...PLAN, budgetFen: 900 }, reason: '比价' },
  'open-ballot': { closesAt: '2099-01-01', channels: ['paper', 'online'] },
  'post-notice': { days: 1, place: '门口' },
  draw: { amountFen: 100, reference: '首期' },
};
const bodyOf: Scene['bodyOf'] = (type, { role }) =>
  type === 'vote' ? { room: '101', choice: 'agree', channel: role === 'community' ? 'paper' : 'online' } : (BODIES[type] ?? {});

const by =
  (as: Who) =>
  (type: string, data?: object): Step => ({ type, as, ...(data === undefined ? {} : { data }) });
const [community, authority] = [by(COMMUNITY), by(AUTHORITY)];
const paper = (room: string): Step => community('vote', { room, choice: 'agree', channel: 'paper' });
const VOTING = [community('open-ballot'), ...['102', '103', '104'].map(paper)];
const PASSED = [...VOTING, community('close-ballot')];
const NOTICING = [...PASSED, community('post-notice')];
const CONFIRMING = [...NOTICING, { until: 'confirming/confirming' }];
const CONFIRMED = [...CONFIRMING, authority('confirm')];
const DECLARED = [community('declare-emergency')];
const EMERGENCY = [...DECLARED, authority('confirm')];

/** What funding and reactions tell it of its need. */
const waysAbout = (needId: string): Scene['ways'] => {
  const reserved: Step = { type: 'reserve', data: { reservationId: 'r1', needId, amountFen: 600 } };
  const warranted = [...CONFIRMED, reserved, { type: 'works-accepted', data: { needId } }];
  return {
    'voting/voting': VOTING,
    'counting/counting': [...VOTING, { ...community('close-ballot', {}), pastEdge: true }],
    'passed/passed': PASSED,
    'noticing/noticing': NOTICING,
    'noticing/noticing, challenged': [...NOTICING, community('challenge')],
    'confirming/confirming': CONFIRMING,
    'confirmed/working': [...CONFIRMED, reserved],
    'declared/declared': DECLARED,
    'emergency/emergency': [...EMERGENCY, reserved],
    'emergency/emergency, noticed': [...EMERGENCY, reserved, community('post-notice')],
    'warranty/in-warranty': warranted,
    'ended/settling': [...warranted, { until: 'ended/settling' }],
    'ended/ended': [...warranted, { type: 'commit', data: { reservationId: 'r1', amountFen: 500 } }, { until: 'ended/ended' }],
    'failed/failed': [community('open-ballot'), community('close-ballot')],
    'cancelled/cancelled': [community('cancel')],
    'cancelled/settling': [...EMERGENCY, reserved, { type: 'need-ended', data: { needId } }],
  };
};

const sceneOf = async (bench: ApiBench): Promise<Scene> => {
  const { body } = await bench.post('/v1/needs', { actor: 'resident-1', role: 'resident', unit: NEED.community }, NEED);
  const needId = String(body['needId']);
  const starts = { as: COMMUNITY, data: { needId, matter: 'use-fund', roster: ROSTER, plan: PLAN } };
  return { starts, people: PEOPLE, bodyOf, ways: waysAbout(needId) };
};

export const decisionAnswers: KindOfAnswers = {
  aggregate: decision,
  sceneOf,
  bySaga: (type, { unit }) => (type === 'open' && unit !== NEED.community ? 'not-permitted' : undefined), // the need is another community's
  places: {
    'preparing/consulting': 'standing',
    'voting/voting': 'standing',
    'counting/counting': 'standing',
    'passed/passed': 'standing',
    'noticing/noticing': 'standing',
    'noticing/noticing, challenged': 'standing',
    'confirming/confirming': 'days',
    'confirmed/working': 'days',
    'declared/declared': 'standing',
    'emergency/emergency': 'standing',
    'emergency/emergency, noticed': 'standing',
    'warranty/in-warranty': 'days',
    'ended/settling': 'months',
    'ended/ended': 'months',
    'failed/failed': 'standing',
    'cancelled/cancelled': 'standing',
    'cancelled/settling': 'standing',
  },
};
