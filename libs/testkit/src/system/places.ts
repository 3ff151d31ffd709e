import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { System } from './system';

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);

/**
 * Where something stands readable: in which collections and topics (named without `qiyue.`) as their clients read them, as JSON, and in which file of any server or of
 * ours.
 */
export const placesOf = async (system: System, topics: readonly string[], has: (text: string | Buffer) => boolean): Promise<readonly string[]> => {
  const places: string[] = [];
  for (const collection of await system.store.db.collections()) {
    if (has(JSON.stringify(await collection.find().toArray()))) places.push(`collection ${collection.collectionName}`);
  }
  for (const topic of topics) {
    if (has(JSON.stringify(await system.kafka.readAll(`qiyue.${topic}`)))) places.push(`topic ${topic}`);
  }
  for (const path of filesIn(system.dataDir)) if (has(readFileSync(path))) places.push(`file ${path.slice(system.dataDir.length)}`);
  return places;
};
