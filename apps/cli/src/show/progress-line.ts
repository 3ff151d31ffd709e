import { forTerminal } from './terminal';

const EVERY_MS = 200;

/** Progress of long work on stderr: one line that rewrites itself on a terminal, nothing elsewhere or with `--json`. */
export const progressLine = (quiet: boolean): { show(text: string): void; end(): void } => {
  const active = !quiet && process.stderr.isTTY;
  let lastMs = 0;
  return {
    show: (text) => {
      if (!active || Date.now() - lastMs < EVERY_MS) return;
      lastMs = Date.now();
      process.stderr.write(`\r\u001b[K${forTerminal(text)}`);
    },
    end: () => void (active && process.stderr.write('\r\u001b[K')),
  };
};
