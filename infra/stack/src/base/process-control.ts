import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCodeOf } from './json-file';
import { isAlive, type ProcessIdentity } from './process-identity';
import { StackError } from './stack-error';
import { until } from './wait';

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly logFile: string;
  /** Opens a channel over which the child says that it is ready. */
  readonly ipc?: boolean;
}

const LOG_MAX_BYTES = 32 * 1024 * 1024;

/** Appends to the log; one that has grown big is set aside at the next start, and the one before it is dropped. */
export const openLog = (logFile: string): number => {
  mkdirSync(dirname(logFile), { recursive: true });
  const bytes = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes > LOG_MAX_BYTES) renameSync(logFile, `${logFile}.old`);
  return openSync(logFile, 'a');
};

/**
 * Starts a program in a process group of its own, with its output in a file: it neither hears the terminal's Ctrl-C nor
 * breaks when its starter is killed. Throws a StackError when the program cannot be started at all.
 */
export const launchDetached = async ({ command, args, env, cwd, logFile, ipc = false }: Launch): Promise<ChildProcess & { pid: number }> => {
  const log = openLog(logFile);
  try {
    const child = spawn(command, args, { detached: true, env, cwd, stdio: ['ignore', log, log, ...(ipc ? (['ipc'] as const) : [])] });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(new StackError(`cannot start ${command}: ${error.message}`)));
    });
    if (child.pid === undefined) throw new Error(`${command} was spawned without a pid`);
    return Object.assign(child, { pid: child.pid });
  } finally {
    closeSync(log);
  }
};

/** Signals a whole process group; a group that is gone is no error. */
export const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (errorCodeOf(error) !== 'ESRCH') throw error;
  }
};

/** Asks with `signal`, insists with SIGKILL after `boundMs`, and returns when the process is gone. */
export const stopGroup = async (target: ProcessIdentity, signal: NodeJS.Signals, boundMs: number): Promise<void> => {
  if (!isAlive(target)) return;
  signalGroup(target.pid, signal);
  const gone = (): boolean => !isAlive(target);
  const what = `process ${target.pid} to end`;
  try {
    await until(gone, { boundMs, everyMs: 50, what });
  } catch {
    signalGroup(target.pid, 'SIGKILL');
    await until(gone, { boundMs: 10_000, everyMs: 50, what });
  }
};

/** The end of a log file, for the sentence that says why something did not start. */
export const lastLines = (logFile: string, count = 12): string => {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
};
