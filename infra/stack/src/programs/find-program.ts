import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Full path of the first of `names` that is a program on the PATH of `env`. */
export const findProgram = (env: NodeJS.ProcessEnv, ...names: readonly string[]): string | null => {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== '')) {
    const found = names.map((name) => join(folder, name)).find(isProgram);
    if (found !== undefined) return found;
  }
  return null;
};

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/** What a short command prints, on either stream; null when it fails or takes longer than `boundMs`. */
export const outputOf = (program: string, args: readonly string[], env: NodeJS.ProcessEnv, boundMs: number): Promise<string | null> =>
  new Promise((resolve) => {
    execFile(program, args, { env, timeout: boundMs, killSignal: 'SIGKILL' }, (error, out, err) => resolve(error === null ? `${out}${err}` : null));
  });
