import { spawn } from 'node:child_process';
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tryLock, unlock } from '../base/owner-lock';
import { lastLines } from '../base/process-control';
import { StackError } from '../base/stack-error';
import type { StackLog } from '../base/stack-log';
import { until } from '../base/wait';
import { lackOf } from './build-tools';
import { lackSentence, type Recipe } from './recipes';

const BUILD_BOUND_MS = 45 * 60_000;

/** The folder of a finished build, or null. A build appears under its name only when it is whole. */
export const builtFolder = (recipe: Recipe, cacheDir: string): string | null => {
  const folder = join(cacheDir, recipe.folder);
  return existsSync(join(folder, recipe.proof)) ? folder : null;
};

/** Null when every tool of the recipe is here, else the sentence to show. */
export const missingToolSentence = async (recipe: Recipe, env: NodeJS.ProcessEnv): Promise<string | null> => {
  const lack = (await Promise.all(recipe.tools.map((tool) => lackOf(tool, env)))).find((found) => found !== null);
  return lack === undefined ? null : lackSentence(recipe, lack);
};

/** Builds once for everybody: two callers at the same time give one build, and both get its folder. */
export const buildProgram = async (recipe: Recipe, cacheDir: string, env: NodeJS.ProcessEnv, log: StackLog): Promise<string> => {
  const lock = join(cacheDir, `.${recipe.folder}.lock`);
  const found = builtFolder(recipe, cacheDir) ?? (tryLock(lock) || (await waitForTurn(recipe, cacheDir, lock, log)));
  if (typeof found === 'string') return found;
  try {
    return builtFolder(recipe, cacheDir) ?? (await buildAlone(recipe, cacheDir, env, log));
  } finally {
    unlock(lock);
  }
};

const waitForTurn = async (recipe: Recipe, cacheDir: string, lock: string, log: StackLog): Promise<string | true> => {
  const turn = log.step(
    { 'zh-CN': `等待另一进程构建 ${recipe.server}`, en: `waiting for another process that builds ${recipe.server}` },
    recipe.usually,
  );
  const what = `another build of ${recipe.server}`;
  const found = await until(() => builtFolder(recipe, cacheDir) ?? tryLock(lock), { boundMs: BUILD_BOUND_MS, everyMs: 500, what });
  turn.done();
  return found;
};

const buildAlone = async (recipe: Recipe, cacheDir: string, env: NodeJS.ProcessEnv, log: StackLog): Promise<string> => {
  const missing = await missingToolSentence(recipe, env);
  if (missing !== null) throw new StackError(missing);
  const prefix = `.${recipe.folder}.build-`;
  for (const left of readdirSync(cacheDir).filter((name) => name.startsWith(prefix))) rmSync(join(cacheDir, left), { recursive: true, force: true });
  const scratch = join(cacheDir, `${prefix}${process.pid}`);
  const step = log.step(
    { 'zh-CN': `正在构建 ${recipe.server}（${recipe.folder}）`, en: `building ${recipe.server} (${recipe.folder})` },
    recipe.usually,
  );
  try {
    const target = await runRecipe(recipe, scratch, env, join(cacheDir, 'logs', `${recipe.folder}.log`));
    renameSync(target, join(cacheDir, recipe.folder));
    step.done();
    return join(cacheDir, recipe.folder);
  } catch (error) {
    step.failed();
    throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

const runRecipe = async (recipe: Recipe, scratch: string, env: NodeJS.ProcessEnv, logFile: string): Promise<string> => {
  const target = join(scratch, 'target-folder');
  mkdirSync(target, { recursive: true });
  mkdirSync(join(logFile, '..'), { recursive: true });
  if (recipe.files !== undefined) cpSync(recipe.files, scratch, { recursive: true });
  const { program, args, env: extra } = recipe.command(target, scratch);
  const code = await runToEnd(program, args, scratch, { ...env, ...extra }, logFile);
  if (code === 0 && existsSync(join(target, recipe.proof))) return target;
  throw new StackError(`building ${recipe.server} failed (exit ${code ?? 'by signal'}), see ${logFile}:\n${lastLines(logFile)}`);
};

const runToEnd = (program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv, logFile: string): Promise<number | null> => {
  const log = openSync(logFile, 'w');
  return new Promise<number | null>((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', log, log] });
    const kill = (): void => void child.kill();
    process.once('exit', kill);
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('exit', kill);
      resolve(code);
    });
  }).finally(() => closeSync(log));
};
