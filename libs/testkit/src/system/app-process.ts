import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { ProcessHandle } from '@qiyue/stack';
import { eventually } from '../eventually';

const READY_BOUND_MS = 60_000;
const STOP_BOUND_MS = 20_000;
const LOG_TAIL_LINES = 30;

export interface AppPlan {
  readonly name: string;
  /** Full path of the compiled script. */
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
}

/** What must not outlive the test's own process. */
const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** One of our processes, to be killed and started again by a test. */
export class AppProcess implements ProcessHandle {
  private child: ChildProcess | null = null;
  private isReady = false;
  private wantedDown = true;
  /** Ends that nobody asked for: a test of a healthy system expects none. */
  readonly crashes: string[] = [];

  constructor(private readonly plan: AppPlan) {}

  get name(): string {
    return this.plan.name;
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  start(): void {
    const { script, env, logFile } = this.plan;
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, [script], { env, stdio: ['ignore', log, log, 'ipc'] });
    closeSync(log);
    alive.add(child);
    this.child = child;
    this.isReady = false;
    this.wantedDown = false;
    child.once('message', () => (this.isReady = true));
    child.once('exit', (code, signal) => {
      alive.delete(child);
      if (this.child !== child) return;
      this.child = null;
      if (!this.wantedDown) this.crashes.push(`${this.name} ended with ${signal ?? code}:\n${this.logTail()}`);
    });
  }

  async waitReady(): Promise<void> {
    await eventually(
      `${this.name} to be ready`,
      () => {
        if (this.child === null) throw new Error(`it ended:\n${this.logTail()}`);
        return this.isReady;
      },
      READY_BOUND_MS,
    );
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.wantedDown = signal === 'SIGKILL' || signal === 'SIGTERM';
    this.child?.kill(signal);
    if (signal === 'SIGKILL') await this.exited();
  }

  async restart(): Promise<void> {
    await this.stop();
    this.start();
    await this.waitReady();
  }

  async stop(): Promise<void> {
    if (this.child === null) return;
    const insist = setTimeout(() => this.child?.kill('SIGKILL'), STOP_BOUND_MS);
    await this.kill('SIGTERM');
    await this.exited();
    clearTimeout(insist);
  }

  async exited(): Promise<void> {
    if (this.child !== null) await once(this.child, 'exit');
  }

  /** The end of its log, for the message of a test that failed. */
  logTail(): string {
    return readFileSync(this.plan.logFile, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  }
}
