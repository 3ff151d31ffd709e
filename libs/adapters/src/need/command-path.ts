import type { Client } from '@temporalio/client';
import { Appender, CommandGateway, CommandLog, EndedEntities, EVENT_BYTES_MAX, Incidents, anyDecider, type LedgerStore } from '@qiyue/engine-runtime';
import { NEED_RULES, needDecider } from '@qiyue/need-domain';
import { systemClock, type Clock } from '../clock/clock';
import type { Logger } from '../log/logger';
import type { CurrentTables } from '../tables/current-tables';
import { ActivationStore, ActiveRules } from '../rules/active-rules';
import type { PlainOverKafka } from '@qiyue/need-contracts';
import { Aliases } from '../privacy/aliases';
import { PersonalSeal } from '../privacy/personal-seal';
import type { SubjectKeys } from '../privacy/subject-keys';
import { NeedCommands } from './need-commands';

export interface OpenGatewayOptions {
  readonly store: LedgerStore;
  readonly client: Client;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Updates in flight per need from this process. */
  readonly inFlightPerNeed: number;
  readonly taskQueue?: string | undefined;
  /** Test setting: continue as new after so many updates. */
  readonly continueAfterUpdates?: number | undefined;
  readonly onAppendFailure?: () => void;
}

export interface CommandPathOptions extends OpenGatewayOptions {
  /** Keys of the persons whose words are sealed. */
  readonly keys: SubjectKeys;
  /** Personal fields that are taken from Kafka though they are not sealed. Left out: none. */
  readonly plainOverKafka?: PlainOverKafka;
  /** What new needs run on. Left out: plain hours, without a ladder. */
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
  readonly commands: NeedCommands;
}

export const openGateway = (options: OpenGatewayOptions): OpenGateway => {
  const { store, client, log, clock = systemClock, inFlightPerNeed, taskQueue, continueAfterUpdates, onAppendFailure } = options;
  const commandLog = new CommandLog(store);
  commandLog.start();
  const rules = new ActiveRules(new ActivationStore(store.db), { [needDecider.aggregate]: NEED_RULES });
  rules.start();
  const gateway = new CommandGateway(client, new Appender(store), commandLog, new EndedEntities(store, commandLog, [anyDecider(needDecider)]), {
    inFlightPerEntity: inFlightPerNeed,
    rules,
    incidents: new Incidents(store.db),
    recordBytesMax: EVENT_BYTES_MAX,
    ...(taskQueue === undefined ? {} : { taskQueue }),
    ...(clock.pace === undefined ? {} : { pace: clock.pace }),
    ...(continueAfterUpdates === undefined ? {} : { continueAfterUpdates }),
    onAppendFailure: (entity, error) => {
      onAppendFailure?.();
      log.warn({ entity, err: error instanceof Error ? error.name : typeof error }, 'append left to the workflow');
    },
  });
  const stop = async (): Promise<void> => void (await Promise.all([commandLog.stop(), rules.stop()]));
  return { gateway, commandLog, rules, stop };
};

/** The way of a need's commands from an edge process to its workflow. */
export const openCommandPath = ({ keys, plainOverKafka, tables, ...options }: CommandPathOptions): CommandPath => {
  const open = openGateway(options);
  const dependencies = {
    seal: new PersonalSeal(keys, plainOverKafka),
    aliases: new Aliases(keys),
    clock: options.clock ?? systemClock,
    ...(tables === undefined ? {} : { tables }),
    rules: open.rules,
  };
  return { ...open, commands: new NeedCommands(open.gateway, options.store, open.commandLog, dependencies) };
};
