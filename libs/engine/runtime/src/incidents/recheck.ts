import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { STANDING_QUERY_NAME, workflowIdOf, type EntityStanding } from '@qiyue/engine';
import type { LedgerStore } from '../ledger/ledger-store';
import { isOtherState } from '../ledger/other-state';
import { ENTITY_INCIDENT_KINDS, type Incidents } from './incidents';

const ASK_WITHIN_MS = 2_000;
const ROUND_MAX = 50;
/** A workflow that somebody else has ended can still be asked, and agrees with what it left. */
const ALIVE_OR_ENDED: ReadonlySet<string> = new Set(['RUNNING', 'COMPLETED']);

/** What a look at the entities that stand aside needs. */
export interface RecheckDeps {
  readonly client: Client;
  readonly store: LedgerStore;
  readonly incidents: Incidents;
  readonly aggregates: readonly string[];
}

/**
 * Looks again at the entities that stood aside, the longest first: what agrees with the ledger by the code that runs now is well again, and its
 * marks go, and so do those of what never came to be and runs no more: a submit that was turned away, say. A query leaves nothing in a history, so this may
 * be asked as often as one likes. Answers how many were cleared.
 */
export const recheckEntities = async (deps: RecheckDeps): Promise<number> => {
  const noted = (await Promise.all(ENTITY_INCIDENT_KINDS.map((kind) => deps.incidents.list(kind, ROUND_MAX)))).flat();
  const forked = (
    await deps.store.forks
      .find({}, { projection: { _id: 1 } })
      .limit(ROUND_MAX)
      .toArray()
  ).map(({ _id }) => _id);
  let cleared = 0;
  for (const entity of new Set([...noted.map(({ subject }) => subject), ...forked])) {
    if (!(await agrees(deps, entity)) && !(await isNowhere(deps, entity))) continue;
    await deps.store.clearFork(entity);
    await deps.incidents.clearEntity(entity);
    cleared += 1;
  }
  return cleared;
};

const agrees = async (deps: RecheckDeps, entity: string): Promise<boolean> => {
  const standing = await standingOf(deps, entity);
  if (standing === null || standing.isDiverged || standing.seq === 0) return false;
  const [head, last] = await Promise.all([deps.store.head(entity), deps.store.lastOutcome(entity)]);
  if (head === null || head.seq !== standing.seq || head.hash !== standing.hash || isOtherState(standing.digests, last)) return false;
  return isSoundAt(deps.store, entity);
};

/** Neither ledger nor feed has anything of it, and no run is open that could bring anything. */
const isNowhere = async (deps: RecheckDeps, entity: string): Promise<boolean> => {
  if ((await deps.store.head(entity)) !== null || (await deps.store.feed.findOne({ entity })) !== null) return false;
  for (const aggregate of deps.aggregates) if (await mayRun(deps.client, workflowIdOf(aggregate, entity))) return false;
  return true;
};

const mayRun = async (client: Client, workflowId: string): Promise<boolean> => {
  try {
    const { status } = await client.withDeadline(Date.now() + ASK_WITHIN_MS, () => client.workflow.getHandle(workflowId).describe());
    return status.name === 'RUNNING';
  } catch (error) {
    return !(error instanceof WorkflowNotFoundError);
  }
};

/** A row of the ledger that was changed by hand is no agreement. */
const isSoundAt = async (store: LedgerStore, entity: string): Promise<boolean> => (await store.firstFinding(entity)) === null;

const standingOf = async ({ client, aggregates }: RecheckDeps, entity: string): Promise<EntityStanding | null> => {
  for (const aggregate of aggregates) {
    try {
      const handle = client.workflow.getHandle(workflowIdOf(aggregate, entity));
      return await client.withDeadline(Date.now() + ASK_WITHIN_MS, async () =>
        ALIVE_OR_ENDED.has((await handle.describe()).status.name) ? handle.query<EntityStanding, []>(STANDING_QUERY_NAME) : null,
      );
    } catch {
      // not of this aggregate, or its code cannot go on with it
    }
  }
  return null;
};
