import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openMongo } from '@qiyue/platform';
import { GENESIS_HASH, sealRecord } from '@qiyue/engine';
import {
  evidenceBundleOf,
  LedgerStore,
  newSigningKey,
  signCheckpoint,
  StreamEnds,
  toLedgerDocument,
  verifyBundle,
  type LedgerDocument,
} from '@qiyue/engine-runtime';
import { silentLog, startServers } from '@qiyue/stack';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { CampaignResult, Row } from '../figures';
import type { Walk } from './verify-child';

export interface AuditOptions {
  /** Sizes of the ledger, growing. */
  readonly sizes?: readonly number[];
  readonly rounds?: number;
  readonly onProgress?: (line: string) => void;
}

const SIZES = [10_000, 100_000, 1_000_000];
const PER_STREAM = 12;
const INSERT = 2_000;
const RATIO_MIN = 0.7;
const GROWTH_MAX = 1.5;
const ONE_NEED_MAX_MS = 1_000;

/** Verification beside a bare cursor with one SHA-256 per record, and its memory, while the ledger grows; then one need out and checked. */
export const auditCampaign = async ({ sizes = SIZES, rounds = 5, onProgress }: AuditOptions = {}): Promise<CampaignResult> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'qiyue-audit-'));
  const servers = await startServers({ dataDir, env: process.env, log: silentLog });
  const database = `audit_${randomBytes(4).toString('hex')}`;
  const { client, db } = openMongo({ QIYUE_MONGODB_URI: servers.mongodbUri, QIYUE_MONGODB_DATABASE: database });
  const store = new LedgerStore(db);
  const rows: Row[] = [];
  const troubles: string[] = [];
  try {
    await store.ensureIndexes();
    let records = 0;
    for (const size of sizes) {
      onProgress?.(`a ledger of ${size} records`);
      records = await grow(store, records, size);
      const { verify, bare } = await walks(servers.mongodbUri, database, rounds);
      const { liveMiB } = await walk('live', servers.mongodbUri, database);
      const ratio = bare.ms / verify.ms;
      rows.push({
        ...{
          records,
          'verified/s': perSecond(verify),
          'bare/s': perSecond(bare),
          ratio: ratio.toFixed(2),
          'live MiB': liveMiB,
          'peak MiB': verify.peakMiB,
          'bare peak MiB': bare.peakMiB,
        },
        findings: verify.findings,
      });
      if (verify.findings > 0 || verify.records !== records)
        troubles.push(`${size}: ${verify.findings} false alarms in ${verify.records} of ${records} records`);
      if (ratio < RATIO_MIN) troubles.push(`${size}: ${ratio.toFixed(2)} of the bound, asked ${RATIO_MIN}`);
    }
    const growth = Number(rows.at(-1)?.['live MiB']) / Number(rows[0]?.['live MiB']);
    if (growth > GROWTH_MAX) troubles.push(`memory grew ${growth.toFixed(2)} times`);
    const oneNeedMs = await exportAndVerify(store);
    if (oneNeedMs > ONE_NEED_MAX_MS) troubles.push(`one need took ${oneNeedMs} ms`);
    return {
      sound: troubles.length === 0,
      troubles,
      rows,
      conditions: { rounds, perStream: PER_STREAM, growth: Number(growth.toFixed(2)), exportAndVerifyOneNeedMs: oneNeedMs },
    };
  } finally {
    await client.close();
    await servers.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

const perSecond = ({ records, ms }: Walk): number => Math.round((records / ms) * 1_000);

/** The median round of each, one after the other in turn, so that both see the same machine. */
const walks = async (uri: string, database: string, rounds: number): Promise<{ readonly verify: Walk; readonly bare: Walk }> => {
  const [verify, bare]: [Walk[], Walk[]] = [[], []];
  await walk('bare', uri, database); // the cache of the server is warm for all that is counted
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await walk('bare', uri, database));
    verify.push(await walk('verify', uri, database));
  }
  return { verify: median(verify), bare: median(bare) };
};

const median = (all: readonly Walk[]): Walk => all.toSorted((a, b) => a.ms - b.ms)[Math.floor(all.length / 2)] as Walk;

const run = promisify(execFile);
const walk = async (how: 'bare' | 'verify' | 'live', uri: string, database: string): Promise<Walk> =>
  JSON.parse((await run(process.execPath, ['--expose-gc', join(__dirname, 'verify-child.js'), how, uri, database])).stdout) as Walk;

/** Honest streams up to `size` records, in ledger and feed. */
const grow = async (store: LedgerStore, from: number, size: number): Promise<number> => {
  let position = from;
  while (position < size) {
    const documents: LedgerDocument[] = [];
    while (documents.length < INSERT && position + documents.length < size)
      documents.push(...stream(Math.min(PER_STREAM, size - position - documents.length)));
    await store.ledger.insertMany(documents, { ordered: false });
    await store.feed.insertMany(documents.map(({ entity, seq }, i) => ({ _id: position + i + 1, entity, seq })));
    position += documents.length;
  }
  return position;
};

const stream = (length: number): readonly LedgerDocument[] => {
  const entity = randomBytes(13).toString('hex');
  const documents: LedgerDocument[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const body = {
      ...({
        v: 1,
        aggregate: 'need',
        entity,
        seq,
        type: 'ProgressReported',
        time: '2026-11-23T08:00:00.000+08:00',
        commandId: `${entity}-${seq}`,
      } as const),
      actor: { id: 'officer-1', role: 'department', unit: '住建局' },
      data: { note: `sealed:v1:${randomBytes(16).toString('hex')}:${randomBytes(120).toString('base64url')}` },
      prevHash: documents.at(-1)?.hash ?? GENESIS_HASH,
    };
    documents.push(toLedgerDocument(sealRecord(body)));
  }
  return documents;
};

/** What `audit export` and `audit verify --bundle` do for one need, beside a tree of 10,000 others. */
const exportAndVerify = async (store: LedgerStore): Promise<number> => {
  const heads = await store.ledger
    .find({ seq: PER_STREAM }, { projection: { entity: 1, seq: 1, hash: 1 } })
    .limit(10_000)
    .toArray();
  const ends = new StreamEnds();
  ends.take(heads.map(({ entity, seq, hash }) => ({ entity, seq, hash })));
  const key = newSigningKey();
  const one = ends.inOrder()[0];
  if (one === undefined) throw new Error('no stream is whole');
  const root = ends.root();
  const signed = signCheckpoint(
    { ...{ n: 1, time: '2026-11-23T08:00:00.000+08:00', prev: GENESIS_HASH, position: 1, records: 1 }, ...{ streams: ends.size, root, changed: [] } },
    key,
  );
  const startMs = performance.now();
  const records = await store.stream(one.entity);
  const proof = ends.proofOf(one.entity);
  if (proof === null) throw new Error('no proof');
  const bundle = evidenceBundleOf(one.entity, records, { proof, checkpoint: signed, key: key.public });
  const verdict = verifyBundle(JSON.parse(JSON.stringify(bundle)), key.public.keyId);
  if (verdict?.ok !== true) throw new Error(`the bundle does not verify: ${JSON.stringify(verdict)}`);
  return Math.round(performance.now() - startMs);
};
