import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { explainIssues, personalPathsOf } from '@qiyue/civic-contracts';
import { AMOUNT_FEN_MAX } from '@qiyue/civic-domain';
import { resourceDecider, type PublicResourceCommandType, type ResourceEvent, type ResourceEventType } from '@qiyue/resource-domain';
import {
  COMMAND_SUMMARIES,
  PUBLIC_RESOURCE_COMMANDS,
  RESOURCE_EVENT_TYPES,
  resourceCommandSchemas,
  resourceEventSchema,
  resourceEventSchemas,
} from './index';

/*
 * Golden files are events as they were once recorded. They are never edited: a change of today's schema or evolve that
 * cannot read them any more would make real histories unreadable. A new form of an event gets a new file beside them.
 */
const FOLDER = join(__dirname, '..', 'golden');
const FILES = readdirSync(FOLDER).sort();
const golden = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
const event = (name: string): ResourceEvent => resourceEventSchema.parse(golden(`${name}.json`));

const OFFERED = ['ResourceOffered.most'];
const RESERVED = [...OFFERED, 'ResourceReserved.for-project'];
/** What has to lie before an event of each type, and where the event leads. */
const PASTS: Readonly<Record<ResourceEventType, readonly [past: readonly string[], place: string]>> = {
  ResourceOffered: [[], 'offered/free'],
  ResourceChanged: [OFFERED, 'offered/free'],
  ResourceWithdrawn: [RESERVED, 'withdrawn/settling'],
  ResourceReserved: [OFFERED, 'offered/reserved'],
  ReservationUsed: [RESERVED, 'offered/free'],
  ReservationFreed: [RESERVED, 'offered/free'],
};

describe('an event recorded by an earlier version', () => {
  it.each(FILES)("is read by today's schema without loss and folded by today's evolve: %s", (name) => {
    const recorded = golden(name);
    const read = resourceEventSchema.parse(recorded);
    expect(read).toEqual(recorded);
    expect(name.split('.')[0]).toBe(read.type);
    const [past, place] = PASTS[read.type];
    const state = [...past.map(event), read].reduce((folded, one) => resourceDecider.evolve(folded, one, { rules: 1 }), resourceDecider.initial);
    expect(Object.values(resourceDecider.summary(state)).join('/')).toBe(place);
  });
  it('is there for every type', () => {
    expect([...new Set(FILES.map((name) => name.split('.')[0]))].sort()).toEqual([...RESOURCE_EVENT_TYPES].sort());
  });
  it('is read without what a later version adds to it, and not without what it has to have', () => {
    const recorded = golden('ReservationUsed.json') as { readonly data: object };
    expect(resourceEventSchema.parse({ ...recorded, data: { ...recorded.data, later: 1 } })).toEqual(recorded);
    expect(resourceEventSchema.safeParse({ ...recorded, data: {} }).success).toBe(false);
  });
});

const hall = { kind: 'place', name: 'Hall' };
const span = { from: '2026-06-01', to: '2026-06-03' };
const GOOD: readonly (readonly [PublicResourceCommandType, object])[] = [
  ['offer', hall],
  [
    'offer',
    { ...hall, ...span, quantity: AMOUNT_FEN_MAX, unit: '间', community: 'c', compound: 'd', conditions: 'a\nb', skills: ['s'], contact: 't' },
  ],
  ['change', {}],
  ['withdraw', { reason: 'r' }],
  ['reserve', span],
  ['reserve', { ...span, quantity: 2, projectId: 'p', needId: 'n' }],
  ['use', { reservationId: 'r1', quantity: 0 }],
  ['free', { reservationId: 'r1' }],
];
const BAD: readonly (readonly [PublicResourceCommandType, unknown])[] = [
  ['offer', { ...hall, kind: 'time' }],
  ['offer', { kind: 'place' }],
  ...[0, 0.5, AMOUNT_FEN_MAX + 1, '1'].map((quantity) => ['offer', { ...hall, quantity }] as const),
  ['offer', { ...hall, from: '2026-02-30' }],
  ['offer', { ...hall, skills: [] }],
  ['offer', { ...hall, giver: 'Water' }],
  ['change', { kind: 'place' }],
  ['reserve', { from: '2026-06-01' }],
  ['reserve', { ...span, reservationId: 'r1' }],
  ['free', {}],
];

describe('a body', () => {
  it.each(GOOD)('of %s that is %j fits', (type, body) => {
    expect(resourceCommandSchemas[type].safeParse(body).error).toBeUndefined();
  });
  it.each(BAD)('of %s that is %j does not fit, and both languages say why', (type, body) => {
    const { error } = resourceCommandSchemas[type].safeParse(body);
    if (error === undefined) throw new Error('it fits');
    expect(explainIssues(error, 'zh-CN')[0]?.message).toMatch(/\p{Script=Han}/u);
    expect(explainIssues(error, 'en')[0]?.message).toMatch(/^[\x20-\x7e]+$/);
  });
  it('may name days, which are whole ones in Shanghai, or instants', () => {
    expect(resourceCommandSchemas.reserve.parse({ from: '2026-06-01', to: '2026-06-01' })).toEqual({
      ...{ from: '2026-06-01T00:00:00.000+08:00', to: '2026-06-02T00:00:00.000+08:00' },
    });
    expect(resourceCommandSchemas.reserve.parse({ from: '2026-06-01T01:00:00Z', to: '2026-06-01T12:00:00+08:00' })).toEqual({
      ...{ from: '2026-06-01T09:00:00.000+08:00', to: '2026-06-01T12:00:00.000+08:00' },
    });
  });
  it('has words about persons in reasons and contacts only', () => {
    const told = (schemas: Readonly<Record<string, Parameters<typeof personalPathsOf>[0]>>) =>
      Object.entries(schemas).flatMap(([type, schema]) => personalPathsOf(schema).map((path) => `${type}.${path}`));
    expect(told(resourceCommandSchemas)).toEqual(['offer.contact', 'change.contact', 'withdraw.reason', 'free.reason']);
    expect(told(resourceEventSchemas)).toEqual([
      'ResourceOffered.contact',
      'ResourceChanged.contact',
      'ResourceWithdrawn.reason',
      'ReservationFreed.reason',
    ]);
  });
});

it('the commands of our own clock come from nobody outside, and each of the others says what it does', () => {
  expect(PUBLIC_RESOURCE_COMMANDS).toEqual(['offer', 'change', 'withdraw', 'reserve', 'use', 'free']);
  expect(Object.keys(COMMAND_SUMMARIES)).toEqual(PUBLIC_RESOURCE_COMMANDS);
});
