import { APP_NAMES, startSystem, type AppName, type System } from '@qiyue/testkit';
import { checkSoundness, drain, isSound } from './checks';
import type { CampaignResult } from './figures';
import { runLoad } from './load';
import { residentMiB } from './resident';

export interface SoakOptions {
  readonly minutes?: number;
  readonly concurrency?: number;
  readonly onProgress?: (line: string) => void;
}

const SAMPLE_EVERY_MS = 5_000;

/** A steady load for a long time, with the memory of each of our processes. Linux only: memory is read from /proc. */
export const soakCampaign = async ({ minutes = 30, concurrency = 4, onProgress }: SoakOptions = {}): Promise<CampaignResult> => {
  const system = await startSystem();
  const samples = new Map<AppName, number[]>(APP_NAMES.map((name) => [name, []]));
  const timer = setInterval(() => sample(system, samples), SAMPLE_EVERY_MS);
  try {
    const untilMs = Date.now() + minutes * 60_000;
    const onAnswered = (count: number): void => void (count % 1_000 === 0 && onProgress?.(`${count} commands`));
    const { lives, commands, wallMs, failures } = await runLoad(system, {
      needs: Infinity,
      concurrency,
      onAnswered,
      enough: () => Date.now() >= untilMs,
    });
    const drainMs = await drain(system, lives);
    const soundness = await checkSoundness(system, lives);
    const rows = APP_NAMES.map((process) => ({ process, ...growthOf(samples.get(process) ?? []) }));
    const troubles = [...failures, ...system.crashes, ...(isSound(soundness) ? [] : [JSON.stringify(soundness)])];
    const perSecond = Math.round((commands / wallMs) * 10_000) / 10;
    return {
      sound: troubles.length === 0,
      conditions: { minutes, concurrency, commands, perSecond, drainMs: Math.round(drainMs), soundness },
      rows,
      troubles,
    };
  } finally {
    clearInterval(timer);
    await system.stop();
  }
};

const sample = (system: System, samples: ReadonlyMap<AppName, number[]>): void => {
  for (const [name, sizes] of samples) {
    const { pid } = system.app(name);
    if (pid !== null) sizes.push(residentMiB(pid));
  }
};

/** Means of the second and the last fifth: the first is warming up. */
const growthOf = (sizes: readonly number[]): { readonly earlyMiB: number; readonly lateMiB: number; readonly maxMiB: number } => {
  const fifth = Math.max(1, Math.floor(sizes.length / 5));
  const mean = (part: readonly number[]): number => Math.round(part.reduce((sum, size) => sum + size, 0) / Math.max(1, part.length));
  return { earlyMiB: mean(sizes.slice(fifth, 2 * fifth)), lateMiB: mean(sizes.slice(-fifth)), maxMiB: Math.max(0, ...sizes) };
};
