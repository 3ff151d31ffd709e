import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatPace, REHEARSAL_DATABASE } from '@qiyue/platform';
import { instantMsOf, type Pace } from '@qiyue/engine';
import { down, terminalLog, up } from '@qiyue/stack';
import { CliError, dataDir, PROCESSES } from '../context';
import { inWords, language } from '../show/language';
import { endedWhole } from './ended-whole';

export interface Rehearsal {
  readonly api: string;
  readonly dataDir: string;
  readonly clock: RehearsalClock;
}
/** The time that its processes go by, Unix ms. */
export interface RehearsalClock {
  nowMs(): number;
  /** Resolves when that moment has come. */
  until(businessMs: number): Promise<void>;
}

/** Before the Spring Festival, so that a ladder has its holiday and its make-up days in it. */
export const BEGINS = '2025-01-02T08:00:00.000+08:00';

/**
 * A system of its own, servers and data too, on which time runs `factor` times as fast; gone when `play` has ended.
 * Whatever the environment names, servers, database or county's files, is left alone.
 */
export const rehearse = async <T>(factor: number, play: (rehearsal: Rehearsal) => Promise<T>): Promise<T> => {
  const folder = join(dataDir(), 'rehearsal');
  const log = terminalLog(process.stderr, language());
  const clear = async (): Promise<void> => {
    await down({ dataDir: folder, log });
    rmSync(folder, { recursive: true, force: true });
  };
  await clear(); // of a rehearsal that was cut short
  const pace: Pace = { realMs: Date.now(), businessMs: instantMsOf(BEGINS), factor };
  return endedWhole(clear, async () => {
    const { status } = await up({ dataDir: folder, processes: PROCESSES, detach: true, log, env: environmentFor(pace) });
    if (status.api === null) throw new CliError(inWords({ 'zh-CN': '演练系统的接口没有启动', en: 'the rehearsal’s API did not come up' }));
    return play({ api: status.api, dataDir: folder, clock: clockAt(pace) });
  });
};

const clockAt = ({ realMs, businessMs, factor }: Pace): RehearsalClock => ({
  nowMs: () => businessMs + (Date.now() - realMs) * factor,
  until: (moment) => new Promise((resolve) => setTimeout(resolve, Math.max(0, realMs + (moment - businessMs) / factor - Date.now()))),
});

const KEPT = new Set(['QIYUE_CACHE_DIR', 'QIYUE_LOG_LEVEL']);

const environmentFor = (pace: Pace): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('QIYUE_') || KEPT.has(name))),
  QIYUE_MONGODB_DATABASE: REHEARSAL_DATABASE,
  QIYUE_REHEARSAL_CLOCK: formatPace(pace),
});
