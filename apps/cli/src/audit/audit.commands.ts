import { writeFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { evidenceBundleOf, type Sealed } from '@qiyue/engine-runtime';
import { CliError, printJsonLine } from '../context';
import { checkpointFolder, withJournal } from './audit-dependencies';
import { addCheckpointCommand } from './checkpoint.command';
import { addFactsCommand } from './facts.command';
import { addFactsFileCommands } from './facts-file.command';
import { addReconcileCommand } from './reconcile.command';
import { addRecoverCommand } from './recover.command';
import { addReleaseCommand } from './release.command';
import { addRestoreCommand } from './restore.command';
import { addRightsCommand } from './rights.command';
import { addSearchCommand } from './search.command';
import { addSettleCommand } from './settle.command';
import { verify } from './verify.command';
import { AS_JSON } from '../show/options';
import { inWords } from '../show/language';

export const addAuditCommands = (program: Command): void => {
  const audit = program.command('audit').description(inWords({ 'zh-CN': '作为证据的台账', en: 'the ledger as evidence' }));
  audit
    .command('verify')
    .description(
      inWords({
        'zh-CN': '核对台账的每个 seq、链接、哈希和副本：与已签名的检查点对照，其后新增的与事件主题对照',
        en: 'check every seq, link, hash and copy of the ledger, against the signed checkpoints, and what came since against the events topic',
      }),
    )
    .option('--entity <id>', inWords({ 'zh-CN': '只核对一条记录流', en: 'one stream only' }))
    .option('--from <n>', inWords({ 'zh-CN': '只核对该检查点之后的', en: 'only what came behind this checkpoint' }))
    .addOption(
      new Option(
        '--topic',
        inWords({
          'zh-CN': '与整个事件主题对照，而不只是上一检查点之后的',
          en: 'compare with the whole events topic, not only with what came since the last checkpoint',
        }),
      ).preset('whole'),
    )
    .option(
      '--no-topic',
      inWords({
        'zh-CN': '不与副本对照：上一检查点之后的记录没有其他见证',
        en: 'compare with no copy: what is newer than the last checkpoint has no other witness',
      }),
    )
    .option(
      '--bundle <file>',
      inWords({ 'zh-CN': '改为核验 `audit export` 导出的文件，无需任何服务器', en: 'instead: a file of `audit export`, without any server' }),
    )
    .option('--trust <keyId>', inWords({ 'zh-CN': '与 --bundle 同用：只认该密钥的签名', en: 'with --bundle: only a signature by this key counts' }))
    .option('--json', inWords(AS_JSON))
    .action(verify);
  addCheckpointCommand(audit);
  addSearchCommand(audit);
  addFactsCommand(audit);
  addFactsFileCommands(audit);
  addReconcileCommand(audit);
  addReleaseCommand(audit);
  addRestoreCommand(audit);
  addSettleCommand(audit);
  addRightsCommand(audit);
  addRecoverCommand(audit);
  audit
    .command('export')
    .description(inWords({ 'zh-CN': '导出一条记录流及其证明，任何人都能核验', en: 'one stream with its proof, as a file that anybody can verify' }))
    .requiredOption('--entity <id>', inWords({ 'zh-CN': '记录流', en: 'the stream' }))
    .option('--out <file>', inWords({ 'zh-CN': '写入的文件；不填则直接输出', en: 'where to; printed without' }))
    .action(exportBundle);
};

const exportBundle = async ({ entity, out }: { readonly entity: string; readonly out?: string }): Promise<void> => {
  const read = await checkpointFolder().read();
  const records = await withJournal(async (store, journal) => {
    await journal.insist({ type: 'Exported', data: { what: 'evidence', subject: entity } });
    return store.stream(entity);
  });
  if (records.length === 0) throw new CliError(inWords({ 'zh-CN': `台账中没有记录流 ${entity}`, en: `the ledger has no stream ${entity}` }));
  const proof = read?.chain.ends.proofOf(entity) ?? null;
  const key = read?.chain.headKey ?? null;
  const sealed: Sealed | null = read?.signed && proof && key ? { proof, checkpoint: read.signed, key } : null;
  const bundle = evidenceBundleOf(entity, records, sealed);
  if (out === undefined) printJsonLine(bundle);
  else await writeFile(out, `${JSON.stringify(bundle)}\n`);
};
