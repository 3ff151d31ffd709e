import { Gauge, type Registry } from 'prom-client';
import type { SystemHealth } from './system-health';
import type { SystemSnapshot } from './snapshot';
import { troubleNumbers } from './troubles';

/** A scrape does not wait for a database that stands still: it then shows what was known last, and which parts are not known. */
const SCRAPE_MS = 2_500;
const FRESH_MS = 5_000;

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [value: number, labels?: Labels];

interface GaugePlan {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  /** Nothing for what is not known. */
  readonly samples: (snapshot: SystemSnapshot) => readonly Sample[];
}

const some = (value: number | null | undefined): readonly Sample[] => (value === null || value === undefined ? [] : [[value]]);
const by = (label: string, counts: Readonly<Record<string, number>> | null): readonly Sample[] =>
  Object.entries(counts ?? {}).map(([name, count]) => [count, { [label]: name }]);
const countBy = (names: readonly string[]): Readonly<Record<string, number>> =>
  names.reduce<Record<string, number>>((counts, name) => ({ ...counts, [name]: (counts[name] ?? 0) + 1 }), {});

const PARTS = [
  'relay',
  'auditRelay',
  'topic',
  'consumers',
  'missingTopics',
  'incidents',
  'quarantined',
  'forked',
  'reactions',
  'sagas',
  'deadLetters',
  'overdueTimers',
  'undelivered',
  'evidence',
  'processes',
] as const;

const GAUGES: readonly GaugePlan[] = [
  { name: 'qiyue_relay_lag_records', help: 'Records of the ledger that are not on the events topic', samples: ({ relay }) => some(relay?.records) },
  { name: 'qiyue_relay_lag_seconds', help: 'Age of the oldest of them', samples: ({ relay }) => some(relay?.seconds) },
  { name: 'qiyue_audit_relay_lag_records', help: 'The same for the ledger of facts', samples: ({ auditRelay }) => some(auditRelay?.records) },
  { name: 'qiyue_audit_relay_lag_seconds', help: 'Age of the oldest of them', samples: ({ auditRelay }) => some(auditRelay?.seconds) },
  {
    name: 'qiyue_topic_lag_records',
    help: 'Records of ledger and feed that were not met on the events topics, by comparing each message',
    samples: ({ topic }) => some(topic?.lagRecords),
  },
  { name: 'qiyue_topic_lag_seconds', help: 'Age of the oldest of them', samples: ({ topic }) => some(topic?.lagSeconds) },
  { name: 'qiyue_topic_holes', help: 'Of those, the ones that the relay has published by its own word', samples: ({ topic }) => some(topic?.holes) },
  {
    name: 'qiyue_topic_differing',
    help: 'Messages of the events topics that say of a record what the ledger does not',
    samples: ({ topic }) => some(topic?.differing),
  },
  {
    name: 'qiyue_topic_compared_seconds',
    help: 'Since ledger, feed and topic were last compared; no sample before the first time',
    samples: ({ topic }) => some(topic?.comparedSeconds),
  },
  {
    name: 'qiyue_consumer_lag_messages',
    help: 'Messages of its topic that a group has not handled',
    labels: ['group'],
    samples: ({ consumers }) => (consumers ?? []).map(({ group, messages }) => [messages, { group }]),
  },
  {
    name: 'qiyue_consumer_oldest_seconds',
    help: 'How long the oldest of them has lain there',
    labels: ['group'],
    samples: ({ consumers }) => (consumers ?? []).map(({ group, oldestSeconds }) => [oldestSeconds, { group }]),
  },
  {
    name: 'qiyue_consumer_foreign_members',
    help: 'Members of the group that are none of our processes, by their own word',
    labels: ['group'],
    samples: ({ consumers }) => (consumers ?? []).map(({ group, foreign }) => [foreign.length, { group }]),
  },
  { name: 'qiyue_topics_missing', help: 'Topics of ours that the brokers do not have', samples: ({ missingTopics }) => some(missingTopics?.length) },
  { name: 'qiyue_incidents', help: 'What stands aside now, by kind', labels: ['kind'], samples: ({ incidentCounts }) => by('kind', incidentCounts) },
  {
    name: 'qiyue_dead_letters',
    help: 'Dead letters that nobody has looked at',
    labels: ['reason'],
    samples: ({ deadLetters }) => by('reason', deadLetters),
  },
  {
    name: 'qiyue_quarantined',
    help: 'Entities that a read model has set aside',
    labels: ['model'],
    samples: ({ quarantined }) => by('model', quarantined && quarantined.byModel),
  },
  { name: 'qiyue_forked', help: 'Entities with two histories, which take no commands', samples: ({ forked }) => some(forked?.count) },
  {
    name: 'qiyue_reactions_parked',
    help: 'Entities of which something waits that follows from their records',
    samples: ({ reactions }) => some(reactions?.parked.count),
  },
  {
    name: 'qiyue_reactions_refused',
    help: 'Reactions that were refused or broke, and that nobody has looked at',
    samples: ({ reactions }) => some(reactions?.refused.count),
  },
  {
    name: 'qiyue_sagas_waiting',
    help: 'Commands over several entities that have waited for one of them for ten seconds',
    samples: ({ sagas }) => some(sagas?.waiting),
  },
  { name: 'qiyue_saga_oldest_seconds', help: 'Since the oldest of them was begun', samples: ({ sagas }) => some(sagas?.oldestSeconds) },
  {
    name: 'qiyue_overdue_timers',
    help: 'Entities of which a step should have been taken five minutes ago',
    samples: ({ overdueTimers }) => some(overdueTimers?.count),
  },
  {
    name: 'qiyue_notices_refused',
    help: 'Notices of the last seven days that their channel refused for good',
    labels: ['channel'],
    samples: ({ undelivered }) => by('channel', undelivered && undelivered.refused),
  },
  {
    name: 'qiyue_notices_hanging',
    help: 'Notices of the last seven days of which nobody knows whether they were sent',
    labels: ['channel'],
    samples: ({ undelivered }) => by('channel', undelivered && undelivered.hanging),
  },
  {
    name: 'qiyue_checkpoint_age_seconds',
    help: 'Since the last checkpoint; no sample when there never was one',
    samples: ({ evidence }) => some(evidence?.checkpointAgeSeconds),
  },
  {
    name: 'qiyue_verification_age_seconds',
    help: 'Since the last verification without findings; no sample when there never was one',
    samples: ({ evidence }) => some(evidence?.verificationAgeSeconds),
  },
  {
    name: 'qiyue_processes',
    help: 'Processes that gave a sign of life in the last 20 seconds',
    labels: ['name'],
    samples: ({ processes }) => by('name', processes && countBy(processes.map(({ name }) => name))),
  },
  {
    name: 'qiyue_health_unknown',
    help: '1 for a part that could not be asked, since its store does not answer',
    labels: ['part'],
    samples: (snapshot) => PARTS.map((part) => [Number(snapshot[part] === null), { part }]),
  },
];

/** Gauges of all that an operator has to see, asked at each scrape. One per kind of trouble beside the exact ones: `qiyue_troubles`. */
export const watchSystem = (registry: Registry, health: Pick<SystemHealth, 'read'>, options: { readonly checkpointMinutes: number }): void => {
  const troubles: GaugePlan = {
    name: 'qiyue_troubles',
    help: 'What an operator should look at, by kind; lags count from where they are a trouble',
    labels: ['kind'],
    samples: (snapshot) =>
      Object.entries(troubleNumbers(snapshot, options)).flatMap(([kind, { count }]) => (count === null ? [] : [[count, { kind }] as const])),
  };
  const latest = new LatestSnapshot(health);
  for (const plan of [...GAUGES, troubles]) addGauge(registry, plan, latest);
};

const addGauge = (registry: Registry, { name, help, labels = [], samples }: GaugePlan, latest: LatestSnapshot): void => {
  new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    async collect() {
      const snapshot = await latest.get();
      this.reset();
      if (labels.length === 0) this.remove(); // else a gauge that was reset says 0
      if (snapshot !== null) for (const [value, of = {}] of samples(snapshot)) this.set(of, value);
    },
  });
};

class LatestSnapshot {
  private last: SystemSnapshot | null = null;

  constructor(private readonly health: Pick<SystemHealth, 'read'>) {}

  async get(): Promise<SystemSnapshot | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), SCRAPE_MS)));
    const now = await Promise.race([this.health.read(FRESH_MS), late]);
    clearTimeout(timer);
    return (this.last = now ?? this.last);
  }
}
