import { join } from 'node:path';
import { KeyFolder, Pseudonyms } from '@qiyue/adapters';
import type { System } from '@qiyue/testkit';

/**
 * By the name that records of a need have for a command: its id. Of a person's command they hold a pseudonym, so whoever compares what was given
 * with what was recorded needs the system's keys.
 */
export const idsByRecordedName = async (system: System, needId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const rename = await new Pseudonyms(new KeyFolder(join(system.dataDir, 'keys'))).within(needId);
  return new Map(ids.flatMap((id) => [[id, id] as const, [rename(`command ${id}`), id] as const]));
};
