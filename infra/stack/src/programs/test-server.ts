import { cacheDirOf } from '../base/settings';
import { silentLog } from '../base/stack-log';
import { lackOf } from './build-tools';
import { buildProgram, builtFolder } from './build-program';
import { testServerRecipe } from './recipes';

/**
 * The folder of Temporal's test server, built when it is not there yet; or what is missing for it, as the middle of a
 * sentence. `lib` in it holds its jars.
 */
export const testServerFolder = async (
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly folder: string; readonly lack?: undefined } | { readonly folder?: undefined; readonly lack: string }> => {
  const cacheDir = cacheDirOf(env);
  const needed = builtFolder(testServerRecipe, cacheDir) === null ? testServerRecipe.tools : testServerRecipe.tools.slice(0, 1);
  const lack = (await Promise.all(needed.map((tool) => lackOf(tool, env)))).find((found) => found !== null);
  return lack === undefined ? { folder: await buildProgram(testServerRecipe, cacheDir, env, silentLog) } : { lack };
};
