import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { formatPace, openMongo, REHEARSAL_DATABASE } from '@qiyue/platform';
import { aggregatesWith } from '@qiyue/aggregates';
import type { Pace } from '@qiyue/engine';
import { ensureAuth, serverEnvironment, silentLog, startServers } from '@qiyue/stack';
import { AppProcess } from './app-process';
import { APP_NAMES, System, type AppName } from './system';

const ROOT = resolve(__dirname, '../../../..');

export interface SystemOptions {
  /** Settings of all our processes, over the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Processes that are not started yet; `system.app(name).restart()` starts one. */
  readonly without?: readonly AppName[];
  /** Folder of another built release, whose processes are started instead of this one's. */
  readonly release?: string;
  /** All our processes run on this time, over a database that says so. */
  readonly pace?: Pace;
  /** Keeps data and logs when it stops. */
  readonly keep?: boolean;
}

/**
 * Temporal, Kafka, MongoDB and our seven processes, compiled, on a folder and ports of their own: topics are one per
 * broker, so a test that counts what is on them needs a broker for itself. Ready within about ten seconds.
 */
export const startSystem = async ({
  settings = {},
  without = [],
  release = ROOT,
  pace,
  keep = process.env['DEBUG'] !== undefined,
}: SystemOptions = {}): Promise<System> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'qiyue-system-'));
  const environment = { ...withoutOurs(process.env), ...(pace === undefined ? {} : { QIYUE_MONGODB_DATABASE: REHEARSAL_DATABASE }) };
  const aggregates = aggregatesWith(settings['QIYUE_MORE_AGGREGATES']);
  const servers = await startServers({ dataDir, env: environment, log: silentLog, aggregates });
  const apiPort = await freePort();
  const own = { ...serverEnvironment(servers), ...(await ensureAuth(dataDir, environment)), QIYUE_API_PORT: String(apiPort) };
  const env = { ...environment, ...own, QIYUE_LOG_LEVEL: 'info', ...paceSetting(pace), ...settings };
  const metricsPorts = Object.fromEntries(await Promise.all(APP_NAMES.map(async (name) => [name, await freePort()]))) as MetricsPorts;
  const apps = appsIn(dataDir, env, metricsPorts, release);
  const another = async (name: AppName, script: string): Promise<{ readonly app: AppProcess; readonly apiPort: number }> => {
    const [otherApiPort, metricsPort] = [await freePort(), await freePort()];
    const ports = { QIYUE_API_PORT: String(otherApiPort), QIYUE_METRICS_PORT: String(metricsPort) };
    const logFile = join(dataDir, 'logs', `app-${name}-${metricsPort}.log`);
    return { app: new AppProcess({ name, script, env: { ...env, ...ports }, logFile }), apiPort: otherApiPort };
  };
  const { client: mongo } = openMongo({ QIYUE_MONGODB_URI: servers.mongodbUri, QIYUE_MONGODB_DATABASE: servers.mongodbDatabase });
  const cleanUp = async (): Promise<void> => {
    await servers.stop();
    if (!keep) rmSync(dataDir, { recursive: true, force: true });
  };
  const system = new System({ dataDir, servers, apps, another, apiPort, metricsPorts, mongo, cleanUp });
  try {
    const hasIt = (name: AppName): boolean => release === ROOT || existsSync(scriptOf(release, name)); // an earlier release has fewer
    await startApps(APP_NAMES.filter((name) => !without.includes(name) && hasIt(name)).map((name) => apps[name]));
    return system;
  } catch (error) {
    await system.stop();
    throw error;
  }
};

const paceSetting = (pace: Pace | undefined): Readonly<Record<string, string>> =>
  pace === undefined ? {} : { QIYUE_REHEARSAL_CLOCK: formatPace(pace) };

const startApps = async (apps: readonly AppProcess[]): Promise<void> => {
  for (const app of apps) app.start();
  await Promise.all(apps.map((app) => app.waitReady()));
};

type MetricsPorts = Readonly<Record<AppName, number>>;

const appsIn = (dataDir: string, common: NodeJS.ProcessEnv, metricsPorts: MetricsPorts, release: string): Record<AppName, AppProcess> => {
  const logs = join(dataDir, 'logs');
  mkdirSync(logs, { recursive: true });
  const plan = (name: AppName): AppProcess => {
    const env = { QIYUE_METRICS_PORT: String(metricsPorts[name]), ...common };
    return new AppProcess({ name, script: scriptOf(release, name), env, logFile: join(logs, `app-${name}.log`) });
  };
  return Object.fromEntries(APP_NAMES.map((name) => [name, plan(name)])) as Record<AppName, AppProcess>;
};

const scriptOf = (release: string, name: AppName): string => join(release, 'apps', name, 'dist/main.js');

/** The environment without settings of ours: addresses in them would mean servers that others use too. */
const withoutOurs = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const keepers = new Set(['QIYUE_CACHE_DIR']);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('QIYUE_') || keepers.has(name)));
};

/** Known beforehand, so that a killed API comes back under the same address. */
const freePort = (): Promise<number> =>
  new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolvePort(address.port) : reject(new Error('no port'))));
    });
  });
