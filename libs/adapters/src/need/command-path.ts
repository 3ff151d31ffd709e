import type { Client } from '@temporalio/client';
import { Appender, CommandGateway, CommandLog, EndedEntities, anyDecider, type LedgerStore } from '@qiyue/engine-runtime';
import { needDecider } from '@qiyue/need-domain';
import type { Logger } from '../log/logger';
import { NeedCommands } from './need-commands';

export interface CommandPathOptions {
  readonly store: LedgerStore;
  readonly client: Client;
  readonly log: Logger;
  /** Updates in flight per need from this process. */
  readonly inFlightPerNeed: number;
  readonly taskQueue?: string | undefined;
  /** Test setting: continue as new after so many updates. */
  readonly continueAfterUpdates?: number | undefined;
  readonly onAppendFailure?: () => void;
}

/** The way of a need's commands from an edge process to its workflow; `commandLog` is to be stopped with the process. */
export const openCommandPath = (options: CommandPathOptions): { readonly commands: NeedCommands; readonly commandLog: CommandLog } => {
  const { store, client, log, inFlightPerNeed, taskQueue, continueAfterUpdates, onAppendFailure } = options;
  const commandLog = new CommandLog(store);
  commandLog.start();
  const gateway = new CommandGateway(client, new Appender(store), commandLog, new EndedEntities(store, commandLog, [anyDecider(needDecider)]), {
    inFlightPerEntity: inFlightPerNeed,
    ...(taskQueue === undefined ? {} : { taskQueue }),
    ...(continueAfterUpdates === undefined ? {} : { continueAfterUpdates }),
    onAppendFailure: (entity, error) => {
      onAppendFailure?.();
      log.warn({ entity, err: error instanceof Error ? error.name : typeof error }, 'append left to the workflow');
    },
  });
  return { commands: new NeedCommands(gateway, store, commandLog), commandLog };
};
