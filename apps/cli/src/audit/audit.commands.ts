import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { keepCheckpoint, KafkajsEventBus, readToEnd, type Kept } from '@qiyue/adapters';
import { eventTopicOf } from '@qiyue/engine';
import {
  CopyComparison,
  evidenceBundleOf,
  fromCloudEvent,
  readSigningKey,
  verifyBundle,
  verifyLedger,
  type BundleVerdict,
  type Finding,
  type LedgerStore,
  type Sealed,
} from '@qiyue/engine-runtime';
import { CliError, print, printJsonLine } from '../context';
import { progressLine } from '../show/progress-line';
import { addSearchCommand } from './search.command';
import { brokers, checkpointFolder, signingKey, withStore } from './audit-place';

interface Json {
  readonly json?: boolean;
}
interface VerifyOptions extends Json {
  readonly entity?: string;
  readonly bundle?: string;
  readonly trust?: string;
  readonly topic?: boolean;
}

export const addAuditCommands = (program: Command): void => {
  const audit = program.command('audit').description('the ledger as evidence');
  audit
    .command('verify')
    .description('check every seq, link, hash and copy of the ledger, against the signed checkpoints and on request against the events topic')
    .option('--entity <id>', 'one stream only')
    .option('--topic', 'compare with the events topic too: what is newer than the last checkpoint has no other witness')
    .option('--bundle <file>', 'instead: a file of `audit export`, without any server')
    .option('--trust <keyId>', 'with --bundle: only a signature by this key counts')
    .option('--json', 'print as JSON')
    .action((options: VerifyOptions) => (options.bundle === undefined ? verify(options) : verifyFile(options.bundle, options)));
  audit
    .command('checkpoint')
    .description('sign what the ledger holds now, and keep that outside of it')
    .option('--hand-over <pem>', 'the key in this file signs from the next one on')
    .option('--json', 'print as JSON')
    .action(checkpoint);
  addSearchCommand(audit);
  audit
    .command('export')
    .description('one stream with its proof, as a file that anybody can verify')
    .requiredOption('--entity <id>', 'the stream')
    .option('--out <file>', 'where to; printed without')
    .action(exportBundle);
};

const verify = async ({ entity, topic = false, json = false }: VerifyOptions): Promise<void> => {
  const progress = progressLine(json);
  const read = await checkpointFolder().read();
  const result = await withStore(async (store) => {
    const walked = await verifyLedger(store, {
      ...(entity === undefined ? {} : { entity }),
      ...(read === null ? {} : { ends: read.chain.ends }),
      onProgress: (records) => progress.show(`${records} records`),
    });
    const copies = topic ? await compareWithTopic(store, entity) : [];
    return { ...walked, findings: withoutRepeats([...chainFindings(read?.fault ?? null), ...walked.findings, ...copies]) };
  });
  progress.end();
  const { records, streams, findings } = result;
  const head = read?.chain.head ?? null;
  const checkpointed = head === null ? null : { n: head.n, time: head.time, records: head.records };
  if (json) printJsonLine({ ok: findings.length === 0, records, findings, checkpoint: checkpointed });
  else {
    for (const { stream, seq, kind, detail } of findings) print(`${stream} seq ${seq}: ${kind}: ${detail}`);
    print(`${records} records in ${streams} streams: ${findings.length === 0 ? 'nothing wrong' : `${findings.length} findings`}`);
    print(
      checkpointed === null
        ? 'no checkpoint: make one with `npx qiyue audit checkpoint`'
        : `checkpoint ${checkpointed.n} of ${checkpointed.time} covers ${checkpointed.records} of them${topic ? '' : '; what is newer has its second copy on the topic: --topic'}`,
    );
  }
  process.exitCode = findings.length === 0 ? 0 : 1;
};

const chainFindings = (fault: { readonly n: number; readonly why: string } | null): readonly Finding[] =>
  fault === null ? [] : [{ stream: 'checkpoint', seq: fault.n, kind: 'checkpoint', detail: `the checkpoints hold no further: ${fault.why}` }];

/** One place is named once, by the first witness. */
const withoutRepeats = (findings: readonly Finding[]): readonly Finding[] =>
  [...new Map([...findings].reverse().map((finding) => [`${finding.stream} ${finding.seq} ${finding.kind}`, finding])).values()].reverse();

const compareWithTopic = async (store: LedgerStore, entity: string | undefined): Promise<readonly Finding[]> => {
  const named = brokers();
  if (named === null) throw new CliError('no Kafka: start the system with `npx qiyue up --detach`, or set QIYUE_KAFKA_BROKERS');
  const comparison = new CopyComparison(store);
  await readToEnd(named, eventTopicOf('need'), async (values) => {
    const copies = values.flatMap((value) => {
      const received = fromCloudEvent(value);
      if (!received.ok || (entity !== undefined && received.record.body.entity !== entity)) return [];
      return [{ entity: received.record.body.entity, seq: received.record.body.seq, hash: received.record.hash }];
    });
    await comparison.take(copies);
  });
  return comparison.findings;
};

const checkpoint = async ({ handOver, json = false }: Json & { readonly handOver?: string }): Promise<void> => {
  const key = await signingKey();
  const next = handOver === undefined ? undefined : readSigningKey(await readFile(handOver, 'utf8')).public;
  const named = brokers();
  const kept = await withStore((store) =>
    keepCheckpoint({
      ...{ store, folder: checkpointFolder(), key },
      ...(named === null ? {} : { bus: new KafkajsEventBus(named, 'qiyue-audit') }),
      ...(next === undefined ? {} : { nextKey: next }),
    }),
  );
  if (json) printJsonLine(kept.ok ? { ok: true, published: kept.published, ...shown(kept) } : kept);
  else if (kept.ok) {
    const { n, records, streams, root, keyId } = kept.checkpoint;
    print(`checkpoint ${n}: ${records} records in ${streams} streams, root ${root}, key ${keyId}`);
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
  const records = await withStore((store) => store.stream(entity));
  if (records.length === 0) throw new CliError(`the ledger has no stream ${entity}`);
  const proof = read?.chain.ends.proofOf(entity) ?? null;
  const key = read?.chain.headKey ?? null;
  const sealed: Sealed | null = read?.signed && proof && key ? { proof, checkpoint: read.signed, key } : null;
  const text = `${JSON.stringify(evidenceBundleOf(entity, records, sealed))}\n`;
  if (out === undefined) process.stdout.write(text);
  else await writeFile(out, text);
};

const verifyFile = async (path: string, { trust, json = false }: VerifyOptions): Promise<void> => {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CliError(`${path}: cannot be read`);
  });
  const verdict = verifyBundle(jsonOf(text), trust);
  if (verdict === null) throw new CliError(`${path}: is no bundle of evidence`);
  if (json) printJsonLine(verdict);
  else print(verdictLines(verdict).join('\n'));
  process.exitCode = verdict.ok ? 0 : 1;
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const verdictLines = ({ ok, entity, records, coveredRecords, checkpoint: seal, findings }: BundleVerdict): readonly string[] => [
  ...findings.map(({ stream, seq, kind, detail }) => `${stream} seq ${seq}: ${kind}: ${detail}`),
  `${entity}: ${records} records, ${ok ? 'nothing wrong' : 'NOT what was written'}`,
  ...(seal === null ? ['no checkpoint is in it: its records fit each other, nobody has signed them'] : []),
  ...(seal === null || !ok
    ? []
    : [
        `records 1 to ${coveredRecords} are under checkpoint ${seal.n} of ${seal.time}, signed by key ${seal.keyId}: compare it with the one that was published`,
      ]),
];
