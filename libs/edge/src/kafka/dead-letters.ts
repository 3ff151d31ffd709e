import { createHash } from 'node:crypto';
import { isEntityId } from '@qiyue/engine';
import type { Logger, IncomingMessage, OutgoingMessage, Publisher } from '@qiyue/platform';
import type { DeadLetterRows } from './dead-letter-rows';
import { isServerAway } from './server-away';

/** Why a message is dead: `reason` from a closed list of its reader, `detail` a code, a path or the name of an error; never what it says. */
export interface Letter {
  readonly reason: string;
  readonly detail: string;
  readonly commandId?: string | null;
  readonly entity?: string | null;
  /** Of the original's value, should the message be only what is left of it. */
  readonly hash?: string;
}

export interface DeadLetterPorts {
  /** Where they go; left out: to the message's own topic with `.dead` behind it. */
  readonly topic?: string;
  readonly publisher: Pick<Publisher, 'send'>;
  readonly rows: Pick<DeadLetterRows, 'note'>;
  readonly log: Pick<Logger, 'warn' | 'error'>;
  /** What of the message's value may lie about for ever. Left out: nothing, since it may be about a person; its place and hash lead to the original. */
  readonly cleaned?: (message: IncomingMessage) => string;
}

/** What is left of a message, from whole enough to hardly anything: the next is tried when a broker refuses the one before. */
const VALUE_BYTES = [500_000, 50_000, 1_000, 0] as const;
const HEADER_CHARS_MAX = 500;
const REMEMBERED_MAX = 10_000;
/** Tokens and keys that a sender put where they do not belong. */
const SECRETS = /\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?|\bqk_[\w-]{8,}|\bBearer\s+[\w.~+/=-]{8,}/gi;

/**
 * Publishes what may be kept of messages that nobody can handle to a topic of their own, cut to fit, with the place and the SHA-256 of the original, and keeps a row of each.
 *
 * Contract: rejects only while no broker takes anything. One message gives one letter from this process, however often it comes.
 */
export class DeadLetters {
  private readonly sent = new Map<string, Promise<void>>();

  constructor(
    private readonly reader: string,
    private readonly ports: DeadLetterPorts,
  ) {}

  send(message: IncomingMessage, letter: Letter): Promise<void> {
    const { topic, partition, offset } = message;
    const id = `${topic}:${partition}:${offset}`;
    const before = this.sent.get(id);
    if (before !== undefined) return before; // several read models have one letter of it
    const hash = letter.hash ?? createHash('sha256').update(originalOf(message)).digest('hex');
    this.ports.log.warn({ topic, partition, offset, reason: letter.reason }, 'dead letter');
    const published = this.publish(message, letter, hash);
    published.catch(() => this.sent.delete(id));
    const sending = published.then(() => this.note(message, letter, hash));
    this.remember(id, sending);
    return sending;
  }

  private note({ topic, partition, offset }: IncomingMessage, { commandId, entity, reason, detail }: Letter, hash: string): Promise<void> {
    return this.ports.rows.note({
      ...{ topic, partition, offset, reason: reason.slice(0, HEADER_CHARS_MAX), reader: this.reader, hash },
      ...(detail === reason ? {} : { detail: detail.slice(0, HEADER_CHARS_MAX) }),
      ...(commandId === null || commandId === undefined ? {} : { commandId }),
      ...(entity === null || entity === undefined ? {} : { entity }),
    });
  }

  private async publish(message: IncomingMessage, letter: Letter, hash: string): Promise<void> {
    for (const bytesMax of VALUE_BYTES) {
      try {
        return await this.ports.publisher.send(this.ports.topic ?? `${message.topic}.dead`, [this.letterOf(message, letter, hash, bytesMax)]);
      } catch (error) {
        if (isServerAway(error)) throw error;
        const { topic, partition, offset } = message;
        this.ports.log.warn(
          { topic, partition, offset, bytesMax, why: error instanceof Error ? error.name : typeof error },
          'a dead letter is refused',
        );
      }
    }
    this.ports.log.error({ topic: message.topic, partition: message.partition, offset: message.offset }, 'only a row is left of a dead letter');
  }

  private letterOf(message: IncomingMessage, { reason, detail }: Letter, hash: string, bytesMax: number): OutgoingMessage {
    const original = originalOf(message);
    const text = this.cleaned(message);
    const value = cutToBytes(text, bytesMax);
    return {
      key: keyOf(message.key ?? ''),
      value,
      headers: {
        ...{ reason: reason.slice(0, HEADER_CHARS_MAX), detail: detail.slice(0, HEADER_CHARS_MAX), reader: this.reader },
        ...{ 'source-topic': message.topic, 'source-partition': String(message.partition), 'source-offset': message.offset },
        ...{ 'source-sha256': hash, 'source-bytes': String(original.length) },
        ...(value.length < text.length ? { cut: String(Buffer.byteLength(value)) } : {}),
        ...attributesIn(message.headers),
      },
    };
  }

  private cleaned(message: IncomingMessage): string {
    let text: string;
    try {
      text = this.ports.cleaned?.(message) ?? '';
    } catch {
      text = '';
    }
    return withoutSecrets(text);
  }

  private remember(id: string, sending: Promise<void>): void {
    if (this.sent.size >= REMEMBERED_MAX) this.sent.clear();
    this.sent.set(id, sending);
  }
}

const withoutSecrets = (text: string): string => text.replace(SECRETS, '[removed]');

/** What a CloudEvent in binary mode says in its headers, and what form the value has: as far as it is of a form that says nothing of a person. */
const ATTRIBUTES: Readonly<Record<string, RegExp>> = {
  'content-type': /^[a-z]+\/[\w.+-]+(?:;\s*charset=[\w-]+)?$/i,
  ce_specversion: /^\d\.\d$/,
  ce_id: /^[\x21-\x7e]{1,200}$/,
  ce_type: /^qiyue\.[a-z-]+\.[A-Za-z-]+\.v\d+$/,
  ce_subject: /^[0-9a-z]{26}$/,
};
const attributesIn = (headers: IncomingMessage['headers']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(ATTRIBUTES).flatMap(([name, form]) => {
      const value = headers[name];
      return value !== undefined && form.test(value) ? [[name, withoutSecrets(value.slice(0, HEADER_CHARS_MAX))]] : [];
    }),
  );

const originalOf = ({ bytes, value }: IncomingMessage): Buffer => bytes ?? Buffer.from(value ?? '', 'utf8');

/** A key that is no id is told by its hash: a sender may have put anything there. */
const keyOf = (key: string): string => (isEntityId(key) || UUID.test(key) ? key : `sha256:${createHash('sha256').update(key, 'utf8').digest('hex')}`);
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whole characters only. */
const cutToBytes = (text: string, bytesMax: number): string => {
  if (text.length <= bytesMax / 3) return text;
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= bytesMax) return text;
  let end = bytesMax;
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
};
