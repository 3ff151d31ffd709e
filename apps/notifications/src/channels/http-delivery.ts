import type { Delivery } from './channel';
import { INNER_ADDRESS } from './public-lookup';
import type { PostOutcome } from './post-json';

const AFTER_MS_MAX = 24 * 3_600_000;

/** What became of a posted message; a 2xx has to be read, since robots say no with status 200. */
export const deliveryOf = (outcome: PostOutcome, nowMs: number, read: (text: string) => Delivery): Delivery => {
  switch (outcome.kind) {
    case 'not-sent':
      return outcome.reason === INNER_ADDRESS
        ? { kind: 'refused', reason: 'private-host' }
        : { kind: 'later', reason: outcome.reason, afterMs: null };
    case 'no-answer':
      return { kind: 'unknown', reason: outcome.reason };
    case 'answered':
      return outcome.status >= 200 && outcome.status < 300 ? read(outcome.text) : deliveryOfStatus(outcome.status, outcome.retryAfter, nowMs);
  }
};

const deliveryOfStatus = (status: number, retryAfter: string | null, nowMs: number): Delivery => {
  const reason = `http ${status}`;
  if (status === 429 || status === 503) return { kind: 'later', reason, afterMs: afterMsOf(retryAfter, nowMs) };
  return status >= 400 && status < 500 ? { kind: 'refused', reason } : { kind: 'unknown', reason };
};

/** RFC 9110: seconds, or a date. At most a day, whatever the other side would like. */
const afterMsOf = (retryAfter: string | null, nowMs: number): number | null => {
  if (retryAfter === null) return null;
  const afterMs = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - nowMs;
  return Number.isNaN(afterMs) ? null : Math.min(AFTER_MS_MAX, Math.max(0, afterMs));
};
