import type { Client } from '@temporalio/client';
import { toShanghaiIso } from '@qiyue/engine';
import type { Incidents } from '../incidents/incidents';
import { waitingSagas, type WaitingSaga } from './waiting-sagas';

/** In life a saga ends within a second; and whoever sent its command has been told by then that its outcome is not known. */
const LATE_MS = 10_000;

/** What a look for sagas that wait needs. */
export interface WaitingSagasDeps {
  readonly client: Pick<Client, 'workflow'>;
  readonly incidents: Pick<Incidents, 'note' | 'clear' | 'list'>;
  /** Left out: the usual one of sagas. */
  readonly taskQueue?: string;
  /** Left out: ten seconds. */
  readonly lateMs?: number;
}

/** Notes the sagas that have waited too long, by their workflow ids, and clears those that no longer do. Answers how many wait. */
export const noteWaitingSagas = async ({ client, incidents, taskQueue, lateMs = LATE_MS }: WaitingSagasDeps): Promise<number> => {
  const noted = await incidents.list('saga-waiting');
  const waiting = (await waitingSagas(client, taskQueue === undefined ? {} : { taskQueue })).filter(({ ageMs }) => ageMs > lateMs);
  for (const saga of waiting)
    await incidents.note({ kind: 'saga-waiting', subject: saga.workflowId, since: toShanghaiIso(saga.sinceMs), why: whyOf(saga) });
  const still = new Set(waiting.map(({ workflowId }) => workflowId));
  for (const { subject } of noted) if (!still.has(subject)) await incidents.clear('saga-waiting', subject);
  return waiting.length;
};

/** One that waits for nobody waits for a worker. */
const whyOf = ({ what, waits }: WaitingSaga): string => (!waits ? `${what}: no worker` : `${what}: ${waits.for} ${waits.why}`);
