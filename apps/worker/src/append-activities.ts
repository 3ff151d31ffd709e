import type { AppendActivities } from '@qiyue/engine';
import type { Appender } from '@qiyue/engine-runtime';

/** The workflow's own road to the ledger: for what no caller confirmed, and for what timers gave. */
export const appendActivities = (appender: Appender): AppendActivities => ({
  appendEntries: (request) => appender.append(request),
});
