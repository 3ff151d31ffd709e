import { describe, expect, it } from '@jest/globals';
import { Entity, HANDLED_MAX, OUTBOX_MAX, type EntityCarry } from './entity';
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
  it('forgets the oldest first across a continue-as-new, whatever the ids look like', () => {
    const entity = new Entity(counter, 'x');
    for (let i = 0; i < HANDLED_MAX; i += 1) entity.handle(add(i === HANDLED_MAX - 1 ? '7' : `k${i}`, 1));
    entity.confirm(entity.confirmationOfAll());
    const carried = new Entity(counter, 'x', JSON.parse(JSON.stringify(entity.pack())) as EntityCarry<number>);
    carried.handle(add('new', 1)); // one is too many now
    expect([carried.pack().handled['7'], carried.pack().handled['k0']]).toEqual([expect.anything(), undefined]);
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

/** Counts up by itself: 1 at eight, 2 at nine, until 3. */
type Step = { type: 'step'; data: { to: number } };
type Look = { type: 'look'; data: object };
const hourly: Decider<number, Step | Look, { type: 'Stepped'; data: { to: number } } | { type: 'Seen'; data: { tables: object } }> = {
  aggregate: 'hourly',
  startsWith: 'look',
  initial: 0,
  decide: (c, _, { tables }) =>
    c.type === 'step' ? accept({ type: 'Stepped', data: { to: c.data.to } }) : accept({ type: 'Seen', data: { tables } }),
  evolve: (s, e) => (e.type === 'Stepped' ? e.data.to : s),
  due: (s) => (s < 3 ? { at: '2024-07-01T08:00:00.000+08:00', command: { type: 'step', data: { to: s + 1 } } } : null),
  isFinal: () => false,
  summary: (s) => ({ at: String(s) }),
};
const look = (commandId: string, receivedAt: string, more: Partial<CommandEnvelope> = {}): CommandEnvelope => {
  const base = { entity: 'x', type: 'look', data: {}, actor };
  return { ...base, commandId, channel: 'http', receivedAt, fingerprint: fingerprintOf(base), ...more };
};

describe('what falls due', () => {
  it('before a command was received happens before it, each step once, also at one instant', () => {
    const entity = new Entity(hourly, 'x');
    const { unconfirmed, outcome } = entity.handle(look('1', '2024-07-01T08:00:00.000+08:00'));
    expect(unconfirmed.map(({ channel, type }) => `${channel} ${type}`)).toEqual(['timer step', 'timer step', 'timer step', 'http look']);
    expect(outcome).toMatchObject({ seq: 4, summary: { at: '3' } });
    expect(entity.fire()).toEqual({ moved: false });
  });
  it('after it waits for its time', () => {
    const entity = new Entity(hourly, 'x');
    expect(entity.handle(look('1', '2024-07-01T07:59:59.999+08:00')).outcome).toMatchObject({ seq: 1, summary: { at: '0' } });
    expect(entity.fire()).toEqual({ moved: true });
  });
  it('does not happen again for a command that is answered already', () => {
    const entity = new Entity(hourly, 'x');
    const first = entity.handle(look('1', '2024-07-01T07:00:00.000+08:00')).outcome;
    expect(entity.handle(look('1', '2024-07-01T09:00:00.000+08:00')).outcome).toEqual(first);
    expect(entity.seq).toBe(1);
  });
});

describe('a command that its actor may not give', () => {
  const guarded = { ...hourly, isPermitted: (_: Step | Look, __: number, context: { actor: { id: string } }) => context.actor.id === 'a' };
  const stranger = { id: 'b', role: 'r', unit: null };
  const entries = (entity: Pick<Entity<number, Step | Look, never, string>, 'unconfirmed'>) => entity.unconfirmed.map(({ channel }) => channel);

  it('lets nothing fall due; the next that is permitted does', () => {
    const entity = new Entity(guarded, 'x');
    entity.handle(look('1', '2024-07-01T09:00:00.000+08:00', { actor: stranger }));
    expect(entries(entity)).toEqual(['http']);
    entity.handle(look('2', '2024-07-01T09:00:00.000+08:00'));
    expect(entries(entity)).toEqual(['http', 'timer', 'timer', 'timer', 'http']);
  });

  it('is looked at only where something is due, and asks only then whether the run is of before', () => {
    let asked = 0;
    const entity = new Entity(guarded, 'x', undefined, undefined, undefined, () => ((asked += 1), false));
    entity.handle(look('1', '2024-07-01T07:00:00.000+08:00', { actor: stranger }));
    expect(asked).toBe(0);
    entity.handle(look('2', '2024-07-01T09:00:00.000+08:00', { actor: stranger }));
    expect([asked, entries(entity)]).toEqual([1, ['http', 'timer', 'timer', 'timer', 'http']]);
  });
});

describe('tables', () => {
  const early = '2024-07-01T07:00:00.000+08:00';
  const seenBy = (entity: Pick<Entity<number, Step | Look, never, string>, 'handle'>, command: CommandEnvelope) => {
    const record = entity.handle(command).unconfirmed.at(-1)?.records.at(-1);
    return record === undefined ? null : (JSON.parse(record.canonical) as { data: { tables: object } }).data.tables;
  };
  it('stay those that the entity had first, until a command replaces them', () => {
    const entity = new Entity(hourly, 'x');
    expect(seenBy(entity, look('1', early, { tables: { policy: 1 } }))).toEqual({ policy: 1 });
    expect(seenBy(entity, look('2', early, { tables: { policy: 2, calendar: 2 } }))).toEqual({ policy: 1, calendar: 2 });
    expect(seenBy(entity, look('3', early))).toEqual({ policy: 1, calendar: 2 });
    expect(seenBy(entity, look('4', early, { tables: { policy: 4 }, replaceTables: true }))).toEqual({ policy: 4, calendar: 2 });
  });
});
