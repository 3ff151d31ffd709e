import { InvalidArgumentError, type Command } from 'commander';
import { checkUpgrades } from '@qiyue/audit';
import { AGGREGATES } from '@qiyue/aggregates';
import { withStore } from '../audit/audit-dependencies';
import { withTemporal } from '../audit/with-temporal';
import { print, printJsonLine } from '../context';
import { replayCode } from '../replay-code';
import { progressLine } from '../show/progress-line';
import { checkLines, progressOf } from './upgrade.lines';
import { AS_JSON } from '../show/options';
import { inWords } from '../show/language';

interface Options {
  readonly sample?: number;
  readonly json?: boolean;
}

export const addUpgradeCommands = (program: Command): void => {
  const upgrade = program.command('upgrade').description(inWords({ 'zh-CN': '新版本上线之前', en: 'before a release is let in' }));
  upgrade
    .command('check')
    .description(
      inWords({
        'zh-CN': '用手头的代码重放未结事项的历史，并将每条记录、结果、状态和期限与当时的答复对照',
        en: 'replay the histories of open entities with the code at hand, and compare every record, outcome, state and deadline with what was answered',
      }),
    )
    .option(
      '--sample <n>',
      inWords({ 'zh-CN': '每一类取这么多件，分布于全部未结事项', en: 'so many of each kind, spread over all that are open' }),
      sampleSize,
    )
    .option('--json', inWords(AS_JSON))
    .action(check);
};

const sampleSize = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError(inWords({ 'zh-CN': '须为件数，至少 1。', en: 'a number of entities, at least 1' }));
  return Number(text);
};

const check = ({ sample, json = false }: Options): Promise<void> =>
  withTemporal(async (client) => {
    const progress = progressLine(json);
    const startedMs = Date.now();
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
  });
