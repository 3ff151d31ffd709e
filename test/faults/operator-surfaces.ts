import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { TROUBLES, type TroubleKind, type TroubleNumbers } from '@qiyue/adapters';
import type { System } from '@qiyue/testkit';

const CLI = resolve(__dirname, '../../apps/cli/dist/main.js');

/** Every place at which an operator sees what is broken, at one moment. */
export interface Surfaces {
  readonly ready: { readonly status: number; readonly degraded: boolean; readonly troubles: TroubleNumbers };
  /** `/metrics` of the API. */
  readonly metrics: string;
  /** `qiyue status --json`, which asks the stores and not the API. */
  readonly status: TroubleNumbers | null;
  /** What supervisors and operators were told, in English. */
  readonly alarms: readonly string[];
}

/** The program as an operator runs it, on the system's own stores. */
export const qiyue = (system: System, ...args: string[]): Promise<string> =>
  new Promise((done, fail) => {
    const env = {
      ...process.env,
      QIYUE_DATA_DIR: system.dataDir,
      QIYUE_MONGODB_URI: system.servers.mongodbUri,
      QIYUE_KAFKA_BROKERS: system.servers.kafkaBrokers,
    };
    execFile(process.execPath, [CLI, ...args], { env, maxBuffer: 10_000_000 }, (error, stdout, stderr) =>
      error === null ? done(stdout) : fail(new Error(`qiyue ${args.join(' ')}: ${stderr}`)),
    );
  });

export const alarmsOf = async ({ store }: System): Promise<readonly string[]> => {
  const rows = await store.db
    .collection<{ words: { en: { subject: string; text: string } } }>('inbox')
    .find({ type: { $in: ['TroubleAlarm', 'LedgerAlarm'] } });
  return (await rows.toArray()).map(({ words }) => `${words.en.subject}\n${words.en.text}`);
};

export const readyOf = async (system: System): Promise<Surfaces['ready']> => {
  const { status, body } = await system.request('GET', '/health/ready');
  return { ...(body as unknown as Surfaces['ready']), status };
};

export const surfacesOf = async (system: System): Promise<Surfaces> => {
  const { troubles } = JSON.parse(await qiyue(system, 'status', '--json')) as { readonly troubles: TroubleNumbers | null };
  const metrics = String((await system.request('GET', '/metrics')).body['text']);
  return { ready: await readyOf(system), metrics, status: troubles, alarms: await alarmsOf(system) };
};

/** The value of a metric; null when it has no sample. */
export const sampleOf = (metrics: string, name: string): number | null => {
  const line = metrics.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? null : Number(line.slice(name.length + 1));
};

/** How much of one kind of trouble each place shows, and whether anybody was told. */
export const shownOf = ({ ready, metrics, status, alarms }: Surfaces, kind: TroubleKind) => ({
  ready: ready.troubles[kind],
  status: status?.[kind],
  metric: sampleOf(metrics, `qiyue_troubles{kind="${kind}"}`),
  isTold: alarms.some((text) => text.includes(kind === 'verification-findings' ? 'The ledger is not what was written' : TROUBLES[kind].words.en)),
});
