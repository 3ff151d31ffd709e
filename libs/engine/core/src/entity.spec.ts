import { describe, expect, it } from '@jest/globals';
import { Entity } from './entity';
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
  it('keeps refusals in the outbox until they are confirmed', () => {
    const entity = new Entity(counter, 'x');
    entity.handle(add('1', 1));
    entity.handle(add('2', -1));
    expect(entity.unconfirmed.map((e) => e.outcome.status)).toEqual(['accepted', 'refused']);
    entity.confirm(entity.confirmationOfAll());
    expect(entity.unconfirmed).toHaveLength(0);
  });
});
