import { readFileSync } from 'node:fs';

/** Resident memory of a process. Linux only: it is read from /proc. Throws when the process is gone. */
export const residentMiB = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
