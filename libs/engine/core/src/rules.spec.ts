import { describe, expect, it } from '@jest/globals';
import { ADOPT_RULES, type CommandEnvelope } from './command';
import { accept, refuse, type Decider } from './decider';
import { Entity } from './entity';
import { foldRecords, UnknownRules } from './fold';
import { fingerprintOf, openRecord, rulesOf, type EventRecord } from './record';
import { plusMs } from './time';

type C = { readonly type: 'add'; readonly data: { readonly n: number } } | { readonly type: 'double'; readonly data: object };
type E = { readonly type: 'Added'; readonly data: { readonly n: number; readonly unit?: string }; readonly version?: number };
interface Sum {
  readonly sum: number;
  readonly since: string | null;
}
const START = '2024-07-01T08:00:00.000+08:00';
const HOUR_MS = 3_600_000;

/** Rules 1: what is negative is refused, and doubled after an hour. Rules 2: what is negative is taken, and doubled after two hours. */
const counter: Decider<Sum, C, E> = {
  aggregate: 'counter',
  startsWith: 'add',
  rules: 2,
  initial: { sum: 0, since: null },
  decide: (command, { sum }, { rules }) => {
    if (command.type === 'double') return accept({ type: 'Added', data: { n: sum } });
    return command.data.n < 0 && rules < 2 ? refuse('negative') : accept({ type: 'Added', data: { n: command.data.n } });
  },
  evolve: ({ sum, since }, { data }) => ({ sum: sum + data.n, since: since === null ? START : null }),
  due: ({ since }, { rules }) => (since === null ? null : { at: plusMs(since, rules * HOUR_MS), command: { type: 'double', data: {} } }),
  isFinal: () => false,
  summary: ({ sum }) => ({ sum: String(sum) }),
};
const old: Decider<Sum, C, E> = { ...counter, rules: 1 };

const ACTOR = { id: 'a', role: 'r', unit: null };
const sent = (commandId: string, type: string, data: CommandEnvelope['data'], more: Partial<CommandEnvelope> = {}): CommandEnvelope => {
  const asked = { entity: 'x', type, data, actor: ACTOR };
  return { ...asked, commandId, channel: 'http', receivedAt: START, fingerprint: fingerprintOf(asked), ...more };
};
const add = (commandId: string, n: number, more: Partial<CommandEnvelope> = {}) => sent(commandId, 'add', { n }, more);
const recordsOf = (entity: Entity<Sum, C, E, string>): readonly EventRecord[] => entity.unconfirmed.flatMap(({ records }) => records);

describe('the version of the rules', () => {
  it('decides each command, stays the highest that was seen, and is in every record made under it', () => {
    const entity = new Entity(counter, 'x');
    entity.handle(add('1', 1));
    expect(entity.handle(add('2', -1)).outcome).toMatchObject({ status: 'refused', refusal: { code: 'negative' } });
    expect(entity.handle(add('3', -1, { rules: 2 })).outcome).toMatchObject({ status: 'accepted' });
    expect(entity.handle(add('4', -1)).outcome).toMatchObject({ status: 'accepted' });
    expect(recordsOf(entity).map((record) => openRecord(record).rules)).toEqual([undefined, 2, 2]);
    expect(entity.standing.rules).toBe(2);
  });

  it('leaves the bytes of what is made under rules 1 as they were before rules had a version', () => {
    const [record] = recordsOf(((entity) => (entity.handle(add('1', 1)), entity))(new Entity(counter, 'x')));
    expect(record?.canonical).toBe(
      '{"actor":{"id":"a","role":"r","unit":null},"aggregate":"counter","commandId":"1","data":{"n":1},"entity":"x",' +
        `"prevHash":"${'0'.repeat(64)}","seq":1,"time":"${START}","type":"Added","v":1}`,
    );
    expect(rulesOf(openRecord(record!))).toBe(1);
  });

  it('is carried through continue-as-new, and not written while it is 1', () => {
    const entity = new Entity(counter, 'x');
    entity.handle(add('1', 1));
    expect(entity.pack()).not.toHaveProperty('rules');
    entity.handle(add('2', 1, { rules: 2 }));
    expect(new Entity(counter, 'x', entity.pack()).handle(add('3', -1)).outcome.status).toBe('accepted');
  });

  it('moves the timer when a command brings a newer one, and the timer runs on it', () => {
    const entity = new Entity(counter, 'x');
    entity.handle(add('1', 1));
    expect(entity.due()?.at).toBe(plusMs(START, HOUR_MS));
    entity.handle(sent('2', ADOPT_RULES, {}, { rules: 2 }));
    expect(entity.due()?.at).toBe(plusMs(START, 2 * HOUR_MS));
    entity.fire();
    expect(recordsOf(entity).map((record) => openRecord(record).rules)).toEqual([undefined, 2]);
  });

  it('lets what was due under the older rules happen under them, before the command that brings the newer ones', () => {
    const entity = new Entity(counter, 'x');
    entity.handle(add('1', 1));
    entity.handle(add('2', 5, { rules: 2, receivedAt: plusMs(START, 1.5 * HOUR_MS) }));
    expect(recordsOf(entity).map((record) => openRecord(record))).toMatchObject([{}, { time: plusMs(START, HOUR_MS), type: 'Added' }, { rules: 2 }]);
    expect(openRecord(recordsOf(entity)[1]!)).not.toHaveProperty('rules');
  });

  it('is adopted by an idle entity without an event, and by nothing that does not exist', () => {
    const entity = new Entity(counter, 'x');
    expect(entity.handle(sent('0', ADOPT_RULES, {}, { rules: 2 })).outcome).toMatchObject({ status: 'refused', refusal: { code: 'not-found' } });
    entity.handle(add('1', 1));
    expect(entity.handle(sent('2', ADOPT_RULES, {}, { rules: 2 })).outcome).toMatchObject({ status: 'accepted', seq: 1 });
    expect(entity.standing).toMatchObject({ seq: 1, rules: 2 });
  });

  it('stops code that does not know it: a command, a carried run, a fold; nothing of it is taken', () => {
    const entity = new Entity(old, 'x');
    entity.handle(add('1', 1));
    expect(entity.knowsRules(2)).toBe(false);
    expect(() => entity.handle(add('2', 1, { rules: 2 }))).toThrow(UnknownRules);
    expect(entity.standing).toMatchObject({ seq: 1, rules: 1, unconfirmed: 1 });

    const newer = new Entity(counter, 'x');
    newer.handle(add('1', 1, { rules: 2 }));
    expect(() => new Entity(old, 'x', newer.pack())).toThrow(UnknownRules);
    const bodies = recordsOf(newer).map((record) => openRecord(record));
    expect(() => foldRecords(old, bodies)).toThrow(UnknownRules);
  });

  it('is given to a fold record by record, so that it comes to what the entity came to', () => {
    const countsUnits: Decider<Sum, C, E> = {
      ...counter,
      evolve: (state, event, { rules }) => ({ ...state, sum: state.sum + event.data.n * rules }),
    };
    const entity = new Entity(countsUnits, 'x');
    for (const command of [add('1', 1), add('2', 10, { rules: 2 }), add('3', 100)]) entity.handle(command);
    const bodies = recordsOf(entity).map((record) => openRecord(record));
    expect(foldRecords(countsUnits, bodies)).toEqual({ state: entity.currentState, rules: 2 });
    expect(entity.currentState.sum).toBe(1 + 20 + 200);
  });
});

describe('the version of an event’s form', () => {
  /** Version 2 says in which unit. */
  const withUnits: Decider<Sum, C, E> = {
    ...counter,
    upcasters: { Added: [(data) => ({ ...data, unit: 'piece' })] },
    decide: (command, state, context) => {
      const decision = counter.decide(command, state, context);
      if (!decision.ok || context.rules < 2) return decision;
      return accept(...decision.events.map((event) => ({ ...event, data: { ...event.data, unit: 'kg' }, version: 2 })));
    },
    evolve: (state, { data }) => {
      if (data.unit === undefined) throw new Error('an old form');
      return { ...state, sum: state.sum + data.n };
    },
  };

  it('is lifted for evolve, in the run and in a fold, and the recorded bytes stay what they were', () => {
    const entity = new Entity(withUnits, 'x');
    for (const command of [add('1', 1), add('2', 10, { rules: 2 })]) expect(entity.handle(command).outcome.status).toBe('accepted');
    const bodies = recordsOf(entity).map((record) => openRecord(record));
    expect(bodies.map(({ data, typeVersion }) => ({ data, typeVersion }))).toEqual([
      { data: { n: 1 }, typeVersion: undefined },
      { data: { n: 10, unit: 'kg' }, typeVersion: 2 },
    ]);
    expect(foldRecords(withUnits, bodies).state).toEqual(entity.currentState);
  });

  it('that is newer than the code is not read as if it were old', () => {
    const entity = new Entity(withUnits, 'x');
    entity.handle(add('1', 1, { rules: 2 }));
    const bodies = recordsOf(entity).map((record) => openRecord(record));
    expect(() => foldRecords(counter, bodies)).toThrow(/version 2/);
  });
});

describe('the form of a carried state', () => {
  interface Named extends Sum {
    readonly name: string;
  }
  const named: Decider<Named, C, E> = {
    ...(counter as unknown as Decider<Named, C, E>),
    stateVersion: 2,
    initial: { sum: 0, since: null, name: 'none' },
    migrate: (state, from) => ({ ...(state as Sum), name: `from ${from}` }),
    evolve: (state, event, context) => ({ ...counter.evolve(state, event, context), name: state.name }),
  };

  it('is lifted once when a run of older code is continued, and carried on as it is', () => {
    const before = new Entity(counter, 'x');
    before.handle(add('1', 1));
    const next = new Entity(named, 'x', before.pack() as never);
    expect(next.currentState.name).toBe('from 1');
    expect(new Entity(named, 'x', next.pack()).currentState.name).toBe('from 1');
    expect(next.pack().stateVersion).toBe(2);
  });

  it('that is newer than the code stops it, as unknown rules do', () => {
    const next = new Entity(named, 'x');
    next.handle(add('1', 1));
    expect(() => new Entity(counter, 'x', next.pack())).toThrow(UnknownRules);
  });
});
