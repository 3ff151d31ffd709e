import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import type { StandingMessage, TroubleNumbers } from '@qiyue/edge';
import { TROUBLES, type TroubleKind } from '@qiyue/notices';
import { eventually, type System } from '@qiyue/testkit';

const CLI = resolve(__dirname, '../../apps/cli/dist/main.js');

/** Every place at which an operator sees what is broken, at one moment. */
export interface Surfaces {
  readonly ready: { readonly status: number; readonly degraded: boolean; readonly troubles: TroubleNumbers };
  /** `/metrics` of the API. */
  readonly metrics: string;
  /** `qiyue status --json`, which asks the stores and not the API. */
  readonly status: TroubleNumbers;
  /** `qiyue messages list --json`. */
  readonly messages: readonly StandingMessage[];
  /** What supervisors and operators were told, in English. */
  readonly alarms: readonly string[];
}

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly said: string;
}

/** The program as an operator runs it, on the system's own stores, however it ends. */
export const runQiyue = (system: System, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Run> =>
  new Promise((done) => {
    const { mongodbUri, mongodbDatabase, kafkaBrokers, temporal } = system.servers;
    const env = {
      ...process.env,
      ...{ QIYUE_DATA_DIR: system.dataDir, QIYUE_MONGODB_URI: mongodbUri, QIYUE_MONGODB_DATABASE: mongodbDatabase },
      ...{ QIYUE_KAFKA_BROKERS: kafkaBrokers, QIYUE_TEMPORAL_ADDRESS: temporal.address },
      ...more,
    };
    execFile(process.execPath, [CLI, ...args], { env, maxBuffer: 10_000_000 }, (error, out, said) =>
      done({ code: error === null ? 0 : Number(error.code ?? 1), out, said }),
    );
  });

/** The same where it has to succeed. */
export const qiyue = async (system: System, ...args: readonly string[]): Promise<string> => {
  const { code, out, said } = await runQiyue(system, args);
  if (code !== 0) throw new Error(`qiyue ${args.join(' ')}: ${said}${out}`);
  return out;
};

export const messagesOf = async (system: System): Promise<readonly StandingMessage[]> =>
  (JSON.parse(await qiyue(system, 'messages', 'list', '--json')) as { readonly messages: readonly StandingMessage[] }).messages;

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

/** Once no part of it is unknown: a look has two seconds, which a machine that is busy with other things may need longer for. */
const statusOf = (system: System): Promise<TroubleNumbers> =>
  eventually(
    'the whole status',
    async () => {
      const { troubles } = JSON.parse(await qiyue(system, 'status', '--json')) as { readonly troubles: TroubleNumbers | null };
      return troubles !== null && Object.values(troubles).every(({ count }) => count !== null) && troubles;
    },
    30_000,
  );

export const surfacesOf = async (system: System): Promise<Surfaces> => {
  const [status, messages] = await Promise.all([statusOf(system), messagesOf(system)]);
  const metrics = String((await system.request('GET', '/metrics')).body['text']);
  return { ready: await readyOf(system), metrics, status, messages, alarms: await alarmsOf(system) };
};

/** The value of a metric; null when it has no sample. */
export const sampleOf = (metrics: string, name: string): number | null => {
  const line = metrics.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? null : Number(line.slice(name.length + 1));
};

const NOT_AS_WRITTEN = 'The ledger is not what was written';

/** Whether supervisors and operators were told of a kind of trouble. */
export const isTold = (alarms: readonly string[], kind: TroubleKind): boolean =>
  alarms.some((text) => text.includes(kind === 'verification-findings' ? NOT_AS_WRITTEN : TROUBLES[kind].words.en));

/** How much of one kind of trouble each place shows, and whether anybody was told. */
export const shownOf = ({ ready, metrics, status, alarms }: Surfaces, kind: TroubleKind) => ({
  ready: ready.troubles[kind],
  status: status[kind],
  metric: sampleOf(metrics, `qiyue_troubles{kind="${kind}"}`),
  isTold: isTold(alarms, kind),
});
