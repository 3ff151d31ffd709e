import type { Client } from '@temporalio/client';
import { Appender, CommandGateway, CommandLog, EndedEntities, anyDecider, type LedgerStore } from '@qiyue/engine-runtime';
import { needDecider } from '@qiyue/need-domain';
import { systemClock, type Clock } from '../clock/clock';
import type { Logger } from '../log/logger';
import type { CurrentTables } from '../tables/current-tables';
import type { PlainOverKafka } from '@qiyue/need-contracts';
import { PersonalSeal } from '../privacy/personal-seal';
import type { SubjectKeys } from '../privacy/subject-keys';
import { NeedCommands } from './need-commands';

export interface GatewayOptions {
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

export interface CommandPathOptions extends GatewayOptions {
  /** Keys of the persons whose words are sealed. */
  readonly keys: SubjectKeys;
  /** Personal fields that are taken from Kafka though they are not sealed. Left out: none. */
  readonly plainOverKafka?: PlainOverKafka;
  /** What new needs run on. Left out: plain hours, without a ladder. */
  readonly tables?: Pick<CurrentTables, 'tables'>;
}

/** Behind the door: for commands of the system itself. `commandLog` is to be stopped with the process. */
export interface OpenGateway {
  readonly gateway: CommandGateway;
  readonly commandLog: CommandLog;
}
export interface CommandPath extends OpenGateway {
  readonly commands: NeedCommands;
}

export const openGateway = (options: GatewayOptions): OpenGateway => {
  const { store, client, log, clock = systemClock, inFlightPerNeed, taskQueue, continueAfterUpdates, onAppendFailure } = options;
  const commandLog = new CommandLog(store);
  commandLog.start();
  const gateway = new CommandGateway(client, new Appender(store), commandLog, new EndedEntities(store, commandLog, [anyDecider(needDecider)]), {
    inFlightPerEntity: inFlightPerNeed,
    ...(taskQueue === undefined ? {} : { taskQueue }),
    ...(clock.pace === undefined ? {} : { pace: clock.pace }),
    ...(continueAfterUpdates === undefined ? {} : { continueAfterUpdates }),
    onAppendFailure: (entity, error) => {
      onAppendFailure?.();
      log.warn({ entity, err: error instanceof Error ? error.name : typeof error }, 'append left to the workflow');
    },
  });
  return { gateway, commandLog };
};

/** The way of a need's commands from an edge process to its workflow. */
export const openCommandPath = ({ keys, plainOverKafka, tables, ...options }: CommandPathOptions): CommandPath => {
  const { gateway, commandLog } = openGateway(options);
  const surroundings = {
    seal: new PersonalSeal(keys, plainOverKafka),
    clock: options.clock ?? systemClock,
    ...(tables === undefined ? {} : { tables }),
  };
  return { commands: new NeedCommands(gateway, options.store, commandLog, surroundings), commandLog, gateway };
};
