import type { Client } from '@temporalio/client';
import { rulesKnownBy, sagasOf, type AnyAggregate } from '@qiyue/aggregate';
import { sagaQueueOf, type SagaActivities } from '@qiyue/engine';
import {
  Appender,
  CommandGateway,
  CommandLog,
  EndedEntities,
  EntityLooks,
  EVENT_BYTES_MAX,
  Incidents,
  KeptPlans,
  labelsOf,
  sagaActivities,
  SagaPerformer,
  SagaRunner,
  SagaRuns,
  type LedgerStore,
  type PlanSeal,
  type SagaActivityPorts,
} from '@qiyue/engine-runtime';
import { systemClock, type Clock, type Logger } from '@qiyue/platform';
import type { CurrentTables } from '../tables/current-tables';
import { startingTables } from '../tables/starting-tables';
import { ActivationStore, ActiveRules } from '../rules/active-rules';
import type { PlainOverKafka } from '@qiyue/civic-contracts';
import type { RightsSeal } from '../auth/rights-seal';
import { Aliases, openTexts, PersonalSeal, type SubjectKeys } from '@qiyue/privacy';
import { DirectoryStore } from '../notices/directory-store';
import { FileStore } from '../files/file-store';
import { KnownPlaces } from '../notices/known-places';
import { EntityCommands } from './entity-commands';

export interface OpenGatewayOptions {
  readonly aggregates: readonly Pick<AnyAggregate, 'decider'>[];
  readonly store: LedgerStore;
  readonly client: Client;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Updates in flight per entity from this process. */
  readonly inFlightPerEntity: number;
  readonly taskQueue?: string | undefined;
  /** Test setting: continue as new after so many updates. */
  readonly continueAfterUpdates?: number | undefined;
  readonly onAppendFailure?: () => void;
}

export interface CommandPathOptions extends OpenGatewayOptions {
  readonly aggregates: readonly AnyAggregate[];
  /** Keys of the persons whose words are sealed. */
  readonly keys: SubjectKeys;
  /** Personal fields that are taken from Kafka though they are not sealed. Left out: none. */
  readonly plainOverKafka?: PlainOverKafka;
  /** By which plans that were made at an edge are told from others. */
  readonly rights: Pick<RightsSeal, 'sign' | 'isRight'>;
  /** What new entities run on. Left out: plain hours, without a ladder. */
  readonly tables?: Pick<CurrentTables, 'tables'>;
}

/** Behind the entry point: for commands of the system itself. To be stopped with the process. */
export interface OpenGateway {
  readonly gateway: CommandGateway;
  readonly commandLog: CommandLog;
  readonly rules: ActiveRules;
  stop(): Promise<void>;
}
export interface CommandPath extends OpenGateway {
  readonly commands: EntityCommands;
}

export const openGateway = (options: OpenGatewayOptions): OpenGateway => {
  const { aggregates, store, client, log, clock = systemClock, inFlightPerEntity, taskQueue, continueAfterUpdates, onAppendFailure } = options;
  const commandLog = new CommandLog(store);
  commandLog.start();
  const rules = new ActiveRules(new ActivationStore(store.db), rulesKnownBy(aggregates));
  rules.start();
  const gateway = new CommandGateway(
    client,
    new Appender(store),
    commandLog,
    new EndedEntities(
      store,
      commandLog,
      aggregates.map(({ decider }) => decider),
    ),
    {
      inFlightPerEntity,
      rules,
      incidents: new Incidents(store.db),
      recordBytesMax: EVENT_BYTES_MAX,
      labels: labelsOf(aggregates.map(({ decider }) => decider)),
      ...(taskQueue === undefined ? {} : { taskQueue }),
      ...(clock.pace === undefined ? {} : { pace: clock.pace }),
      ...(continueAfterUpdates === undefined ? {} : { continueAfterUpdates }),
      onAppendFailure: (entity, error) => {
        onAppendFailure?.();
        log.warn({ entity, err: error instanceof Error ? error.name : typeof error }, 'append left to the workflow');
      },
    },
  );
  const stop = async (): Promise<void> => void (await Promise.all([commandLog.stop(), rules.stop()]));
  return { gateway, commandLog, rules, stop };
};

/** The way of commands from an edge process to the workflow of their entity. */
export const openCommandPath = ({ keys, plainOverKafka, tables, ...options }: CommandPathOptions): CommandPath => {
  const open = openGateway(options);
  const { client, store, taskQueue } = options;
  const sagas = new SagaRunner({
    gateway: open.gateway,
    log: open.commandLog,
    looks: looksOf(options),
    runs: new SagaRuns(client, store, {
      seal: planSealOf(options.rights),
      ...(taskQueue === undefined ? {} : { taskQueue: sagaQueueOf(taskQueue) }),
    }),
    sagas: sagasOf(options.aggregates),
    performer: new SagaPerformer(performerPorts({ ...options, ...(tables === undefined ? {} : { tables }) }, open.gateway)),
    rules: open.rules,
  });
  const dependencies = {
    aggregates: options.aggregates,
    seal: new PersonalSeal(keys, plainOverKafka),
    aliases: new Aliases(keys),
    open: openTexts(keys),
    clock: options.clock ?? systemClock,
    tablesFor: startingTables(options.aggregates, tables),
    rules: open.rules,
    sagas,
    places: new KnownPlaces(new DirectoryStore(options.store.db)),
    files: new FileStore(options.store.db, keys),
  };
  return { ...open, commands: new EntityCommands(open.gateway, options.store, open.commandLog, dependencies) };
};

/** Plans of sagas are rights: see `RightsSeal`. */
export const planSealOf = (rights: Pick<RightsSeal, 'sign' | 'isRight'>): PlanSeal => ({
  sign: async (plan) => (await rights.sign('sagaPlans', plan)).mac,
  isRight: (plan) => rights.isRight('sagaPlans', plan),
});

type SagaOptions = Pick<CommandPathOptions, 'client' | 'store'> & {
  readonly aggregates: readonly Pick<AnyAggregate, 'decider' | 'sagas' | 'deadlines'>[];
};

const looksOf = ({ client, store, aggregates }: SagaOptions): EntityLooks =>
  new EntityLooks(
    client,
    store,
    aggregates.map(({ decider }) => decider),
    new Incidents(store.db),
  );

type PerformerOptions = SagaOptions & { readonly tables?: Pick<CurrentTables, 'tables'> };

const performerPorts = ({ aggregates, store, tables }: PerformerOptions, gateway: Pick<CommandGateway, 'execute' | 'ask'>): SagaActivityPorts => ({
  ...{ gateway, plans: new KeptPlans(store), sagas: sagasOf(aggregates) },
  tablesFor: startingTables(aggregates, tables),
});

/** What the workflows of commands over several entities do outside of Temporal: for the worker. */
export const sagaActivitiesOf = (options: PerformerOptions, gateway: Pick<CommandGateway, 'execute' | 'ask'>): SagaActivities =>
  sagaActivities(performerPorts(options, gateway));
