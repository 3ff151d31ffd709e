import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Ports } from '../base/ports';
import type { StackLog } from '../base/stack-log';
import { buildProgram, builtFolder } from '../programs/build-program';
import { lackOf } from '../programs/build-tools';
import { ensureImage, findDocker, removeContainer } from '../programs/docker';
import { lackSentence, type Recipe } from '../programs/recipes';
import { StackError } from '../base/stack-error';
import type { ProcessPlan } from '../base/tended-process';

export type ServerName = 'temporal' | 'kafka' | 'mongodb';

/** What is needed to find or build a program. */
export interface ProgramContext {
  readonly cacheDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: StackLog;
}

export interface ServerContext extends ProgramContext {
  readonly dataDir: string;
  readonly ports: Ports;
}

/** Where a server's program comes from, once no address was given. */
export type Origin<P> =
  | { readonly via: 'path'; readonly program: P }
  | { readonly via: 'build'; readonly folder: string }
  | { readonly via: 'docker'; readonly docker: string };

/**
 * The program on the PATH, then a finished build, then Docker, then a new build. A finished build goes before Docker
 * because it is a program that this machine has: asking Docker first would fetch images though everything is there.
 */
export const findOrigin = async <P>(recipe: Recipe, onPath: P | null, { cacheDir, env, log }: ProgramContext): Promise<Origin<P>> => {
  if (onPath !== null) return { via: 'path', program: onPath };
  const lack = recipe.runtime === undefined ? null : await lackOf(recipe.runtime, env);
  const built = lack === null ? builtFolder(recipe, cacheDir) : null;
  if (built !== null) return { via: 'build', folder: built };
  const docker = await findDocker(env);
  if (docker !== null) {
    await ensureImage(docker, recipe.image, log);
    return { via: 'docker', docker };
  }
  if (lack !== null) throw new StackError(lackSentence(recipe, lack));
  mkdirSync(cacheDir, { recursive: true });
  return { via: 'build', folder: await buildProgram(recipe, cacheDir, env, log) };
};

/** Where a server or process started here writes what it has to say. */
export const logFileOf = (dataDir: string, name: string): string => join(dataDir, 'logs', `${name}.log`);

/** The server's own folder in the data folder, made if need be. */
export const serverFolder = (dataDir: string, name: ServerName): string => {
  const folder = join(dataDir, name);
  mkdirSync(folder, { recursive: true });
  return folder;
};

export interface ContainerRun {
  readonly docker: string;
  readonly name: ServerName;
  readonly image: string;
  readonly ports: readonly number[];
  readonly dataDir: string;
  /** Where the server's folder is seen inside. */
  readonly mountedAt: string;
  /** For an image that runs only as its own user: a volume of docker's instead of the server's folder. */
  readonly volume?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

export type Launched = Pick<ProcessPlan, 'command' | 'args' | 'container' | 'prepare'>;

/** The container part of a plan: files in the server's folder belong to this user, ports are open to this machine only. */
export const containerPlan = ({ docker, name, image, ports, dataDir, mountedAt, volume = false, env = {}, args }: ContainerRun): Launched => {
  const container = `qiyue-${createHash('sha256').update(dataDir).digest('hex').slice(0, 10)}-${name}`;
  const user = volume || process.getuid === undefined ? [] : ['--user', `${process.getuid()}:${process.getgid?.() ?? 0}`];
  const published = ports.flatMap((port) => ['--publish', `127.0.0.1:${port}:${port}`]);
  const variables = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const storage = ['--volume', `${volume ? container : serverFolder(dataDir, name)}:${mountedAt}`];
  return {
    command: docker,
    args: ['run', '--rm', '--name', container, ...user, ...published, ...variables, ...storage, image, ...args],
    container: { name: container, docker },
    prepare: () => removeContainer(docker, container),
  };
};
