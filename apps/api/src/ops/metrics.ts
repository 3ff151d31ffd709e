import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const HTTP_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

/** A scrape does not wait for a database that stands still. */
const SCRAPE_MS = 500;
const nothingAfter = (ms: number): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), ms).unref());

/** What the API counts. Labels are names out of closed lists: nothing about a person or an entity. */
export class Metrics {
  readonly registry = new Registry();
  readonly httpSeconds = new Histogram({
    name: 'qiyue_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: HTTP_BUCKETS_S,
    registers: [this.registry],
  });
  readonly httpInFlight = new Gauge({ name: 'qiyue_http_in_flight', help: 'Requests under way', registers: [this.registry] });
  readonly commands = new Counter({
    name: 'qiyue_commands_total',
    help: 'Commands by what became of them: accepted, a refusal code, or why there was no outcome',
    labelNames: ['command', 'outcome', 'aggregate'],
    registers: [this.registry],
  });
  readonly commandsInFlight = new Gauge({ name: 'qiyue_commands_in_flight', help: 'Commands waiting for an outcome', registers: [this.registry] });
  readonly appendFailures = new Counter({
    name: 'qiyue_append_failures_total',
    help: 'Appends to the ledger that were left to the workflow',
    registers: [this.registry],
  });
  readonly streamsEnded = new Counter({
    name: 'qiyue_event_streams_ended_total',
    help: 'Streams that ended, by why: the reader went, its token ended or was revoked, or it took nothing for too long',
    labelNames: ['why'],
    registers: [this.registry],
  });
  readonly streams = new Gauge({ name: 'qiyue_event_streams', help: 'Open streams of server-sent events', registers: [this.registry] });

  readonly pictures = new Counter({
    name: 'qiyue_pictures_total',
    help: 'Pictures by what became of them: shrunk, or why they are kept in their size',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** What the last verification of the ledger found, asked at each scrape; no samples until there was one. */
  watchAudit(last: () => Promise<{ readonly findingCount: number; readonly at: string } | null>): void {
    const seconds = new Gauge({
      name: 'qiyue_audit_seconds',
      help: 'When the ledger was last verified, seconds since 1970',
      registers: [this.registry],
    });
    new Gauge({
      name: 'qiyue_audit_findings',
      help: 'What the last verification of the ledger found: 0 is good',
      registers: [this.registry],
      async collect() {
        const result = await Promise.race([last().catch(() => null), nothingAfter(SCRAPE_MS)]);
        if (result === null) return this.remove();
        this.set(result.findingCount);
        seconds.set(Date.parse(result.at) / 1_000);
      },
    });
  }
}
