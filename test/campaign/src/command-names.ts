import { join } from 'node:path';
import { KeyFolder, Pseudonyms } from '@qiyue/privacy';
import type { System } from '@qiyue/testkit';

/**
 * By the name that records of a need have for a command: its id. Of a person's command they hold a pseudonym, so whoever compares what was given
 * with what was recorded needs the system's keys.
 */
export const idsByRecordedName = async (system: System, needId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const rename = await new Pseudonyms(new KeyFolder(join(system.dataDir, 'keys'))).within(needId);
  return new Map(ids.flatMap((id) => [[id, id] as const, [rename(`command ${id}`), id] as const]));
};

/** Those of these accepted commands of which the ledger holds nothing. */
export const lostIn = async (system: System, ids: readonly string[]): Promise<readonly string[]> => {
  const held = new Set(await system.store.ledger.distinct('commandId'));
  const unseen = ids.filter((id) => !held.has(id));
  const known = await system.store.commands.find({ _id: { $in: [...unseen] } }).toArray();
  const names = await Promise.all(known.map(({ _id, entity }) => idsByRecordedName(system, entity, [_id])));
  const found = new Set(names.flatMap((map) => [...map].flatMap(([name, id]) => (held.has(name) ? [id] : []))));
  return unseen.filter((id) => !found.has(id));
};
