import { check, isClean, type Checked } from './check';
import { Lives } from './lives';
import type { System } from './system';

export interface AwayResult extends Checked {
  readonly away: 'kafka' | 'mongodb';
  readonly awayMs: number;
  readonly clean: boolean;
  /** Commands accepted over HTTP while the server was away. */
  readonly acceptedWhileAway: number;
  readonly slowestWhileAwayMs: number;
}

/** A server stands still for a while: commands over HTTP are still accepted, and what waits drains in order afterwards. */
export const away = async (system: System, name: 'kafka' | 'mongodb', awayMs: number, needs: number): Promise<AwayResult> => {
  const lives = new Lives(system, { needs, atOnce: 5, channel: 'http', patienceMs: awayMs + 120_000 });
  const paused = system.pause(name);
  const resumed = new Promise<void>((resolve) =>
    setTimeout(() => {
      paused.resume();
      resolve();
    }, awayMs),
  );
  const startedMs = Date.now();
  await lives.live();
  await resumed;
  const during = lives.accepted.filter(({ atMs }) => atMs - startedMs < awayMs);
  const checked = await check(system, lives);
  const slowestWhileAwayMs = Math.max(0, ...during.map(({ tookMs }) => tookMs));
  return { away: name, awayMs, clean: isClean(checked), ...checked, acceptedWhileAway: during.length, slowestWhileAwayMs };
};
