import type { Client } from '@temporalio/client';
import { Appender, CommandGateway, CommandLog, EndedEntities, anyDecider, type LedgerStore } from '@qiyue/engine-runtime';
import { needDecider } from '@qiyue/need-domain';
import { systemClock, type Clock } from '../clock/clock';
import type { Logger } from '../log/logger';
import type { CurrentTables } from '../tables/current-tables';
import { NeedCommands } from './need-commands';

export interface CommandPathOptions {
  readonly store: LedgerStore;
  readonly client: Client;
  readonly log: Logger;
  readonly clock?: Clock;
  /** What new needs run on. Left out: plain hours, without a ladder. */
  readonly tables?: Pick<CurrentTables, 'tables'>;
  /** Updates in flight per need from this process. */
  readonly inFlightPerNeed: number;
  readonly taskQueue?: string | undefined;
  /** Test setting: continue as new after so many updates. */
  readonly continueAfterUpdates?: number | undefined;
  readonly onAppendFailure?: () => void;
}

export interface CommandPath {
  readonly commands: NeedCommands;
  readonly commandLog: CommandLog;
  /** Behind the door, for commands of the system itself. */
  readonly gateway: CommandGateway;
}

/** The way of a need's commands from an edge process to its workflow; `commandLog` is to be stopped with the process. */
export const openCommandPath = (options: CommandPathOptions): CommandPath => {
  const { store, client, log, clock = systemClock, tables, inFlightPerNeed, taskQueue, continueAfterUpdates, onAppendFailure } = options;
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
  return { commands: new NeedCommands(gateway, store, commandLog, { clock, ...(tables === undefined ? {} : { tables }) }), commandLog, gateway };
};
