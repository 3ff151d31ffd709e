/** Temporal's runtime is one per process and talks on standard output, which belongs to answers: here it only tells errors. */
export const quietTemporal = async (): Promise<void> => {
  const { DefaultLogger, Runtime } = await import('@temporalio/worker');
  if (Runtime._instance !== undefined) return;
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {} } } });
};
