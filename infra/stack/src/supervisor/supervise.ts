import { resolve } from 'node:path';
import { ensureAuth } from '../auth/local-auth';
import { ensureEvidence } from '../auth/local-evidence';
import { ensureLogin, type LoginEnvironment } from '../auth/local-login';
import { ownIdentity } from '../base/process-identity';
import { readStackEnvironment } from '../base/settings';
import { messageOf, StackError } from '../base/stack-error';
import { NO_ADDRESSES, readStackFile, updateStackFile } from '../base/stack-file';
import { STARTING, terminalLog, type StackLog } from '../base/stack-log';
import { TendedProcess } from '../base/tended-process';
import { within } from '../base/wait';
import { stopLeftovers } from '../servers/leftovers';
import { ownDataDir, releaseDataDir } from '../servers/own-data-dir';
import { logFileOf } from '../servers/server-context';
import { serverEnvironment, startOwnedServers, type OwnedServers, type ServersOptions } from '../servers/start-servers';
import { Keeper } from './keeper';

/** Where robots of a rehearsal may be; in production only what the settings name. */
const LOCAL_HOSTS = 'localhost,127.0.0.1,::1';
/** Name of the local identity provider's process. */
export const LOGIN = 'login';
const BOOT_END_BOUND_MS = 10_000;

/** One of our own processes: a Node script that sends `{ ready: true }` to its parent when it serves. */
export interface AppSpec {
  readonly name: string;
  /** Full path of the compiled script. */
  readonly script: string;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

export interface SuperviseOptions extends ServersOptions {
  /** In the order in which they are to be started; they are stopped the other way round. */
  readonly processes: readonly AppSpec[];
}

/**
 * Runs the servers and our processes on one data folder and starts again whatever dies, until `stop`. The folder's
 * `stack.json` says at any moment what runs. The owner of the folder is this process.
 */
export class Supervisor {
  private readonly dataDir: string;
  private readonly env: NodeJS.ProcessEnv;
  private readonly log: StackLog;
  private servers: OwnedServers | null = null;
  private readonly serverKeepers: Keeper[] = [];
  private readonly appKeepers: Keeper[] = [];
  private booting: Promise<void> = Promise.resolve();
  private stopped: Promise<void> | null = null;

  constructor(private readonly options: SuperviseOptions) {
    this.dataDir = resolve(options.dataDir);
    this.env = options.env ?? process.env;
    this.log = options.log ?? terminalLog();
  }

  /** Returns when everything is ready. Throws, with everything stopped, when something does not start. */
  async start(): Promise<void> {
    const leftovers = await ownDataDir(this.dataDir);
    if (leftovers.length > 0)
      this.log.say({
        'zh-CN': `已停止上次启动遗留的进程：${leftovers.join('、')}`,
        en: `stopped what an earlier start had left running: ${leftovers.join(', ')}`,
      });
    this.booting = this.boot();
    try {
      await this.booting;
    } catch (error) {
      await this.stop(messageOf(error));
      throw error;
    }
  }

  /**
   * Ends our processes, the last first, then the servers; returns when nothing is left. Calling it again waits too.
   * While `start` is under way it ends what runs so far, which makes `start` throw.
   */
  stop(error: string | null = null): Promise<void> {
    return (this.stopped ??= this.stopAll(error));
  }

  private async boot(): Promise<void> {
    const { dataDir, env, log } = this;
    updateStackFile(dataDir, { state: 'starting', supervisor: ownIdentity(), error: null, addresses: NO_ADDRESSES });
    const servers = await startOwnedServers({ ...this.options, dataDir, env, log });
    this.servers = servers;
    if (this.stopped !== null) await servers.stop();
    else this.keepServers(servers);
    if (this.stopped === null) await this.startApps(servers);
    if (this.stopped !== null) throw new StackError('the stack was stopped while it started');
    updateStackFile(dataDir, { state: 'up' });
  }

  private keepServers({ tended }: OwnedServers): void {
    for (const server of tended) {
      const keeper = new Keeper(server, this.log);
      this.serverKeepers.push(keeper);
      keeper.keep();
    }
  }

  private async startApps(servers: OwnedServers): Promise<void> {
    const { processes } = this.options;
    if (processes.length === 0) return;
    const env = await this.appEnvironment(servers);
    for (const app of processes) this.appKeepers.push(new Keeper(await this.appProcess(app, env, servers), this.log));
    const step = this.log.step(STARTING(processes.map(({ name }) => name).join(', ')), [3, 10]);
    const failed = (await Promise.allSettled(this.appKeepers.map((keeper) => keeper.startAndKeep()))).find(({ status }) => status === 'rejected');
    if (failed?.status !== 'rejected') return step.done();
    step.failed();
    throw failed.reason;
  }

  private async appProcess({ name, script, env }: AppSpec, common: NodeJS.ProcessEnv, { ports }: OwnedServers): Promise<TendedProcess> {
    const metricsPort = name === LOGIN ? undefined : await ports.choose(`metrics:${name}`);
    const own = metricsPort === undefined ? {} : { QIYUE_METRICS_PORT: String(metricsPort) };
    const start = { command: process.execPath, args: [script], env: { ...common, ...own, ...env }, stopSignal: 'SIGTERM' } as const;
    const plan = {
      name,
      kind: 'app',
      ...start,
      logFile: logFileOf(this.dataDir, name),
      ...(metricsPort === undefined ? {} : { metricsPort }),
    } as const;
    return new TendedProcess(plan, this.dataDir);
  }

  private async appEnvironment(servers: OwnedServers): Promise<NodeJS.ProcessEnv> {
    const given = readStackEnvironment(this.env).QIYUE_API_PORT;
    const port = given === undefined ? await servers.ports.choose('api') : await servers.ports.take(given, 'QIYUE_API_PORT');
    const { addresses } = readStackFile(this.dataDir);
    updateStackFile(this.dataDir, { addresses: { ...addresses, api: `http://127.0.0.1:${port}` } });
    return {
      QIYUE_WEBHOOK_HOSTS: LOCAL_HOSTS,
      ...this.env,
      ...serverEnvironment(servers),
      ...(await ensureAuth(this.dataDir, this.env)),
      ...ensureEvidence(this.dataDir, this.env),
      ...(await this.loginEnvironment(servers, port)),
      QIYUE_API_PORT: String(port),
    };
  }

  /** Only where the local identity provider is one of our processes. */
  private async loginEnvironment(servers: OwnedServers, api: number): Promise<Partial<LoginEnvironment>> {
    if (!this.options.processes.some(({ name }) => name === LOGIN)) return {};
    return ensureLogin(this.dataDir, { api, login: await servers.ports.choose('login') });
  }

  private async stopAll(error: string | null): Promise<void> {
    for (const keeper of this.appKeepers.toReversed()) await keeper.stop();
    await Promise.all(this.serverKeepers.map((keeper) => keeper.stop()));
    await stopLeftovers(this.dataDir);
    // A start that is under way ends now, because what it waits for has ended; only a build goes on.
    await within(
      BOOT_END_BOUND_MS,
      this.booting.catch(() => undefined),
      undefined,
    );
    await stopLeftovers(this.dataDir);
    this.servers?.ports.release();
    updateStackFile(this.dataDir, { state: 'down', supervisor: null, error, addresses: NO_ADDRESSES, processes: [] });
    releaseDataDir(this.dataDir);
  }
}
