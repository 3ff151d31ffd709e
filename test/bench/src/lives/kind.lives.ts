import { countBallots, type DecisionEvent } from '@qiyue/decision-domain';
import { eventOf, type Actor, type CommandEnvelope, type Json, type RecordBody } from '@qiyue/engine';
import { FLUSH, refused, untilAt, type Given, type Lives } from './life';

const by =
  (id: string, role: string, unit: string | null) =>
  (type: string, data: Given[2] = {}): Given => {
    const actor: Actor = { id, role, unit };
    return [actor, type, data];
  };
const [UNIT, COMMUNITY] = ['住建局', '民悦社区'];
const community = by('staff-1', 'community', COMMUNITY);
const department = by('office-1', 'department', UNIT);
const other = by('office-2', 'department', '水利局');
const centre = by('centre-1', 'centre', '服务中心');
const authority = by('authority-1', 'authority', UNIT);
const resident = by('ann', 'resident', null);
const system = by('saga', 'system', null);
const reason = '另有安排';

/** A second is a few days, or a few months: for what ends by itself. */
const [DAYS, MONTHS] = [300_000, 20_000_000];
/** Behind the fourth command a second run goes on. */
const CONTINUED = { factor: 1, continueAfterUpdates: 4 };

const pledged = ['tangible', 'tangible', 'service'].map((kind, i) => department('pledge', { kind, title: `承诺${i + 1}` }));
const year = {
  starts: centre('open', { unit: UNIT, year: 2024 }),
  published: [centre('set-budget', { amountFen: 1_000, reference: '财预1号' }), ...pledged, refused(other('publish')), centre('publish')],
  money: [
    system('reserve', { unit: UNIT, year: 2024, reservationId: 'r1', needId: 'n1', amountFen: 400 }),
    centre('adjust-budget', { deltaFen: -500, reason }),
    system('resize', { reservationId: 'r1', amountFen: 450 }),
    system('commit', { reservationId: 'r1', amountFen: 300 }),
  ],
  kept: [
    ...['p1', 'p2', 'p3'].map((pledgeId, i) => department('link', { pledgeId, needId: `n${i + 1}` })),
    community('contest', { pledgeId: 'p1', reason }),
    centre('settle', { pledgeId: 'p1', upheld: false, reason }),
    system('fulfil-pledge', { needId: 'n1', kind: 'tangible', satisfied: true }),
    centre('carry-over', { pledgeId: 'p2', reason }),
  ],
};

const roster = ['ann', 'ann', 'bo', null].map((owner, i) => ({ room: `10${i + 1}`, areaCm2: 1_000_000, owner }));
const plan = { parts: ['roof'], works: '屋面防水', budgetFen: 1_000, warrantyEndedOn: '2015-06-30', from: '2024-09-01', to: '2024-09-20' };
const paper = (room: string): Given => community('vote', { room, choice: 'agree', channel: 'paper' });
/** As whoever has the keys counts; nothing is sealed here. */
const counted = (records: readonly RecordBody[]): CommandEnvelope['data'] => {
  const events = records.map((record) => eventOf<DecisionEvent>(record));
  const choices = events.flatMap((event) => (event.type === 'VoteCast' ? [event.data.choice] : []));
  return countBallots(events, choices) as unknown as { readonly [key: string]: Json };
};
const decided = {
  starts: community('open', { needId: 'n1', matter: 'use-fund', roster, plan }),
  discussed: [
    community('hold-council', { notes: '商议', attended: 3 }),
    community('visit', { room: '101', stance: 'objects' }),
    resident('object', { room: '101', reason }),
    community('mediate', { room: '101', round: 1, notes: '讲解', outcome: 'settled' }),
    community('revise-plan', { plan: { ...plan, budgetFen: 900 }, reason }),
  ],
  passed: [
    community('open-ballot', { closesAt: '2099-01-01T00:00:00.000+08:00', channels: ['paper', 'online'] }),
    resident('vote', { owner: 'ann', choice: 'agree', channel: 'online' }),
    refused(paper('102')),
    paper('103'),
    paper('104'),
    resident('sign', { room: '101' }),
    community('close-ballot'),
    FLUSH,
    system('count', counted),
  ],
  noticed: [community('post-notice', { days: 1, place: '门口' })],
  challenged: [resident('challenge', { reason }), community('settle', { challengeId: 'c1', upheld: false, reason })],
  declared: [
    community('declare-emergency', { basis: '漏电', evidence: [{ kind: 'report', text: '检测' }] }),
    authority('confirm', { reference: '1' }),
  ],
  money: [
    system('reserve', { reservationId: 'r1', needId: 'n1', amountFen: 600 }),
    refused(community('draw', { amountFen: 200, reference: '首期' })),
    community('draw', { amountFen: 100, reference: '首期' }),
    authority('audit-account', { reference: '审1' }),
    system('commit', { reservationId: 'r1', amountFen: 500 }),
  ],
};

const signed = [department('sign'), refused(department('sign')), community('sign')];
const amended = [community('amend', { duties: { community: [], unit: [] }, reason }), department('agree-amendment')];
const evaluated = (more: object) => [
  department('evaluate', { side: 'unit', score: 5, ...more }),
  community('evaluate', { side: 'community', score: 4, ...more }),
];
const terms = { year: 2024, startsOn: '2024-01-01', endsOn: '2024-12-31', duties: { community: ['提供场地'], unit: [] } };
const proposed = department('propose', {
  ...terms,
  unit: UNIT,
  community: COMMUNITY,
  items: [{ title: '路灯', kind: 'tangible', quantity: 20, unit: '盏' }],
});

const offered = (more: object = {}): Given => department('offer', { kind: 'equipment', name: '高空作业车', quantity: 2, unit: '台', ...more });
const span = { from: '2024-07-08', to: '2024-07-10' };
const lent = [
  community('reserve', { ...span, reservationId: 'r1' }),
  other('reserve', { ...span, reservationId: 'r2' }),
  refused(centre('reserve', { ...span, reservationId: 'r3' })),
  other('free', { reservationId: 'r2' }),
  department('change', { quantity: 3 }),
  community('use', { reservationId: 'r1' }),
];

const planned = department('plan', { title: '路灯', unit: UNIT, community: COMMUNITY, endsOn: '2024-09-30' });
const needAt = (stage: string): Given => system('need-moved', { needId: 'n1', stage });
const undertaken = [
  other('join'),
  department('add-need', { needId: 'n1' }),
  department('add-resource', { resourceId: 'e1', reservationId: 'r1', ...span }),
  department('milestone', { title: '基础', dueOn: '2024-07-15' }),
  refused(other('start')),
  needAt('started'),
  department('milestone', { title: '基础' }),
  system('resource-moved', { resourceId: 'e1', reservationId: 'r1', end: 'used' }),
];

/** By kind of entity, beside needs: lives that take its commands, its timers and a state that is carried into a second run. */
export const KIND_LIVES: Readonly<Record<string, Lives>> = {
  'unit-year': {
    kept: { starts: year.starts, factor: 1, steps: [...year.published, FLUSH, ...year.money, ...year.kept, centre('close'), FLUSH] },
    'ends-by-itself': { starts: year.starts, factor: MONTHS, steps: [...pledged, untilAt('closed/ended'), FLUSH] },
    'continued-as-new': { ...CONTINUED, starts: year.starts, steps: [...year.published, ...year.money, ...year.kept, FLUSH] },
  },
  decision: {
    challenged: {
      ...{ starts: decided.starts, factor: 1 },
      steps: [...decided.discussed, FLUSH, ...decided.passed, ...decided.noticed, ...decided.challenged, FLUSH],
    },
    'done-to-the-end': {
      ...{ starts: decided.starts, factor: MONTHS },
      steps: [
        ...[...decided.passed, ...decided.noticed, untilAt('confirming/confirming'), authority('confirm'), ...decided.money],
        ...[system('works-accepted', { needId: 'n1' }), untilAt('ended/ended'), FLUSH],
      ],
    },
    emergency: { starts: decided.starts, factor: 1, steps: [...decided.declared, ...decided.money, ...decided.noticed, FLUSH] },
    'continued-as-new': { ...CONTINUED, starts: decided.starts, steps: [...decided.discussed, ...decided.passed, FLUSH] },
  },
  contract: {
    terminated: {
      ...{ starts: proposed, factor: 1 },
      steps: [
        ...signed,
        FLUSH,
        ...amended,
        department('finish-item', { itemId: 'i1' }),
        ...evaluated({ itemId: 'i1' }),
        department('terminate', { reason }),
      ],
    },
    'ends-by-itself': {
      starts: proposed,
      factor: MONTHS / 10,
      steps: [...signed, untilAt('evaluating/awaiting-evaluations'), ...evaluated({}), FLUSH],
    },
    'continued-as-new': { ...CONTINUED, starts: proposed, steps: [...signed, ...amended, department('finish-item', { itemId: 'i1' }), FLUSH] },
  },
  resource: {
    lent: { starts: offered(), factor: 1, steps: [...lent, FLUSH, department('withdraw', { reason }), FLUSH] },
    expired: { starts: offered({ to: '2024-07-20' }), factor: DAYS, steps: [untilAt('withdrawn/ended'), FLUSH] },
    'continued-as-new': { ...CONTINUED, starts: offered(), steps: [...lent, FLUSH] },
  },
  project: {
    cancelled: { starts: planned, factor: 1, steps: [...undertaken, FLUSH, department('cancel', { reason }), FLUSH] },
    'ends-by-itself': {
      ...{ starts: planned, factor: MONTHS / 10 },
      steps: [department('add-need', { needId: 'n1' }), needAt('started'), needAt('evaluated'), untilAt('finished/ended'), FLUSH],
    },
    'continued-as-new': { ...CONTINUED, starts: planned, steps: [...undertaken, FLUSH] },
  },
};
