import { describe, expect, it } from '@jest/globals';
import { driveSaga, Entity, fingerprintOf, toShanghaiIso, type CommandEnvelope, type SagaAnswer, type SagaInput, type SagaPlan } from '@qiyue/engine';
import { answered, sagaActivities, anySaga, type Command, type GatewayAnswer } from '@qiyue/engine-runtime';
import { orderDecider } from './order.decider';
import { paySaga } from './pay.saga';
import { purseDecider } from './purse.decider';

const USED = 'used-for-another-order-too';

const commandOn = (entity: string, type: string, data: CommandEnvelope['data'], commandId: string): Command => {
  const asked = { entity, type, data, actor: { id: 'sender', role: 'tester', unit: null } };
  return { ...asked, commandId, aggregate: entity, channel: 'http', receivedAt: toShanghaiIso(0), fingerprint: fingerprintOf(asked), starts: false };
};

/** One order and one purse, and a log that knows `USED` for an order elsewhere, while it answers. */
class Household {
  readonly purse = new Entity(purseDecider, 'purse');
  readonly order = new Entity(orderDecider, 'order');
  isLogAway = false;

  constructor() {
    this.ask(commandOn('purse', 'open', { amountFen: 10 }, 'open'));
    this.ask(commandOn('order', 'place', { purses: ['purse'], priceFen: 3 }, 'place'));
  }

  /** A worker on the saga, from its beginning. */
  work(): Promise<SagaAnswer> {
    const { starts: _, ...command } = commandOn('order', 'pay', { priceFen: 3 }, USED);
    const context = { now: command.receivedAt, actor: command.actor, entity: 'order', commandId: USED, tables: {}, rules: 1 };
    const plan = paySaga.plan({ type: 'pay', data: { priceFen: 3 } }, this.order.currentState, context, null) as SagaPlan;
    const input: SagaInput = { command, plan };
    const gateway = {
      ask: (asked: Command) => Promise.resolve(this.ask(asked)),
      execute: (asked: Command) => Promise.resolve(asked.commandId === USED && !this.isLogAway ? ({ kind: 'key-reused' } as const) : this.ask(asked)),
    };
    const plans = { keep: () => Promise.resolve(), forget: () => Promise.resolve() };
    const { sagaStep } = sagaActivities({ gateway, plans, sagas: [anySaga(paySaga)] });
    return driveSaga(input, {
      perform: (_, progress) => sagaStep(input, progress),
      pause: ({ why }) => Promise.reject(new Error(`it waits: ${why}`)),
    });
  }

  private ask(command: Command): GatewayAnswer {
    const { outcome, fingerprint } = command.entity === 'purse' ? this.purse.handle(command) : this.order.handle(command);
    return fingerprint === command.fingerprint ? answered(outcome) : { kind: 'key-reused' };
  }
}

describe('an id that was used for two entities at once', () => {
  it('pays nothing out of what was given back, when the worker died behind that and the log is away for the next', async () => {
    const household = new Household();
    expect(await household.work()).toEqual({ kind: 'key-reused' });
    household.isLogAway = true; // and nothing of the work is in Temporal's history: it is done again
    expect(await household.work()).toEqual({ kind: 'key-reused' });
    expect([household.order.currentState.phase, household.purse.currentState.reservedFen]).toEqual(['placed', {}]);
  });

  it('stays paid where the entity had taken it before the log knew the other use', async () => {
    const household = new Household();
    household.isLogAway = true;
    const paid = await household.work();
    household.isLogAway = false;
    expect(await household.work()).toEqual(paid);
    expect([household.order.currentState.phase, Object.values(household.purse.currentState.reservedFen)]).toEqual(['paid', [3]]);
  });
});
