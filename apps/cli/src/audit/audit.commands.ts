import { readFile, writeFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { AUDIT, auditCheckpoints, keepCheckpoint, KafkajsEventBus, kafkaSecurityOf, securityIn, type Kept } from '@qiyue/adapters';
import { evidenceBundleOf, LedgerStore, readSigningKey, type Sealed } from '@qiyue/engine-runtime';
import { CliError, print, printJsonLine } from '../context';
import { counted } from '../show/counted';
import { brokers, checkpointFolder, signingKey, withJournal } from './audit-place';
import { addFactsCommand } from './facts.command';
import { addReconcileCommand } from './reconcile.command';
import { addReleaseCommand } from './release.command';
import { addSearchCommand } from './search.command';
import { verify } from './verify.command';

interface Json {
  readonly json?: boolean;
}

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
  audit
    .command('checkpoint')
    .description('sign what the ledger holds now, and keep that outside of it')
    .option('--hand-over <pem>', 'the key in this file signs from the next one on')
    .option('--json', 'print as JSON')
    .action(checkpoint);
  addSearchCommand(audit);
  addFactsCommand(audit);
  addReconcileCommand(audit);
  addReleaseCommand(audit);
  audit
    .command('export')
    .description('one stream with its proof, as a file that anybody can verify')
    .requiredOption('--entity <id>', 'the stream')
    .option('--out <file>', 'where to; printed without')
    .action(exportBundle);
};

const checkpoint = async ({ handOver, json = false }: Json & { readonly handOver?: string }): Promise<void> => {
  const key = await signingKey();
  const next = handOver === undefined ? undefined : readSigningKey(await readFile(handOver, 'utf8')).public;
  const named = brokers();
  const folder = checkpointFolder();
  const common = {
    key,
    ...(named === null ? {} : { bus: new KafkajsEventBus(named, 'qiyue-audit', kafkaSecurityOf(securityIn(process.env))) }),
    ...(next === undefined ? {} : { nextKey: next }),
  };
  const kept = await withJournal(async (store, journal) => {
    await journal.insist({
      type: 'OperatorActed',
      data: { action: next === undefined ? 'checkpoint' : 'checkpoint-hand-over', on: next?.keyId ?? null },
    });
    const facts = await keepCheckpoint({ ...common, store: new LedgerStore(store.db, AUDIT), folder: auditCheckpoints(folder.path) });
    return facts.ok ? keepCheckpoint({ ...common, store, folder }) : facts;
  });
  if (json) printJsonLine(kept.ok ? { ok: true, published: kept.published, ...shown(kept) } : kept);
  else if (kept.ok) {
    const { n, records, streams, root, keyId } = kept.checkpoint;
    print(`checkpoint ${n}: ${counted(records, 'record')} in ${counted(streams, 'stream')}, root ${root}, key ${keyId}`);
    if (!kept.published) print('it is kept in the folder; the topic could not be written');
  } else print(whyNot(kept).join('\n'));
  process.exitCode = kept.ok ? 0 : 1;
};

const shown = ({ checkpoint: { n, time, records, streams, root, keyId } }: Extract<Kept, { ok: true }>): object => ({
  n,
  time,
  records,
  streams,
  root,
  keyId,
});

const whyNot = (kept: Extract<Kept, { ok: false }>): readonly string[] => {
  switch (kept.why) {
    case 'broken':
      return [`the checkpoints that are kept hold no further than ${kept.fault.n - 1}: ${kept.fault.why}`];
    case 'other-key':
      return [`the turn is that of key ${kept.expected}`];
    case 'findings':
      return [
        'nothing was signed: the ledger is not what it was',
        ...kept.findings.map(({ stream, seq, kind, detail }) => `${stream} seq ${seq}: ${kind}: ${detail}`),
      ];
  }
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
  const text = `${JSON.stringify(evidenceBundleOf(entity, records, sealed))}\n`;
  if (out === undefined) process.stdout.write(text);
  else await writeFile(out, text);
};
