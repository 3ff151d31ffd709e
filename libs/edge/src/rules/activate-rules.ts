import type { Client } from '@temporalio/client';
import type { Db } from 'mongodb';
import { ActivationStore } from './active-rules';

/** A process that lives, by its last beat. */
interface Beat {
  readonly name: string;
  readonly rules?: Readonly<Record<string, number>>;
}

const LIVES_WITHIN_MS = 20_000;
/**
 * Those that decide or stamp, and those that tell people what was recorded, each event once: all of them have to know a version before any command is
 * decided by it.
 */
const DECIDING: readonly string[] = ['api', 'intake', 'notifications', 'reactions', 'worker'];
export const RULES_ATTRIBUTE = 'EntityRules';
const KEYWORD = 2;

export interface RulesState {
  readonly aggregate: string;
  readonly active: number;
  /** The highest version that every live process of those that decide knows; null when none lives. */
  readonly known: number | null;
  readonly processes: readonly { readonly name: string; readonly knows: number }[];
}

export const rulesState = async (db: Db, aggregate: string): Promise<RulesState> => {
  const since = new Date(Date.now() - LIVES_WITHIN_MS);
  const beats = await db
    .collection<Beat>('processes')
    .find({ at: { $gte: since }, name: { $in: DECIDING } } as object)
    .toArray();
  const processes = beats.map(({ name, rules }) => ({ name, knows: rules?.[aggregate] ?? 1 }));
  const known = processes.length === 0 ? null : Math.min(...processes.map(({ knows }) => knows));
  return { aggregate, active: await new ActivationStore(db).active(aggregate), known, processes };
};

export type Activation =
  | { readonly ok: true; readonly version: number }
  | { readonly ok: false; readonly why: 'no-worker' | 'not-known-to-all' | 'not-higher'; readonly state: RulesState };

/** Makes a version the one that edges stamp. Refused unless every live process that decides knows it: the wrong code would turn its commands away. */
export const activateRules = async (db: Db, client: Client, aggregate: string, version: number): Promise<Activation> => {
  const state = await rulesState(db, aggregate);
  if (version <= state.active) return { ok: false, why: 'not-higher', state };
  if (!state.processes.some(({ name }) => name === 'worker')) return { ok: false, why: 'no-worker', state };
  if ((state.known ?? 0) < version) return { ok: false, why: 'not-known-to-all', state };
  await ensureAttribute(client); // a workflow that sets one which the server does not know fails its task
  await new ActivationStore(db).activate(aggregate, version);
  return { ok: true, version };
};

/**
 * A county that begins has nothing that was decided before: it begins on the newest rules. Nothing happens where some version was activated, or where
 * anything was recorded: there activating is an act of whoever runs it.
 */
export const beginOnNewestRules = async (db: Db, client: Client, aggregate: string, newest: number): Promise<boolean> => {
  const store = new ActivationStore(db);
  if (newest === 1 || (await store.all()).has(aggregate)) return false;
  if ((await db.collection('ledger').findOne({ aggregate })) !== null || (await db.collection('commands').findOne({ aggregate })) !== null)
    return false;
  await ensureAttribute(client);
  await store.activate(aggregate, newest);
  return true;
};

const ensureAttribute = async ({ connection, options: { namespace } }: Client): Promise<void> => {
  const { operatorService } = connection as Client['connection'] & { readonly operatorService: OperatorService };
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  if (customAttributes?.[RULES_ATTRIBUTE] === undefined)
    await operatorService.addSearchAttributes({ namespace, searchAttributes: { [RULES_ATTRIBUTE]: KEYWORD } });
};

interface OperatorService {
  listSearchAttributes(request: { namespace: string }): Promise<{ customAttributes?: Record<string, unknown> | null }>;
  addSearchAttributes(request: { namespace: string; searchAttributes: Record<string, number> }): Promise<unknown>;
}
