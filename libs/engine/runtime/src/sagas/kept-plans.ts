import type { SagaCommand, SagaInput, SagaPlan } from '@qiyue/engine';
import type { Collection } from 'mongodb';
import { CircuitBreaker } from '../circuit-breaker';
import type { LedgerStore } from '../ledger/ledger-store';

/** A plan under the workflow id of its saga. */
export interface KeptPlan {
  readonly _id: string;
  readonly command: SagaCommand;
  readonly plan: SagaPlan;
}

/**
 * Tells plans that we made from what somebody else wrote into the database: a plan acts in its sender's name, and in ours. Both may reject: then nothing has
 * happened.
 */
export interface PlanSeal {
  /** The MAC of a plan. */
  sign(plan: KeptPlan): Promise<string>;
  /** Whether its MAC is ours. */
  isRight(plan: KeptPlan & { readonly mac?: string }): Promise<boolean>;
}

interface PlanDocument extends KeptPlan {
  readonly mac?: string;
  readonly keptAt: Date;
}

/** A saga waits for this no longer: Temporal has the plan too. */
const WITHIN_MS = 1_000;

/**
 * Plans of sagas that are under way, beside Temporal: should Temporal's data be gone, asking again goes on by the same plan. Gone once a saga is
 * over. While MongoDB is away nothing is kept, and nobody waits for it.
 */
export class KeptPlans {
  private readonly plans: Collection<PlanDocument>;
  private readonly breaker = new CircuitBreaker(WITHIN_MS);

  /** `seal`: left out where plans are only kept, and in tests. */
  constructor(
    store: Pick<LedgerStore, 'db'>,
    private readonly seal?: PlanSeal,
  ) {
    this.plans = store.db.collection('sagaPlans', { readConcern: { level: 'majority' }, writeConcern: { w: 'majority', journal: true } });
  }

  /** Of a saga that runs: what stood there before was not its plan. */
  async keep(sagaId: string, { command, plan, mac }: SagaInput): Promise<void> {
    const kept = { command, plan, ...(mac === undefined ? {} : { mac }), keptAt: new Date() };
    await this.breaker.call(() => this.plans.replaceOne({ _id: sagaId }, kept, { upsert: true }));
  }

  /** The saga is over. */
  async forget(sagaId: string): Promise<void> {
    await this.breaker.call(() => this.plans.deleteOne({ _id: sagaId }));
  }

  /** Null where there is none that is ours, and while nobody can be asked. */
  async find(sagaId: string): Promise<SagaInput | null> {
    const found = (await this.breaker.call(() => this.plans.findOne({ _id: sagaId }))) ?? null;
    if (found === null || (this.seal !== undefined && !(await this.seal.isRight(found)))) return null;
    const { command, plan, mac } = found;
    return { command, plan, ...(mac === undefined ? {} : { mac }) };
  }

  /** The input of a saga that is about to begin. */
  async sealed(sagaId: string, { command, plan }: Pick<SagaInput, 'command' | 'plan'>): Promise<SagaInput> {
    return { command, plan, ...(this.seal === undefined ? {} : { mac: await this.seal.sign({ _id: sagaId, command, plan }) }) };
  }
}
