import { readFile } from 'node:fs/promises';
import { AUDIT, auditCheckpoints, AuditLog, kafkaSecurityOf, readToEnd, securityIn, type CheckpointFolder, type ReadChain } from '@qiyue/adapters';
import { eventTopicOf, instantMsOf, toShanghaiIso } from '@qiyue/engine';
import {
  CopyComparison,
  fromCloudEvent,
  Incidents,
  LedgerStore,
  verifyBundle,
  verifyLedger,
  verifySince,
  type BundleVerdict,
  type Finding,
  type Verification,
} from '@qiyue/engine-runtime';
import { CliError, print, printJsonLine } from '../context';
import { counted } from '../show/counted';
import { progressLine } from '../show/progress-line';
import { brokers, checkpointFolder, withStore } from './audit-place';

export interface VerifyOptions {
  readonly json?: boolean;
  readonly entity?: string;
  /** Number of a checkpoint: what it covers is taken on its word. */
  readonly from?: string;
  readonly bundle?: string;
  readonly trust?: string;
  /** The whole topic; left out, what came since the last checkpoint; false: nothing. */
  readonly topic?: 'whole' | false;
}

/** One of the two ledgers, with its checkpoints and its topic. */
interface Witnessed {
  readonly store: LedgerStore;
  readonly folder: CheckpointFolder;
  readonly topic: string;
}
interface Compared {
  readonly findings: readonly Finding[];
  readonly copies: number;
}
type Result = Verification & { readonly read: ReadChain | null; readonly compared: Compared | null };

export const verify = (options: VerifyOptions): Promise<void> =>
  options.bundle === undefined ? verifyLedgers(options) : verifyFile(options.bundle, options);

const verifyLedgers = async (options: VerifyOptions): Promise<void> => {
  const { json = false, topic } = options;
  const progress = progressLine(json);
  const folder = checkpointFolder();
  const [needs, facts] = await withStore(async (store) => {
    const ofNeeds = await verifyOne({ store, folder, topic: eventTopicOf('need') }, options, progress.show);
    const ofFacts = await verifyOne(
      { store: new LedgerStore(store.db, AUDIT), folder: auditCheckpoints(folder.path), topic: eventTopicOf(AUDIT) },
      withoutFrom(options), // its checkpoints are counted apart
      progress.show,
    );
    await noteResult(store, options, ofNeeds, ofFacts);
    return [ofNeeds, ofFacts] as const;
  });
  progress.end();
  const findings = withoutRepeats([...needs.findings, ...facts.findings]);
  const head = needs.read?.chain.head ?? null;
  const checkpointed = head === null ? null : { n: head.n, time: head.time, records: head.records };
  const audit = { records: facts.records, streams: facts.streams };
  const copies = needs.compared?.copies ?? null;
  if (json) printJsonLine({ ok: findings.length === 0, records: needs.records, findings, checkpoint: checkpointed, audit, copies });
  else {
    for (const { stream, seq, kind, detail } of findings) print(`${stream} seq ${seq}: ${kind}: ${detail}`);
    const verdict = findings.length === 0 ? 'nothing wrong' : counted(findings.length, 'finding');
    print(`${held(needs, 'record', 'stream')}, ${held(facts, 'fact', 'journal')}: ${verdict}`);
    print(
      checkpointed === null
        ? 'no checkpoint: make one with `npx qiyue audit checkpoint`'
        : `checkpoint ${checkpointed.n} of ${checkpointed.time} covers ${counted(checkpointed.records, 'record')}`,
    );
    if (copies !== null) print(`compared with ${counted(copies, 'copy', 'copies')} on the events topic`);
    else if (topic !== false) print('the events topic was not reached: what is newer than the last checkpoint has been held against nothing');
  }
  process.exitCode = findings.length === 0 ? 0 : 1;
};

const isWhole = ({ entity, from }: VerifyOptions): boolean => entity === undefined && from === undefined;

/**
 * A verification by hand says as much as the night's, good or bad; one of a part only what it found. Whoever may only read the database leaves no trace of
 * it.
 */
const noteResult = async (store: LedgerStore, options: VerifyOptions, needs: Result, facts: Result): Promise<void> => {
  const findings = withoutRepeats([...needs.findings, ...facts.findings]);
  const ofEntities = new Map(needs.findings.filter(({ stream }) => stream !== 'checkpoint').map((finding) => [finding.stream, finding]));
  for (const finding of [...ofEntities.values()].slice(0, NOTED_MAX)) await store.noteUnsound(finding);
  await clearSound(new Incidents(store.db), options, ofEntities);
  if (!isWhole(options)) return;
  const result = {
    at: toShanghaiIso(Date.now()),
    ok: findings.length === 0,
    records: needs.records + facts.records,
    checkpoint: needs.read?.chain.head?.n ?? null,
    findings,
  };
  await new AuditLog(store.db).note(result).catch(() => undefined);
};

/** What an earlier look found and this one does not. Held against the topic too: else only what the ledger itself shows is known to be mended. */
const clearSound = async (incidents: Incidents, { entity, from, topic }: VerifyOptions, found: ReadonlyMap<string, Finding>): Promise<void> => {
  if (from !== undefined || topic === false) return;
  for (const { subject } of await incidents.list('ledger-unsound', NOTED_MAX)) {
    if (!found.has(subject) && (entity === undefined || entity === subject)) await incidents.clear('ledger-unsound', subject);
  }
};

/** So many needs are enough to know that it is not one need's fault. */
const NOTED_MAX = 100;

const held = ({ records, streams }: Result, record: string, stream: string): string => `${counted(records, record)} in ${counted(streams, stream)}`;

const verifyOne = async ({ store, folder, topic: topicName }: Witnessed, options: VerifyOptions, show: (line: string) => void): Promise<Result> => {
  const { entity, from, topic } = options;
  const read = await folder.read();
  const ends = read === null ? {} : { ends: read.chain.ends };
  const which = entity === undefined ? {} : { entity };
  const walked =
    from === undefined
      ? await verifyLedger(store, { ...which, ...ends, onProgress: (records) => show(`${records} records`) })
      : await verifySince(store, await sinceOf(folder, from, read), { ...which, ...ends });
  const compared = topic === false ? null : await compareWithTopic(store, topicName, entity, topic === 'whole' ? undefined : behind(read));
  return { ...walked, findings: [...chainFindings(read), ...walked.findings, ...(compared?.findings ?? [])], read, compared };
};

/** What a checkpoint does not cover came after it; without any, everything. */
const behind = (read: ReadChain | null): number | undefined => (read?.chain.head ? instantMsOf(read.chain.head.time) - MARGIN_MS : undefined);

const withoutFrom = ({ from: _, ...options }: VerifyOptions): VerifyOptions => options;

const sinceOf = async (folder: CheckpointFolder, from: string, read: ReadChain | null): Promise<Parameters<typeof verifySince>[1]> => {
  const n = Number(from);
  const at = Number.isSafeInteger(n) && n >= 1 ? await folder.read(n) : null;
  if (at?.chain.head?.n !== n) throw new CliError(`there is no checkpoint ${from}; the last one is ${read?.chain.head?.n ?? 'none'}`);
  return { position: at.chain.head.position, ends: at.chain.ends };
};

const chainFindings = (read: ReadChain | null): readonly Finding[] => {
  const fault = read?.fault ?? null;
  return fault === null ? [] : [{ stream: 'checkpoint', seq: fault.n, kind: 'checkpoint', detail: `the checkpoints hold no further: ${fault.why}` }];
};

/** One place is named once, by the first witness. */
const withoutRepeats = (findings: readonly Finding[]): readonly Finding[] =>
  [...new Map([...findings].reverse().map((finding) => [`${finding.stream} ${finding.seq} ${finding.kind}`, finding])).values()].reverse();

/** How far before the checkpoint: clocks differ, and what the relay sent late was written early. */
const MARGIN_MS = 600_000;

/** Null when no broker can be reached: then what is newer than the last checkpoint has been held against nothing. */
const compareWithTopic = async (store: LedgerStore, topic: string, entity: string | undefined, fromMs?: number): Promise<Compared | null> => {
  const named = brokers();
  if (named === null) return null;
  const comparison = new CopyComparison(store);
  const take = async (values: readonly string[]): Promise<void> => {
    const copies = values.flatMap((value) => {
      const received = fromCloudEvent(value);
      if (!received.ok || (entity !== undefined && received.record.body.entity !== entity)) return [];
      return [{ entity: received.record.body.entity, seq: received.record.body.seq, hash: received.record.hash }];
    });
    await comparison.take(copies);
  };
  const security = kafkaSecurityOf(securityIn(process.env));
  try {
    await readToEnd(named, topic, take, { ...(fromMs === undefined ? {} : { fromMs }), security });
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('Mongo')) throw error;
    return null;
  }
  return { findings: comparison.findings, copies: comparison.compared };
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
  `${entity}: ${counted(records, 'record')}, ${ok ? 'nothing wrong' : 'NOT what was written'}`,
  ...(seal === null ? ['no checkpoint is in it: its records fit each other, nobody has signed them'] : []),
  ...(seal === null || !ok
    ? []
    : [
        `records 1 to ${coveredRecords} are under checkpoint ${seal.n} of ${seal.time}, signed by key ${seal.keyId}: compare it with the one that was published`,
      ]),
];
