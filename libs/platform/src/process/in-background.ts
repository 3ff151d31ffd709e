import type { Logger } from '../log/logger';

const RETRY_MS = 1_000;

/** Tries until it succeeds, without holding up the start: what it prepares is wanted, but nothing waits for it. */
export const inBackground = (log: Logger, what: string, work: () => Promise<void>): void => {
  const attempt = (): void => {
    work().catch((error: unknown) => {
      log.warn({ what, err: error instanceof Error ? error.name : typeof error }, 'will be tried again');
      setTimeout(attempt, RETRY_MS).unref();
    });
  };
  attempt();
};
