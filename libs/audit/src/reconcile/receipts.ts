import type { LedgerStore } from '@qiyue/engine-runtime';
import { z } from 'zod';
import { type KafkaSecurity, readToEnd, type Publisher } from '@qiyue/platform';
import type { Mismatch } from './mismatch';

export const receiptTopicOf = (aggregate: string): string => `qiyue.${aggregate}.receipts`;

/** What was acknowledged before it was in the ledger. Tells what is lost should Temporal's data go before the workflow could flush it. */
export interface Receipt {
  readonly commandId: string;
  readonly entity: string;
  /** Of the last record that the command gave. */
  readonly seq: number;
}
const receiptSchema = z.object({ commandId: z.string().min(1), entity: z.string().min(1), seq: z.int().min(1) });

const PUBLISH_WITHIN_MS = 1_000;

/** Only for acknowledgements that overtook the ledger: while MongoDB is away, or slow. */
export class Receipts {
  constructor(private readonly publisher: Publisher) {}

  /** False when the broker has not certainly taken it within a second: then nothing but Temporal knows. Never rejects. */
  async publish(aggregate: string, receipt: Receipt): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), PUBLISH_WITHIN_MS)));
    const sent = this.publisher.send(receiptTopicOf(aggregate), [{ key: receipt.entity, value: JSON.stringify(receipt) }]).then(
      () => true,
      () => false,
    );
    const isGiven = await Promise.race([sent, late]);
    clearTimeout(timer);
    return isGiven;
  }
}

export interface LostOptions {
  readonly entity?: string;
  readonly security?: KafkaSecurity;
}

/** Acknowledged records that the ledger does not hold: after a reconciliation nothing can bring them back. */
export const lostReceipts = async (
  brokers: readonly string[],
  aggregate: string,
  store: Pick<LedgerStore, 'ledger'>,
  { entity, security }: LostOptions = {},
): Promise<readonly Mismatch[]> => {
  const lost = new Map<string, Mismatch>();
  await readToEnd(
    brokers,
    receiptTopicOf(aggregate),
    async (values) => {
      const receipts = values.flatMap(receiptIn).filter((receipt) => entity === undefined || receipt.entity === entity);
      const ids = receipts.map(({ entity: of, seq }) => `${of}:${seq}`);
      const held = new Set((await store.ledger.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id));
      for (const { commandId, entity: stream, seq } of receipts) {
        if (held.has(`${stream}:${seq}`)) continue;
        const detail = `command ${commandId} was acknowledged, and nobody holds what it gave`;
        lost.set(commandId, { stream, seq, kind: 'lost', detail, done: null });
      }
    },
    security === undefined ? {} : { security },
  );
  return [...lost.values()];
};

const receiptIn = (value: string): readonly Receipt[] => {
  try {
    return [receiptSchema.parse(JSON.parse(value))];
  } catch {
    return []; // not ours
  }
};
