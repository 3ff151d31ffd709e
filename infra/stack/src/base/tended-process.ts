import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { removeContainer } from '../programs/docker';
import { lastLines, launchDetached, signalGroup, stopGroup } from './process-control';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity';
import { recordProcess, type ProcessEntry, type ProcessState } from './stack-file';
import { GivenUp, until } from './wait';

/** All that is needed to start one process again and again on the same data and port. */
export interface ProcessPlan {
  readonly name: string;
  readonly kind: ProcessEntry['kind'];
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly stopSignal: ProcessEntry['stopSignal'];
  readonly metricsPort?: number;
  /** Where the program runs in a container: its name, and the program that can stop it. */
  readonly container?: { readonly name: string; readonly docker: string };
  /** Before every start. */
  readonly prepare?: () => Promise<void>;
  /**
   * One real request; throws while the server does not serve. Also makes what the server must have (a replica set).
   * Without a probe the process is ready when it sends `{ ready: true }` to its parent.
   */
  readonly probe?: () => Promise<void>;
}

/** A process that this one started. Fault tests kill and restart servers by it. */
export interface ProcessHandle {
  readonly name: string;
  /** null while it does not run. */
  readonly pid: number | null;
  /** Sends a signal to the whole process group; with SIGKILL (the default) it returns when the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Stops it if it runs, starts it on the same data and port, and waits until it serves. */
  restart(): Promise<void>;
  /** Resolves when a real request is answered; throws a StackError after 60 s or when the process has died. */
  waitReady(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when the present process has ended, at once when there is none. */
  exited(): Promise<void>;
}

const READY_BOUND_MS = 60_000;
const STOP_BOUND_MS = 20_000;

/** What must not outlive this process when it ends without having stopped them. A SIGKILL leaves them to the next start. */
const running = new Set<ProcessHandle>();
process.on('exit', () => {
  for (const { pid } of running) if (pid !== null) signalGroup(pid, 'SIGKILL');
});

export class TendedProcess implements ProcessHandle {
  private child: ChildProcess | null = null;
  private identity: ProcessIdentity | null = null;
  private saidReady = false;

  constructor(
    private readonly plan: ProcessPlan,
    private readonly dataDir: string,
  ) {}

  get name(): string {
    return this.plan.name;
  }

  get pid(): number | null {
    return this.identity !== null && isAlive(this.identity) ? this.identity.pid : null;
  }

  /** Starts the process without waiting until it is ready. */
  async start(): Promise<void> {
    const { command, args, env, logFile, prepare, probe } = this.plan;
    await prepare?.();
    this.saidReady = false;
    const child = await launchDetached({ command, args, env, logFile, ipc: probe === undefined });
    child.on('message', (message) => (this.saidReady ||= isReadyMessage(message)));
    this.child = child;
    this.identity = identityOf(child.pid);
    this.record('starting');
    running.add(this);
    child.unref();
    child.channel?.unref();
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (signal === 'SIGKILL') await this.end('SIGKILL');
    else if (this.pid !== null) signalGroup(this.pid, signal);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
    await this.waitReady();
  }

  async waitReady(): Promise<void> {
    const { name, logFile } = this.plan;
    const probeAlive = async (): Promise<boolean> => {
      if (this.pid === null) throw new GivenUp(`${name} ended while it started, see ${logFile}:\n${lastLines(logFile)}`);
      return this.isReady();
    };
    await until(probeAlive, { boundMs: READY_BOUND_MS, what: `${name} to be ready (its output: ${logFile})` });
    this.record('running');
  }

  async stop(): Promise<void> {
    await this.end(this.plan.stopSignal);
    this.record('stopped');
  }

  async exited(): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.ref(); // else this process may end before the one it waits for
    await once(child, 'exit');
  }

  record(state: ProcessState): void {
    const { name, kind, stopSignal, container, metricsPort } = this.plan;
    const identity = state === 'stopped' ? null : this.identity;
    const more = { ...(container && { container: container.name }), ...(metricsPort === undefined ? {} : { metricsPort }) };
    recordProcess(this.dataDir, { name, kind, state, identity, stopSignal, ...more });
  }

  private async isReady(): Promise<boolean> {
    if (this.plan.probe === undefined) return this.saidReady;
    await this.plan.probe();
    return true;
  }

  // Killing docker's client leaves the container alive: it is removed by its name, before a SIGKILL and after all else.
  private async end(signal: NodeJS.Signals): Promise<void> {
    const { identity, plan } = this;
    const remove = async (): Promise<void> => plan.container && removeContainer(plan.container.docker, plan.container.name);
    if (signal === 'SIGKILL') await remove();
    if (identity !== null) await stopGroup(identity, signal, STOP_BOUND_MS);
    await this.exited();
    if (signal !== 'SIGKILL') await remove();
    running.delete(this);
  }
}

const isReadyMessage = (message: unknown): boolean => typeof message === 'object' && message !== null && 'ready' in message && message.ready === true;
