import { startSystem, type System } from '@qiyue/testkit';
import { checkSoundness, drain, isSound } from './checks';
import type { CampaignResult, Row } from './figures';
import { runLoad, type Life } from './load';
import { measured } from './percentiles';

export type Absent = 'kafka' | 'mongodb';

export interface AwayOptions {
  readonly absent?: readonly Absent[];
  /** How long each stands still. */
  readonly awayMs?: number;
  readonly concurrency?: number;
  readonly onProgress?: (line: string) => void;
}

/** Kafka, then MongoDB stands still (SIGSTOP) under load: commands over HTTP must go on, and all must drain in order afterwards. */
export const awayCampaign = async (options: AwayOptions = {}): Promise<CampaignResult> => {
  const { absent = ['kafka', 'mongodb'], awayMs = 60_000, concurrency = 4, onProgress } = options;
  const system = await startSystem();
  try {
    const lives: Life[] = [];
    const rows: Row[] = [];
    const troubles: string[] = [];
    for (const name of absent) {
      onProgress?.(`${name} stands still for ${awayMs} ms`);
      rows.push(await awayRound(system, name, awayMs, concurrency, lives, troubles));
    }
    const soundness = await checkSoundness(system, lives);
    if (!isSound(soundness)) troubles.push(JSON.stringify(soundness));
    const conditions = { awayMs, concurrency, channels: 'http', stopped: 'SIGSTOP', soundness };
    return { sound: troubles.length === 0, conditions, rows, troubles };
  } finally {
    await system.stop();
  }
};

const awayRound = async (system: System, name: Absent, awayMs: number, concurrency: number, lives: Life[], troubles: string[]): Promise<Row> => {
  await system.process(name).kill('SIGSTOP');
  const untilMs = Date.now() + awayMs;
  let whileAway = 0;
  const onAnswered = (): void => void (Date.now() < untilMs && (whileAway += 1));
  const continued = continueAt(system, name, untilMs);
  const result = await runLoad(system, { needs: Infinity, concurrency, channelOf: () => 'http', onAnswered, enough: () => Date.now() >= untilMs });
  await continued;
  lives.push(...result.lives);
  const drainMs = await drain(system, lives);
  if (whileAway === 0) troubles.push(`${name}: no command was accepted while it stood still`);
  troubles.push(...result.failures.map((failure) => `${name}: ${failure}`));
  const { p50Ms, p99Ms } = measured(result.lives.flatMap(({ commands }) => commands.map(({ heard }) => heard.latencyMs)));
  return { away: name, commands: result.commands, whileAway, failed: result.failures.length, p50Ms, p99Ms, drainMs: Math.round(drainMs) };
};

/** The load must not be over before the server is back: whoever waits for it would wait for ever. */
const continueAt = (system: System, name: Absent, atMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const resume = (): void => void system.process(name).kill('SIGCONT').then(resolve, reject);
    setTimeout(resume, atMs - Date.now());
  });
