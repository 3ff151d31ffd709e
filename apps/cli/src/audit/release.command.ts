import type { Command } from 'commander';
import { releaseFromLedger, type Release } from '@qiyue/audit';
import { tablesFor, TableStore } from '@qiyue/edge';
import { Appender } from '@qiyue/engine-runtime';
import type { Texts } from '@qiyue/civic-domain';
import { CliError, print, printJsonLine } from '../context';
import { aggregateOf, withJournal } from './audit-dependencies';
import { detailWords } from './finding-lines';
import { withTemporal } from './with-temporal';
import { AS_JSON, ENTITY } from '../show/options';
import { inWords } from '../show/language';

interface Options {
  readonly fromLedger?: boolean;
  readonly json?: boolean;
}

export const addReleaseCommand = (audit: Command): void => {
  audit
    .command('release')
    .description(
      inWords({
        'zh-CN': '重新启用被隔离、分叉或卡住的事项：从台账现有内容继续',
        en: 'take up again what is quarantined, diverged or stuck: it goes on from what the ledger holds',
      }),
    )
    .argument('<id>', inWords(ENTITY))
    .requiredOption(
      '--from-ledger',
      inWords({
        'zh-CN': '结束其工作流，按台账重新开始；已答复而台账中缺少的先行补记',
        en: 'end its workflow and begin anew with the ledger; what was answered and is missing there is appended first',
      }),
    )
    .option('--json', inWords(AS_JSON))
    .action(run);
};

const run = async (entity: string, { json = false }: Options): Promise<void> => {
  const release = await withTemporal((client) =>
    withJournal(async (store, journal) => {
      await journal.insist({ type: 'OperatorActed', data: { action: 'release-from-ledger', on: entity } });
      const { decider } = await aggregateOf(store, entity);
      const deps = { client, store, appender: new Appender(store), decider, tablesOf: tablesFor(new TableStore(store.db)) };
      return releaseFromLedger(deps, entity);
    }),
  );
  if (json) printJsonLine(release);
  else print(lineOf(entity, release));
  process.exitCode = release.ok && release.dropped.length === 0 ? 0 : 1;
};

export const lineOf = (entity: string, release: Release): string => {
  if (!release.ok && release.why === 'no-such-entity')
    throw new CliError(inWords({ 'zh-CN': `台账中没有事项 ${entity}`, en: `the ledger has no entity ${entity}` }));
  if (!release.ok)
    return inWords({
      'zh-CN': `${entity} 保持原状：其台账在 seq ${release.finding.seq} 处自相矛盾（${detailWords(release.finding.detail)}）；见 \`audit verify\``,
      en: `${entity} stays as it is: its ledger contradicts itself at seq ${release.finding.seq} (${release.finding.detail}); see \`audit verify\``,
    });
  const { seq, appended, dropped, became } = release;
  const isRunning = became === 'running';
  const brought: Texts = { 'zh-CN': `，已先补记 ${appended} 条已答复的记录`, en: `, after ${appended} records that had been answered were appended` };
  const went: Texts = {
    'zh-CN': `${entity} 自 seq ${seq} ${isRunning ? '继续' : '结束'}`,
    en: `${entity} ${isRunning ? 'goes on' : 'has ended'} at seq ${seq}`,
  };
  const lost: Texts = {
    'zh-CN': `已答复而其历史中已没有的：${dropped.join('、')}`,
    en: `answered, and not in its history any more: ${dropped.join(', ')}`,
  };
  const first = `${inWords(went)}${appended === 0 ? '' : inWords(brought)}`;
  return dropped.length === 0 ? first : `${first}\n${inWords(lost)}`;
};
