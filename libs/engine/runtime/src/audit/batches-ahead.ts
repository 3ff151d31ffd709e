import type { FindCursor } from 'mongodb';

/** A cursor's documents batch by batch, with the next one asked for while the present one is worked on. At most two are held. */
export async function* batchesAhead<D>(cursor: FindCursor<D>): AsyncGenerator<readonly D[]> {
  let next = cursor.next();
  try {
    for (;;) {
      const first = await next;
      if (first === null) return;
      const batch = [first, ...cursor.readBufferedDocuments()];
      next = cursor.next();
      next.catch(() => undefined); // met when it is awaited
      yield batch;
    }
  } finally {
    await cursor.close();
  }
}
