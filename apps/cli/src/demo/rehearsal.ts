import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatPace, REHEARSAL_DATABASE } from '@qiyue/adapters';
import { instantMsOf, type Pace } from '@qiyue/engine';
import { down, up } from '@qiyue/stack';
import { dataDir, PROCESSES } from '../context';

/** The first day of the rehearsal's calendar: a new year with the Spring Festival before it. */
const BEGINS = '2025-01-02T08:00:00.000+08:00';

export interface Rehearsal {
  readonly api: string;
  readonly dataDir: string;
  readonly pace: Pace;
}

/**
 * A system of its own, servers and data too, on which time runs `factor` times as fast; gone when `play` has ended.
 * Whatever servers the environment names are left alone.
 */
export const rehearse = async <T>(factor: number, play: (rehearsal: Rehearsal) => Promise<T>): Promise<T> => {
  const folder = join(dataDir(), 'rehearsal');
  await down({ dataDir: folder }); // of a rehearsal that was cut short
  rmSync(folder, { recursive: true, force: true });
  const pace: Pace = { realMs: Date.now(), businessMs: instantMsOf(BEGINS), factor };
  try {
    const { status } = await up({ dataDir: folder, processes: PROCESSES, detach: true, env: environmentFor(pace) });
    return await play({ api: status.api ?? '', dataDir: folder, pace });
  } finally {
    await down({ dataDir: folder });
    rmSync(folder, { recursive: true, force: true });
  }
};

const NOT_OURS = ['QIYUE_TEMPORAL_ADDRESS', 'QIYUE_KAFKA_BROKERS', 'QIYUE_MONGODB_URI', 'QIYUE_JWKS', 'QIYUE_SMTP_URL', 'QIYUE_SMS_URL'];

const environmentFor = (pace: Pace): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_OURS.includes(name))),
  QIYUE_MONGODB_DATABASE: REHEARSAL_DATABASE,
  QIYUE_REHEARSAL_CLOCK: formatPace(pace),
  QIYUE_API_PORT: '0',
});
