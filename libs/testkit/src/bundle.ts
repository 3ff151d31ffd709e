import { bundleWorkflowCode, type BundleOptions, type WorkflowBundle } from '@temporalio/worker';
import { BundleCache } from './bundle-cache';

const QUIET = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  log: () => undefined,
};
type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

/** Bundles workflows straight from their sources, so that a test needs no build. All suites share one bundle of the same sources. */
export const bundleOf = async (workflowsPath: string, cache = new BundleCache()): Promise<WorkflowBundle> => {
  const kept = cache.find(workflowsPath);
  if (kept !== null) return { code: kept };
  const startedMs = Date.now();
  const looked = new Set<string>();
  const bundle = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [workflowsPath], // where the workflows are for replays: see `deadlineInterceptors`
    logger: QUIET,
    webpackConfigHook: (config) => reporting(fromSources(config), looked),
  });
  cache.keep(workflowsPath, bundle.code, looked, startedMs);
  return bundle;
};

const fromSources = (config: WebpackConfig): WebpackConfig => ({
  ...config,
  resolve: { ...config.resolve, conditionNames: ['qiyue-source', 'import', 'require', 'default'] },
});

/** Webpack itself says which files it read, and which it looked for in vain; with a cache of its own it keeps quiet about dependencies. */
const reporting = (config: WebpackConfig, looked: Set<string>): WebpackConfig => ({
  ...config,
  cache: false,
  plugins: [
    ...(config.plugins ?? []),
    (compiler) =>
      compiler.hooks.afterEmit.tap('qiyue-bundle-cache', ({ fileDependencies, missingDependencies, contextDependencies }) => {
        for (const paths of [fileDependencies, missingDependencies, contextDependencies]) for (const path of paths) looked.add(path);
      }),
  ],
});
