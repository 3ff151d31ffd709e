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

const lineOf = (recovered: Recovered): string => {
  if (recovered.ok) return `the folder has checkpoints 1 to ${recovered.n}, ${recovered.added} of them from the topic`;
  switch (recovered.why) {
    case 'topic-away':
      return 'the topic cannot be read';
    case 'nothing-there':
      return 'the topic has none';
    case 'incomplete':
      return `the topic does not have checkpoint ${recovered.n} whole: look for a copy of the folder`;
    case 'not-ours':
      return `they hold no further than ${recovered.fault.n - 1} under the key that is trusted: ${recovered.fault.why}`;
  }
};
