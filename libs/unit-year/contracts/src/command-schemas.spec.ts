import { AMOUNT_FEN_MAX } from '@qiyue/civic-domain';
import { describe, expect, it } from '@jest/globals';
import { explainIssues, personalPathsOf } from '@qiyue/civic-contracts';
import type { PublicUnitYearCommandType } from '@qiyue/unit-year-domain';
import { COMMAND_SUMMARIES, PUBLIC_UNIT_YEAR_COMMANDS, unitYearCommandSchemas, unitYearEventSchemas } from './index';

const fits = (type: PublicUnitYearCommandType, body: unknown): boolean => unitYearCommandSchemas[type].safeParse(body).success;
const because = { pledgeId: 'p1', reason: 'because' };
const lights = { kind: 'tangible', title: 'Street lights' };

/** Bodies as small and as large as they may be. */
const GOOD: Readonly<Record<PublicUnitYearCommandType, readonly object[]>> = {
  open: [
    { unit: 'Water', year: 2000 },
    { unit: '住建局', year: 2199 },
  ],
  'set-budget': [
    { amountFen: 0, reference: 'r' },
    { amountFen: AMOUNT_FEN_MAX, reference: 'r' },
  ],
  'adjust-budget': [
    { deltaFen: -AMOUNT_FEN_MAX, reason: 'r' },
    { deltaFen: 1, reason: 'r' },
  ],
  pledge: [lights, { kind: 'service', title: 't', description: 'd', community: 'Lakeside', targetBy: '2024-09-30' }],
  'amend-pledge': [{ pledgeId: 'p1' }, { pledgeId: 'p50', ...lights, description: 'd', community: 'c', targetBy: '2024-09-30' }],
  'withdraw-pledge': [because],
  publish: [{}],
  link: [{ pledgeId: 'p1', needId: '0123456789abcdefghjkmnpqrs' }],
  unlink: [{ pledgeId: 'p1' }],
  contest: [because],
  settle: [{ ...because, upheld: false }],
  'carry-over': [because],
  close: [{}],
};

const BAD: readonly (readonly [PublicUnitYearCommandType, unknown])[] = [
  ...[{ unit: 'Water' }, { unit: 'Water', year: 1999 }, { unit: 'Water', year: 2200 }, { unit: 'Water', year: 2024.5 }].map(
    (body) => ['open', body] as const,
  ),
  ...[
    { unit: 'Water', year: '2024' },
    { unit: '', year: 2024 },
    { unit: 'Wat\u200ber', year: 2024 },
  ].map((body) => ['open', body] as const),
  ...[-1, 0.5, AMOUNT_FEN_MAX + 1, '1'].map((amountFen) => ['set-budget', { amountFen, reference: 'r' }] as const),
  ['set-budget', { amountFen: 1 }],
  ['set-budget', { amountFen: 1, reference: 'a\nb' }],
  ['adjust-budget', { deltaFen: 1 }],
  ['adjust-budget', { deltaFen: 0.5, reason: 'r' }],
  ['pledge', { kind: 'wish', title: 't' }],
  ['pledge', { kind: 'service', title: 'x'.repeat(201) }],
  ['pledge', { ...lights, targetBy: '2024-02-30' }],
  ['pledge', { ...lights, needId: 'n1' }],
  ...['p0', 'p01', '1', 'p', 'P1', 'p1234567890'].map((pledgeId) => ['unlink', { pledgeId }] as const),
  ['link', { pledgeId: 'p1', needId: 'not an id' }],
  ['contest', { pledgeId: 'p1' }],
  ['contest', { pledgeId: 'p1', reason: '' }],
  ['settle', because],
  ['settle', { ...because, upheld: 'yes' }],
  ['publish', { surprise: 1 }],
  ['close', null],
];

describe('a body', () => {
  it.each(PUBLIC_UNIT_YEAR_COMMANDS)('fits, as small and as large as it may be: %s', (type) => {
    for (const body of GOOD[type]) expect([body, fits(type, body)]).toEqual([body, true]);
  });
  it.each(BAD)('of %s that is %j does not fit, and both languages say why', (type, body) => {
    const { error } = unitYearCommandSchemas[type].safeParse(body);
    if (error === undefined) throw new Error('it fits');
    expect(explainIssues(error, 'zh-CN')[0]?.message).toMatch(/\p{Script=Han}/u);
    expect(explainIssues(error, 'en')[0]?.message).toMatch(/^[\x20-\x7e]+$/);
  });
  it('is trimmed, and a date ends with its day', () => {
    expect(unitYearCommandSchemas.pledge.parse({ kind: 'service', title: ' Lectures ', targetBy: '2024-09-30' })).toEqual({
      ...{ kind: 'service', title: 'Lectures' },
      targetBy: '2024-09-30T23:59:59.999+08:00',
    });
  });
});

describe('the commands', () => {
  it('that move money, or are a timer’s, come from nobody outside', () => {
    for (const type of ['reserve', 'resize', 'commit', 'release', 'fulfil-pledge', 'tick', 'retime'])
      expect(PUBLIC_UNIT_YEAR_COMMANDS as readonly string[]).not.toContain(type);
  });
  it('each say what they do', () => {
    expect(Object.keys(COMMAND_SUMMARIES)).toEqual(PUBLIC_UNIT_YEAR_COMMANDS);
    expect(new Set(Object.values(COMMAND_SUMMARIES)).size).toBe(PUBLIC_UNIT_YEAR_COMMANDS.length);
  });
});

it('only reasons may tell about a person', () => {
  const told = (schemas: Readonly<Record<string, Parameters<typeof personalPathsOf>[0]>>) =>
    Object.entries(schemas).flatMap(([type, schema]) => personalPathsOf(schema).map((path) => `${type}.${path}`));
  expect(told(unitYearCommandSchemas)).toEqual([
    ...['adjust-budget.reason', 'withdraw-pledge.reason', 'contest.reason', 'settle.reason', 'carry-over.reason'],
  ]);
  expect(told(unitYearEventSchemas)).toEqual([
    ...['BudgetAdjusted.reason', 'PledgeWithdrawn.reason', 'PledgeContested.reason', 'PledgeSettled.reason', 'PledgeCarriedOver.reason'],
  ]);
});
