import { check, isClean, type Checked } from './check';
import { COMMANDS_PER_LIFE, Lives } from './lives';
import type { System } from './system';

export const VICTIMS = ['worker', 'relay', 'intake', 'projections', 'api', 'kafka', 'mongodb', 'temporal'] as const;
export type Victim = (typeof VICTIMS)[number];

export interface FaultResult extends Checked {
  readonly victim: Victim;
  readonly clean: boolean;
  /** From the kill until another process ran in its place, ms. */
  readonly backMs: number;
  /** Slowest accepted command, ms, from its first attempt. */
  readonly slowestMs: number;
  readonly seconds: number;
}

/** Kills one process with SIGKILL when two fifths of the commands have been accepted, while the rest keep coming. */
export const fault = async (system: System, victim: Victim, needs: number, atOnce: number): Promise<FaultResult> => {
  const startedMs = Date.now();
  let killed: Promise<number> | null = null;
  const killAt = Math.floor(needs * COMMANDS_PER_LIFE * 0.4);
  const lives = new Lives(system, {
    needs,
    atOnce,
    onAccepted: (count) => {
      if (count === killAt) killed = killTimed(system, victim);
    },
  });
  await lives.live();
  const backMs = (await killed) ?? -1;
  const checked = await check(system, lives);
  const slowestMs = Math.max(...lives.accepted.map(({ tookMs }) => tookMs));
  return { victim, clean: isClean(checked), ...checked, backMs, slowestMs, seconds: Math.round((Date.now() - startedMs) / 1_000) };
};

const killTimed = async (system: System, victim: Victim): Promise<number> => {
  const startedMs = Date.now();
  await system.kill(victim);
  return Date.now() - startedMs;
};
