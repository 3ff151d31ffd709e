import { startSystem } from '@qiyue/testkit';
import { checkSoundness, drain, isSound } from './checks';
import type { CampaignResult } from './figures';
import { runLoad } from './load';
import { measured } from './percentiles';

export interface LoadCampaignOptions {
  readonly needs?: number;
  readonly concurrency?: number;
}

/** So many needs through all five stages over both channels, at a bounded concurrency. */
export const loadCampaign = async ({ needs = 1_000, concurrency = 16 }: LoadCampaignOptions = {}): Promise<CampaignResult> => {
  const system = await startSystem();
  try {
    const { lives, commands, wallMs, failures } = await runLoad(system, { needs, concurrency });
    const drainMs = await drain(system, lives);
    const soundness = await checkSoundness(system, lives);
    const heardOver = (channel: string): number[] =>
      lives.flatMap((life) => life.commands.filter((command) => command.channel === channel).map(({ heard }) => heard.latencyMs));
    const retried = lives.flatMap((life) => life.commands).filter(({ heard }) => heard.attempts > 1).length;
    const perSecond = Math.round((commands / wallMs) * 10_000) / 10;
    const rows = (['http', 'kafka'] as const).map((channel) => ({ channel, ...measured(heardOver(channel)) }));
    const troubles = [...failures, ...(isSound(soundness) ? [] : [JSON.stringify(soundness)])];
    const conditions = { needs, concurrency, commands, wallMs: Math.round(wallMs), perSecond, drainMs: Math.round(drainMs), retried, soundness };
    return { sound: troubles.length === 0, conditions, rows, troubles };
  } finally {
    await system.stop();
  }
};
