import type { Settlement } from '@qiyue/edge';
import type { Delivery } from '../channels';

const FIRST_PAUSE_MS = 1_000;
const PAUSE_MS_MAX = 300_000;

/** Twice as long after each attempt, up to five minutes. `attempts` counts from 1. */
export const pauseMs = (attempts: number): number => Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 20));

/** What a channel's answer means for a notice. `realMs`: the machine's clock. */
export const settlementOf = (delivery: Delivery, attempts: number, realMs: number): Settlement => {
  switch (delivery.kind) {
    case 'sent':
      return { state: 'sent', reference: delivery.reference };
    case 'refused':
      return { state: 'refused', reason: delivery.reason };
    case 'later':
      return { state: 'waiting', reason: delivery.reason, retryAtMs: realMs + (delivery.afterMs ?? pauseMs(attempts)) };
    case 'unknown':
      return { state: 'hanging', reason: delivery.reason };
  }
};
