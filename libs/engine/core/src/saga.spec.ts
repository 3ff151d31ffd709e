import { describe, expect, it } from '@jest/globals';
import { Entity } from './entity';
import { accept, refuse, type Decider } from './decider';
import { contextOn, openState, tryOn } from './entity-state';
import { fingerprintOf } from './record';
import { SAGA_ACTOR, plannedCommandOf, sagaIdOf, stepCommandOf, stepIdOf, type SagaCommand, type SagaPlan, type SagaStep } from './saga';
import { driveSaga, nextEffect, progressBehind, SAGA_BEGINNING, type SagaEffect, type SagaProgress, type SagaResult } from './saga-progress';
import { NO_SEQ, type CommandEnvelope } from './command';

const SENDER = { id: 'a', role: 'clerk', unit: 'office' };
const asked = { entity: 'order-1', type: 'pay', data: { priceFen: 5 }, actor: SENDER };
const command: SagaCommand = {
  ...asked,
  ...{ commandId: 'k', aggregate: 'order', channel: 'kafka', receivedAt: '2024-07-01T08:00:00.000+08:00', fingerprint: fingerprintOf(asked) },
};
const step = (entity: string, type: string): SagaStep => ({ aggregate: 'purse', entity, type, data: { amountFen: 5 } });
const plan: SagaPlan = {
  before: [step('p1', 'reserve'), step('p2', 'reserve'), step('p3', 'reserve')],
  undo: [step('p1', 'release'), null, step('p3', 'release')],
};

const ACCEPTED: SagaResult = { kind: 'accepted' };
const NO: SagaResult = { kind: 'refused', refusal: { code: 'over-budget' }, summary: {} };
const WAITS: SagaResult = { kind: 'waits', aggregate: 'purse', entity: 'p1', why: 'busy' };
const answer = (status: 'accepted' | 'refused'): SagaResult => ({
  kind: 'answer',
  answer: { kind: 'outcome', hash: null, outcome: { status, entity: 'order-1', seq: 2, summary: {}, refusal: { code: 'wrong-phase' } } },
});

/** Names of the effects, one for each result, and the one behind the last. */
const effectsOf = (...results: readonly SagaResult[]): readonly string[] => {
  const names: string[] = [];
  let progress: SagaProgress = SAGA_BEGINNING;
  for (const result of [...results, WAITS]) {
    const effect = nextEffect(plan, progress);
    names.push('index' in effect ? `${effect.kind} ${effect.index}` : effect.kind);
    progress = progressBehind(progress, effect, result);
  }
  return names;
};

describe('what a saga does next', () => {
  it('takes the steps in order, then gives the command, and answers', () => {
    expect(effectsOf(ACCEPTED, ACCEPTED, ACCEPTED, answer('accepted'))).toEqual(['step 0', 'step 1', 'step 2', 'command', 'answer']);
  });
  it('takes all steps back, the last first, when the own entity refuses', () => {
    const results = [ACCEPTED, ACCEPTED, ACCEPTED, answer('refused'), ACCEPTED, ACCEPTED, ACCEPTED];
    expect(effectsOf(...results).slice(3)).toEqual(['command', 'undo 2', 'undo 1', 'undo 0', 'answer']);
  });
  it('takes back what came before a step that was refused, and has its own entity record that', () => {
    expect(effectsOf(ACCEPTED, ACCEPTED, NO, ACCEPTED, ACCEPTED, answer('refused'))).toEqual([
      ...['step 0', 'step 1', 'step 2', 'undo 1', 'undo 0', 'note', 'answer'],
    ]);
  });
  it('has its own entity record first what nobody else has on record: who is not there now may be there when the same is done again', () => {
    const nobody: SagaResult = { kind: 'refused', refusal: { code: 'not-found' }, summary: {}, isUnrecorded: true };
    expect(effectsOf(ACCEPTED, nobody, WAITS, answer('refused'), ACCEPTED)).toEqual(['step 0', 'step 1', 'note', 'note', 'undo 0', 'answer']);
    expect(effectsOf(ACCEPTED, nobody, answer('accepted'))).toEqual(['step 0', 'step 1', 'note', 'answer']); // it was accepted before
  });
  it('takes back too when the id belongs to another command', () => {
    expect(effectsOf(ACCEPTED, ACCEPTED, ACCEPTED, { kind: 'answer', answer: { kind: 'key-reused' } }).at(-1)).toBe('undo 2');
  });
  it('does the same again after whatever is not known', () => {
    expect(effectsOf(WAITS, ACCEPTED, WAITS, WAITS)).toEqual(['step 0', 'step 0', 'step 1', 'step 1', 'step 1']);
    expect(effectsOf(ACCEPTED, ACCEPTED, ACCEPTED, WAITS)).toEqual(['step 0', 'step 1', 'step 2', 'command', 'command']);
  });
  it('does not wait for a step back that its entity refuses: there is nothing to take back', () => {
    expect(effectsOf(ACCEPTED, ACCEPTED, NO, NO, NO).at(-1)).toBe('note');
  });
});

describe('carrying a saga through', () => {
  it('pauses longer the more often the same was in vain, and goes on from where it was', async () => {
    const results = [WAITS, WAITS, ACCEPTED, WAITS, answer('accepted')];
    const pauses: number[] = [];
    const done: SagaEffect['kind'][] = [];
    const end = await driveSaga(
      { command, plan, progress: { ...SAGA_BEGINNING, taken: 2 } },
      {
        perform: (effect) => {
          done.push(effect.kind);
          return Promise.resolve(results.shift() ?? WAITS);
        },
        pause: (_, times) => Promise.resolve(void pauses.push(times)),
      },
    );
    expect(end).toMatchObject({ outcome: { status: 'accepted' } });
    expect(pauses).toEqual([0, 1, 0]);
    expect(done).toEqual(['step', 'step', 'step', 'command', 'command']);
  });
});

describe('the ids of a saga', () => {
  it('follow from the command, and are short and without spaces however long its id is', () => {
    const long = { commandId: 'x'.repeat(200), fingerprint: 'f' };
    expect(sagaIdOf(long.commandId)).toMatch(/^saga-[0-9a-z]{26}$/);
    expect(stepIdOf(long, 0, false)).toMatch(/^saga:[0-9a-z]{26}:0$/);
    expect(stepIdOf(long, 0, true)).toBe(`${stepIdOf(long, 0, false)}:undo`);
  });
  it('are others for another use of the same id, but for the one of the workflow', () => {
    expect(stepIdOf({ commandId: 'k', fingerprint: 'f' }, 0, false)).not.toBe(stepIdOf({ commandId: 'k', fingerprint: 'g' }, 0, false));
    expect(sagaIdOf('k')).toBe(sagaIdOf('k'));
  });
  it('makes a step a command of the system, received when the command was', () => {
    const made = stepCommandOf(command, step('p1', 'reserve'), { index: 0, isUndo: false });
    expect(made).toMatchObject({ actor: SAGA_ACTOR, channel: 'system', receivedAt: command.receivedAt, starts: false, entity: 'p1' });
    expect(stepCommandOf(command, { ...step('p1', 'reserve'), asSender: true, starts: true }, { index: 0, isUndo: false })).toMatchObject({
      ...{ actor: SENDER, starts: true },
    });
  });
  it('leaves the command its fingerprint, whatever the plan adds to it', () => {
    const planned = plannedCommandOf(command, { before: [], undo: [], data: { reservation: 'r' } });
    expect(planned).toEqual({ ...command, data: { priceFen: 5, reservation: 'r' } });
  });
});

type C = { type: 'add'; data: { n: number } };
type E = { type: 'Added'; data: { n: number } };
const counter: Decider<number, C, E> = {
  aggregate: 'counter',
  startsWith: 'add',
  initial: 0,
  decide: (c, s) => (c.data.n < s ? refuse('too-small') : accept({ type: 'Added', data: { n: c.data.n } })),
  evolve: (s, e) => s + e.data.n,
  due: () => null,
  isFinal: () => false,
  summary: (s) => ({ sum: String(s) }),
};
const add = (commandId: string, n: number, more: Partial<CommandEnvelope> = {}): CommandEnvelope => {
  const base = { entity: 'x', type: 'add', data: { n }, actor: SENDER };
  return { ...base, commandId, channel: 'http', receivedAt: '2024-07-01T08:00:00.000+08:00', fingerprint: fingerprintOf(base), ...more };
};

describe('an entity that is asked by a saga', () => {
  const withFive = () => {
    const entity = new Entity(counter, 'x');
    entity.handle(add('first', 5));
    return entity;
  };

  it('says beforehand whether it would refuse, and nothing happens', () => {
    const entity = withFive();
    const before = entity.pack();
    expect([entity.wouldRefuse(add('a', 4)), entity.wouldRefuse(add('b', 6)), entity.wouldRefuse(add('c', 4, { expectedSeq: 9 }))]).toEqual([
      true,
      false,
      false,
    ]);
    expect(entity.pack()).toEqual(before);
  });
  it('records what it was refused for elsewhere, and decides nothing', () => {
    const entity = withFive();
    const given = add('a', 6, { refusedFor: { code: 'over-budget', detail: { freeFen: 1 } }, expectedSeq: NO_SEQ });
    const refused = { status: 'refused', seq: 1, refusal: { code: 'over-budget', detail: { freeFen: 1 } } };
    expect(entity.handle(given).outcome).toMatchObject(refused);
    expect(entity.handle(add('a', 6)).outcome).toMatchObject(refused);
    expect(entity.currentState).toBe(5);
  });
  it('keeps the answer that it has, whatever it was refused for elsewhere', () => {
    const entity = withFive();
    expect(entity.handle(add('first', 5, { refusedFor: { code: 'over-budget' } })).outcome).toMatchObject({ status: 'accepted', seq: 1 });
  });
  it('tells what it is and what it has answered, so that a decision can be tried elsewhere', () => {
    const entity = withFive();
    const looked = openState({ ...entity.lookFor('first'), isDiverged: false, isQuarantined: false }, counter);
    expect(looked).toMatchObject({ seq: 1, state: 5, answered: { outcome: { status: 'accepted' } } });
    expect(entity.lookFor('other').answered).toBeUndefined();
    expect(tryOn(counter, looked, add('a', 4))).toEqual({ ok: false, refusal: { code: 'too-small' } });
    expect(tryOn(counter, looked, add('a', 6))).toMatchObject({ ok: true });
    expect(contextOn(counter, looked, add('a', 6, { receivedAt: '2020-01-01T08:00:00.000+08:00' })).now).toBe(looked.time);
  });
});
