import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { QiyueClient } from '@qiyue/client';
import { utf8TextOf } from '@qiyue/platform/text';
import { dataDirOf, mintToken, statusOf, type AppSpec, type StackStatus } from '@qiyue/stack/place';
import { CliError } from './cli-error';
import { forTerminal } from './show/terminal';
import { inWords } from './show/language';
import { NOT_UP } from './show/sentences';
import { unreadable } from './unreached';

export { CliError };

export type Language = 'zh-CN' | 'en';

export interface WhoOptions {
  readonly actor?: string;
  readonly role?: string;
  readonly unit?: string;
}

/** The repository that this program belongs to. */
export const ROOT = resolve(__dirname, '../../..');

/** Our processes in the order of their start. */
export const PROCESSES: readonly AppSpec[] = [
  ...['worker', 'relay', 'intake', 'projections', 'notifications', 'reactions', 'api'].map((name) => ({
    name,
    script: join(ROOT, 'apps', name, 'dist', 'main.js'),
  })),
  // Somebody to log in at, where the environment names nobody: it believes whatever one says one is.
  ...(process.env['QIYUE_OIDC_ISSUER'] === undefined && process.env['NODE_ENV'] !== 'production'
    ? [{ name: 'login', script: join(ROOT, 'infra/stack/dist/auth/local-provider.main.js') }]
    : []),
];

export const dataDir = (): string => dataDirOf(process.env);

export const runningStack = (): StackStatus & { readonly api: string } => {
  const status = statusOf(dataDir());
  if (status.api === null) throw new CliError(inWords(NOT_UP));
  return { ...status, api: status.api };
};

/** A token given by the environment, else one that the local stack signs for this actor. */
export const tokenFor = async ({ actor, role, unit }: WhoOptions): Promise<string> => {
  const given = process.env['QIYUE_TOKEN'];
  if (given !== undefined && actor === undefined) return given;
  return mintToken({ actor: actor ?? 'operator', role: role ?? 'operator', ...(unit === undefined ? {} : { unit }) });
};

export const clientFor = async (who: WhoOptions, language: Language = 'zh-CN'): Promise<QiyueClient> =>
  new QiyueClient({ baseUrl: process.env['QIYUE_API_URL'] ?? runningStack().api, token: await tokenFor(who), language });

/** The bytes of a file that somebody names. */
export const bytesOf = (path: string): Promise<Buffer> =>
  readFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });

/** A text file that somebody has written, out of its bytes: in UTF-8, with or without the mark of a Windows editor. */
export const textOf = (bytes: Uint8Array, name: string): string => {
  try {
    return utf8TextOf(bytes, name);
  } catch (error) {
    throw unreadable(name, error);
  }
};

const write = (stream: NodeJS.WriteStream, text: string): void => void stream.write(`${forTerminal(text)}\n`);

/** Results go to stdout; everything said meanwhile to stderr. Neither steers the terminal. */
export const print = (value: unknown): void => write(process.stdout, typeof value === 'string' ? value : JSON.stringify(value, null, 2));
export const printJsonLine = (value: unknown): void => write(process.stdout, JSON.stringify(value));
export const say = (line: string): void => write(process.stderr, line);
