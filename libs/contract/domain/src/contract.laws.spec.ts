import { equal, ok } from 'node:assert/strict';
import { describe, expect, it } from '@jest/globals';
import { laterOf, plusMs, type Actor, type Context } from '@qiyue/engine';
import { livesToTry, TEST_CONTEXT } from '@qiyue/engine-testing';
import fc from 'fast-check';
import {
  contractDecider,
  type Changes,
  type ContractCommand,
  type ContractCommandType,
  type ContractEvent,
  type ContractState,
  type Score,
  type Side,
} from './index';
import {
  centre,
  clock,
  COMMAND_TYPES,
  cora,
  evolve,
  hill,
  ITEMS,
  NOW,
  please,
  retimer,
  rightActorFor,
  stateAfter,
  TABLES,
  tablesWith,
  water,
} from './testing/contract.fixtures';

const RUNS = livesToTry(20_000);
const [KINDS, VARIANTS, HOURS] = [200, 24, [0, 0, 0, 1, 30, 400]];
const STEPS_MAX = KINDS * VARIANTS * HOURS.length - 1;
const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** What leads on: most steps sign, amend, finish and evaluate instead of being refused for their stage. */
const OFTEN: readonly ContractCommandType[] = [
  ...(['propose', 'sign', 'sign', 'sign', 'sign', 'amend', 'agree-amendment', 'decline-amendment', 'finish-item', 'finish-item'] as const),
  ...(['evaluate', 'evaluate', 'evaluate', 'evaluate', 'evaluate', 'tick', 'tick', 'end', 'retime', 'terminate'] as const),
];
const ACTORS: readonly Actor[] = [water, cora, hill, centre, retimer, clock];
const POLICIES = [TABLES, TABLES, TABLES, tablesWith({ signWithin: { workingDays: 5 } }), tablesWith({ noticeDays: 3 })];
const CHANGES: readonly Changes[] = [
  { items: ITEMS.slice(1) },
  { items: [...ITEMS, { title: 't', kind: 'service' }] },
  { items: [{ title: 't', kind: 'service' }] },
  { endsOn: '2024-11-30' },
  { endsOn: '2024-08-31' },
  { duties: { community: [], unit: [] } },
  {},
];

const commandFor = (type: ContractCommandType, variant: number, side: Side): ContractCommand => {
  const itemId = `i${(variant % 4) + 1}`;
  switch (type) {
    case 'amend':
      return please('amend', { ...at(CHANGES, variant), reason: 'r' });
    case 'finish-item':
      return please('finish-item', { itemId });
    case 'evaluate':
      return please('evaluate', { side, score: ((variant % 5) + 1) as Score, ...(variant % 3 === 0 ? {} : { itemId }) });
    default:
      return please(type);
  }
};

const nextOf = (state: ContractState, n: number, now: string): { readonly command: ContractCommand; readonly context: Context } => {
  const [pick, variant, hours] = [n % KINDS, Math.floor(n / KINDS) % VARIANTS, at(HOURS, Math.floor(n / (KINDS * VARIANTS)))];
  const likely = pick % 10 !== 9;
  const type = at(likely ? OFTEN : COMMAND_TYPES, Math.floor(pick / 10));
  const side: Side = variant % 2 === 0 ? 'unit' : 'community';
  const due = likely && (type === 'tick' || type === 'end') ? contractDecider.due(state, { rules: 1 }) : null;
  const command = due?.command ?? commandFor(type, variant, side);
  const right = rightActorFor(command);
  const actor = likely ? (right === water && side === 'community' ? cora : right) : at(ACTORS, variant);
  return {
    command,
    context: { ...TEST_CONTEXT, now: due === null ? plusMs(now, hours * 3_600_000) : laterOf(due.at, now), actor, tables: at(POLICIES, variant) },
  };
};

/** What both sides said yes to, counted from events alone and apart from the decider. */
class Witness {
  private signed = new Set<Side>();
  private proposer: Side | null = null;
  private readonly ids = new Set<string>();
  private readonly finished = new Set<string>();
  private readonly evaluated = new Set<string>();
  private inForce = 0;
  private closings = 0;

  sees(event: ContractEvent, { actor }: Context): void {
    equal(this.closings, 0);
    switch (event.type) {
      case 'ContractProposed':
        for (const { itemId } of event.data.items) this.ids.add(itemId);
        break;
      case 'SignatureGiven':
        equal(actor.role, event.data.side === 'unit' ? 'department' : 'community');
        ok(!this.signed.has(event.data.side) && this.proposer === null);
        this.signed.add(event.data.side);
        break;
      case 'ContractInForce':
        equal(this.signed.size, 2);
        this.inForce += 1;
        equal(this.inForce, 1);
        break;
      case 'AmendmentProposed':
        equal(this.proposer, null);
        this.proposer = event.data.side;
        break;
      case 'AmendmentDeclined':
        ok(this.proposer !== null);
        this.proposer = null;
        break;
      case 'ContractAmended':
        ok(this.proposer !== null && actor.role === (this.proposer === 'unit' ? 'community' : 'department'), 'nobody else agrees');
        this.proposer = null;
        if (event.data.stage === 'proposed') this.signed = new Set();
        for (const id of event.data.droppedItems) ok(this.ids.has(id) && !this.finished.has(id));
        for (const { itemId } of event.data.items) this.ids.add(itemId);
        for (const id of this.finished) ok(event.data.items.some(({ itemId }) => itemId === id));
        break;
      case 'ItemFinished':
        ok(this.ids.has(event.data.itemId) && !this.finished.has(event.data.itemId) && this.inForce === 1);
        this.finished.add(event.data.itemId);
        break;
      case 'SideEvaluated': {
        const what = `${event.data.side} ${event.data.itemId ?? ''}`;
        ok(!this.evaluated.has(what) && (event.data.itemId === undefined || this.finished.has(event.data.itemId)));
        this.evaluated.add(what);
        break;
      }
      case 'ContractClosed':
        if (event.data.cause === 'evaluated') equal(this.evaluated.size, 2 + 2 * this.finished.size);
        this.closings += 1;
        break;
      case 'ContractWithdrawn':
      case 'ContractTerminated':
        this.closings += 1;
        break;
      default:
        break;
    }
  }
}

const viaJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const EVERY_PLACE = [
  ...['closed/evaluated', 'closed/lapsed', 'closed/terminated', 'closed/unsigned', 'closed/withdrawn', 'evaluating/awaiting-evaluations'],
  ...['in-force/running', 'in-force/under-notice', 'proposed/awaiting-second-signature', 'proposed/awaiting-signatures'],
];
const EVERY_EVENT = [
  ...['AmendmentDeclined', 'AmendmentProposed', 'ContractAmended', 'ContractClosed', 'ContractEnded', 'ContractInForce', 'ContractProposed'],
  ...['ContractTerminated', 'ContractWithdrawn', 'DeadlineApproaching', 'DeadlineMissed', 'DeadlineMoved', 'Escalated', 'ItemFinished'],
  ...['SideEvaluated', 'SignatureGiven', 'TerminationGiven'],
];
const EVERY_REFUSAL = [
  ...[
    'already-evaluated',
    'already-signed',
    'amendment-pending',
    'invalid-body',
    'item-finished',
    'item-not-finished',
    'no-amendment',
    'no-such-item',
  ],
  ...['not-ended', 'not-permitted', 'nothing-to-amend', 'own-amendment', 'too-late', 'under-notice', 'wrong-stage'],
];

describe('any sequence of commands', () => {
  it(`changes nothing that both sides have not said yes to, in ${RUNS} contracts`, () => {
    const seen = { places: new Set<string>(), events: new Set<string>(), refusals: new Set<string>() };
    fc.assert(
      fc.property(fc.array(fc.nat(STEPS_MAX), { minLength: 10, maxLength: 60, size: 'max' }), (steps) => {
        let [live, folded, now]: [ContractState, ContractState, string] = [contractDecider.initial, contractDecider.initial, NOW];
        const witness = new Witness();
        for (const step of steps) {
          const { command, context } = nextOf(live, step, now);
          now = context.now;
          const decision = contractDecider.decide(command, live, context);
          if (!decision.ok) {
            seen.refusals.add(decision.refusal.code);
            continue;
          }
          if (contractDecider.isFinal(live)) equal(decision.events.length, 0);
          if (context.actor.role !== 'system') ok(decision.events.length > 0, 'nothing comes of what was accepted');
          for (const event of decision.events) {
            witness.sees(event, context);
            live = evolve(live, event);
            folded = viaJson(evolve(folded, viaJson(event)));
            seen.events.add(event.type);
          }
          equal(JSON.stringify(folded), JSON.stringify(live));
          if (live.stage !== 'nonexistent') seen.places.add(Object.values(contractDecider.summary(live)).join('/'));
        }
      }),
      { numRuns: RUNS, seed: 20_240_620 },
    );
    expect([...seen.places].sort()).toEqual(EVERY_PLACE);
    expect([...seen.events].sort()).toEqual(EVERY_EVENT);
    expect([...seen.refusals].sort()).toEqual(EVERY_REFUSAL);
  }, 120_000);

  it('never leaves a due that its own command does not move', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(STEPS_MAX), { minLength: 20, maxLength: 60, size: 'max' }), (steps) => {
        let [state, now]: [ContractState, string] = [contractDecider.initial, NOW];
        for (const step of steps) {
          const { command, context } = nextOf(state, step, now);
          now = context.now;
          const decision = contractDecider.decide(command, state, context);
          if (decision.ok) state = decision.events.reduce(evolve, state);
          const due = contractDecider.due(state, { rules: 1 });
          if (due === null) continue;
          const fired = contractDecider.decide(due.command, state, { ...context, actor: clock, now: due.at });
          expect(fired).toMatchObject({ ok: true });
          if (fired.ok) expect(contractDecider.due(fired.events.reduce(evolve, state), { rules: 1 })).not.toEqual(due);
        }
      }),
      { numRuns: 1_000, seed: 7 },
    );
  });
});

describe('a corrupt stream', () => {
  const proposed = { type: 'ContractProposed', data: { ...please('propose').data, items: ITEMS, endsAt: NOW, dueAt: NOW } };
  it.each([
    [[{ type: 'SignatureGiven', data: {} }], 'corrupt stream: SignatureGiven in nonexistent'],
    [[proposed, proposed], 'corrupt stream: ContractProposed in proposed'],
    [[proposed, { type: 'ItemFinished', data: { itemId: 'i1' } }], 'corrupt stream: ItemFinished in proposed'],
    [[proposed, { type: 'DeadlineMissed', data: { stage: 'proposed' } }], 'corrupt stream: DeadlineMissed without its deadline'],
    [[{ type: 'ContractForgotten', data: {} }], 'unreachable'],
  ])('is noticed by evolve instead of being folded to something: %#', (events, message) => {
    expect(() => stateAfter(events as unknown as readonly ContractEvent[])).toThrow(message);
  });
});
