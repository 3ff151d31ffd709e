import type { AnyAggregate } from '@qiyue/aggregate';
import type { Retention } from '@qiyue/civic-domain';
import { yearsBefore } from '@qiyue/civic-views';
import { ActiveModel } from '@qiyue/engine-runtime';
import type { Db } from 'mongodb';
import type { FileStore } from '../files/file-store';

export interface Swept {
  /** Ended before: what is attached to such an entity is taken out. ISO 8601 with +08:00. */
  readonly endedBefore: string;
  readonly entities: number;
  readonly files: number;
}

export interface SweepPorts {
  readonly db: Db;
  readonly aggregates: readonly Pick<AnyAggregate, 'model' | 'privacy'>[];
  readonly files: Pick<FileStore, 'removeAt'>;
}

const BATCH = 500;

/**
 * Takes out the files of what has been over for longer than personal words are kept. Words stay sealed where they lie, because records do not
 * change; nobody opens them any more. Again it does nothing.
 */
export const sweepEnded = async (now: string, { personalYears }: Retention, { db, aggregates, files }: SweepPorts): Promise<Swept> => {
  const endedBefore = yearsBefore(now, personalYears);
  let [entities, removed, batch]: [number, number, string[]] = [0, 0, []];
  const flush = async (): Promise<void> => {
    removed += batch.length === 0 ? 0 : await files.removeAt(batch);
    batch = [];
  };
  for (const { model, privacy } of aggregates) {
    const over = { ...privacy.ended, 'view.updatedAt': { $lte: endedBefore } };
    const collection = await new ActiveModel(db, model).collection();
    for await (const { _id } of collection.find(over as never, { projection: { _id: 1 } })) {
      entities += 1;
      batch.push(_id);
      if (batch.length === BATCH) await flush();
    }
  }
  await flush();
  return { endedBefore, entities, files: removed };
};
