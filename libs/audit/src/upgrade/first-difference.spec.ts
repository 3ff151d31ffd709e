import { describe, expect, it } from '@jest/globals';
import {
  accept,
  anyDecider,
  Entity,
  fingerprintOf,
  refuse,
  type CommandEnvelope,
  type Decider,
  type EntityCarry,
  type OutboxEntry,
} from '@qiyue/engine';
import type { ReplayedRun } from '../reconcile/history-replay';
import { firstDifference, stateDifference } from './first-difference';
import { knownOutcomeOf, type KnownRun } from './known-run';

type C = { readonly type: 'add'; readonly data: { readonly n: number } };
type E = { readonly type: 'Added'; readonly data: { readonly n: number } };

/** `times`: records per command. */
const counting = (limit: number, times = 1, code = 'too-large'): Decider<{ readonly sum: number }, C, E> => ({
  aggregate: 'counter',
  startsWith: 'add',
  initial: { sum: 0 },
  decide: ({ data }) => (data.n > limit ? refuse(code) : accept(...Array.from({ length: times }, (): E => ({ type: 'Added', data })))),
  evolve: ({ sum }, { data }) => ({ sum: sum + data.n }),
  due: () => null,
  isFinal: () => false,
  summary: () => ({}),
});

const add = (commandId: string, n: number): CommandEnvelope => {
  const asked = { entity: 'x', type: 'add', data: { n }, actor: { id: 'a', role: 'r', unit: null } };
  return { ...asked, commandId, channel: 'http', receivedAt: '2024-07-01T08:00:00.000+08:00', fingerprint: fingerprintOf(asked) };
};
const COMMANDS = [add('k1', 1), add('k2', 9), add('k3', 3)];

const run = (decider: Decider<{ readonly sum: number }, C, E>, more: Partial<ReplayedRun> = {}): ReplayedRun => {
  const handled: OutboxEntry[] = [];
  const entity = new Entity(decider, 'x', undefined, undefined, (entry) => handled.push(entry));
  const first = entity.pack();
  for (const command of COMMANDS) entity.handle(command);
  return { first, last: entity.pack(), handled, deadlines: [], why: null, ...more };
};
const known = ({ handled }: ReplayedRun, more: Partial<KnownRun> = {}): KnownRun => ({
  hashes: new Map(handled.flatMap(({ records }) => records.map(({ seq, hash }) => [seq, hash] as const))),
  outcomes: new Map(handled.map(({ commandId, fingerprint, outcome }) => [commandId, knownOutcomeOf({ fingerprint, outcome })])),
  timers: new Map(),
  ...more,
});
const RAN = known(run(counting(5)));

describe('the first difference between a replay and what is known', () => {
  it.each<[what: string, replayed: ReplayedRun, expected: object | null]>([
    ['is none for the same code', run(counting(5)), null],
    ['is a command that is accepted now', run(counting(10)), { seq: 2, why: 'other-outcome' }],
    ['is a command that is refused now', run(counting(2)), { seq: 2, why: 'other-outcome' }],
    ['is another reason for a refusal', run(counting(5, 1, 'too-much')), { seq: 2, why: 'other-outcome' }],
    ['is a record more', run(counting(5, 2)), { seq: 2, why: 'extra' }],
    [
      'is found in a history that does not fit any more behind it',
      run(counting(2), { why: 'DeterminismViolationError' }),
      { seq: 2, why: 'other-outcome' },
    ],
  ])('%s', (_what, replayed, expected) => {
    expect(firstDifference(replayed, RAN)).toEqual(expected);
  });

  it('is another state behind the same records, with the fields that differ', () => {
    const decider = counting(5);
    const otherwise: typeof decider = { ...decider, evolve: (state, event, context) => ({ ...decider.evolve(state, event, context), sum: 7 }) };
    const wider: typeof decider = { ...decider, evolve: (state, event, context) => ({ ...decider.evolve(state, event, context), ...{ count: 1 } }) };
    const ran = run(decider);
    const digested = new Map(ran.handled.map((entry) => [entry.commandId, knownOutcomeOf(entry)]));
    expect(firstDifference(run(otherwise), { ...RAN, outcomes: digested })).toEqual({ seq: 2, why: 'other-state', fields: ['sum'] });
    expect(firstDifference(run(wider), { ...RAN, outcomes: digested })).toBeNull();
    expect(firstDifference(run(otherwise), RAN)).toBeNull(); // by what was answered before there were digests
  });

  it('is a record less', () => {
    expect(firstDifference(run(counting(5)), known(run(counting(5, 2))))).toEqual({ seq: 2, why: 'missing' });
  });

  it('is a record of the ledger that no command of the history gives', () => {
    const longer = { ...RAN, hashes: new Map([...RAN.hashes, [3, 'more']]) };
    expect(firstDifference(run(counting(5)), longer)).toEqual({ seq: 3, why: 'missing' });
    expect(firstDifference(run(counting(5), { why: 'ReplayError' }), longer)).toBeNull(); // it did not come so far
  });

  it('is not what the ledger lacks: it may be on its way', () => {
    expect(firstDifference(run(counting(5)), { hashes: new Map(), outcomes: new Map(), timers: new Map() })).toBeNull();
  });

  it('is not the outcome of another command with the same id', () => {
    const taken = { fingerprint: 'another', status: 'accepted', seq: 7, code: null } as const;
    expect(firstDifference(run(counting(5)), { ...RAN, outcomes: new Map([['k2', taken]]) })).toBeNull();
  });

  it('is where a continued run began, when the ledger holds something else there', () => {
    const replayed = run(counting(5));
    const first = { ...replayed.last, seq: 1, hash: 'f'.repeat(64) } as EntityCarry<unknown>;
    expect(firstDifference({ ...replayed, first }, RAN)).toEqual({ seq: 1, why: 'other-hash' });
  });

  it('is a deadline that waits longer, or for something else; one that was unset at once is in no history', () => {
    const withTimer = (ms: number, type: string) =>
      run(counting(5), {
        deadlines: [
          { id: '1', ms, type, seq: 1 },
          { id: '2', ms: 1, type, seq: 2 },
        ],
      });
    const timers = new Map([['1', { ms: 1_000, type: 'tick' }]]);
    expect(firstDifference(withTimer(1_000.4, 'tick'), { ...RAN, timers })).toBeNull();
    expect(firstDifference(withTimer(2_000, 'tick'), { ...RAN, timers })).toEqual({ seq: 2, why: 'other-deadline' });
    expect(firstDifference(withTimer(1_000, 'close'), { ...RAN, timers })).toEqual({ seq: 2, why: 'other-deadline' });
  });
});

describe('the state that a run carries', () => {
  const { last, handled } = run(counting(5));
  const records = handled.flatMap((entry) => entry.records);
  const decider = anyDecider(counting(5));
  const ledger = { records: records.slice(0, 1), outcomes: new Map() };

  it('is what the records in the ledger and behind it come to', () => {
    expect(stateDifference(decider, ledger, last)).toBeNull();
  });

  it.each([{ sum: NaN }, { sum: 4, more: 1 }, {}])('is not %j', (state) => {
    expect(stateDifference(decider, ledger, { ...last!, state })).toEqual({ seq: 3, why: 'other-state' });
  });

  it('is not judged while a record is nowhere but in the history', () => {
    expect(stateDifference(decider, { ...ledger, records: [] }, { ...last!, outbox: [], state: {} })).toBeNull();
  });
});
