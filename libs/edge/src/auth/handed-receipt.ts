import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from '@qiyue/platform';
import type { SubjectKeys } from '@qiyue/privacy';

/** Header of a command that an API hands to the topic: when it was received, and what shows that an API says so. */
export const RECEIPT_HEADER = 'qiyue-receipt';

/** Whose key it is: no token can name it (`key:` is taken), no service's key is called so, and nobody can ask for its erasure. */
export const HANDOVER_SUBJECT = 'key:handover';
/** An API hands over within the minute that a command may wait for its outcome; with a clock that differs a little. */
const HANDED_WITHIN_MS = 300_000;
const FORM = /^v1\.(\d{1,15})\.([A-Za-z0-9_-]{43})$/;

type Handed = Pick<IncomingMessage, 'headers' | 'value' | 'timestampMs'>;

/**
 * Lets a command that comes over HTTP, and has to wait on the topic, keep the time at which it was received. Only whoever has the folder of keys
 * (API and intake) can say so: the topic's other writers cannot, and a copy of such a message says it only for some minutes, under its own id.
 */
export class HandedReceipts {
  constructor(private readonly keys: Pick<SubjectKeys, 'of'>) {}

  /** The header for a message. Rejects with `KeysUnavailable`. */
  async seal(receivedMs: number, authorization: string, value: string): Promise<string> {
    return `v1.${receivedMs}.${await this.mac(receivedMs, authorization, value)}`;
  }

  /** When the command was received, ms since 1970: what a good header says, else when the broker took it. Rejects while the keys are away. */
  async of({ headers, value, timestampMs }: Handed): Promise<number> {
    const [, said, mac] = FORM.exec(headers[RECEIPT_HEADER] ?? '') ?? [];
    const receivedMs = Number(said);
    if (mac === undefined || receivedMs > timestampMs || receivedMs < timestampMs - HANDED_WITHIN_MS) return timestampMs;
    const own = await this.mac(receivedMs, headers['authorization'] ?? '', value ?? '');
    return timingSafeEqual(Buffer.from(own), Buffer.from(mac)) ? receivedMs : timestampMs;
  }

  private async mac(receivedMs: number, authorization: string, value: string): Promise<string> {
    const { secret } = await this.keys.of(HANDOVER_SUBJECT);
    return createHmac('sha256', secret)
      .update(`qiyue receipt 1\n${receivedMs}\n${sha256(authorization)}\n${sha256(value)}`, 'utf8')
      .digest('base64url');
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
