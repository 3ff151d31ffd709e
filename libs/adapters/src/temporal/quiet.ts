import { DefaultLogger, Runtime } from '@temporalio/worker';

/** Temporal's runtime is one per process and talks on standard output, which belongs to answers: here it only tells errors. */
export const quietTemporal = (): void => {
  if (Runtime._instance !== undefined) return;
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {} } } });
};
