import {
  canonicalJson,
  sagaIdOf,
  sagaQueueOf,
  sha256Hex,
  type CommandEnvelope,
  type Outcome,
  type SagaActivities,
  type SagaStep,
} from '@qiyue/engine';
import {
  anyDecider,
  anySaga,
  EntityLooks,
  KeptPlans,
  sagaActivities,
  SagaPerformer,
  SagaRunner,
  SagaRuns,
  type Command,
  type GatewayAnswer,
  type KeptPlan,
  type PlanSeal,
  type SagaRunnerPorts,
} from '@qiyue/engine-runtime';
import { bundleOf, commandFor, EngineBench, eventually } from '@qiyue/testkit';
import { orderDecider, type OrderState } from './order.decider';
import { paySaga } from './pay.saga';
import { purseDecider, type PurseState } from './purse.decider';

export const WAIT_MS = 20_000;
const SAGAS = [anySaga(paySaga)];
const DECIDERS = [anyDecider(orderDecider), anyDecider(purseDecider)];

const macOf = ({ _id, command, plan }: KeptPlan): string => sha256Hex(`secret ${canonicalJson(JSON.parse(JSON.stringify({ _id, command, plan })))}`);

/** As edges with a secret have it. */
export const SEAL: PlanSeal = {
  sign: (plan) => Promise.resolve(macOf(plan)),
  isRight: (plan) => Promise.resolve(plan.mac === macOf(plan)),
};

export const outcomeOf = (answer: GatewayAnswer): Outcome => {
  if (answer.kind !== 'outcome') throw new Error(`no outcome: ${answer.kind}`);
  return answer.outcome;
};

/** Orders and purses on real servers, with a worker for the entities and one for the sagas, which start and stop apart. */
export class SagaBench {
  /** Leaves all to the workflow. */
  readonly runner: SagaRunner;
  readonly activities: SagaActivities;
  readonly performer: SagaPerformer;
  private readonly ports: SagaRunnerPorts;

  private constructor(readonly engine: EngineBench) {
    const gateway = engine.gateway();
    const looks = new EntityLooks(engine.client, engine.store, DECIDERS);
    const runs = new SagaRuns(engine.client, engine.store, { taskQueue: sagaQueueOf(engine.taskQueue), seal: SEAL });
    this.ports = { gateway, log: engine.log, looks, runs, sagas: SAGAS };
    const performing = { gateway, plans: new KeptPlans(engine.store), sagas: SAGAS };
    this.runner = new SagaRunner(this.ports);
    this.activities = sagaActivities(performing);
    this.performer = new SagaPerformer(performing);
  }

  /** An edge that carries sagas through itself. */
  edge(performer: Pick<SagaPerformer, 'perform'> = this.performer): SagaRunner {
    return new SagaRunner({ ...this.ports, performer });
  }

  static async create(): Promise<SagaBench> {
    const engine = await EngineBench.create({ deciders: DECIDERS, bundle: await bundleOf(require.resolve('./workflows')), sagas: SAGAS });
    await engine.startWorker();
    return new SagaBench(engine);
  }

  startSagas(): Promise<void> {
    return this.engine.startSagas();
  }

  stopSagas(): Promise<void> {
    return this.engine.stopSagas();
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  async openPurse(amountFen: number): Promise<string> {
    return this.born(commandFor(purseDecider, 'open', { amountFen }));
  }

  async placeOrder(purses: readonly string[], priceFen: number): Promise<string> {
    return this.born(commandFor(orderDecider, 'place', { purses, priceFen }));
  }

  private async born(command: Command): Promise<string> {
    await this.accepted(command);
    return command.entity;
  }

  async accepted(command: Command): Promise<void> {
    const answer = await this.engine.gateway().execute(command, WAIT_MS);
    if (outcomeOf(answer).status !== 'accepted') throw new Error(`${command.type} was refused`);
    if (answer.kind === 'outcome') await answer.appended;
  }

  pay(order: string, priceFen: number, key?: string): Command {
    return commandFor(orderDecider, 'pay', { priceFen }, { entity: order, ...(key === undefined ? {} : { key }) });
  }

  ofOrder(order: string, type: string, data: CommandEnvelope['data'] = {}): Command {
    return commandFor(orderDecider, type, data, { entity: order });
  }

  ofPurse(purse: string, type: string, data: CommandEnvelope['data'] = {}): Command {
    return commandFor(purseDecider, type, data, { entity: purse });
  }

  run(command: Command, deadlineMs = WAIT_MS): Promise<GatewayAnswer> {
    return this.runner.execute(command, deadlineMs);
  }

  handleOf({ commandId }: Command) {
    return this.engine.client.workflow.getHandle(sagaIdOf(commandId));
  }

  /** By its workflow. */
  async purse(purse: string): Promise<PurseState> {
    return this.stateOf('purse', purse);
  }

  async order(order: string): Promise<OrderState> {
    return this.stateOf('order', order);
  }

  private async stateOf<S>(aggregate: string, entity: string): Promise<S> {
    const { state } = await this.engine.client.workflow.getHandle(`${aggregate}-${entity}`).query<{ readonly state: S }>('state');
    return state;
  }

  /** What MongoDB keeps of a saga that is under way. */
  keptPlans({ commandId }: Command): Promise<number> {
    return this.engine.db.collection<{ readonly _id: string }>('sagaPlans').countDocuments({ _id: sagaIdOf(commandId) });
  }

  /** As whoever may write to MongoDB does: a plan that takes more. */
  async forgePlan({ commandId, starts: _, ...command }: Command, step: SagaStep): Promise<void> {
    const forged = { command: { ...command, commandId }, plan: { before: [step], undo: [null] }, mac: 'x', keptAt: new Date() };
    await this.engine.db.collection<{ readonly _id: string }>('sagaPlans').insertOne({ _id: sagaIdOf(commandId), ...forged });
  }

  /** As after a restore without it: no trace of the saga on Temporal. */
  async deleteFromTemporal(command: Command): Promise<void> {
    const { client } = this.engine;
    await client.workflowService.deleteWorkflowExecution({
      namespace: client.options.namespace,
      workflowExecution: { workflowId: sagaIdOf(command.commandId) },
    });
    await eventually(
      'the saga to be gone',
      () =>
        this.handleOf(command)
          .describe()
          .then(
            () => false,
            () => true,
          ),
      120_000, // Temporal may try again after a while whether all of it is done
    );
  }
}
