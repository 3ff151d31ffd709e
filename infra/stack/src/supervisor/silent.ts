import type { StackLog } from '../base/stack-log';
import { until } from '../base/wait';
import { statusOf, type StackStatus } from './status';

type Listed = StackStatus['processes'][number];
interface Silent {
  readonly name: string;
  readonly pid: number;
}

const ANSWERS_WITHIN_MS = 5_000;
const TRIES = 2;
const ANEW_BOUND_MS = 60_000;

/** Ends processes of ours that run and give no sign of life (hung, or stopped by somebody), and resolves when their supervisor has started them anew. */
export const startSilentAnew = async (dataDir: string, log: StackLog): Promise<void> => {
  const looked = await Promise.all(statusOf(dataDir).processes.map(silentOf));
  for (const { name, pid } of looked.flatMap((silent) => silent ?? [])) {
    log.say({ 'zh-CN': `${name}（${pid}）没有响应：重新启动`, en: `${name} (${pid}) gives no sign of life: it is started anew` });
    process.kill(pid, 'SIGKILL');
    await until(() => runsAnew(dataDir, { name, pid }), { boundMs: ANEW_BOUND_MS, what: `${name} to be started anew` });
  }
};

const silentOf = async ({ name, pid, state, metricsPort }: Listed): Promise<Silent | null> => {
  if (state !== 'running' || pid === null || metricsPort === null) return null;
  for (let tried = 0; tried < TRIES; tried += 1) if (await answers(metricsPort)) return null;
  return { name, pid };
};

/** Whoever hangs still has its connections taken, and answers none; a port where nobody listens says nothing of the process. */
const answers = async (port: number): Promise<boolean> => {
  const asked = fetch(`http://127.0.0.1:${port}/health/live`, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
  return asked.then(
    () => true,
    (error: unknown) => (error as Error).name !== 'TimeoutError',
  );
};

const runsAnew = (dataDir: string, { name, pid }: Silent): true | null => {
  const now = statusOf(dataDir).processes.find((entry) => entry.name === name);
  return now?.state === 'running' && now.pid !== null && now.pid !== pid ? true : null;
};
