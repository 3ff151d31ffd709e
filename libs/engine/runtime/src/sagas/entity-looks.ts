import {
  type Client,
  QueryNotRegisteredError,
  QueryRejectCondition,
  QueryRejectedError,
  WorkflowClient,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { MongoError } from 'mongodb';
import {
  foldRecords,
  openRecord,
  openState,
  STATE_QUERY_NAME,
  UnknownRules,
  workflowIdOf,
  type AnyDecider,
  type EntityState,
  type LookedAt,
} from '@qiyue/engine';
import { EntityTroubles } from '../commands/entity-troubles';
import { turnedAway, type Command, type GatewayAnswer } from '../commands/gateway-answer';
import { isPassing } from '../commands/gateway-errors';
import type { Incidents } from '../incidents/incidents';
import type { LedgerStore } from '../ledger/ledger-store';
import { soundStreamOrNull } from '../ledger/sound-stream';

const ATTEMPT_MS = 2_000;
const PAUSE_MS = 100;
/** Below that, no answer says nothing about the entity. */
const SLOW_MS = 2_000;

/** An entity as it is, or why nobody can say: then the answer that its command gets. `mayLag`: by the ledger, while its workflow runs. */
export type Looked = { readonly kind: 'state'; readonly at: LookedAt<unknown>; readonly mayLag: boolean } | GatewayAnswer;

/** Tells what an entity is: its running workflow, which the ledger follows a little later; the ledger for one that has ended, and for a run of older code. */
export class EntityLooks {
  private readonly deciders: ReadonlyMap<string, AnyDecider>;
  private readonly troubles: EntityTroubles;
  /** Asks running workflows only: what a terminated one was is not what its entity is. */
  private readonly open: WorkflowClient;

  constructor(
    private readonly client: Client,
    private readonly store: LedgerStore,
    deciders: readonly AnyDecider[],
    incidents?: Pick<Incidents, 'note' | 'clear'>,
  ) {
    this.deciders = new Map(deciders.map((decider) => [decider.aggregate, decider]));
    this.troubles = new EntityTroubles(client, store, incidents);
    const { namespace } = client.options;
    this.open = new WorkflowClient({ connection: client.connection, namespace, queryRejectCondition: QueryRejectCondition.NOT_OPEN });
  }

  /** Throws for an aggregate that is not known: a bug. */
  deciderOf(aggregate: string): AnyDecider {
    const decider = this.deciders.get(aggregate);
    if (!decider) throw new Error(`no decider for ${aggregate}`);
    return decider;
  }

  /** The entity of this command, asked until `giveUpAtMs` (Unix ms). */
  async of(command: Command, giveUpAtMs: number): Promise<Looked> {
    const startedMs = Date.now();
    for (;;) {
      const looked = await this.attempt(command, Math.min(giveUpAtMs, Date.now() + ATTEMPT_MS));
      if (looked !== 'again') return looked;
      if (Date.now() + PAUSE_MS >= giveUpAtMs) break;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    if (Date.now() - startedMs > SLOW_MS && (await this.troubles.isStuck(command))) return this.troubles.diverged(command, 'task-fails');
    return { kind: 'unknown' };
  }

  private async attempt(command: Command, untilMs: number): Promise<Looked | 'again'> {
    const decider = this.deciderOf(command.aggregate);
    try {
      const handle = this.open.getHandle(workflowIdOf(command.aggregate, command.entity));
      const state = await this.client.withDeadline(untilMs, () => handle.query<EntityState, [string]>(STATE_QUERY_NAME, command.commandId));
      if (state.isQuarantined) return turnedAway(command, 'quarantined');
      if (state.isDiverged) return await this.troubles.diverged(command, 'replay-differs');
      return state.seq === 0 ? { kind: 'not-found' } : { kind: 'state', at: openState(state, decider), mayLag: false };
    } catch (error) {
      if (error instanceof UnknownRules) return turnedAway(command, 'rules-unknown');
      const isEnded = error instanceof WorkflowNotFoundError || error instanceof QueryRejectedError;
      if (isEnded || error instanceof QueryNotRegisteredError) return this.inLedger(command, decider, isEnded);
      if (isPassing(error)) return 'again';
      throw error;
    }
  }

  private async inLedger(command: Command, decider: AnyDecider, isEnded: boolean): Promise<Looked | 'again'> {
    try {
      const records = await soundStreamOrNull(this.store, command.entity);
      if (records === null) return turnedAway(command, 'quarantined');
      const last = records.at(-1);
      if (last === undefined || last.aggregate !== command.aggregate) return isEnded ? { kind: 'not-found' } : 'again';
      const folded = foldRecords(
        decider,
        records.map((record) => openRecord(record)),
      );
      if (isEnded && !decider.isFinal(folded.state)) return { kind: 'lost' };
      return { kind: 'state', at: { ...folded, seq: last.seq, time: last.time, tables: {} }, mayLag: !isEnded };
    } catch (error) {
      if (error instanceof UnknownRules) return turnedAway(command, 'rules-unknown');
      if (error instanceof MongoError) return 'again';
      throw error;
    }
  }
}
