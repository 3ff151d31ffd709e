import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** A process for good: pids come back, a pid together with its start never does. */
export const processIdentity = z.object({ pid: z.number().int().positive(), startMark: z.string() });
export type ProcessIdentity = z.infer<typeof processIdentity>;

const HAS_PROC = existsSync('/proc/self/stat');
/** Ticks since boot repeat after a reboot, so the boot is part of the mark. */
const BOOT_ID = HAS_PROC ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() : '';

const markFromProc = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name (field 2) may hold spaces and brackets: count from behind its last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const dead = fields[0] === 'Z' || fields[0] === 'X';
    return dead ? null : `${BOOT_ID}/${fields[19]}`;
  } catch {
    return null;
  }
};

const markFromPs = (pid: number): string | null => {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '');
  } catch {
    return null;
  }
};

/** When the living process `pid` started, in the system's own words; null when there is none (a zombie is none). */
export const startMarkOf = (pid: number): string | null => (HAS_PROC ? markFromProc(pid) : markFromPs(pid));

export const identityOf = (pid: number): ProcessIdentity | null => {
  const startMark = startMarkOf(pid);
  return startMark === null ? null : { pid, startMark };
};

export const isAlive = ({ pid, startMark }: ProcessIdentity): boolean => startMarkOf(pid) === startMark;

export const ownIdentity = (): ProcessIdentity => {
  const own = identityOf(process.pid);
  if (own === null) throw new Error('this process cannot see itself in the process table');
  return own;
};
