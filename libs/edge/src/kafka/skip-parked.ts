import type { CommandLog, Incidents } from '@qiyue/engine-runtime';
import type { DeadLetterRows } from './dead-letter-rows';
import type { DeadLetters } from './dead-letters';
import type { IncomingMessage } from '@qiyue/platform';
import { aggregateOfTopic } from './our-topics';
import { parkedMessageOf, parkedSubjectOf, type ParkedCommand, type ParkedCommands } from './parked-commands';

export interface SkipPorts {
  readonly parked: Pick<ParkedCommands, 'lease' | 'find' | 'remove' | 'headOf'>;
  readonly letters: Pick<DeadLetters, 'send'>;
  readonly rows: Pick<DeadLetterRows, 'mark'>;
  readonly commandLog: Pick<CommandLog, 'noteDead'>;
  readonly incidents: Pick<Incidents, 'clear'>;
}

/** What a parked command holds was read and sealed before it was parked, so its letter may keep it. */
export const asParked = ({ value }: Pick<IncomingMessage, 'value'>): string => value ?? '';

/**
 * An operator gives a parked command up: it becomes a dead letter, `skipped`, its id says `dead`, and the next of its key takes its place. It may
 * have taken effect all the same, if its entity took it and never answered.
 *
 * Contract: out of its line last, so that nothing is forgotten should this break off: it is then tried again as before, once the lease is over, and may
 * be skipped again. Null: it is not parked; `busy`: it is being tried this very moment. Rejects when a server is away.
 */
export const skipParked = async ({ parked, letters, rows, commandLog, incidents }: SkipPorts, id: string): Promise<ParkedCommand | 'busy' | null> => {
  const row = await parked.lease(id, 'skip');
  if (row === null) return (await parked.find(id)) === null ? null : 'busy';
  const { topic, key, commandId, needId, actor, type, receivedAt, hash } = row;
  await letters.send(parkedMessageOf(row), { reason: 'skipped', detail: 'by an operator', commandId, entity: needId, hash });
  await rows.mark(id, 'skipped');
  const empty = { aggregate: aggregateOfTopic(topic) ?? '', entity: needId ?? '', type, fingerprint: '' };
  await commandLog.noteDead({ _id: commandId, ...empty, actor, channel: 'kafka', receivedAt, code: 'skipped' });
  await parked.remove(id);
  if ((await parked.headOf(key)) === null) await incidents.clear('command-parked', parkedSubjectOf(key));
  return row;
};
