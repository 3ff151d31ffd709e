import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { CommandAnswer, CommandEnvelope, Confirmation, LedgerHead, OutboxEntry } from './command';
import { accept, refuse, type Decider } from './decider';
import { Entity } from './entity';
import type { Place } from './outbox';
import { fingerprintOf, GENESIS_HASH, type EventRecord } from './record';
import { plusMs } from './time';

type C = { readonly type: 'add' | 'tick'; readonly data: { readonly n: number } };
type E = { readonly type: 'Added'; readonly data: { readonly n: number } };
interface Sum {
  readonly sum: number;
  readonly dueAt: string | null;
}
const START = '2024-07-01T08:00:00.000+08:00';
const HOUR_MS = 3_600_000;

/** Refuses some commands, which is what makes the sum odd or even; has a timer for every sum that is a multiple of five. */
const deciding = (refuses: (n: number, sum: number) => boolean): Decider<Sum, C, E> => ({
  aggregate: 'counter',
  startsWith: 'add',
  initial: { sum: 0, dueAt: null },
  decide: ({ type, data }, { sum }) => {
    if (type === 'tick') return accept({ type: 'Added', data: { n: 1 } });
    return refuses(data.n, sum) ? refuse('no') : accept({ type: 'Added', data });
  },
  evolve: ({ sum }, { data }) => ({ sum: sum + data.n, dueAt: (sum + data.n) % 5 === 0 ? plusMs(START, (sum + data.n) * HOUR_MS) : null }),
  due: ({ dueAt }) => (dueAt === null ? null : { at: dueAt, command: { type: 'tick', data: { n: 1 } } }),
  isFinal: () => false,
  summary: ({ sum }) => ({ sum: String(sum) }),
});
const rules = deciding((n) => n % 3 === 0);
const changed = deciding((n, sum) => n % 3 === 0 || (n + sum) % 4 === 0);
const loosened = deciding((n) => n % 6 === 0);

type Counter = Entity<Sum, C, E, string>;
const ACTOR = { id: 'a', role: 'r', unit: null };
const add = (commandId: string, n: number, more: Partial<CommandEnvelope> = {}): CommandEnvelope => {
  const asked = { entity: 'x', type: 'add', data: { n }, actor: ACTOR };
  return { ...asked, commandId, channel: 'http', receivedAt: START, fingerprint: fingerprintOf(asked), ...more };
};
const after = (...commands: readonly number[]): Counter => {
  const entity = new Entity(rules, 'x');
  commands.forEach((n, i) => entity.handle(add(`k${i}`, n)));
  return entity;
};
const placesOf = (entity: Counter): readonly Place[] => entity.unconfirmed.flatMap(({ records }) => records);

describe('what a sender knows contradicts a run', () => {
  it.each<[what: string, known: (entity: Counter, places: readonly Place[]) => Pick<CommandEnvelope, 'head' | 'confirmed'>]>([
    ['another hash at a seq that the run has', (_, [one]) => ({ head: { seq: 1, hash: `f${one!.hash.slice(1)}` } })],
    ['another hash that was confirmed', () => ({ confirmed: { seq: 2, hash: 'f'.repeat(64), ordinal: 2 } })],
    ['a record that the run does not have', () => ({ head: { seq: 3, hash: 'f'.repeat(64) } })],
    ['a confirmation that is ahead', () => ({ confirmed: { seq: 3, hash: 'f'.repeat(64), ordinal: 3 } })],
    [
      'outcomes in the ledger without the records that the run has of them: it accepts what was refused',
      (_, [one]) => ({ confirmed: { seq: 1, hash: one!.hash, ordinal: 2 } }),
    ],
  ])('%s', (_what, known) => {
    const entity = after(1, 2);
    expect(entity.contradicts(known(entity, placesOf(entity)))).toBe(true);
  });

  it('a ledger that was read just now and lacks what was confirmed to the run', () => {
    const entity = after(1, 2);
    const [one] = placesOf(entity);
    entity.confirm(entity.confirmationOfAll());
    expect(entity.contradicts({ head: { seq: 1, hash: one!.hash } })).toBe(false); // an older look
    expect(entity.contradicts({ head: { seq: 1, hash: one!.hash, isFresh: true } })).toBe(true);
  });

  it('whatever the sender knows, once a confirmation has shown it; and nothing is let go of any more', () => {
    const entity = after(1, 2);
    const [one] = placesOf(entity);
    entity.confirm({ seq: 1, hash: one!.hash, ordinal: 2 });
    expect(entity.isDiverged).toBe(true);
    expect(entity.contradicts({})).toBe(true);
    expect(entity.unconfirmed).toHaveLength(2);
  });
});

describe('the same records, folded otherwise', () => {
  const elsewhere: typeof rules = { ...rules, evolve: (state, event, context) => ({ ...rules.evolve(state, event, context), sum: 7 }) };
  const wider: typeof rules = { ...rules, evolve: (state, event, context) => ({ ...rules.evolve(state, event, context), ...{ count: 1 } }) };
  const answered = after(1, 2).unconfirmed;
  const { digest, outcome } = answered[1]!;
  const known = { commandId: 'k1', status: outcome.status, seq: outcome.seq, digest: digest! };
  const hash = answered[1]!.records[0]!.hash;
  const by = (decider: typeof rules): Counter => {
    const entity = new Entity(decider, 'x');
    for (const [i, n] of [1, 2].entries()) entity.handle(add(`k${i}`, n));
    return entity;
  };

  it('contradict whoever knows the state that was answered from, by a look or by what it confirmed', () => {
    const entity = by(elsewhere);
    expect(entity.standing.hash).toBe(hash);
    expect(entity.contradicts({ confirmed: { seq: 2, hash, ordinal: 2 } })).toBe(false);
    expect(entity.contradicts({ confirmed: { seq: 2, hash, ordinal: 2, digest: digest! } })).toBe(true);
    expect(entity.contradicts({ head: { seq: 2, hash, last: known } })).toBe(true);
  });

  it('contradict also when timers came behind the last command', () => {
    const entity = by(elsewhere);
    entity.fire();
    const { seq, hash: head } = entity.standing;
    expect(entity.contradicts({ head: { seq, hash: head, isFresh: true, last: known } })).toBe(true);
  });

  it('do not by a field that only one of them has', () => {
    expect(by(wider).contradicts({ head: { seq: 2, hash, last: known } })).toBe(false);
    expect(by(rules).contradicts({ confirmed: { seq: 2, hash, ordinal: 2, digest: by(wider).unconfirmed[1]!.digest! } })).toBe(false);
  });

  it('are not compared where the run began later, nor carried otherwise than they are', () => {
    const entity = by(rules);
    entity.confirm(entity.confirmationOfAll());
    const carried = new Entity(rules, 'x', JSON.parse(JSON.stringify(entity.pack())) as ReturnType<Counter['pack']>);
    expect(carried.contradicts({ head: { seq: 2, hash, last: known } })).toBe(false);
    expect(carried.lastDigests).toEqual([{ seq: 2, digest }]);
    expect(carried.contradicts({ head: { seq: 2, hash, last: { ...known, commandId: 'k0', seq: 1, digest: { sum: 'other' } } } })).toBe(false);
  });
});

describe('what no head can show', () => {
  it('is a refusal that the code at hand accepts, until a flush or whoever had it refused tells of it', () => {
    const world = new World();
    for (const n of [1, 3]) world.command(0, n, 3);
    for (const which of [0, 0]) world.append(0, which);
    const replayed = world.replayedBy(loosened);
    expect([world.entity.seq, replayed.seq]).toEqual([1, 2]);
    expect(replayed.contradicts({ head: world.head(true) })).toBe(false); // its last record could be on its way
    expect(replayed.contradicts({ confirmed: { ...place(world.head(false)), ordinal: 2 } })).toBe(true);
    world.flush();
    expect(world.replayedBy(loosened).contradicts({ head: world.head(true) })).toBe(true);
  });
});

/** One history as Temporal keeps it: what went into the run since it was last continued as new. */
type Input = { readonly command: CommandEnvelope } | { readonly confirmation: Confirmation } | 'fire';

/** An entity, its ledger, two callers that append late or never, and the worker's own flush; the steps are given from outside. */
class World {
  entity: Counter = new Entity(rules, 'x');
  readonly ledger: EventRecord[] = [];
  private carried: ReturnType<Counter['pack']> | undefined;
  private inputs: Input[] = [];
  private readonly callers: {
    confirmed?: Confirmation | undefined;
    readonly waiting: { readonly entries: readonly OutboxEntry[]; readonly at: Place }[];
  }[] = [{ waiting: [] }, { waiting: [] }];
  private commands = 0;

  /** `knows`: the caller's own confirmation, a look at the ledger, an old look, or nothing. */
  command(caller: number, n: number, knows: number): { readonly contradicted: boolean } {
    const { confirmed } = this.callers[caller]!;
    const heads = [{ confirmed }, { head: this.head(true) }, { head: this.head(false, n) }, {}];
    const known = (knows === 0 && confirmed === undefined ? heads[1] : heads[knows]) as { confirmed?: Confirmation; head?: LedgerHead };
    const command = add(`k${(this.commands += 1)}`, n, known.head?.seq === 0 ? {} : known);
    if (this.entity.contradicts(command)) return { contradicted: true };
    this.inputs.push({ command });
    const answer: CommandAnswer = this.entity.handle(command);
    if (answer.at !== undefined) this.callers[caller]!.waiting.push({ entries: answer.unconfirmed, at: answer.at });
    return { contradicted: false };
  }

  /** The caller brings one of the answers that it holds to the ledger, not always in their order. */
  append(caller: number, which: number): void {
    const { waiting } = this.callers[caller]!;
    const [one] = waiting.splice(which % Math.max(1, waiting.length), 1);
    if (one !== undefined) this.callers[caller]!.confirmed = this.take(one.entries, one.at) ?? this.callers[caller]!.confirmed;
  }

  flush(): void {
    const entries = this.entity.nextToFlush;
    if (entries.length === 0) return;
    const confirmation = this.take(entries, this.entity.behind(entries));
    expect(confirmation).not.toBeNull();
    this.inputs.push({ confirmation: confirmation! });
    this.entity.confirm(confirmation!);
  }

  fire(): void {
    this.inputs.push('fire');
    this.entity.fire();
  }

  continueAsNew(): void {
    this.carried = JSON.parse(JSON.stringify(this.entity.pack())) as ReturnType<Counter['pack']>;
    this.inputs = [];
    this.entity = new Entity(rules, 'x', this.carried);
  }

  /** The run as other code, or the same, comes to it. */
  replayedBy(decider: Decider<Sum, C, E>): Counter {
    const entity = new Entity(decider, 'x', this.carried);
    for (const input of this.inputs) {
      if (input === 'fire') entity.fire();
      else if ('command' in input) entity.handle(input.command);
      else entity.confirm(input.confirmation);
    }
    return entity;
  }

  head(isFresh: boolean, back = 0): LedgerHead {
    const at = isFresh ? this.ledger.at(-1) : this.ledger.at(-1 - (back % Math.max(1, this.ledger.length)));
    return { seq: at?.seq ?? 0, hash: at?.hash ?? GENESIS_HASH, ...(isFresh ? { isFresh } : {}) };
  }

  /** As the appender does: behind the predecessor or not at all; null when the predecessor is not there yet. */
  private take(entries: readonly OutboxEntry[], at: Place): Confirmation | null {
    const records = entries.flatMap((entry) => entry.records);
    const [first] = records;
    if (first !== undefined && first.seq > this.ledger.length + 1) return null;
    for (const record of records) {
      const there = this.ledger[record.seq - 1];
      if (there === undefined) this.ledger.push(record);
      else expect(there.hash).toBe(record.hash);
    }
    const { seq, hash } = records.at(-1) ?? at;
    return { seq, hash, ordinal: entries.at(-1)?.ordinal ?? 0 };
  }
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('command' as const), caller: fc.nat(1), n: fc.integer({ min: 1, max: 12 }), knows: fc.nat(3) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('append' as const), caller: fc.nat(1), n: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('flush' as const, 'fire' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('continueAsNew' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const take = (world: World, one: Step): void => {
  if (one.do === 'command') expect(world.command(one.caller, one.n, one.knows)).toEqual({ contradicted: false });
  else if (one.do === 'append') world.append(one.caller, one.n);
  else world[one.do]();
};

describe('any interleaving of commands, appends of two callers, flushes, timers and continue-as-new', () => {
  it('contradicts nobody while the same code runs, and leaves the ledger whole', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const world = new World();
        for (const one of steps) {
          take(world, one);
          expect(world.entity.openEnds).toContainEqual(place(world.head(false)));
        }
        expect(world.replayedBy(rules).standing).toEqual(world.entity.standing);
        for (let i = 0; i < 5; i += 1) world.flush();
        expect(world.entity.unconfirmed).toEqual([]);
        expect(place(world.head(false))).toEqual({ seq: world.entity.seq, hash: world.entity.standing.hash });
      }),
      { numRuns: 800 },
    );
  });

  it.each([
    ['refuses what was accepted', changed],
    ['accepts what was refused', loosened],
  ])('contradicts whoever has looked at the ledger, when code that %s replays what has been flushed', (_what, other) => {
    let differing = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const world = new World();
        for (const one of steps) take(world, one);
        for (let i = 0; i < 5; i += 1) world.flush();
        const replayed = world.replayedBy(other);
        const isSame = replayed.seq === world.entity.seq && replayed.standing.hash === world.entity.standing.hash;
        if (!isSame) differing += 1;
        expect(replayed.contradicts({ head: world.head(true) })).toBe(!isSame);
      }),
      { numRuns: 800 },
    );
    expect(differing).toBeGreaterThan(80);
  });
});

const place = ({ seq, hash }: Place): Place => ({ seq, hash });
