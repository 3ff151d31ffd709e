import type { System, Victim } from '@qiyue/testkit';
import { pick } from '../seeded';

/** From the signal until the process serves again, ms. */
export interface Outage {
  readonly victim: Victim;
  readonly downMs: number;
  readonly upMs: number;
}

export interface Kill {
  readonly victim: Victim;
  readonly atMs: number;
}

const JITTER_MS = 1_000;

/**
 * One moment per victim, in random order, each within a second of something that has to happen: a moment in which
 * nothing happens would prove nothing.
 */
export const killsAround = (victims: readonly Victim[], momentsMs: readonly [number, ...number[]], random: () => number): readonly Kill[] =>
  victims.map((victim) => ({ victim, atMs: pick(random, momentsMs) + (random() * 2 - 1) * JITTER_MS })).sort((a, b) => a.atMs - b.atMs);

/** SIGKILL at each moment, or as soon as what was killed before it serves again. */
export const carryOut = async (system: System, kills: readonly Kill[], onProgress?: (line: string) => void): Promise<readonly Outage[]> => {
  const outages: Outage[] = [];
  for (const { victim, atMs } of kills) {
    await waitUntil(atMs);
    const downMs = Date.now();
    await system.process(victim).kill('SIGKILL');
    await system.process(victim).restart();
    outages.push({ victim, downMs, upMs: Date.now() });
    onProgress?.(`${victim} killed, back after ${Date.now() - downMs} ms`);
  }
  return outages;
};

/** Whether a part of the outage lies between an instant and the coming of what belongs to it. */
export const meets = ({ downMs, upMs }: Outage, instantMs: number, cameMs: number): boolean => upMs >= instantMs && downMs <= cameMs;

/**
 * How late something was, ms: from its instant, or from the moment at which the last of the outages that it met was
 * over.
 */
export const lateness = (instantMs: number, cameMs: number, outages: readonly Outage[]): number => {
  const met = outages.filter((outage) => meets(outage, instantMs, cameMs));
  return Math.max(0, cameMs - Math.max(instantMs, ...met.map(({ upMs }) => upMs)));
};

export const waitUntil = (atMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - Date.now())));
