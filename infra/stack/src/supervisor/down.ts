import { resolve } from 'node:path';
import { isAlive } from '../base/process-identity';
import { StackError } from '../base/stack-error';
import { readStackFile, updateStackFile, NO_ADDRESSES } from '../base/stack-file';
import { terminalLog, type StackLog } from '../base/stack-log';
import { until } from '../base/wait';
import { ownDataDir, ownerOfDataDir, releaseDataDir } from '../servers/own-data-dir';

export interface DownOptions {
  readonly dataDir: string;
  readonly log?: StackLog;
}

/** Longer than all the stack's own bounds for its processes together. */
const DOWN_BOUND_MS = 180_000;

/** Ends everything of the data folder and returns when nothing of it is left, also when its supervisor was killed before. */
export const down = async (options: DownOptions): Promise<{ readonly wasRunning: boolean }> => {
  const dataDir = resolve(options.dataDir);
  const log = options.log ?? terminalLog();
  const asked = await askSupervisor(dataDir, log);
  const leftovers = await ownDataDir(dataDir);
  updateStackFile(dataDir, { state: 'down', supervisor: null, addresses: NO_ADDRESSES, processes: [] });
  releaseDataDir(dataDir);
  return { wasRunning: asked || leftovers.length > 0 };
};

const askSupervisor = async (dataDir: string, log: StackLog): Promise<boolean> => {
  const { supervisor } = readStackFile(dataDir);
  if (supervisor === null || !isAlive(supervisor)) return false;
  const step = log.step({ 'zh-CN': '正在停止系统', en: 'stopping the stack' }, [2, 10]);
  process.kill(supervisor.pid, 'SIGTERM');
  const gone = (): boolean => !isAlive(supervisor) || (supervisor.pid === process.pid && ownerOfDataDir(dataDir) === null);
  try {
    await until(gone, { boundMs: DOWN_BOUND_MS, what: 'the stack to stop' });
  } catch (error) {
    if (!(error instanceof StackError) || supervisor.pid === process.pid) throw error;
    process.kill(supervisor.pid, 'SIGKILL'); // what it leaves behind is ended as after any crash
    await until(gone, { boundMs: 10_000, what: 'the supervisor to end' });
  }
  step.done();
  return true;
};
