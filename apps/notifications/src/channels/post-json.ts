import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { publicLookup } from './public-lookup';

/** `not-sent`: no byte of it went out, so it may be sent again. `no-answer`: the other side may have it. */
export type PostOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | null; readonly text: string }
  | { readonly kind: 'not-sent'; readonly reason: string }
  | { readonly kind: 'no-answer'; readonly reason: string };

export interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** For the whole of it, from the look-up of the name to the last byte of the answer, ms. */
  readonly timeoutMs?: number;
  /** The host was named by the settings: it may have an inner address. */
  readonly mayBeInner?: boolean;
}

export const POST_TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 65_536;

/**
 * One POST on a connection of its own; redirects are answers like any other. Reasons are codes, never texts: an address
 * may hold a robot's key.
 */
export const postJson = (
  url: URL,
  body: object,
  { headers = {}, timeoutMs = POST_TIMEOUT_MS, mayBeInner = false }: PostOptions = {},
): Promise<PostOutcome> =>
  new Promise((resolve) => {
    const isTls = url.protocol === 'https:';
    const payload = Buffer.from(JSON.stringify(body), 'utf8');
    const request = (isTls ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: false,
      ...(mayBeInner ? {} : { lookup: publicLookup }),
      signal: AbortSignal.timeout(timeoutMs),
      headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': String(payload.length), ...headers },
    });
    let isConnected = false;
    const lose = (error: unknown): void => resolve({ kind: isConnected ? 'no-answer' : 'not-sent', reason: codeOf(error) });
    // Nothing of a request goes out before the connection stands, and over TLS not before the handshake is done.
    request.once('socket', (socket) => socket.once(isTls ? 'secureConnect' : 'connect', () => (isConnected = true)));
    request.on('error', lose);
    request.once('response', (response) => {
      textOf(response).then((text) => resolve(answerOf(response, text)), lose);
    });
    request.end(payload);
  });

const answerOf = ({ statusCode, headers }: IncomingMessage, text: string): PostOutcome => ({
  kind: 'answered',
  status: statusCode ?? 0,
  retryAfter: headers['retry-after'] ?? null,
  text,
});

/** What stands behind the bound is of no interest to anybody. */
const textOf = async (response: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece.subarray(0, ANSWER_BYTES_MAX - bytes));
    bytes += piece.length;
    if (bytes >= ANSWER_BYTES_MAX) break;
  }
  return Buffer.concat(pieces).toString('utf8');
};

const codeOf = (error: unknown): string => {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  if (name === 'AbortError') return 'timeout';
  return typeof code === 'string' ? code : 'connection lost';
};
