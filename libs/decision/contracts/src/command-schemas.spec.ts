import { describe, expect, it } from '@jest/globals';
import { explainIssues, personalPathsOf } from '@qiyue/civic-contracts';
import { AMOUNT_FEN_MAX } from '@qiyue/civic-domain';
import { AREA_CM2_MAX, ROOMS_MAX, type PublicDecisionCommandType } from '@qiyue/decision-domain';
import { COMMAND_SUMMARIES, decisionCommandSchemas, decisionEventSchemas, PUBLIC_DECISION_COMMANDS } from './index';

const fits = (type: PublicDecisionCommandType, body: unknown): boolean => decisionCommandSchemas[type].safeParse(body).success;

const plan = { works: 'w', budgetFen: 1, from: '2024-09-01', to: '2024-09-01' };
const roster = [{ room: '101', areaCm2: 1, owner: 'o1' }];
const opening = { needId: 'n1', matter: 'other', roster, plan };
const evidence = [{ kind: 'paper', text: 't' }];

/** Bodies as small and as large as they may be. */
const GOOD: Readonly<Record<PublicDecisionCommandType, readonly object[]>> = {
  open: [
    opening,
    {
      ...{ ...opening, matter: 'use-fund', policy: 'measures-22', previous: 'd0', scopes: { sharing: ['101'], deciding: ['101'], paying: ['101'] } },
      roster: Array.from({ length: ROOMS_MAX }, (_, i) => ({ room: `r${i}`, areaCm2: AREA_CM2_MAX, owner: null })),
      plan: {
        ...plan,
        parts: ['roof'],
        budgetFen: AMOUNT_FEN_MAX,
        warrantyEndedOn: '1999-12-31',
        contractor: 'c',
        shares: [{ room: '101', parts: 0 }],
      },
    },
  ],
  'hold-council': [{ notes: 'n', attended: 0 }],
  visit: [
    { room: '101', stance: 'absent' },
    { room: '101', stance: 'agrees', notes: 'n' },
  ],
  object: [{ room: '101', reason: 'r' }],
  mediate: [{ room: '101', round: 1, notes: 'n', outcome: 'settled' }],
  'revise-plan': [{ plan, reason: 'r' }],
  'open-ballot': [
    { closesAt: '2024-08-01', channels: ['paper'] },
    { closesAt: '2024-08-01T18:00:00+08:00', channels: ['paper', 'online'] },
  ],
  vote: [
    { room: '101', choice: 'agree', channel: 'paper' },
    { owner: 'o1', choice: 'abstain', channel: 'online', evidence },
  ],
  'close-ballot': [{}],
  sign: [{ room: '101' }, { room: '101', evidence }],
  'post-notice': [
    { days: 1, place: 'p' },
    { days: 365, place: 'p', photos: ['https://example.org/1.jpg'] },
  ],
  challenge: [{ reason: 'r' }],
  settle: [{ challengeId: 'c1', upheld: true, reason: 'r' }],
  confirm: [{}, { reference: 'r', note: 'n' }],
  cancel: [{ reason: 'r' }],
  'declare-emergency': [{ basis: 'b', evidence }],
  draw: [{ amountFen: 1, reference: 'r' }],
  repay: [{ amountFen: 1, reference: 'r' }],
  'audit-account': [{ reference: 'r' }],
};

const BAD: readonly (readonly [PublicDecisionCommandType, unknown])[] = [
  ...(['needId', 'matter', 'roster', 'plan'] as const).map((name) => ['open', { ...opening, [name]: undefined }] as const),
  ['open', { ...opening, matter: 'paint' }],
  ['open', { ...opening, roster: [] }],
  ['open', { ...opening, surprise: 1 }],
  ['open', { ...opening, roster: Array.from({ length: ROOMS_MAX + 1 }, (_, i) => ({ room: `r${i}`, areaCm2: 1, owner: null })) }],
  ...[0, 1.5, AREA_CM2_MAX + 1, '1'].map((areaCm2) => ['open', { ...opening, roster: [{ room: '101', areaCm2, owner: null }] }] as const),
  ...[-1, AMOUNT_FEN_MAX + 1].map((budgetFen) => ['open', { ...opening, plan: { ...plan, budgetFen } }] as const),
  ['open', { ...opening, plan: { ...plan, from: '2024-02-30' } }],
  ['vote', { choice: 'agree', channel: 'paper' }],
  ['vote', { room: '101', owner: 'o1', choice: 'agree', channel: 'paper' }],
  ['vote', { room: '101', choice: 'maybe', channel: 'paper' }],
  ['vote', { room: '101', choice: 'agree', channel: 'phone' }],
  ['vote', { room: '101', choice: 'agree', channel: 'paper', evidence: [{ kind: 'paper' }] }],
  ['open-ballot', { closesAt: 'soon', channels: ['paper'] }],
  ['open-ballot', { closesAt: '2024-08-01', channels: [] }],
  ['post-notice', { days: 0, place: 'p' }],
  ['settle', { challengeId: '1', upheld: true, reason: 'r' }],
  ['draw', { amountFen: 0, reference: 'r' }],
  ['declare-emergency', { basis: 'b', evidence: [] }],
  ['close-ballot', null],
];

describe('a body', () => {
  it.each(PUBLIC_DECISION_COMMANDS)('fits, as small and as large as it may be: %s', (type) => {
    for (const body of GOOD[type]) expect([body, fits(type, body)]).toEqual([body, true]);
  });
  it.each(BAD)('of %s that is %j does not fit, and both languages say why', (type, body) => {
    const { error } = decisionCommandSchemas[type].safeParse(body);
    if (error === undefined) throw new Error('it fits');
    expect(explainIssues(error, 'zh-CN')[0]?.message).toMatch(/\p{Script=Han}/u);
    expect(explainIssues(error, 'en')[0]?.message).toMatch(/^[\x20-\x7e]+$/);
  });
});

describe('the commands', () => {
  it('that move money, tell of the need, or are a timer’s, come from nobody outside', () => {
    for (const type of ['reserve', 'resize', 'commit', 'release', 'works-accepted', 'need-ended', 'end-notice', 'end-warranty', 'tick', 'retime'])
      expect(PUBLIC_DECISION_COMMANDS as readonly string[]).not.toContain(type);
  });
  it('each say what they do', () => {
    expect(Object.keys(COMMAND_SUMMARIES)).toEqual(PUBLIC_DECISION_COMMANDS);
    expect(new Set(Object.values(COMMAND_SUMMARIES)).size).toBe(PUBLIC_DECISION_COMMANDS.length);
  });
});

it('what somebody said, showed and voted is personal', () => {
  const told = (schemas: Readonly<Record<string, Parameters<typeof personalPathsOf>[0]>>) =>
    Object.entries(schemas).flatMap(([type, schema]) => personalPathsOf(schema).map((path) => `${type}.${path}`));
  expect(told(decisionCommandSchemas)).toEqual([
    ...['hold-council.notes', 'visit.notes', 'object.reason', 'mediate.notes', 'revise-plan.reason'],
    ...['vote.choice', 'vote.evidence[].url', 'vote.evidence[].text'],
    ...['sign.evidence[].url', 'sign.evidence[].text', 'post-notice.photos', 'challenge.reason', 'settle.reason', 'confirm.note', 'cancel.reason'],
    ...['declare-emergency.evidence[].url', 'declare-emergency.evidence[].text'],
  ]);
  // how somebody voted has to be counted, so that it is not sealed where it comes in: only some are shown it
  expect(told(decisionEventSchemas)).toContain('VoteCast.choice');
});
