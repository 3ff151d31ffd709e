import type { Who } from './people';

export type Body = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Sending {
  readonly as?: Who;
  /** Instead of one minted for `as`. */
  readonly token?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, when it is text. */
  readonly body?: unknown;
}

const TIMEOUT_MS = 30_000;

/** One raw request: unlike the typed client it can be wrong in every way. Rejects only when there was no HTTP answer. */
export const sendRequest = async (url: string, method: string, { token, key, headers, body }: Omit<Sending, 'as'>): Promise<Answer> => {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text.startsWith('{') ? (JSON.parse(text) as Body) : { text } };
};
