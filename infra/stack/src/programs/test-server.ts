import { cacheDirOf } from '../base/settings';
import { silentLog } from '../base/stack-log';
import { lackOf } from './build-tools';
import { buildProgram, builtFolder } from './build-program';
import { openApiGeneratorRecipe, testServerRecipe, type Recipe } from './recipes';

type Found = { readonly folder: string; readonly lack?: undefined } | { readonly folder?: undefined; readonly lack: string };

/**
 * The folder of a program for tests that runs on Java, built when it is not there yet; or what is missing for it, as the middle of a
 * sentence. `lib` in it holds its jars.
 */
const folderFor = async (recipe: Recipe, env: NodeJS.ProcessEnv): Promise<Found> => {
  const cacheDir = cacheDirOf(env);
  const needed = builtFolder(recipe, cacheDir) === null ? recipe.tools : recipe.tools.slice(0, 1);
  const lack = (await Promise.all(needed.map((tool) => lackOf(tool, env)))).find((found) => found !== null);
  return lack === undefined ? { folder: await buildProgram(recipe, cacheDir, env, silentLog) } : { lack };
};

/** Temporal's test server. */
export const testServerFolder = (env: NodeJS.ProcessEnv = process.env): Promise<Found> => folderFor(testServerRecipe, env);
/** What makes clients in other languages of an OpenAPI document. */
export const openApiGeneratorFolder = (env: NodeJS.ProcessEnv = process.env): Promise<Found> => folderFor(openApiGeneratorRecipe, env);
