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

export const addAuditCommands = (program: Command): void => {
  const audit = program.command('audit').description('the ledger as evidence');
  audit
    .command('verify')
    .description('check every seq, link, hash and copy of the ledger, against the signed checkpoints, and what came since against the events topic')
    .option('--entity <id>', 'one stream only')
    .option('--from <n>', 'only what came behind this checkpoint')
    .addOption(new Option('--topic', 'compare with the whole events topic, not only with what came since the last checkpoint').preset('whole'))
    .option('--no-topic', 'compare with no copy: what is newer than the last checkpoint has no other witness')
    .option('--bundle <file>', 'instead: a file of `audit export`, without any server')
    .option('--trust <keyId>', 'with --bundle: only a signature by this key counts')
    .option('--json', 'print as JSON')
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
    .description('one stream with its proof, as a file that anybody can verify')
    .requiredOption('--entity <id>', 'the stream')
    .option('--out <file>', 'where to; printed without')
    .action(exportBundle);
};

const exportBundle = async ({ entity, out }: { readonly entity: string; readonly out?: string }): Promise<void> => {
  const read = await checkpointFolder().read();
  const records = await withJournal(async (store, journal) => {
    await journal.insist({ type: 'Exported', data: { what: 'evidence', subject: entity } });
    return store.stream(entity);
  });
  if (records.length === 0) throw new CliError(`the ledger has no stream ${entity}`);
  const proof = read?.chain.ends.proofOf(entity) ?? null;
  const key = read?.chain.headKey ?? null;
  const sealed: Sealed | null = read?.signed && proof && key ? { proof, checkpoint: read.signed, key } : null;
  const bundle = evidenceBundleOf(entity, records, sealed);
  if (out === undefined) printJsonLine(bundle);
  else await writeFile(out, `${JSON.stringify(bundle)}\n`);
};
