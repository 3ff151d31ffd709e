import { deepEqual, equal, ok } from 'node:assert/strict';
import { describe, expect, it } from '@jest/globals';
import { laterOf, plusMs, type Actor, type Context } from '@qiyue/engine';
import { livesToTry, TEST_CONTEXT } from '@qiyue/engine-testing';
import fc from 'fast-check';
import {
  availableFenOf,
  reservedFenOf,
  SAYING_NOTHING_NEW,
  unitYearDecider,
  type UnitYearCommand,
  type UnitYearCommandType,
  type UnitYearEvent,
  type UnitYearState,
} from './index';
import {
  centre,
  clock,
  COMMAND_TYPES,
  cora,
  evolve,
  funding,
  NOW,
  please,
  rightActorFor,
  roads,
  TABLES,
  tablesWith,
  water,
  waters,
} from './testing/unit-year.fixtures';

const RUNS = livesToTry(20_000);
/** Eight for each of the commands in `OFTEN`. */
const [KINDS, VARIANTS, HOURS] = [280, 24, [0, 0, 0, 0, 1, 30, 1_500]];
const STEPS_MAX = KINDS * VARIANTS * HOURS.length - 1;
const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** What leads on: most steps move money or pledges instead of being refused for their stage. */
const OFTEN: readonly UnitYearCommandType[] = [
  ...(['reserve', 'reserve', 'reserve', 'reserve', 'commit', 'commit', 'release', 'release', 'resize', 'set-budget', 'set-budget'] as const),
  ...(['adjust-budget', 'pledge', 'pledge', 'pledge', 'link', 'link', 'link', 'publish', 'publish', 'fulfil-pledge', 'fulfil-pledge'] as const),
  ...([
    'contest',
    'settle',
    'contest',
    'settle',
    'contest',
    'settle',
    'unlink',
    'carry-over',
    'withdraw-pledge',
    'amend-pledge',
    'retime',
    'tick',
    'close',
  ] as const),
];
const ACTORS: readonly Actor[] = [water, roads, centre, cora, funding, clock];
const POLICIES = [TABLES, TABLES, TABLES, tablesWith({ publishBy: '05-15' }), tablesWith({ budgetRequired: true })];

const commandFor = (type: UnitYearCommandType, variant: number): UnitYearCommand => {
  const pledgeId = `p${(variant % 5) + 1}`;
  const needId = `n${variant % 6}`;
  const reservationId = `r${variant % 7}`;
  const kind = at(['tangible', 'tangible', 'service'] as const, variant);
  switch (type) {
    case 'reserve':
      return please('reserve', { ...waters, reservationId, needId: `n${variant % 7}`, amountFen: at([0, 1, 3, 250, 400], variant >> 1) });
    case 'resize':
    case 'commit':
      return please(type, { reservationId, amountFen: at([0, 1, 2, 250, 300, 401], variant >> 1) });
    case 'release':
      return please('release', { reservationId });
    case 'set-budget':
      return please('set-budget', { amountFen: at([0, 300, 700, 1_000, 1_000], variant), reference: 'r' });
    case 'adjust-budget':
      return please('adjust-budget', { deltaFen: at([-1_000, -250, -1, 1, 600], variant), reason: 'r' });
    case 'pledge':
      return please('pledge', { kind, title: 't' });
    case 'link':
      return please('link', { pledgeId, needId });
    case 'fulfil-pledge':
      return please('fulfil-pledge', { needId, kind, satisfied: variant % 4 !== 0 });
    case 'settle':
      return please('settle', { pledgeId: `p${(variant % 2) + 1}`, upheld: variant % 8 > 5, reason: 'r' });
    case 'amend-pledge':
      return please('amend-pledge', { pledgeId, ...at([{ title: 'u' }, { kind }, { description: 'd' }, {}], variant) });
    case 'contest':
      return please('contest', { pledgeId: `p${(variant % 2) + 1}`, reason: 'r' });
    case 'carry-over':
    case 'withdraw-pledge':
      return please(type, { pledgeId, reason: 'r' });
    case 'unlink':
      return please('unlink', { pledgeId });
    default:
      return please(type);
  }
};

/** Every second link is that of a pledge that waits for its need, so that years get under way. */
const meantFor = (type: UnitYearCommandType, state: UnitYearState, variant: number): UnitYearCommand => {
  const waiting =
    type === 'link' && variant % 2 === 0 && state.stage !== 'nonexistent' ? state.pledges.find((one) => one.state === 'promised') : undefined;
  return waiting === undefined
    ? commandFor(type, variant)
    : please('link', { pledgeId: waiting.pledgeId, needId: waiting.pledgeId.replace('p', 'n') });
};

const nextOf = (state: UnitYearState, n: number, now: string): { readonly command: UnitYearCommand; readonly context: Context } => {
  const [pick, variant, hours] = [n % KINDS, Math.floor(n / KINDS) % VARIANTS, at(HOURS, Math.floor(n / (KINDS * VARIANTS)))];
  const likely = pick % 8 !== 7;
  const type = at(likely ? OFTEN : COMMAND_TYPES, pick >> 3);
  const later = plusMs(now, hours * 3_600_000);
  const due = type === 'tick' && likely ? unitYearDecider.due(state, { rules: 1 }) : null;
  const command = due?.command ?? (likely ? meantFor(type, state, variant) : commandFor(type, variant));
  const actor = due !== null ? clock : likely ? rightActorFor(command) : at(ACTORS, variant);
  return { command, context: { ...TEST_CONTEXT, now: due === null ? later : laterOf(due.at, now), actor, tables: at(POLICIES, variant) } };
};

/** The money and the pledges once more, counted from events alone and apart from the decider. */
class Witness {
  private grantedFen: number | null = null;
  private spentFen = 0;
  private readonly open = new Map<string, number>();
  private readonly over = new Set<string>();
  private readonly needs = new Map<string, string>();
  private readonly fulfilled = new Set<string>();
  private closings = 0;

  sees(event: UnitYearEvent): void {
    switch (event.type) {
      case 'BudgetSet':
      case 'BudgetAdjusted':
        equal(event.data.beforeFen, this.grantedFen);
        this.grantedFen = event.data.amountFen;
        break;
      case 'FundsReserved':
        equal(this.closings, 0);
        ok(!this.open.has(event.data.reservationId) && !this.over.has(event.data.reservationId), 'reserved twice');
        this.open.set(event.data.reservationId, event.data.amountFen);
        break;
      case 'ReservationResized':
        equal(event.data.beforeFen, this.open.get(event.data.reservationId));
        this.open.set(event.data.reservationId, event.data.amountFen);
        break;
      case 'FundsCommitted':
        equal(event.data.amountFen + event.data.returnedFen, this.open.get(event.data.reservationId));
        ok(event.data.amountFen >= 0 && event.data.returnedFen >= 0);
        this.spentFen += event.data.amountFen;
        this.ends(event.data.reservationId);
        break;
      case 'FundsReleased':
        equal(event.data.amountFen, this.open.get(event.data.reservationId));
        this.ends(event.data.reservationId);
        break;
      case 'PledgeLinked':
        for (const [pledge, need] of this.needs) if (need === event.data.needId) equal(pledge, event.data.pledgeId);
        this.needs.set(event.data.pledgeId, event.data.needId);
        break;
      case 'PledgeUnlinked':
      case 'PledgeWithdrawn':
      case 'PledgeCarriedOver':
      case 'PledgeFailed':
        this.needs.delete(event.data.pledgeId);
        this.fulfilled.delete(event.data.pledgeId);
        break;
      case 'PledgeFulfilled':
        equal(this.needs.get(event.data.pledgeId), event.data.needId);
        ok(!this.fulfilled.has(event.data.pledgeId), 'fulfilled twice');
        this.fulfilled.add(event.data.pledgeId);
        break;
      case 'UnitYearClosed':
        this.closings += 1;
        equal(this.closings, 1);
        break;
      default:
        break;
    }
  }

  private ends(reservationId: string): void {
    this.open.delete(reservationId);
    this.over.add(reservationId);
  }

  /** granted = available + reserved + committed, each of them at least 0. */
  agreesWith(state: UnitYearState): void {
    if (state.stage === 'nonexistent') return;
    deepEqual(new Map(state.reservations.map(({ reservationId, amountFen }) => [reservationId, amountFen])), this.open);
    const [reservedFen, availableFen] = [reservedFenOf(state), availableFenOf(state)];
    deepEqual([state.grantedFen, state.committedFen], [this.grantedFen, this.spentFen]);
    equal(
      reservedFen,
      [...this.open.values()].reduce((sum, fen) => sum + fen, 0),
    );
    ok(reservedFen >= 0 && state.committedFen >= 0);
    if (state.grantedFen === null || availableFen === null) equal(availableFen, null);
    else {
      equal(state.grantedFen, availableFen + reservedFen + state.committedFen);
      ok(availableFen >= 0);
    }
    if (state.stage === 'closed')
      for (const pledge of state.pledges) ok(['fulfilled', 'failed', 'carried-over', 'withdrawn'].includes(pledge.state), pledge.state);
    equal(state.pledges.filter(({ state: now, contestedFrom }) => now === 'fulfilled' || contestedFrom === 'fulfilled').length, this.fulfilled.size);
  }

  /** Gives back or spends whatever is still open, as funding does in the end. */
  settles(state: UnitYearState, context: Context): UnitYearState {
    let left = state;
    for (const [i, reservationId] of [...this.open.keys()].entries()) {
      const command = i % 2 === 0 ? please('release', { reservationId }) : please('commit', { reservationId, amountFen: 0 });
      const decision = unitYearDecider.decide(command, left, { ...context, actor: funding });
      if (!decision.ok) throw new Error(`${command.type} was refused: ${decision.refusal.code}`);
      for (const event of decision.events) {
        left = evolve(left, event);
        this.sees(event);
        this.agreesWith(left);
      }
    }
    return left;
  }
}

const viaJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('any sequence of commands', () => {
  it(`keeps granted = available + reserved + committed at every seq and leaves nothing reserved, in ${RUNS} years`, () => {
    const seen = {
      places: new Set<string>(),
      events: new Set<string>(),
      refusals: new Set<string>(),
      pledges: new Set<string>(),
      silent: new Set<string>(),
    };
    fc.assert(
      fc.property(fc.array(fc.nat(STEPS_MAX), { minLength: 10, maxLength: 60, size: 'max' }), (steps) => {
        let [live, folded, now]: [UnitYearState, UnitYearState, string] = [unitYearDecider.initial, unitYearDecider.initial, NOW];
        const witness = new Witness();
        for (const step of steps) {
          const { command, context } = nextOf(live, step, now);
          now = context.now;
          const decision = unitYearDecider.decide(command, live, context);
          if (!decision.ok) {
            seen.refusals.add(decision.refusal.code);
            continue;
          }
          if (unitYearDecider.isFinal(live)) equal(decision.events.length, 0);
          if (decision.events.length === 0 && context.actor.role !== 'system') seen.silent.add(command.type);
          for (const event of decision.events) {
            live = evolve(live, event);
            folded = viaJson(evolve(folded, viaJson(event)));
            witness.sees(event);
            witness.agreesWith(live);
            seen.events.add(event.type);
          }
          equal(JSON.stringify(folded), JSON.stringify(live));
          if (live.stage === 'nonexistent') continue;
          seen.places.add(Object.values(unitYearDecider.summary(live)).join('/'));
          for (const { state } of live.pledges) seen.pledges.add(state);
        }
        const left = witness.settles(live, { ...TEST_CONTEXT, now, tables: TABLES });
        if (left.stage !== 'nonexistent') equal(reservedFenOf(left), 0);
        if (left.stage === 'closed') ok(unitYearDecider.isFinal(left));
      }),
      { numRuns: RUNS, seed: 20_240_620 },
    );
    expect([...seen.places].sort()).toEqual(['closed/ended', 'closed/settling', 'fulfilling/at-work', 'pledging/promising', 'published/matching']);
    expect([...seen.silent].sort()).toEqual([...SAYING_NOTHING_NEW].sort());
    expect([...seen.events].sort()).toEqual(EVERY_EVENT);
    expect([...seen.refusals].sort()).toEqual(EVERY_REFUSAL);
    expect([...seen.pledges].sort()).toEqual(['carried-over', 'contested', 'failed', 'fulfilled', 'linked', 'promised', 'withdrawn']);
  }, 120_000);

  it('never leaves a due that its own command does not move', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(STEPS_MAX), { minLength: 20, maxLength: 60, size: 'max' }), (steps) => {
        let [state, now]: [UnitYearState, string] = [unitYearDecider.initial, NOW];
        for (const step of steps) {
          const { command, context } = nextOf(state, step, now);
          now = context.now;
          const decision = unitYearDecider.decide(command, state, context);
          if (decision.ok) state = decision.events.reduce(evolve, state);
          const due = unitYearDecider.due(state, { rules: 1 });
          if (due === null) continue;
          const fired = unitYearDecider.decide(due.command, state, { ...context, actor: clock, now: due.at });
          expect(fired).toMatchObject({ ok: true });
          if (fired.ok) expect(unitYearDecider.due(fired.events.reduce(evolve, state), { rules: 1 })).not.toEqual(due);
        }
      }),
      { numRuns: 1_000, seed: 7 },
    );
  });
});

describe('a corrupt stream', () => {
  const open = please('open').data;
  const opened = { type: 'UnitYearOpened', data: { ...open, closesAt: NOW, dueAt: NOW } } as unknown as UnitYearEvent;
  const fold = (...events: readonly unknown[]) => (events as readonly UnitYearEvent[]).reduce(evolve, unitYearDecider.initial);
  it.each([
    [[{ type: 'BudgetSet', data: { amountFen: 1 } }], 'corrupt stream: BudgetSet in nonexistent'],
    [[opened, opened], 'corrupt stream: UnitYearOpened in pledging'],
    [[opened, { type: 'FundsReleased', data: { reservationId: 'r1' } }], 'corrupt stream: FundsReleased of r1, which is not reserved'],
    [[opened, { type: 'PledgeLinked', data: { pledgeId: 'p1', needId: 'n1' } }], 'corrupt stream: PledgeLinked of no pledge p1'],
    [[opened, { type: 'DeadlineMissed', data: { stage: 'pledging' } }], 'corrupt stream: DeadlineMissed without its deadline'],
    [[{ type: 'UnitYearForgotten', data: {} }], 'unreachable'],
  ])('is noticed by evolve instead of being folded to something: %#', (events, message) => {
    expect(() => fold(...events)).toThrow(message);
  });
});

const EVERY_EVENT = [
  ...['BudgetAdjusted', 'BudgetSet', 'DeadlineApproaching', 'DeadlineMissed', 'DeadlineMoved', 'Escalated', 'FundsCommitted', 'FundsReleased'],
  ...['FundsReserved', 'PledgeAmended', 'PledgeCarriedOver', 'PledgeContested', 'PledgeFailed', 'PledgeFulfilled', 'PledgeLinked', 'PledgeMade'],
  ...['PledgeSettled', 'PledgeUnlinked', 'PledgeWithdrawn', 'PledgesPublished', 'PledgesUnderWay', 'ReservationResized', 'UnitYearClosed'],
  'UnitYearOpened',
];
/** All but the two bounds on how many there are, which so short a life does not come to. */
const EVERY_REFUSAL = [
  ...['already-published', 'already-settled', 'closed', 'invalid-body', 'need-taken', 'no-budget', 'no-such-pledge', 'no-such-reservation'],
  ...['not-permitted', 'nothing-to-amend', 'over-budget', 'over-reservation', 'pledges-out-of-bounds', 'reservation-differs'],
  ...['reservation-ended', 'too-late', 'wrong-stage', 'wrong-state'],
];
