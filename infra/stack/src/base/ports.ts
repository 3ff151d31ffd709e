import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { tryLock, unlock } from './owner-lock';
import { StackError } from './stack-error';
import { readStackFile, updateStackFile, USUAL_PORTS, type PortName } from './stack-file';

/** Below the range from which systems take ports for outgoing connections, so that a port stays free over a restart. */
const RANDOM_FROM = 20_000;
const RANDOM_COUNT = 12_000;
const TRIES_MAX = 200;
const HOST = '127.0.0.1';

const canBind = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve(true)));
  });

/** True when something takes TCP connections there. */
export const answersTcp = (port: number, host = HOST, boundMs = 1000): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(boundMs, end(false));
    socket.once('connect', end(true));
    socket.once('error', end(false));
  });

// Some systems let a second program bind beside a server that listens on all addresses: asking finds that one too.
const isFree = async (port: number): Promise<boolean> => (await canBind(port)) && !(await answersTcp(port));

/**
 * The ports of one data folder. A chosen port is reserved for this process until `release`, across all clones that share
 * the cache folder, because two starts at the same moment would otherwise both see it free; and it is remembered, so
 * that a restart gives the same one where it can.
 */
export class Ports {
  private readonly reserved = new Set<number>();

  constructor(
    private readonly dataDir: string,
    private readonly cacheDir: string,
  ) {}

  async choose(name: PortName): Promise<number> {
    const { ports } = readStackFile(this.dataDir);
    for (const port of this.candidates(name, ports[name])) {
      if (!(await this.reserve(port))) continue;
      updateStackFile(this.dataDir, { ports: { ...readStackFile(this.dataDir).ports, [name]: port } });
      return port;
    }
    throw new StackError(`no free port for ${name} was found in ${TRIES_MAX} tries`);
  }

  /** For a port that the environment names: that one or none. */
  async take(port: number, variable: string): Promise<number> {
    if (await this.reserve(port)) return port;
    throw new StackError(`${variable} names port ${port}, which is taken: free it, or leave ${variable} out and a free port is chosen`);
  }

  release(): void {
    for (const port of this.reserved) unlock(this.lockOf(port));
    this.reserved.clear();
  }

  /** What people type into a browser is looked for where the documentation says, before where it was last. */
  private *candidates(name: PortName, remembered: number | undefined): Generator<number> {
    const forPeople = name === 'api' || name === 'temporalUi';
    if (remembered !== undefined && !forPeople) yield remembered;
    if (name in USUAL_PORTS) yield USUAL_PORTS[name as keyof typeof USUAL_PORTS];
    if (remembered !== undefined && forPeople) yield remembered;
    for (let i = 0; i < TRIES_MAX; i += 1) yield RANDOM_FROM + Math.floor(Math.random() * RANDOM_COUNT);
  }

  private async reserve(port: number): Promise<boolean> {
    if (!tryLock(this.lockOf(port))) return false;
    if (await isFree(port)) {
      this.reserved.add(port);
      return true;
    }
    unlock(this.lockOf(port));
    return false;
  }

  private lockOf(port: number): string {
    return join(this.cacheDir, 'ports', String(port));
  }
}
