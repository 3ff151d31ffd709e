import { beforeEach, describe, expect, it } from '@jest/globals';
import type { IncomingMessage } from '@qiyue/platform';
import { toCloudEvent, type Stuck } from '@qiyue/engine-runtime';
import { notedStream } from '@qiyue/testkit';
import { ReactionBatches } from './reaction-batches';

const SOURCE = '0123456789abcdefghjkmnpqrs';
const stream = notedStream(SOURCE, 3);
const messageOf = (value: string): IncomingMessage => ({ topic: 't', partition: 0, offset: '7', key: SOURCE, value, headers: {}, timestampMs: 0 });
const eventAt = (seq: number): IncomingMessage => messageOf(JSON.stringify(toCloudEvent(stream[seq - 1]!)));

describe('a message whose handling broke', () => {
  let parked: (Stuck & { readonly _id: string; readonly upTo: number })[];
  beforeEach(() => {
    parked = [];
  });

  const setAside = (message: IncomingMessage, headSeq: number | null, aggregates = ['need']) =>
    new ReactionBatches(
      {
        runner: { take: () => Promise.resolve() },
        store: { ledger: {} as never, head: async () => (headSeq === null ? null : { seq: headSeq, hash: 'h' }) },
        parked: { park: async ({ _id, upTo }, stuck) => void parked.push({ _id, upTo, ...stuck }) },
        letters: { send: () => Promise.resolve() },
        log: { error: () => undefined },
      },
      aggregates,
    ).setAside(message, { reason: 'failed', detail: 'MongoServerError' });

  it.each([
    ['all of it', 5, 3],
    ['less than it says', 2, 2],
  ])('has its source gone on with beside the topic, where the ledger holds %s', async (_, head, upTo) => {
    await setAside(eventAt(3), head);
    expect(parked).toEqual([{ _id: SOURCE, upTo, seq: 3, why: 'MongoServerError', command: null }]);
  });

  it.each([
    ['no event', messageOf('no event'), 3, ['need']],
    ['of a kind to which nothing reacts', eventAt(3), 3, ['order']],
    ['of a source that the ledger does not hold', eventAt(3), null, ['need']],
  ])('is only a dead letter when it is %s', async (_, message, head, aggregates) => {
    await setAside(message, head, aggregates);
    expect(parked).toEqual([]);
  });
});
