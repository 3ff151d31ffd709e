import { Supervisor, type SuperviseOptions } from './supervise';

const firstSignal = (): Promise<'signal'> =>
  new Promise((resolve) => {
    // They stay installed: a second Ctrl-C while everything is being stopped must not leave half of it running.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('signal'));
  });

/**
 * Runs everything in this process until it is asked to end by SIGINT, SIGTERM or SIGHUP. `onUp` is called once when all is ready.
 * Throws when the start fails. When it returns, nothing is left running but, after a signal during a build, that
 * build, which ends with this process: the caller should exit then.
 */
export const runInFront = async (options: SuperviseOptions, onUp: () => void = () => undefined): Promise<void> => {
  const signal = firstSignal();
  const supervisor = new Supervisor(options);
  const started = supervisor.start();
  const first = await Promise.race([started, signal]);
  if (first === 'signal') {
    started.catch(() => undefined); // it ends because of the stop, and says so
    return supervisor.stop();
  }
  onUp();
  await heldOpen(signal);
  await supervisor.stop();
};

// Children, timers and signal handlers of ours do not keep the process alive by themselves.
const heldOpen = async <T>(promise: Promise<T>): Promise<T> => {
  const hold = setInterval(() => undefined, 60_000);
  try {
    return await promise;
  } finally {
    clearInterval(hold);
  }
};
