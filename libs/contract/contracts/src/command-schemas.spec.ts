import { describe, expect, it } from '@jest/globals';
import { explainIssues, personalPathsOf } from '@qiyue/civic-contracts';
import type { PublicContractCommandType } from '@qiyue/contract-domain';
import { COMMAND_SUMMARIES, contractCommandSchemas, contractEventSchemas, PUBLIC_CONTRACT_COMMANDS } from './index';

const fits = (type: PublicContractCommandType, body: unknown): boolean => contractCommandSchemas[type].safeParse(body).success;
const item = { title: 'Street lights', kind: 'tangible' };
const duties = { community: [], unit: [] };
const usual = { unit: 'Water', community: 'Lakeside', year: 2024, items: [item], duties, startsOn: '2024-01-01', endsOn: '2024-12-31' };

/** Bodies as small and as large as they may be. */
const GOOD: Readonly<Record<PublicContractCommandType, readonly object[]>> = {
  propose: [usual, { ...usual, items: Array.from({ length: 50 }, () => ({ ...item, quantity: 0.001, unit: '盏', dueOn: '2024-02-29' })) }],
  sign: [{}],
  withdraw: [{ reason: 'r' }],
  amend: [{ reason: 'r' }, { reason: 'r', items: [{ itemId: 'i1', ...item }, item], duties, endsOn: '2024-10-31' }],
  'agree-amendment': [{}],
  'decline-amendment': [{ reason: 'r' }],
  'finish-item': [{ itemId: 'i12' }],
  evaluate: [
    { side: 'unit', score: 1 },
    { side: 'community', score: 5, itemId: 'i1', comment: 'c' },
  ],
  terminate: [{ reason: 'r' }],
};

const BAD: readonly (readonly [PublicContractCommandType, unknown])[] = [
  ['propose', { ...usual, items: [] }],
  ['propose', { ...usual, items: [{ ...item, itemId: 'i1' }] }],
  ['propose', { ...usual, items: [{ ...item, kind: 'wish' }] }],
  ['propose', { ...usual, items: [{ ...item, quantity: 0 }] }],
  ['propose', { ...usual, items: [{ ...item, quantity: 1.0005 }] }],
  ['propose', { ...usual, items: [{ ...item, dueOn: '2024-02-30' }] }],
  ['propose', { ...usual, startsOn: '2024-01-01T00:00:00.000+08:00' }],
  ['propose', { ...usual, endsOn: '2024-13-01' }],
  ['propose', { ...usual, year: '2024' }],
  ['propose', { ...usual, unit: 'Wat\u200ber' }],
  ['propose', { ...usual, duties: { community: ['x'.repeat(201)], unit: [] } }],
  ['propose', { ...usual, duties: { community: [] } }],
  ['sign', { surprise: 1 }],
  ['withdraw', {}],
  ['amend', { endsOn: '2024-10-31' }],
  ['amend', { reason: 'r', items: [] }],
  ...['i0', 'i01', '1', 'i', 'I1', 'i1234567890'].map((itemId) => ['finish-item', { itemId }] as const),
  ...[0, 6, 2.5, '5', null].map((score) => ['evaluate', { side: 'unit', score }] as const),
  ['evaluate', { side: 'both', score: 5 }],
  ['terminate', { reason: ' ' }],
];

describe('a body', () => {
  it.each(PUBLIC_CONTRACT_COMMANDS)('fits, as small and as large as it may be: %s', (type) => {
    for (const body of GOOD[type]) expect([body, fits(type, body)]).toEqual([body, true]);
  });
  it.each(BAD)('of %s that is %j does not fit, and both languages say why', (type, body) => {
    const { error } = contractCommandSchemas[type].safeParse(body);
    if (error === undefined) throw new Error('it fits');
    expect(explainIssues(error, 'zh-CN')[0]?.message).toMatch(/\p{Script=Han}/u);
    expect(explainIssues(error, 'en')[0]?.message).toMatch(/^[\x20-\x7e]+$/);
  });
});

describe('the commands', () => {
  it('that are a timer’s come from nobody outside', () => {
    for (const type of ['end', 'take-effect', 'tick', 'retime']) expect(PUBLIC_CONTRACT_COMMANDS as readonly string[]).not.toContain(type);
  });
  it('each say what they do', () => {
    expect(Object.keys(COMMAND_SUMMARIES)).toEqual(PUBLIC_CONTRACT_COMMANDS);
    expect(new Set(Object.values(COMMAND_SUMMARIES)).size).toBe(PUBLIC_CONTRACT_COMMANDS.length);
  });
});

it('only reasons and comments may tell about a person', () => {
  const told = (schemas: Readonly<Record<string, Parameters<typeof personalPathsOf>[0]>>) =>
    Object.entries(schemas).flatMap(([type, schema]) => personalPathsOf(schema).map((path) => `${type}.${path}`));
  expect(told(contractCommandSchemas)).toEqual([
    ...['withdraw.reason', 'amend.reason', 'decline-amendment.reason', 'evaluate.comment', 'terminate.reason'],
  ]);
  expect(told(contractEventSchemas)).toEqual([
    ...['ContractWithdrawn.reason', 'AmendmentProposed.reason', 'AmendmentDeclined.reason', 'SideEvaluated.comment', 'TerminationGiven.reason'],
  ]);
});
