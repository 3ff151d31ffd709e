import type { Client } from '@temporalio/client';
import { foldRecords, openRecord, UnknownRules, workflowIdOf, workflowTypeOf, type AnyDecider } from '@qiyue/engine';
import type { LedgerStore } from '../ledger/ledger-store';
import { soundStreamOrNull } from '../ledger/sound-stream';
import { nullWhenNotFound } from '../null-when-not-found';
import type { Incidents } from './incidents';

/** What a patrol needs. */
export interface PatrolDeps {
  readonly client: Client;
  readonly store: LedgerStore;
  readonly incidents: Pick<Incidents, 'note'>;
  readonly deciders: readonly AnyDecider[];
}

const EACH_ROUND = 25;
const CLOSED_EACH_ROUND = 50;
/** Temporal's lists come a little late, and the round before may have failed. */
const CLOSED_BEFORE_MS = 60_000;
const ENDED_BY_SOMEBODY = `ExecutionStatus IN ("Terminated", "Failed", "TimedOut", "Canceled")`;

/**
 * Looks for what nobody would notice before somebody asks for the entity: its records do not fit each other (`ledger-unsound`), or it has not ended and no
 * workflow of it runs (`lost`). A round looks at every workflow that somebody else than its entity has ended lately, and at the next few entities of
 * the feed, all of them in turn: the feed still names what is gone from the ledger.
 *
 * Contract: only reads and notes. Rejects when a server is away. As many may run side by side as like: each begins somewhere else.
 */
export class Patrol {
  private after: string;
  private closedSinceMs = Date.now() - CLOSED_BEFORE_MS;

  constructor(
    private readonly deps: PatrolDeps,
    beginAfter = '',
  ) {
    this.after = beginAfter;
  }

  /** Answers how many entities it has looked at. */
  async round(): Promise<number> {
    const startedMs = Date.now();
    const found = [...(await this.endedBySomebody()), ...(await this.next())];
    for (const entity of found) await this.look(entity);
    this.closedSinceMs = startedMs - CLOSED_BEFORE_MS;
    return found.length;
  }

  private async next(): Promise<readonly string[]> {
    const page = await this.deps.store.feed
      .find({ seq: 1, entity: { $gt: this.after } }, { projection: { _id: 0, entity: 1 } })
      .sort({ entity: 1 })
      .limit(EACH_ROUND)
      .toArray();
    this.after = page.length < EACH_ROUND ? '' : (page.at(-1)?.entity ?? '');
    return page.map(({ entity }) => entity);
  }

  private async endedBySomebody(): Promise<readonly string[]> {
    const found: string[] = [];
    const since = new Date(this.closedSinceMs).toISOString();
    for (const { aggregate } of this.deps.deciders) {
      const prefix = workflowIdOf(aggregate, '');
      const query = `WorkflowType = "${workflowTypeOf(aggregate)}" AND ${ENDED_BY_SOMEBODY} AND CloseTime > "${since}"`;
      for await (const { workflowId } of this.deps.client.workflow.list({ query, pageSize: CLOSED_EACH_ROUND })) {
        if (workflowId.startsWith(prefix)) found.push(workflowId.slice(prefix.length));
        if (found.length >= CLOSED_EACH_ROUND) break;
      }
    }
    return found;
  }

  private async look(entity: string): Promise<void> {
    const decider = await this.deciderIfOpen(entity);
    if (decider === null || (await this.runs(decider, entity))) return;
    if ((await this.deciderIfOpen(entity)) === null) return; // it ended between the two looks
    await this.deps.incidents.note({ kind: 'lost', subject: entity, entity, why: 'no workflow runs' });
  }

  /** By what the entity decides, if it has begun and not ended; null also for what cannot be told by this code. */
  private async deciderIfOpen(entity: string): Promise<AnyDecider | null> {
    const stream = await soundStreamOrNull(this.deps.store, entity);
    const decider = this.deps.deciders.find(({ aggregate }) => aggregate === stream?.[0]?.aggregate);
    if (stream === null || decider === undefined) return null;
    try {
      const records = stream.map((document) => openRecord(document));
      return decider.isFinal(foldRecords(decider, records).state) ? null : decider;
    } catch (error) {
      if (error instanceof UnknownRules) return null;
      throw error;
    }
  }

  private async runs({ aggregate }: AnyDecider, entity: string): Promise<boolean> {
    const handle = this.deps.client.workflow.getHandle(workflowIdOf(aggregate, entity));
    return (await nullWhenNotFound(() => handle.describe()))?.status.name === 'RUNNING';
  }
}
