import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lastLines, openLog } from '../base/process-control';
import { isAlive } from '../base/process-identity';
import { cacheDirOf, readStackEnvironment } from '../base/settings';
import { StackError } from '../base/stack-error';
import { readStackFile, type StackFile } from '../base/stack-file';
import { terminalLog, type StackLog } from '../base/stack-log';
import { GivenUp, until } from '../base/wait';
import { namesOf } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { ensureTopics } from '../servers/kafka-topics';
import { preparePrograms } from '../servers/plan-servers';
import { logFileOf } from '../servers/server-context';
import { runInFront } from './run-in-front';
import { startSilentAnew } from './silent';
import { statusOf, type StackStatus } from './status';
import type { SuperviseOptions } from './supervise';

export interface UpOptions extends SuperviseOptions {
  /** Leaves a supervisor behind and returns when everything is up; otherwise this process stays and is the supervisor. */
  readonly detach: boolean;
  /** Without `detach`: called when everything is up. */
  readonly onUp?: (status: StackStatus) => void;
}

export interface UpResult {
  /** It was up, or on its way, before this call. */
  readonly already: boolean;
  readonly status: StackStatus;
}

const UP_BOUND_MS = 5 * 60_000;

/**
 * Brings the stack up; a second call while it is up says so, starts anew what gives no sign of life, makes
 * again what topics are gone, and changes nothing else. After a crash it ends what was left and
 * starts again on the same data. Without `detach` it returns when the stack has been stopped.
 */
export const up = async (options: UpOptions): Promise<UpResult> => {
  const dataDir = resolve(options.dataDir);
  const log = options.log ?? terminalLog();
  if (supervisorLives(dataDir)) {
    const { already } = await waitForOther(dataDir, log);
    await startSilentAnew(dataDir, log);
    return mended({ already, status: statusOf(dataDir) }, options);
  }
  if (options.detach) return upDetached({ ...options, dataDir, log });
  await runInFront({ ...options, dataDir, log }, () => options.onUp?.(statusOf(dataDir)));
  return { already: false, status: statusOf(dataDir) };
};

/** What somebody has deleted meanwhile is made again. */
const mended = async (result: UpResult, { aggregates = AGGREGATES }: UpOptions): Promise<UpResult> => {
  if (result.status.kafka !== null) await ensureTopics(result.status.kafka, namesOf(aggregates));
  return result;
};

export const supervisorLives = (dataDir: string): boolean => {
  const { supervisor } = readStackFile(dataDir);
  return supervisor !== null && isAlive(supervisor);
};

const waitForOther = async (dataDir: string, log: StackLog): Promise<UpResult> => {
  const settled = await until(() => settledState(dataDir), { boundMs: UP_BOUND_MS, what: 'the start that is under way' });
  if (settled.state === 'down') throw new StackError(settled.error ?? 'the stack was stopped while it started');
  log.say({ 'zh-CN': '系统已在运行', en: 'it is up already' });
  return { already: true, status: statusOf(dataDir) };
};

const settledState = (dataDir: string): StackFile | null => {
  const file = readStackFile(dataDir);
  if (file.state === 'starting' && supervisorLives(dataDir)) return null;
  return file.state === 'up' ? file : { ...file, state: 'down' };
};

// Builds are done here, where somebody watches, not in the background.
const upDetached = async (options: UpOptions & { readonly dataDir: string; readonly log: StackLog }): Promise<UpResult> => {
  const { dataDir, log, env = process.env, cacheDir = cacheDirOf(env) } = options;
  await preparePrograms({ cacheDir, env, log }, readStackEnvironment(env));
  const logFile = logFileOf(dataDir, 'supervisor');
  const child = launchSupervisor({ ...options, env, cacheDir }, logFile);
  const step = log.step({ 'zh-CN': '正在启动系统', en: 'starting the stack' }, [10, 20]);
  try {
    await until(() => isUp(dataDir, child, logFile), { boundMs: UP_BOUND_MS, what: `the stack to be up (its output: ${logFile})` });
    step.done();
    return { already: false, status: statusOf(dataDir) };
  } catch (error) {
    step.failed();
    // Somebody else's start may have won the folder in the same moment.
    if (supervisorLives(dataDir)) return waitForOther(dataDir, log);
    throw error;
  }
};

const isUp = (dataDir: string, child: ChildProcess, logFile: string): boolean => {
  const { state, supervisor, error } = readStackFile(dataDir);
  if (supervisor?.pid === child.pid && state === 'up') return true;
  if (child.exitCode === null && child.signalCode === null) return false;
  throw new GivenUp(error ?? `the supervisor ended while it started, see ${logFile}:\n${lastLines(logFile)}`);
};

const SCRIPT = 'supervisor/supervisor.main.js';
/** Beside this file when compiled; in `dist` when this runs from its sources. */
const supervisorScript = (): string => [join(__dirname, '..', SCRIPT), join(__dirname, '../../dist', SCRIPT)].find(existsSync) ?? SCRIPT;

const launchSupervisor = ({ dataDir, cacheDir, processes, env }: UpOptions, logFile: string): ChildProcess => {
  const log = openLog(logFile);
  const child = spawn(process.execPath, [supervisorScript()], { detached: true, env, stdio: ['pipe', log, log] });
  closeSync(log);
  // By its standard input, not by a file: the processes' environment may hold secrets.
  child.stdin?.end(JSON.stringify({ dataDir, cacheDir, processes }));
  child.unref();
  return child;
};
