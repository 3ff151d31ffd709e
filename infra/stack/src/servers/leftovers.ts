import { isAlive } from '../base/process-identity';
import { stopGroup } from '../base/process-control';
import { readStackFile, updateStackFile, type ProcessEntry } from '../base/stack-file';
import { removeContainer } from '../programs/docker';
import { findProgram } from '../programs/find-program';

const STOP_BOUND_MS = 20_000;

const stopEntry = async ({ identity, stopSignal, container }: ProcessEntry): Promise<void> => {
  if (identity !== null) await stopGroup(identity, stopSignal, STOP_BOUND_MS);
  const docker = container === undefined ? null : findProgram(process.env, 'docker');
  if (container !== undefined && docker !== null) await removeContainer(docker, container);
};

/**
 * Ends the recorded processes of a data folder that outlived their owner: ours first, the last started first, then the
 * servers, so that ours still reach their servers while they end. Only the holder of the folder's lock may call it.
 */
export const stopLeftovers = async (dataDir: string): Promise<readonly string[]> => {
  const { processes } = readStackFile(dataDir);
  const alive = processes.filter(({ identity }) => identity !== null && isAlive(identity)).map(({ name }) => name);
  for (const entry of processes.filter(({ kind }) => kind === 'app').reverse()) await stopEntry(entry);
  await Promise.all(processes.filter(({ kind }) => kind === 'server').map(stopEntry));
  if (processes.length > 0) updateStackFile(dataDir, { state: 'down', supervisor: null, processes: [] });
  return alive;
};
