import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MOVED, nextEffect, SAGA_BEGINNING, sagaIdOf, sagaQueueOf, type SagaInput } from '@qiyue/engine';
import { Incidents, noteWaitingSagas, waitingSagas, type Command } from '@qiyue/engine-runtime';
import { bundleOf, eventually } from '@qiyue/testkit';
import { paySaga } from '../saga/pay.saga';
import { outcomeOf, SagaBench, SEAL, WAIT_MS } from '../saga/saga-bench';

describe('a command over two streams', () => {
  let bench: SagaBench;
  beforeAll(async () => {
    bench = await SagaBench.create();
  }, 180_000);
  afterAll(() => bench.close());

  const reservedIn = async (purse: string): Promise<readonly number[]> => Object.values((await bench.purse(purse)).reservedFen);
  const refused = (code: string) => expect.objectContaining({ status: 'refused', refusal: expect.objectContaining({ code }) });

  it('is accepted by its own entity once the other one has done its part', async () => {
    const purse = await bench.openPurse(100);
    const order = await bench.placeOrder([purse], 30);
    const pay = bench.pay(order, 30);
    expect(outcomeOf(await bench.run(pay))).toMatchObject({ status: 'accepted', entity: order, seq: 2, summary: { phase: 'paid' } });
    expect(await reservedIn(purse)).toEqual([30]);
    expect((await bench.order(order)).paidFrom).toBe(`${order} ${pay.commandId}`);
    await eventually('the plan to be forgotten', async () => (await bench.keptPlans(pay)) === 0);
  });

  it('has the same answer again: over the saga, past it, and when it is over for long', async () => {
    const purse = await bench.openPurse(100);
    const order = await bench.placeOrder([purse], 30);
    const pay = bench.pay(order, 30);
    const first = outcomeOf(await bench.run(pay));
    expect(outcomeOf(await bench.run(pay))).toEqual(first);
    expect(outcomeOf(await bench.engine.gateway().execute({ ...pay, channel: 'kafka' }, WAIT_MS))).toEqual(first);
    await bench.deleteFromTemporal(pay);
    expect(outcomeOf(await bench.run(pay))).toEqual(first);
    expect(await reservedIn(purse)).toEqual([30]);
  }, 180_000);

  it('is refused for what the other entity said, under its own id, and leaves nothing behind', async () => {
    const [rich, poor] = [await bench.openPurse(100), await bench.openPurse(10)];
    const order = await bench.placeOrder([rich, poor], 30);
    const pay = bench.pay(order, 30);
    const answer = outcomeOf(await bench.run(pay));
    expect(answer).toMatchObject({ status: 'refused', entity: order, seq: 1, refusal: { code: 'over-budget', detail: { freeFen: 10 } } });
    expect([await reservedIn(rich), await reservedIn(poor)]).toEqual([[], []]);
    expect(outcomeOf(await bench.engine.gateway().execute(pay, WAIT_MS))).toEqual(answer);
    await eventually('the refusal in the log', () =>
      bench.engine.store.commands.findOne({ _id: pay.commandId, state: 'refused', code: 'over-budget' }),
    );
  });

  it('says in its own words that there is no such other entity', async () => {
    const order = await bench.placeOrder(['0'.repeat(26)], 30);
    expect(outcomeOf(await bench.run(bench.pay(order, 30)))).toEqual(refused('no-purse'));
  });

  it('starts no saga for what its own entity refuses, nor for what its plan refuses, nor where it needs nobody else', async () => {
    const purse = await bench.openPurse(100);
    const [order, without] = [await bench.placeOrder([purse], 30), await bench.placeOrder([], 30)];
    const [wrong, purseless, present] = [bench.pay(order, 31), bench.pay(without, 30), bench.pay(order, 0)];
    expect(outcomeOf(await bench.run(wrong))).toEqual(refused('wrong-price'));
    expect(outcomeOf(await bench.run(purseless))).toEqual(refused('no-purse'));
    expect(outcomeOf(await bench.run(present))).toMatchObject({ status: 'accepted', seq: 2 });
    for (const command of [wrong, purseless, present]) await expect(bench.handleOf(command).describe()).rejects.toThrow();
    expect(outcomeOf(await bench.run(wrong))).toEqual(refused('wrong-price'));
    expect(await reservedIn(purse)).toEqual([]);
  });

  it('refuses what was sent for another seq', async () => {
    const purse = await bench.openPurse(100);
    const order = await bench.placeOrder([purse], 30);
    expect(outcomeOf(await bench.run({ ...bench.pay(order, 30), expectedSeq: 7 }))).toEqual(refused('sequence-mismatch'));
    expect(outcomeOf(await bench.run({ ...bench.pay(order, 30), expectedSeq: 1 }))).toMatchObject({ status: 'accepted' });
  });

  it('is refused by entities that have ended, its own and the other', async () => {
    const [purse, closed] = [await bench.openPurse(100), await bench.openPurse(100)];
    const [cancelled, order] = [await bench.placeOrder([purse], 30), await bench.placeOrder([purse, closed], 30)];
    await bench.accepted(bench.ofOrder(cancelled, 'cancel'));
    await bench.accepted(bench.ofPurse(closed, 'close'));
    for (const id of [`order-${cancelled}`, `purse-${closed}`]) await bench.engine.client.workflow.getHandle(id).result();
    expect(outcomeOf(await bench.run(bench.pay(cancelled, 30)))).toEqual(refused('wrong-phase'));
    expect(outcomeOf(await bench.run(bench.pay(order, 30)))).toEqual(refused('purse-closed'));
    expect(await reservedIn(purse)).toEqual([]);
  });

  it('says not-found for an entity that never was', async () => {
    expect(await bench.run(bench.pay('0'.repeat(26), 30))).toEqual({ kind: 'not-found' });
  });

  it('happens once when it comes several times at once', async () => {
    const purse = await bench.openPurse(100);
    const order = await bench.placeOrder([purse], 30);
    const pay = bench.pay(order, 30);
    const answers = await Promise.all(Array.from({ length: 6 }, () => bench.run(pay)));
    for (const answer of answers) expect(outcomeOf(answer)).toMatchObject({ status: 'accepted', seq: 2 });
    expect(await reservedIn(purse)).toEqual([30]);
  });

  it('leaves no more reserved than was there when many come at once', async () => {
    const purse = await bench.openPurse(100);
    const orders = await Promise.all(Array.from({ length: 8 }, () => bench.placeOrder([purse], 30)));
    const outcomes = (await Promise.all(orders.map((order) => bench.run(bench.pay(order, 30))))).map(outcomeOf);
    expect(outcomes.filter(({ status }) => status === 'accepted')).toHaveLength(3);
    for (const outcome of outcomes) if (outcome.status === 'refused') expect(outcome).toEqual(refused('over-budget'));
    expect(await bench.purse(purse)).toMatchObject({ freeFen: 10 });
  });

  it('says key-reused when its id comes with another body', async () => {
    const purse = await bench.openPurse(100);
    const [order, other] = [await bench.placeOrder([purse], 30), await bench.placeOrder([purse], 40)];
    const pay = bench.pay(order, 30);
    await bench.run(pay);
    expect(await bench.run(bench.pay(other, 40, pay.commandId))).toEqual({ kind: 'key-reused' });
    expect(await reservedIn(purse)).toEqual([30]);
  });

  describe('while nobody carries sagas on', () => {
    beforeAll(() => bench.stopSagas());
    afterAll(() => bench.startSagas());

    /** A saga with its plan and no step done. */
    const begun = async (purses: readonly string[], priceFen: number): Promise<Command> => {
      const pay = bench.pay(await bench.placeOrder(purses, priceFen), priceFen);
      expect(await bench.run(pay, 500)).toEqual({ kind: 'unknown' });
      return pay;
    };
    /** As a worker that is killed behind its first step. */
    const firstStep = async (pay: Command): Promise<void> => {
      const { starts: _, ...command } = pay;
      const { purses } = await bench.order(pay.entity);
      const context = { now: pay.receivedAt, actor: pay.actor, entity: pay.entity, commandId: pay.commandId, tables: {}, rules: 1 };
      const plan = paySaga.plan({ type: 'pay', data: { priceFen: 30 } }, { phase: 'placed', purses, priceFen: 30, paidFrom: null }, context, null);
      if (plan === null || 'refusal' in plan) throw new Error('no plan');
      const input: SagaInput = { command, plan, mac: await SEAL.sign({ _id: sagaIdOf(pay.commandId), command, plan }) };
      expect(nextEffect(plan, SAGA_BEGINNING).kind).toBe('step');
      expect(await bench.activities.sagaStep(input, SAGA_BEGINNING)).toEqual({ kind: 'accepted' });
    };
    const whileSagasRun = async (check: () => Promise<void>): Promise<void> => {
      await bench.startSagas();
      await check();
      await bench.stopSagas();
    };

    it('is unknown, and answered later as it would have been', async () => {
      const purse = await bench.openPurse(100);
      const pay = await begun([purse], 30);
      await whileSagasRun(async () => expect(outcomeOf(await bench.run(pay))).toMatchObject({ status: 'accepted', seq: 2 }));
      expect(await reservedIn(purse)).toEqual([30]);
    });

    it('is refused by its own entity as that is by then, and what was done is taken back', async () => {
      const [purse, other] = [await bench.openPurse(100), await bench.openPurse(100)];
      const pay = await begun([purse], 30);
      await bench.accepted(bench.ofOrder(pay.entity, 'move', { purses: [other] }));
      await whileSagasRun(async () => expect(outcomeOf(await bench.run(pay))).toEqual(refused('moved-meanwhile')));
      expect([await reservedIn(purse), await reservedIn(other)]).toEqual([[], []]);
      expect((await bench.engine.store.stream(purse)).map(({ type }) => type)).toEqual(['PurseOpened', 'MoneyReserved', 'MoneyReleased']);
    });

    it('goes on by its first plan when it is asked for after its workflow was terminated', async () => {
      const [purse, other] = [await bench.openPurse(100), await bench.openPurse(100)];
      const pay = await begun([purse], 30);
      await firstStep(pay);
      await bench.handleOf(pay).terminate();
      await bench.accepted(bench.ofOrder(pay.entity, 'move', { purses: [other] }));
      await whileSagasRun(async () => expect(outcomeOf(await bench.run(pay))).toEqual(refused('moved-meanwhile')));
      expect([await reservedIn(purse), await reservedIn(other)]).toEqual([[], []]);
    });

    it('goes on by its first plan when all that Temporal knew of it is gone', async () => {
      const purse = await bench.openPurse(100);
      const pay = await begun([purse], 30);
      await firstStep(pay);
      expect(await bench.keptPlans(pay)).toBe(1);
      await bench.deleteFromTemporal(pay);
      await bench.accepted(bench.ofOrder(pay.entity, 'reprice', { priceFen: 40 }));
      await whileSagasRun(async () => expect(outcomeOf(await bench.run(pay))).toEqual(refused('wrong-price')));
      expect(await reservedIn(purse)).toEqual([]);
    });

    it('is planned anew when somebody else has written its plan into the database', async () => {
      const [purse, other] = [await bench.openPurse(100), await bench.openPurse(100)];
      const pay = await begun([purse], 30);
      await bench.deleteFromTemporal(pay);
      await bench.forgePlan(pay, {
        aggregate: 'purse',
        entity: other,
        type: 'reserve',
        data: { reservation: 'mine', amountFen: 99 },
        asSender: true,
      });
      await whileSagasRun(async () => expect(outcomeOf(await bench.run(pay))).toMatchObject({ status: 'accepted' }));
      expect([await reservedIn(purse), await reservedIn(other)]).toEqual([[30], []]);
    });

    it('has taken back what was done also when its refusal is known already and the saga was cut off', async () => {
      const purse = await bench.openPurse(100);
      const pay = await begun([purse], 30);
      await firstStep(pay);
      await bench.accepted(bench.ofOrder(pay.entity, 'reprice', { priceFen: 40 }));
      expect(outcomeOf(await bench.engine.gateway().execute(pay, WAIT_MS))).toEqual(refused('wrong-price'));
      await eventually('the refusal in the log', () => bench.engine.store.commands.findOne({ _id: pay.commandId, state: 'refused' }));
      await bench.handleOf(pay).terminate();
      await whileSagasRun(async () => expect(outcomeOf(await bench.run(pay))).toEqual(refused('wrong-price')));
      expect(await reservedIn(purse)).toEqual([]);
    });
  });

  describe('carried through by its edge', () => {
    it('is answered without a task of its workflow, which is ended', async () => {
      const purse = await bench.openPurse(100);
      const pay = bench.pay(await bench.placeOrder([purse], 30), 30);
      expect(outcomeOf(await bench.edge().execute(pay, WAIT_MS))).toMatchObject({ status: 'accepted', seq: 2, summary: { phase: 'paid' } });
      expect(await reservedIn(purse)).toEqual([30]);
      await eventually('the plan to be forgotten', async () => (await bench.keptPlans(pay)) === 0);
      await eventually('the workflow to be over', async () => (await bench.handleOf(pay).describe()).status.name === 'TERMINATED');
      const { events } = await bench.handleOf(pay).fetchHistory();
      expect(events).toHaveLength(2); // its start, its end
    });

    it('takes back what was done when another entity refuses', async () => {
      const [rich, poor] = [await bench.openPurse(100), await bench.openPurse(10)];
      const pay = bench.pay(await bench.placeOrder([rich, poor], 30), 30);
      const answer = await bench.edge().execute(pay, WAIT_MS);
      expect(outcomeOf(answer)).toEqual(refused('over-budget'));
      expect([await reservedIn(rich), await reservedIn(poor)]).toEqual([[], []]);
      expect(outcomeOf(await bench.run(pay))).toEqual(outcomeOf(answer));
    });

    it('happens once when it comes to several edges at once', async () => {
      const purse = await bench.openPurse(100);
      const pay = bench.pay(await bench.placeOrder([purse], 30), 30);
      const answers = await Promise.all(Array.from({ length: 6 }, () => bench.edge().execute(pay, WAIT_MS)));
      for (const answer of answers) expect(outcomeOf(answer)).toMatchObject({ status: 'accepted', seq: 2 });
      expect(await reservedIn(purse)).toEqual([30]);
    });

    it('is carried on by its workflow when the edge is killed behind the first step', async () => {
      const purse = await bench.openPurse(100);
      const pay = bench.pay(await bench.placeOrder([purse], 30), 30);
      const killed = bench.edge({
        perform: async (input, progress) => {
          await bench.performer.perform(input, progress);
          throw new Error('killed');
        },
      });
      await expect(killed.execute(pay, WAIT_MS)).rejects.toThrow('killed');
      expect(await reservedIn(purse)).toEqual([30]);
      expect(await bench.handleOf(pay).result()).toMatchObject({ answer: { outcome: { status: 'accepted', seq: 2 } } });
      expect(outcomeOf(await bench.edge().execute(pay, WAIT_MS))).toMatchObject({ status: 'accepted', seq: 2 });
      expect(await reservedIn(purse)).toEqual([30]);
    });

    it('is left to its workflow when another entity has no answer for long', async () => {
      const purse = await bench.openPurse(100);
      const pay = bench.pay(await bench.placeOrder([purse], 30), 30);
      const waiting = bench.edge({ perform: () => Promise.resolve({ kind: 'waits', aggregate: 'purse', entity: purse, why: 'unknown' }) });
      expect(outcomeOf(await waiting.execute(pay, WAIT_MS))).toMatchObject({ status: 'accepted', seq: 2 });
      expect((await bench.handleOf(pay).describe()).status.name).toBe('COMPLETED');
    });
  });

  it('is unknown while its own entity does not answer, and nothing has begun', async () => {
    const purse = await bench.openPurse(100);
    const pay = bench.pay(await bench.placeOrder([purse], 30), 30);
    await bench.engine.stopWorker();
    expect(await bench.run(pay, 1_500)).toEqual({ kind: 'unknown' });
    await expect(bench.handleOf(pay).describe()).rejects.toThrow();
    await bench.engine.startWorker();
    expect(outcomeOf(await bench.run(pay))).toMatchObject({ status: 'accepted' });
  }, 180_000);

  it('waits for an entity that is lost, shows for what and since when, and is no answer meanwhile', async () => {
    const purse = await bench.openPurse(100);
    const pay = bench.pay(await bench.placeOrder([purse], 30), 30);
    await bench.engine.client.workflow.getHandle(`purse-${purse}`).terminate();
    expect(await bench.run(pay, 1_000)).toEqual({ kind: 'unknown' });
    const workflowId = bench.handleOf(pay).workflowId;
    const waiting = await eventually('it to be seen waiting', async () =>
      (await waitingSagas(bench.engine.client, { taskQueue: sagaQueueOf(bench.engine.taskQueue) })).find(
        (saga) => saga.workflowId === workflowId && saga.waits,
      ),
    );
    expect(waiting).toMatchObject({ what: 'order.pay', waits: { for: `purse-${purse}`, why: 'lost' } });
    expect(waiting.ageMs).toBeGreaterThan(0);
    const [incidents, taskQueue] = [new Incidents(bench.engine.db), sagaQueueOf(bench.engine.taskQueue)];
    const noted = async (lateMs: number) => {
      await noteWaitingSagas({ client: bench.engine.client, incidents, taskQueue, lateMs });
      return (await incidents.list('saga-waiting')).map(({ subject, why }) => [subject, why]);
    };
    expect(await noted(600_000)).toEqual([]);
    expect(await noted(0)).toEqual([[workflowId, `order.pay: purse-${purse} lost`]]);
    await bench.handleOf(pay).terminate();
    await eventually('it to be no trouble any more', async () => (await noted(0)).length === 0);
  }, 180_000);

  it('goes by the ledger for entities that run on workers of before', async () => {
    const purse = await bench.openPurse(100);
    const order = await bench.placeOrder([purse], 30);
    await bench.engine.stopWorker();
    await bench.engine.startWorker(undefined, await bundleOf(require.resolve('../saga/stale-workflows')));
    expect(outcomeOf(await bench.run(bench.pay(order, 31)))).toEqual(refused('wrong-price'));
    expect(outcomeOf(await bench.run(bench.pay(order, 30)))).toMatchObject({ status: 'accepted', seq: 2 });
    await bench.engine.stopWorker();
    await bench.engine.startWorker();
    expect(await reservedIn(purse)).toEqual([30]);
  }, 180_000);

  describe('an entity that is given a command for its refusal', () => {
    it('turns it away when it would accept it, or stands elsewhere, and the id stays free', async () => {
      const order = await bench.placeOrder([], 30);
      const pay = bench.pay(order, 30);
      const gateway = bench.engine.gateway();
      expect(outcomeOf(await gateway.execute({ ...pay, onlyToRefuse: true, expectedSeq: 1 }, WAIT_MS))).toEqual(refused(MOVED));
      expect(outcomeOf(await gateway.execute({ ...bench.pay(order, 31, pay.commandId), onlyToRefuse: true, expectedSeq: 9 }, WAIT_MS))).toEqual(
        refused(MOVED),
      );
      expect(outcomeOf(await gateway.execute(pay, WAIT_MS))).toMatchObject({ status: 'accepted', seq: 2 });
    });
  });
});
