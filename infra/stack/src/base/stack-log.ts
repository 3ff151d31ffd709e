/** One piece of long work that is being shown. */
export interface RunningStep {
  done(): void;
  failed(): void;
}

/** Where the stack says what it does. Results never go here. */
export interface StackLog {
  say(line: string): void;
  /** Shows `what` with the seconds gone by until it is done or failed. `usually` is how long it takes, in words. */
  step(what: string, usually: string): RunningStep;
}

const TTY_EVERY_MS = 1000;
const LINE_EVERY_MS = 15_000;

const secondsSince = (startedAtMs: number): number => Math.round((Date.now() - startedAtMs) / 1000);

/** On a terminal one line that rewrites itself, elsewhere a line now and then, so that a log stays readable. */
export const terminalLog = (out: NodeJS.WriteStream = process.stderr): StackLog => ({
  say: (line) => void out.write(`${line}\n`),
  step: (what, usually) => {
    const startedAtMs = Date.now();
    const text = (): string => `${what} (usually ${usually}) … ${secondsSince(startedAtMs)} s`;
    const show = (end: string): void => void out.write(out.isTTY ? `\r\u001b[K${text()}${end}` : `${text()}${end === '' ? '\n' : end}`);
    show('');
    const timer = setInterval(() => show(''), out.isTTY ? TTY_EVERY_MS : LINE_EVERY_MS);
    timer.unref();
    const end = (word: string) => (): void => {
      clearInterval(timer);
      show(` ${word}\n`);
    };
    return { done: end('done'), failed: end('failed') };
  },
});

export const silentLog: StackLog = { say: () => undefined, step: () => ({ done: () => undefined, failed: () => undefined }) };
