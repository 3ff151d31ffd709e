import type { Retention } from '@qiyue/need-domain';
import { yearsBefore, type NeedView } from '@qiyue/need-views';
import type { ActiveModel } from '@qiyue/engine-runtime';
import type { Filter } from 'mongodb';
import type { FileStore } from '../files/file-store';

export interface Swept {
  /** Ended before: what is attached to such a need is taken out. ISO 8601 with +08:00. */
  readonly endedBefore: string;
  readonly needs: number;
  readonly files: number;
}

const BATCH = 500;

/**
 * Takes out the files of needs that have been over for longer than personal words are kept. Words stay sealed where they lie, because records do not
 * change; nobody opens them any more. Again it does nothing.
 */
export const sweepEnded = async (
  now: string,
  { personalYears }: Retention,
  { model, files }: { readonly model: Pick<ActiveModel<NeedView>, 'collection'>; readonly files: Pick<FileStore, 'removeAt'> },
): Promise<Swept> => {
  const endedBefore = yearsBefore(now, personalYears);
  const over = { 'view.status': { $in: ['ended', 'closed'] }, 'view.updatedAt': { $lte: endedBefore } } as Filter<object>;
  let [needs, removed, batch]: [number, number, string[]] = [0, 0, []];
  const flush = async (): Promise<void> => {
    removed += batch.length === 0 ? 0 : await files.removeAt(batch);
    batch = [];
  };
  for await (const { _id } of (await model.collection()).find(over as never, { projection: { _id: 1 } })) {
    needs += 1;
    batch.push(_id);
    if (batch.length === BATCH) await flush();
  }
  await flush();
  return { endedBefore, needs, files: removed };
};
