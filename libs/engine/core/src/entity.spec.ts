import { describe, expect, it } from '@jest/globals';
import { Entity, HANDLED_MAX, OUTBOX_MAX } from './entity';
import { accept, refuse, type Decider } from './decider';
import { fingerprintOf } from './record';
import type { CommandEnvelope } from './command';

type C = { type: 'add'; data: { n: number } };
type E = { type: 'Added'; data: { n: number } };
const counter: Decider<number, C, E> = {
  aggregate: 'counter',
  startsWith: 'add',
  initial: 0,
  decide: (c, s) => {
    if (c.data.n === 666) throw new Error('bug');
    return c.data.n < 0 ? refuse('negative', { s }) : accept({ type: 'Added', data: { n: c.data.n } });
  },
  evolve: (s, e) => s + e.data.n,
  due: () => null,
  isFinal: () => false,
  summary: (s) => ({ sum: String(s) }),
};
const actor = { id: 'a', role: 'r', unit: null };
const add = (commandId: string, n: number, more: Partial<CommandEnvelope> = {}): CommandEnvelope => {
  const base = { entity: 'x', type: 'add', data: { n }, actor };
  return { ...base, commandId, channel: 'http', receivedAt: '2024-07-01T08:00:00.000+08:00', fingerprint: fingerprintOf(base), ...more };
};

describe('an entity', () => {
  it('gives the same command id the same answer, also after carrying over', () => {
    const entity = new Entity(counter, 'x');
    const first = entity.handle(add('1', 5)).outcome;
    const carried = new Entity(counter, 'x', entity.pack());
    expect(carried.handle(add('1', 5)).outcome).toEqual(first);
    expect(carried.seq).toBe(1);
  });
  it('says key-reused when the id comes with another body', () => {
    const entity = new Entity(counter, 'x');
    entity.handle(add('1', 5));
    expect(entity.handle(add('1', 6)).outcome).toMatchObject({ status: 'refused', refusal: { code: 'key-reused' } });
    expect(entity.seq).toBe(1);
  });
  it('turns a throw of the decider into a recorded refusal and goes on', () => {
    const entity = new Entity(counter, 'x');
    expect(entity.handle(add('1', 666)).outcome).toMatchObject({ status: 'refused', refusal: { code: 'failed' } });
    expect(entity.handle(add('2', 1)).outcome).toMatchObject({ status: 'accepted', seq: 1 });
  });
  it('links each record to the one before and drops only what a matching hash confirms', () => {
    const entity = new Entity(counter, 'x');
    entity.handle(add('1', 1));
    const { unconfirmed } = entity.handle(add('2', 1));
    const [one, two] = unconfirmed.flatMap((e) => e.records);
    expect(two!.prevHash).toBe(one!.hash);
    entity.confirm({ seq: 1, hash: two!.hash, ordinal: 1 });
    expect(entity.unconfirmed).toHaveLength(2);
    entity.confirm({ seq: 1, hash: one!.hash, ordinal: 1 });
    expect(entity.unconfirmed).toHaveLength(1);
  });
  it('says when it is too busy for a new command, but knows an old one', () => {
    const entity = new Entity(counter, 'x');
    for (let i = 0; i < OUTBOX_MAX; i += 1) entity.handle(add(`k${i}`, 1));
    expect(entity.isTooBusyFor('new')).toBe(true);
    expect(entity.isTooBusyFor('k0')).toBe(false);
    entity.confirm(entity.confirmationOfAll());
    expect(entity.isTooBusyFor('new')).toBe(false);
  });
  it('hands over and flushes no more than fits one request, however long the texts', () => {
    const wordy = {
      ...counter,
      evolve: (s: number) => s + 1,
      decide: () => accept({ type: 'Added' as const, data: { n: 1, text: '字'.repeat(60_000) } }),
    };
    const entity = new Entity(wordy, 'x');
    for (let i = 0; i < 3; i += 1) expect(entity.handle(add(`k${i}`, 1)).unconfirmed).toHaveLength(i + 1);
    expect(entity.handle(add('k3', 1)).unconfirmed).toHaveLength(0);
    expect(entity.nextToFlush.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3]);
    for (let i = 4; i < 8; i += 1) entity.handle(add(`k${i}`, 1));
    expect(entity.isTooBusyFor('more')).toBe(true);
  });
  it('remembers the last answers and every unconfirmed one', () => {
    const entity = new Entity(counter, 'x');
    for (let i = 0; i < HANDLED_MAX + 50; i += 1) {
      entity.handle(add(`k${i}`, 1));
      entity.confirm(entity.confirmationOfAll());
    }
    expect(Object.keys(entity.pack().handled)).toHaveLength(HANDLED_MAX);
    expect(entity.pack().handled['k0']).toBeUndefined();
    expect(entity.pack().handled[`k${HANDLED_MAX + 49}`]).toBeDefined();
  });
  it('keeps refusals in the outbox until they are confirmed', () => {
    const entity = new Entity(counter, 'x');
    entity.handle(add('1', 1));
    entity.handle(add('2', -1));
    expect(entity.unconfirmed.map((e) => e.outcome.status)).toEqual(['accepted', 'refused']);
    entity.confirm(entity.confirmationOfAll());
    expect(entity.unconfirmed).toHaveLength(0);
  });
});
