import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';

const QUIET = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  log: () => undefined,
};

/** Bundles workflows straight from their sources, so that a test needs no build. */
export const bundleOf = (workflowsPath: string): Promise<WorkflowBundleOption> =>
  bundleWorkflowCode({
    workflowsPath,
    logger: QUIET,
    webpackConfigHook: (config) => ({ ...config, resolve: { ...config.resolve, conditionNames: ['qiyue-source', 'import', 'require', 'default'] } }),
  });
