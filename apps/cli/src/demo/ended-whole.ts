import { constants } from 'node:os';
import { say } from '../context';
import { inWords } from '../show/language';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];
const BY_SIGNAL = 128;
const SETTLES_WITHIN_MS = 20_000;

/**
 * Does the work, then `end`, which ends all that the work has started and may be called twice; also when somebody stops the program meanwhile (Ctrl-C):
 * then the process exits with the signal's code. A second signal changes nothing: it must not leave half of it running.
 */
export const endedWhole = async <T>(end: () => Promise<unknown>, work: () => Promise<T>): Promise<T> => {
  const stopped = firstSignal();
  const working = work();
  const outcome = working.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const first = await Promise.race([outcome, stopped.signal]);
  if (typeof first === 'string') {
    say(inWords({ 'zh-CN': '正在停止', en: 'stopping' }));
    await end();
    await Promise.race([outcome, pause(SETTLES_WITHIN_MS)]); // what was on its way up may have come up meanwhile
    await end();
    process.exit(BY_SIGNAL + constants.signals[first]);
  }
  await end();
  stopped.forget();
  return working;
};

const firstSignal = (): { readonly signal: Promise<Signal>; readonly forget: () => void } => {
  let came: (signal: Signal) => void = () => undefined;
  const promise = new Promise<Signal>((resolve) => (came = resolve));
  const handlers = SIGNALS.map((signal) => [signal, () => came(signal)] as const);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return { signal: promise, forget: () => handlers.forEach(([signal, handler]) => process.off(signal, handler)) };
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
