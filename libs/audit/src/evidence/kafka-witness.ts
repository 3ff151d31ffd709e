import {
  checkpointHash,
  CopyComparison,
  fromCloudEvent,
  openCheckpoint,
  type Checkpoint,
  type Finding,
  type LedgerStore,
  type Received,
  type ReceivedRecord,
  type RecordCopy,
  type SignedCheckpoint,
} from '@qiyue/engine-runtime';
import { z } from 'zod';
import { type KafkaSecurity, type EventBus, type ReadMessage, readToEnd } from '@qiyue/platform';

export const CHECKPOINT_TOPIC = 'qiyue.audit.checkpoints';

/** A checkpoint as the topic has it. Whether it is rightly signed is for the reader to look at. */
export interface PublishedCheckpoint {
  readonly n: number;
  readonly hash: string;
  readonly prev: string;
  readonly keyId: string;
  readonly signed: SignedCheckpoint;
}

/** What the comparison with the events topics came to. */
export interface Compared {
  readonly findings: readonly Finding[];
  readonly copies: number;
  readonly differing: readonly RecordCopy[];
  /** Messages that are no records, the first of them. Whoever may write to the topic can put any there, so they are shown and are no finding. */
  readonly strange: Strange;
}

/** A message of an events topic that is no record, and why: a forged one whose hash is not its own, say. Never what it says. */
export interface StrangeMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly why: string;
}
export interface Strange {
  readonly count: number;
  readonly first: readonly StrangeMessage[];
}
const STRANGE_MAX = 20;

export interface CompareOptions {
  readonly topics: readonly string[];
  readonly entity?: string;
  /** Only what the brokers took from then on, ms since 1970; left out: everything, and what is missing there too. */
  readonly fromMs?: number;
  readonly isSettled?: (copy: RecordCopy) => boolean;
}

/** Whoever holds a second copy of what the ledger and the folder of checkpoints hold. Null: it cannot be asked now. */
export interface Witness {
  compare(store: LedgerStore, options: CompareOptions): Promise<Compared | null>;
  checkpoints(namespace: string, fromMs?: number): Promise<readonly PublishedCheckpoint[] | null>;
  /** All that the events topics hold of one entity. */
  recordsOf(entity: string, topics: readonly string[]): Promise<readonly ReceivedRecord[] | null>;
  /** False when it is not certain that it was taken. */
  publish(namespace: string, signed: readonly SignedCheckpoint[]): Promise<boolean>;
}

/** Below what the topic takes as one message. */
const WHOLE_BYTES_MAX = 1_500_000;
/** A checkpoint that is too large for one message, in pieces that follow each other. */
const PIECE_CHARS = 900_000;
const PIECES_MAX = 500;
const pieceSchema = z.strictObject({
  of: z.string().regex(/^[0-9a-f]{64}$/),
  piece: z.int().min(1).max(PIECES_MAX),
  pieces: z.int().min(1).max(PIECES_MAX),
  base64: z.base64().max(PIECE_CHARS),
});
type Piece = z.infer<typeof pieceSchema>;

export class KafkaWitness implements Witness {
  constructor(
    private readonly brokers: readonly string[],
    private readonly bus: Pick<EventBus, 'publisher'>,
    private readonly security: KafkaSecurity = {},
    private readonly checkpointTopic: string = CHECKPOINT_TOPIC,
  ) {}

  async compare(store: LedgerStore, { topics, entity, fromMs, isSettled }: CompareOptions): Promise<Compared | null> {
    const which = { ...(entity === undefined ? {} : { entity }), ...(isSettled === undefined ? {} : { isSettled }) };
    const comparison = new CopyComparison(store, { ...which, isWhole: fromMs === undefined });
    await comparison.begin();
    const strange = new StrangeMessages(entity);
    for (const topic of topics) {
      const isRead = await this.read(topic, fromMs, async (_, messages) => {
        const received = messages.map((message) => ({ message, received: fromCloudEvent(message.value) }));
        for (const one of received) strange.take(topic, one.message, one.received);
        await comparison.take(received.flatMap((one) => copyIn(one.received)));
      });
      if (!isRead) return null;
    }
    const findings = [...comparison.findings, ...(await comparison.holes())];
    return { findings, copies: comparison.compared, differing: comparison.differing, strange: strange.all };
  }

  /** Keys: `7` for needs, `audit7` for the ledger of facts. */
  async checkpoints(namespace: string, fromMs?: number): Promise<readonly PublishedCheckpoint[] | null> {
    const found: PublishedCheckpoint[] = [];
    const own = new RegExp(`^${namespace}\\d+$`);
    const pieces = new Pieces();
    const isRead = await this.read(this.checkpointTopic, fromMs, async (_, messages) => {
      found.push(...messages.flatMap(({ key, value }) => (key !== null && own.test(key) ? publishedIn(value, pieces) : [])));
    });
    return isRead ? found : null;
  }

  async recordsOf(entity: string, topics: readonly string[]): Promise<readonly ReceivedRecord[] | null> {
    const found: ReceivedRecord[] = [];
    const take = async (values: readonly string[]): Promise<void> => {
      const received = values.map(fromCloudEvent);
      found.push(...received.flatMap((one) => (one.ok && one.record.body.entity === entity ? [one.record] : [])));
    };
    for (const topic of topics) if (!(await this.read(topic, undefined, take))) return null;
    return found;
  }

  async publish(namespace: string, all: readonly SignedCheckpoint[]): Promise<boolean> {
    const publisher = this.bus.publisher();
    try {
      for (const signed of all)
        for (const value of valuesOf(signed)) await publisher.send(this.checkpointTopic, [{ key: `${namespace}${bodyOf(signed).n}`, value }]);
      return true;
    } catch {
      return false;
    } finally {
      await publisher.close();
    }
  }

  /** False when no broker can be reached, or the topic is not there. */
  private async read(topic: string, fromMs: number | undefined, onBatch: Parameters<typeof readToEnd>[2]): Promise<boolean> {
    try {
      await readToEnd(this.brokers, topic, onBatch, { ...(fromMs === undefined ? {} : { fromMs }), security: this.security });
      return true;
    } catch (error) {
      if (error instanceof Error && error.name.startsWith('Mongo')) throw error;
      return false;
    }
  }
}

const bodyOf = (signed: SignedCheckpoint): Checkpoint => {
  const body = openCheckpoint(signed);
  if (body === null) throw new Error('not a checkpoint');
  return body;
};

const valuesOf = (signed: SignedCheckpoint): readonly string[] => {
  const whole = JSON.stringify(signed);
  if (Buffer.byteLength(whole) <= WHOLE_BYTES_MAX) return [whole];
  const text = Buffer.from(whole, 'utf8').toString('base64');
  const parts = Array.from({ length: Math.ceil(text.length / PIECE_CHARS) }, (_, i) => text.slice(i * PIECE_CHARS, (i + 1) * PIECE_CHARS));
  return parts.map((base64, i) => JSON.stringify({ of: checkpointHash(signed), piece: i + 1, pieces: parts.length, base64 } satisfies Piece));
};

/** Puts checkpoints together that came in pieces. Of those that are not whole yet the last few are kept, whoever wrote them. */
class Pieces {
  private readonly begun = new Map<string, string[]>();

  /** The whole once its last piece is there; null before that, and for what does not follow. */
  add({ of, piece, pieces, base64 }: Piece): string | null {
    const before = piece === 1 ? [] : this.begun.get(of);
    this.begun.delete(of);
    if (before === undefined || before.length !== piece - 1) return null;
    const now = [...before, base64];
    if (piece === pieces) return Buffer.from(now.join(''), 'base64').toString('utf8');
    this.begun.set(of, now);
    for (const oldest of [...this.begun.keys()].slice(0, -BEGUN_MAX)) this.begun.delete(oldest);
    return null;
  }
}
const BEGUN_MAX = 4;

/** What is no checkpoint, nor a piece of one, says nothing. */
const publishedIn = (value: string, pieces: Pieces): readonly PublishedCheckpoint[] => {
  const parsed = jsonIn(value);
  const piece = pieceSchema.safeParse(parsed);
  const signed = piece.success ? jsonIn(pieces.add(piece.data)) : parsed;
  const body = openCheckpoint(signed);
  if (body === null) return [];
  const whole = signed as SignedCheckpoint;
  return [{ n: body.n, hash: checkpointHash(whole), prev: body.prev, keyId: body.keyId, signed: whole }];
};

const jsonIn = (text: string | null): unknown => {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
};

/** Counts what is no record, of one entity where one is asked for, and keeps the first. */
class StrangeMessages {
  private count = 0;
  private readonly first: StrangeMessage[] = [];

  constructor(private readonly entity: string | undefined) {}

  take(topic: string, { partition, offset, value }: ReadMessage, received: Received): void {
    if (received.ok || (this.entity !== undefined && subjectIn(value) !== this.entity)) return;
    this.count += 1;
    if (this.first.length < STRANGE_MAX) this.first.push({ topic, partition, offset, why: received.why });
  }

  get all(): Strange {
    return { count: this.count, first: this.first };
  }
}

/** Whose record a message says that it is. */
const subjectIn = (value: string): unknown => {
  const event = jsonIn(value);
  return typeof event === 'object' && event !== null && 'subject' in event ? event.subject : null;
};

const copyIn = (received: Received): readonly RecordCopy[] => {
  if (!received.ok) return [];
  const { body, hash } = received.record;
  return [{ entity: body.entity, seq: body.seq, hash }];
};
