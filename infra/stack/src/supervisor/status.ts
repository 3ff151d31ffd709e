import { resolve } from 'node:path';
import { isAlive } from '../base/process-identity';
import { NO_ADDRESSES, readStackFile, type ProcessEntry, type ProcessState } from '../base/stack-file';

/** What `qiyue status --json` prints. URLs for `api` and `temporalUi`, brokers with commas, a URI; null while it is down. */
export interface StackStatus {
  readonly state: 'up' | 'starting' | 'down';
  readonly api: string | null;
  readonly temporal: string | null;
  readonly temporalUi: string | null;
  readonly kafka: string | null;
  readonly mongodb: string | null;
  /** `metricsPort`: where it serves `/metrics` and `/health/live`; null for servers. */
  readonly processes: readonly {
    readonly name: string;
    readonly pid: number | null;
    readonly state: ProcessState;
    readonly metricsPort: number | null;
  }[];
  /** The process that keeps the others running. */
  readonly supervisor: number | null;
  /** Why the last start failed. */
  readonly error: string | null;
}

/**
 * What runs on the data folder, checked against the process table. Without a living supervisor the state is `down`, also
 * when processes are left: nothing would start them again. They are listed, and the next `up` or `down` ends them.
 */
export const statusOf = (dataDir: string): StackStatus => {
  const file = readStackFile(resolve(dataDir));
  const lives = file.supervisor !== null && isAlive(file.supervisor);
  const processes = file.processes.map(lives ? asSupervised : asFound).filter(({ pid, state }) => lives || (pid !== null && state !== 'stopped'));
  return {
    state: lives ? file.state : 'down',
    ...(lives ? file.addresses : NO_ADDRESSES),
    processes,
    supervisor: lives && file.supervisor !== null ? file.supervisor.pid : null,
    error: file.error,
  };
};

const pidOf = ({ identity }: ProcessEntry): number | null => (identity !== null && isAlive(identity) ? identity.pid : null);

// The file is a moment behind a death: a process that is gone is being started again.
const asSupervised = (entry: ProcessEntry): StackStatus['processes'][number] => {
  const pid = pidOf(entry);
  return { ...asFound(entry), pid, state: pid === null && entry.state === 'running' ? 'restarting' : entry.state };
};

const asFound = (entry: ProcessEntry): StackStatus['processes'][number] => ({
  name: entry.name,
  pid: pidOf(entry),
  state: entry.state,
  metricsPort: entry.metricsPort ?? null,
});
