import type { Incidents } from '@qiyue/engine-runtime';
import type { Logger } from '../log/logger';
import type { IncomingMessage } from './event-bus';

/** What is past sooner is nobody's business. */
const SHOWN_AFTER_MS = 3_000;
const SHOWN_AGAIN_AFTER_MS = 10_000;

interface Trouble {
  readonly sinceMs: number;
  shownMs: number;
}

/** Shows the operator which partition of a group stands still; shown once it lasts, taken away as soon as it is past. */
export class ConsumerTrouble {
  private readonly troubles = new Map<string, Trouble>();
  /** Partitions of which an earlier process may have left something. */
  private readonly known = new Set<string>();

  constructor(
    private readonly groupId: string,
    private readonly ports: { readonly incidents: Pick<Incidents, 'note' | 'clear'>; readonly log: Pick<Logger, 'warn'> },
  ) {}

  isMet({ topic, partition, offset }: IncomingMessage, error: unknown): void {
    const [subject, nowMs] = [this.subjectOf(topic, partition), Date.now()];
    const why = error instanceof Error ? error.name : typeof error;
    this.ports.log.warn({ topic, partition, offset, why }, 'batch will be tried again');
    const trouble = this.troubles.get(subject) ?? { sinceMs: nowMs, shownMs: 0 };
    this.troubles.set(subject, trouble);
    if (nowMs - trouble.sinceMs < SHOWN_AFTER_MS || nowMs - trouble.shownMs < SHOWN_AGAIN_AFTER_MS) return;
    trouble.shownMs = nowMs;
    this.known.delete(subject);
    void this.ports.incidents.note({ kind: 'batch-retrying', subject, place: { topic, partition, offset }, why });
  }

  isPast({ topic, partition }: IncomingMessage): void {
    const subject = this.subjectOf(topic, partition);
    this.troubles.delete(subject);
    if (this.known.has(subject)) return;
    this.known.add(subject);
    void this.ports.incidents.clear('batch-retrying', subject);
  }

  private subjectOf(topic: string, partition: number): string {
    return `${this.groupId}/${topic}/${partition}`;
  }
}
