import { z } from 'zod';
import type { Delivery } from './channel';
import { deliveryOf } from './http-delivery';
import { keyHeader } from './key-header';
import { postJson } from './post-json';
import type { ShortMessage, SmsGateway } from './sms.channel';

export interface HttpSmsGatewayOptions {
  /** Checked by `checkWebhookUrl`; the settings name it, so it may have an inner address. */
  readonly url: URL;
  readonly token: string;
  readonly timeoutMs?: number;
}

/** What a gateway may answer beside its status; anything else is taken for no reference. */
const answerSchema = z.object({ reference: z.string().max(200) });

/**
 * Plain HTTP: POST `{to, text, key}` with a bearer token and the key as `Idempotency-Key`. 2xx: sent, with `{"reference"}` if
 * the gateway gives one; 429 and 503: later; any other 4xx: refused.
 */
export class HttpSmsGateway implements SmsGateway {
  constructor(private readonly options: HttpSmsGatewayOptions) {}

  async send({ to, text, key }: ShortMessage): Promise<Delivery> {
    const { url, token, timeoutMs } = this.options;
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': keyHeader(key) };
    const outcome = await postJson(url, { to, text, key }, { headers, mayBeInner: true, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    return deliveryOf(outcome, Date.now(), (answer) => ({ kind: 'sent', reference: referenceIn(answer) }));
  }
}

const referenceIn = (text: string): string | null => {
  try {
    const answer = answerSchema.safeParse(JSON.parse(text));
    return answer.success ? answer.data.reference : null;
  } catch {
    return null;
  }
};
