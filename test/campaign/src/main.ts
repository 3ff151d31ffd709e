import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Victim } from '@qiyue/testkit';
import { auditCampaign } from './audit/audit.campaign';
import { awayCampaign, type Absent } from './away.campaign';
import { crowdCampaign } from './crowd.campaign';
import { faultsCampaign, VICTIMS } from './faults.campaign';
import { tableOf, type CampaignResult } from './figures';
import { lateWhileAwayCampaign } from './ladder/late-while-away.campaign';
import { ladderCampaign } from './ladder/ladder.campaign';
import { listsCampaign } from './lists.campaign';
import { loadCampaign } from './load.campaign';
import { messagesCampaign } from './messages/messages.campaign';
import { retimeCampaign } from './retime.campaign';
import { fromReleaseCampaign } from './upgrade/from-release.campaign';
import { rollingUpgradeCampaign } from './upgrade/rolling-upgrade.campaign';
import { sagasCampaign } from './sagas/sagas.campaign';
import { soakCampaign } from './soak.campaign';

const USAGE = `usage: npm run campaign -- faults|sagas|away|load|crowd|soak|ladder|late-while-away|retime|audit|messages|lists|upgrade [options]
  faults  --only worker,kafka…  --commands N (per victim)  --kills N  --concurrency N
  sagas   --only worker,kafka…  --needs N (merged, per victim)  --kills N  --concurrency N
  away    --only kafka,mongodb  --seconds N  --concurrency N
  load    --needs N  --concurrency N
  crowd   --commands N (at once on one need)  --concurrency N (other needs)
  soak    --minutes N  --concurrency N
  ladder  --needs N  --minutes N (a whole ladder)  --kills N (worker and Temporal, each)  --seed N  --concurrency N  --herd (all at one instant, none killed)
  late-while-away  --only kafka,mongodb  --seconds N  --needs N (for each)  --concurrency N
  audit   --records N,N… (sizes of the ledger)
  messages  --messages N (random and mutated ones)  --seed N
  lists   --needs N (in the read model alone)
  upgrade --needs N (open ones, while every process is replaced three times)
          --from COMMIT (or the folder of a built release: needs that were opened by its processes)  --keep FOLDER (recordings of them)
  retime  --needs N  --kill (the worker, in the middle)  --concurrency N (submits)
  all     --json  --out FILE (test/campaign/figures/<name>.json)`;

const FIGURES = resolve(__dirname, '../figures');
const say = (line: string): void => void process.stderr.write(`${line}\n`);

type NumberFlag = 'commands' | 'kills' | 'concurrency' | 'seconds' | 'needs' | 'minutes' | 'seed' | 'messages';

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const readArguments = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        ...{ commands: text, kills: text, concurrency: text, seconds: text, needs: text, minutes: text, seed: text, messages: text },
        ...{ only: text, records: text, from: text, keep: text, out: text, json: flag, kill: flag, herd: flag, help: flag },
      },
    });
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(1);
  }
};
const { values, positionals } = readArguments();

/** Only what was given, so that the campaign's own usual values stand for the rest. Throws a usage error for no number. */
const given = <K extends string>(key: K, flag: NumberFlag, factor = 1): { readonly [P in K]?: number } => {
  const value = values[flag];
  if (value === undefined) return {};
  const number = Number(value);
  if (!Number.isFinite(number) || number <= 0) throw new Error(`--${flag} wants a positive number\n${USAGE}`);
  return { [key]: number * factor } as { [P in K]: number };
};

const sizesOf = (list: string): readonly number[] => {
  const sizes = list.split(',').map(Number);
  if (sizes.some((size) => !Number.isSafeInteger(size) || size <= 0)) throw new Error(`--records wants whole numbers above 0\n${USAGE}`);
  return sizes;
};

const chosen = <T extends string>(all: readonly T[]): readonly T[] => {
  const names = values.only?.split(',') ?? all;
  const unknown = names.filter((name) => !all.includes(name as T));
  if (unknown.length > 0) throw new Error(`--only knows ${all.join(', ')}; not ${unknown.join(', ')}\n${USAGE}`);
  return names as readonly T[];
};

const run = (name: string): Promise<CampaignResult> => {
  const common = { ...given('concurrency', 'concurrency'), onProgress: say };
  switch (name) {
    case 'faults':
      return faultsCampaign({ ...common, victims: chosen<Victim>(VICTIMS), ...given('commandsPerVictim', 'commands'), ...given('kills', 'kills') });
    case 'sagas':
      return sagasCampaign({ ...common, victims: chosen<Victim>(VICTIMS), ...given('mergesPerVictim', 'needs'), ...given('kills', 'kills') });
    case 'away':
      return awayCampaign({ ...common, absent: chosen<Absent>(['kafka', 'mongodb']), ...given('awayMs', 'seconds', 1_000) });
    case 'load':
      return loadCampaign({ ...given('concurrency', 'concurrency'), ...given('needs', 'needs') });
    case 'crowd':
      return crowdCampaign({ ...given('concurrency', 'concurrency'), ...given('commands', 'commands') });
    case 'soak':
      return soakCampaign({ ...common, ...given('minutes', 'minutes') });
    case 'ladder':
      return ladderCampaign({
        ...common,
        ...given('needs', 'needs'),
        ...given('ladderMs', 'minutes', 60_000),
        ...given('kills', 'kills'),
        ...given('seed', 'seed'),
        herd: values.herd,
      });
    case 'late-while-away':
      return lateWhileAwayCampaign({
        ...{ ...common, absent: chosen<Absent>(['kafka', 'mongodb']) },
        ...given('awayMs', 'seconds', 1_000),
        ...given('needs', 'needs'),
      });
    case 'audit':
      return auditCampaign({ onProgress: say, ...(values.records === undefined ? {} : { sizes: sizesOf(values.records) }) });
    case 'messages':
      return messagesCampaign({ onProgress: say, ...given('messages', 'messages'), ...given('seed', 'seed') });
    case 'lists':
      return listsCampaign({ onProgress: say, ...given('needs', 'needs') });
    case 'upgrade':
      return rollingUpgradeCampaign({ onProgress: say, ...given('needs', 'needs') });
    case 'upgrade-from':
      return fromReleaseCampaign({
        ...{ from: values.from ?? '', onProgress: say, ...given('needs', 'needs') },
        ...(values.keep === undefined ? {} : { keep: resolve(values.keep) }),
      });
    case 'retime':
      return retimeCampaign({ ...common, ...given('needs', 'needs'), kill: values.kill });
    default:
      throw new Error(USAGE);
  }
};

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')) as { readonly version: string }).version;

const environment = () => ({
  date: new Date().toISOString(),
  machine: {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
  },
  versions: {
    node: process.version,
    temporalClient: versionOf('@temporalio/client'),
    kafkajs: versionOf('kafkajs'),
    mongodbDriver: versionOf('mongodb'),
  },
  persistence: 'Temporal dev server on a SQLite file (WAL, synchronous FULL); MongoDB w=majority, journal; Kafka acks -1, one broker',
});

const main = async (): Promise<boolean> => {
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return true;
  }
  const name = positionals[0] === 'upgrade' && values.from !== undefined ? 'upgrade-from' : (positionals[0] ?? '');
  const result = await run(name);
  const report = { campaign: name, command: `npm run campaign -- ${process.argv.slice(2).join(' ')}`, ...environment(), ...result };
  const out = resolve(values.out ?? join(FIGURES, `${name}.json`));
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(
    values.json ? `${JSON.stringify(report)}\n` : `${tableOf(result.rows)}\n${result.sound ? 'sound' : `NOT SOUND\n${result.troubles.join('\n')}`}\n`,
  );
  say(`figures: ${out}`);
  return result.sound;
};

main().then(
  (sound) => process.exit(sound ? 0 : 1),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
