import { createLogger, type Logger } from '../log/logger';
import { metricsSettings, serveMetrics } from './metrics-server';
import { notifyReady } from './ready';

/** What a process does, once started. */
export interface Running {
  /** Finishes what is under way, within about ten seconds. */
  stop(): Promise<void>;
}

const STOP_MAX_MS = 15_000;

/**
 * The life of each of our processes: starts, says so, stops on SIGTERM or SIGINT. A supervisor that dies must not take
 * us with it, so the end of its channel is no reason to stop. Whatever nobody caught ends the process with code 1: the
 * supervisor starts it again, and everything that matters is in Temporal, the ledger and Kafka.
 */
export const runProcess = (name: string, start: (log: Logger) => Promise<Running>): void => {
  const log = createLogger(name, process.env['QIYUE_LOG_LEVEL'] ?? 'info');
  const fail = (error: unknown): void => {
    log.fatal({ err: describe(error) }, 'ends');
    process.exitCode = 1;
    setTimeout(() => process.exit(1), 50).unref();
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  process.on('disconnect', () => undefined);
  const started = Promise.resolve(log).then(async () => {
    await serveMetrics(metricsSettings(process.env), log); // before all else: a process that does not get ready can be looked at
    return start(log);
  }); // not before the caller's module has been read to its end
  started.then((running) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(running, log));
    notifyReady();
    log.info('ready');
  }, fail);
};

const stop = (running: Running, log: Logger): void => {
  log.info('stopping');
  setTimeout(() => process.exit(1), STOP_MAX_MS).unref();
  running.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ err: describe(error) }, 'did not stop cleanly');
      process.exit(1);
    },
  );
};

/** Errors whose messages this code or the language itself makes. */
const OUR_OWN: ReadonlySet<string> = new Set(['Error', 'TypeError', 'ReferenceError', 'RangeError', 'SyntaxError']);

/** Name and place; messages only of errors that this code makes itself, since a driver's may quote data. */
const describe = (error: unknown): { readonly name: string; readonly message?: string; readonly stack?: string } => {
  if (!(error instanceof Error)) return { name: typeof error };
  const stack = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 6)
    .join('\n');
  return OUR_OWN.has(error.name) ? { name: error.name, message: error.message, stack } : { name: error.name, stack };
};
