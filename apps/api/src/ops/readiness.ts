import { connect } from 'node:net';
import type { Connection } from '@temporalio/client';
import {
  deadlineReadiness,
  troubledKinds,
  troubleNumbers,
  type CurrentTables,
  type DeadlineReadiness,
  type SystemHealth,
  type SystemSnapshot,
  type TroubleNumbers,
} from '@qiyue/edge';
import type { Clock } from '@qiyue/platform';
import { toShanghaiIso } from '@qiyue/engine';
import type { AnyAggregate } from '@qiyue/aggregate';
import type { Quarantine } from '@qiyue/engine-runtime';
import type { TroubleKind } from '@qiyue/notices';
import type { Db } from 'mongodb';

const CHECK_WITHIN_MS = 2_000;
const FRESH_MS = 500;
const SHOWN_MAX = 50;

export interface Readiness {
  /** Whether requests can be served. Single needs, messages or timers that are troubled do not change it: see `degraded`. */
  readonly status: 'ready' | 'not-ready';
  /** Something should be looked at: `troubled` names the kinds, `troubles` says how many of each there are and which command helps. */
  readonly degraded: boolean;
  readonly troubled: readonly TroubleKind[];
  /** A number per kind; null: not known now, since the store that knows does not answer. */
  readonly troubles: TroubleNumbers;
  /** How far behind the topics are. */
  readonly lag: Pick<SystemSnapshot, 'relay' | 'consumers'>;
  readonly dependencies: Readonly<Record<'temporal' | 'mongodb' | 'kafka', 'up' | 'down'>>;
  /** Entities that a read model has set aside: they are served as they last were, until an operator has looked. Null: not known now. */
  readonly quarantined: {
    readonly count: number;
    readonly entities: readonly { readonly aggregate: string; readonly entity: string; readonly seq: number | null; readonly why: string }[];
    /** Those of them that are needs. */
    readonly needs: readonly { readonly needId: string; readonly seq: number | null; readonly why: string }[];
  } | null;
  /** What new needs run on; null until it could be read. A calendar that ends is a warning, not a failure. */
  readonly deadlines: DeadlineReadiness | null;
}

export interface ReadinessPorts {
  readonly temporal: Connection;
  readonly db: Db;
  readonly brokers: readonly string[];
  readonly quarantines: readonly { readonly aggregate: AnyAggregate; readonly quarantine: Pick<Quarantine, 'list'> }[];
  readonly health: Pick<SystemHealth, 'read'>;
  readonly checkpointMinutes: number;
  readonly tables: Pick<CurrentTables, 'get'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** Whether everything that the API leans on answers. One look serves all who ask within half a second. */
export class ReadinessCheck {
  private latest: { readonly atMs: number; readonly readiness: Promise<Readiness> } | null = null;

  constructor(private readonly ports: ReadinessPorts) {}

  read(): Promise<Readiness> {
    if (this.latest === null || Date.now() - this.latest.atMs > FRESH_MS) this.latest = { atMs: Date.now(), readiness: this.look() };
    return this.latest.readiness;
  }

  private async look(): Promise<Readiness> {
    const { temporal, db, brokers, quarantines, health, checkpointMinutes } = this.ports;
    const [temporalUp, mongoUp, kafkaUp, aside, snapshot] = await Promise.all([
      answers(() => temporal.withDeadline(Date.now() + CHECK_WITHIN_MS, () => temporal.workflowService.getSystemInfo({}))),
      answers(() => db.command({ ping: 1 })),
      anyReachable(brokers),
      bounded(() => asideIn(quarantines)).catch(() => null),
      health.read(),
    ]);
    const troubles = troubleNumbers(snapshot, { checkpointMinutes });
    const troubled = troubledKinds(troubles);
    const current = this.ports.tables.get();
    const state = (isUp: boolean): 'up' | 'down' => (isUp ? 'up' : 'down');
    return {
      status: temporalUp && mongoUp && kafkaUp ? 'ready' : 'not-ready',
      ...{ degraded: troubled.length > 0, troubled, troubles, lag: { relay: snapshot.relay, consumers: snapshot.consumers } },
      dependencies: { temporal: state(temporalUp), mongodb: state(mongoUp), kafka: state(kafkaUp) },
      quarantined: aside && quarantinedOf(aside),
      deadlines: current && deadlineReadiness(current, toShanghaiIso(this.ports.clock.nowMs())),
    };
  }
}

type Aside = NonNullable<Readiness['quarantined']>['entities'][number] & { readonly idName: string };

const asideIn = async (quarantines: ReadinessPorts['quarantines']): Promise<readonly Aside[]> => {
  const lists = quarantines.map(async ({ aggregate: { decider, idName }, quarantine }) =>
    (await quarantine.list()).map(({ entity, seq, why }) => ({ aggregate: decider.aggregate, idName, entity, seq, why })),
  );
  return (await Promise.all(lists)).flat();
};

const quarantinedOf = (aside: readonly Aside[]): NonNullable<Readiness['quarantined']> => {
  const shown = aside.slice(0, SHOWN_MAX);
  return {
    count: aside.length,
    entities: shown.map(({ idName, ...row }) => row),
    needs: shown.flatMap(({ idName, entity, seq, why }) => (idName === 'needId' ? [{ needId: entity, seq, why }] : [])),
  };
};

const bounded = async <T>(ask: () => Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error('no answer in time')), CHECK_WITHIN_MS)));
  try {
    return await Promise.race([ask(), late]);
  } finally {
    clearTimeout(timer);
  }
};

const answers = (ask: () => Promise<unknown>): Promise<boolean> =>
  bounded(ask).then(
    () => true,
    () => false,
  );

const anyReachable = async (brokers: readonly string[]): Promise<boolean> => (await Promise.all(brokers.map(reachable))).includes(true);

const reachable = (broker: string): Promise<boolean> =>
  new Promise((resolve) => {
    const [host, port] = broker.split(':');
    const socket = connect({ host: host ?? '', port: Number(port), timeout: CHECK_WITHIN_MS });
    const end = (isUp: boolean) => () => {
      socket.destroy();
      resolve(isUp);
    };
    socket.once('connect', end(true)).once('timeout', end(false)).once('error', end(false));
  });
