import { toShanghaiIso } from '@qiyue/engine';
import { modelsOf, type AnyAggregate } from '@qiyue/aggregate';
import { Incidents, LedgerStore } from '@qiyue/engine-runtime';
import type { Db } from 'mongodb';
import { AUDIT } from '@qiyue/audit';
import { type Clock, ProcessRegistry, type ConsumerLag } from '@qiyue/platform';
import { evidenceHealth } from './evidence-health';
import { relayHealth } from './relay-health';
import type { SystemSnapshot } from './snapshot';
import { deadLetterHealth, forkHealth, noticeHealth, quarantineHealth, reactionHealth, sagaHealth, SHOWN_MAX } from './store-health';
import { timerHealth } from './timer-health';
import { topicHealth } from './topic-health';
import { within } from './within';

export interface HealthPorts {
  readonly db: Db;
  readonly aggregates: readonly AnyAggregate[];
  readonly lag: Pick<ConsumerLag, 'read' | 'missingTopics'>;
  readonly clock: Pick<Clock, 'nowMs' | 'pace'>;
}

const FRESH_MS = 2_000;
const PART_MS_MAX = 1_800;
/** Walks what is open: seldom enough that it costs nothing. */
const TIMERS_FRESH_MS = 10_000;

/**
 * What is broken now, gathered from every place that knows. Contract: an answer comes within two seconds and never rejects; a part
 * whose store does not answer is null; one look serves all who ask within `freshMs`.
 */
export class SystemHealth {
  private latest: { readonly atMs: number; readonly snapshot: Promise<SystemSnapshot> } | null = null;
  private timers: { readonly atMs: number; readonly health: SystemSnapshot['overdueTimers'] } | null = null;
  private readonly store: LedgerStore;
  private readonly facts: LedgerStore;
  private readonly incidents: Incidents;
  private readonly registry: ProcessRegistry;

  constructor(private readonly ports: HealthPorts) {
    const { db } = ports;
    this.store = new LedgerStore(db);
    this.facts = new LedgerStore(db, AUDIT);
    this.incidents = new Incidents(db);
    this.registry = new ProcessRegistry(db);
  }

  read(freshMs = FRESH_MS): Promise<SystemSnapshot> {
    if (this.latest === null || Date.now() - this.latest.atMs > freshMs) this.latest = { atMs: Date.now(), snapshot: this.look() };
    return this.latest.snapshot;
  }

  private async look(): Promise<SystemSnapshot> {
    const { db, clock, lag } = this.ports;
    const part = <T>(ask: () => Promise<T>): Promise<T | null> => within(PART_MS_MAX, ask);
    const [
      relay,
      auditRelay,
      topic,
      consumers,
      missingTopics,
      incidentCounts,
      rows,
      quarantined,
      forked,
      reactions,
      sagas,
      deadLetters,
      overdueTimers,
      undelivered,
      evidence,
      processes,
    ] = await Promise.all([
      part(() => relayHealth(this.store, clock)),
      part(() => relayHealth(this.facts, clock)),
      part(() => topicHealth([this.store, this.facts], clock)),
      part(() => lag.read()),
      part(() => lag.missingTopics()),
      part(() => this.incidents.counts()),
      part(() => this.incidents.list(undefined, SHOWN_MAX)),
      part(() =>
        quarantineHealth(
          db,
          modelsOf(this.ports.aggregates).map(({ name }) => name),
        ),
      ),
      part(() => forkHealth(this.store)),
      part(() => reactionHealth(db)),
      part(() => sagaHealth(this.incidents)),
      part(() => deadLetterHealth(db)),
      part(() => this.overdue()),
      part(() => noticeHealth(db, clock.nowMs())),
      part(() => evidenceHealth(this.store)),
      part(() => this.registry.live()),
    ]);
    const count = incidentCounts === null ? 0 : Object.values(incidentCounts).reduce((sum, each) => sum + each, 0);
    return {
      ...{
        at: toShanghaiIso(Date.now()),
        relay,
        auditRelay,
        topic,
        consumers,
        missingTopics,
        incidentCounts,
        quarantined,
        forked,
        reactions,
        sagas,
        deadLetters,
        overdueTimers,
        undelivered,
      },
      ...{ evidence, processes, incidents: rows && { count, first: rows } },
    };
  }

  private async overdue(): Promise<SystemSnapshot['overdueTimers']> {
    if (this.timers !== null && Date.now() - this.timers.atMs <= TIMERS_FRESH_MS) return this.timers.health;
    const health = await timerHealth(this.ports.db, this.ports.aggregates, this.ports.clock);
    this.timers = { atMs: Date.now(), health };
    return health;
  }
}
