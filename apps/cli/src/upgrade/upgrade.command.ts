import { InvalidArgumentError, type Command } from 'commander';
import { checkUpgrades } from '@qiyue/audit';
import { connectTemporal, quietTemporal, securityIn } from '@qiyue/platform';
import { AGGREGATES } from '@qiyue/aggregates';
import { statusOf } from '@qiyue/stack';
import { withStore } from '../audit/audit-dependencies';
import { CliError, dataDir, print, printJsonLine } from '../context';
import { replayCode } from '../replay-code';
import { progressLine } from '../show/progress-line';
import { checkLines, progressOf } from './upgrade.lines';
import { inWords } from '../show/language';
import { NO_TEMPORAL } from '../show/sentences';

interface Options {
  readonly sample?: number;
  readonly json?: boolean;
}

export const addUpgradeCommands = (program: Command): void => {
  const upgrade = program.command('upgrade').description('before a release is let in');
  upgrade
    .command('check')
    .description(
      'replay the histories of open entities with the code at hand, and compare every record, outcome, state and deadline with what was answered',
    )
    .option('--sample <n>', 'so many of each kind, spread over all that are open', sampleSize)
    .option('--json', 'print as JSON')
    .action(check);
};

const sampleSize = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a number of entities, at least 1');
  return Number(text);
};

const check = async ({ sample, json = false }: Options): Promise<void> => {
  const address = process.env['QIYUE_TEMPORAL_ADDRESS'] ?? statusOf(dataDir()).temporal;
  if (address === null) throw new CliError(inWords(NO_TEMPORAL));
  await quietTemporal();
  const namespace = process.env['QIYUE_TEMPORAL_NAMESPACE'] ?? 'default';
  const { client, connection } = connectTemporal({
    ...securityIn(process.env),
    QIYUE_TEMPORAL_ADDRESS: address,
    QIYUE_TEMPORAL_NAMESPACE: namespace,
  });
  const progress = progressLine(json);
  const startedMs = Date.now();
  try {
    const code = await replayCode();
    const found = await withStore((store) =>
      checkUpgrades(
        { client, store, deciders: AGGREGATES.map(({ decider }) => decider), bundle: { code } },
        {
          ...(sample === undefined ? {} : { sample }),
          onProgress: (checked, of) => progress.show(progressOf(checked, of, Date.now() - startedMs)),
        },
      ),
    );
    progress.end();
    const { open, ...result } = found;
    if (json) printJsonLine(result);
    else print(checkLines(found).join('\n'));
    process.exitCode = result.diverged.length + result.stuck.length === 0 ? 0 : 1;
  } finally {
    await connection.close();
  }
};
