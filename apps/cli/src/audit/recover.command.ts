import type { Command } from 'commander';
import { recoverCheckpoints, type Recovered } from '@qiyue/audit';
import { print, printJsonLine } from '../context';
import { neededWitness, ledgersOf, signingKey, withJournal } from './audit-dependencies';
import { AS_JSON } from '../show/options';
import { inWords } from '../show/language';

export const addRecoverCommand = (audit: Command): void => {
  audit
    .command('recover-checkpoints')
    .description(inWords({ 'zh-CN': '从检查点主题找回文件夹中缺失的检查点', en: 'put checkpoints that the folder has lost back from their topic' }))
    .option('--json', inWords(AS_JSON))
    .action(run);
};

const run = async ({ json = false }: { readonly json?: boolean }): Promise<void> => {
  const witness = neededWitness();
  const { public: trusted } = await signingKey();
  const all = await withJournal(async (store, journal) => {
    await journal.insist({ type: 'OperatorActed', data: { action: 'recover-checkpoints', on: null } });
    const [needs, facts] = ledgersOf(store);
    return [
      { ledger: 'needs', ...(await recoverCheckpoints(needs, witness, trusted)) },
      { ledger: 'audit', ...(await recoverCheckpoints(facts, witness, trusted)) },
    ];
  });
  const ok = all.every((one) => one.ok || one.why === 'nothing-there');
  if (json) printJsonLine({ ok, ledgers: all });
  else print(all.map(({ ledger, ...recovered }) => `${ledger}: ${lineOf(recovered)}`).join('\n'));
  process.exitCode = ok ? 0 : 1;
};

export const lineOf = (recovered: Recovered): string => {
  if (recovered.ok)
    return inWords({
      'zh-CN': `文件夹有检查点 1 至 ${recovered.n}，其中 ${recovered.added} 个来自主题`,
      en: `the folder has checkpoints 1 to ${recovered.n}, ${recovered.added} of them from the topic`,
    });
  switch (recovered.why) {
    case 'topic-away':
      return inWords({ 'zh-CN': '主题无法读取', en: 'the topic cannot be read' });
    case 'nothing-there':
      return inWords({ 'zh-CN': '主题中没有', en: 'the topic has none' });
    case 'incomplete':
      return inWords({
        'zh-CN': `主题中检查点 ${recovered.n} 不完整：请找文件夹的备份`,
        en: `the topic does not have checkpoint ${recovered.n} whole: look for a copy of the folder`,
      });
    case 'not-ours':
      return inWords({
        'zh-CN': `以所信任的密钥，只到 ${recovered.fault.n - 1} 为止成立（${recovered.fault.why}）`,
        en: `they hold no further than ${recovered.fault.n - 1} under the key that is trusted: ${recovered.fault.why}`,
      });
  }
};
