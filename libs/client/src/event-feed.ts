import { createParser } from 'eventsource-parser';
import type { FeedEvent, QueryOf } from './answers';
import { problemOf, ProblemError } from './problem-error';

/** With filters: only events that they name; all of them when there are none. */
export interface FeedOptions extends Omit<QueryOf<'/v1/events'>, 'lastEventId'> {
  /** Position of the last event that was seen; `latest`: only what comes from now on; left out: from the beginning. */
  readonly after?: number | 'latest';
  readonly signal?: AbortSignal;
  /** Pause before the next attempt after a cut connection, ms. */
  readonly retryMs?: number;
}

type Open = (headers: Readonly<Record<string, string>>, signal: AbortSignal | undefined) => Promise<Response>;

const RETRY_MS = 1_000;

/**
 * Every event behind a position, then those to come, each once and in order, across cut connections. Ends when the
 * signal is aborted. Throws `ProblemError` when the server refuses the stream; one that is away is tried again.
 */
export async function* eventFeed(open: Open, { after, signal, retryMs = RETRY_MS }: FeedOptions): AsyncGenerator<FeedEvent, void, undefined> {
  let position = after;
  while (!signal?.aborted) {
    const response = await open(position === undefined ? {} : { 'Last-Event-ID': String(position) }, signal).catch(() => null);
    if (response !== null && !response.ok && response.status !== 503) throw new ProblemError(problemOf(response.status, await response.text()));
    if (response?.ok && response.body) {
      for await (const event of eventsIn(response.body)) {
        position = event.position;
        yield event;
      }
    }
    await pause(retryMs, signal);
  }
}

/** A connection that breaks ends the events; what is cut in two is left to the next connection. */
async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<FeedEvent, void, undefined> {
  const found: FeedEvent[] = [];
  const parser = createParser({ onEvent: ({ data }) => void found.push(JSON.parse(data) as FeedEvent) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const piece = await reader.read().catch(() => ({ done: true as const, value: undefined }));
      if (piece.done) return;
      parser.feed(decoder.decode(piece.value, { stream: true }));
      yield* found.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
