import { hostname } from 'node:os';
import {
  AUDIT,
  auditLedgerOf,
  CheckpointFolder,
  entityLedgerOf,
  Journal,
  KafkaWitness,
  loadSigningKey,
  plainAddress,
  type AuditFact,
  type Source,
  type Witness,
  type Witnessed,
} from '@qiyue/audit';
import { connectMongo, KafkajsEventBus, kafkaSecurityOf, securityIn } from '@qiyue/platform';
import type { AnyAggregate } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import type { Actor } from '@qiyue/engine';
import { LedgerStore, type SigningKey } from '@qiyue/engine-runtime';
import { ensureEvidence, statusOf } from '@qiyue/stack';
import { CliError, dataDir } from '../context';
import { inWords } from '../show/language';
import { NO_KAFKA, NO_MONGODB } from '../show/sentences';

/** The ledger of the running stack, or of the MongoDB that the environment names. */
export const withStore = async <T>(work: (store: LedgerStore) => Promise<T>): Promise<T> => {
  const uri = process.env['QIYUE_MONGODB_URI'] ?? statusOf(dataDir()).mongodb;
  if (uri === null) throw new CliError(inWords(NO_MONGODB));
  const { client, db } = await connectMongo({
    ...securityIn(process.env),
    QIYUE_MONGODB_URI: uri,
    QIYUE_MONGODB_DATABASE: process.env['QIYUE_MONGODB_DATABASE'] ?? 'qiyue',
  });
  try {
    return await work(new LedgerStore(db));
  } finally {
    await client.close();
  }
};

/** The journal of this run of the command line; whoever runs it has a name only on their own machine. */
export interface CliJournal {
  insist(fact: AuditFact): Promise<void>;
}
const CLI_ACTOR: Actor = { id: 'cli', role: 'operator', unit: null };

/** Over SSH from that address, else on this machine. */
export const cliSource = (env: NodeJS.ProcessEnv = process.env): Source => ({
  way: 'cli',
  address: plainAddress(env['SSH_CONNECTION']?.split(' ')[0]) ?? hostname(),
});

/** Work on the stores themselves, past the API, leaves its records too. */
export const withJournal = <T>(work: (store: LedgerStore, journal: CliJournal) => Promise<T>): Promise<T> =>
  withStore((store) => journaled(store, (journal) => work(store, journal)));

export const journaled = async <T>({ db }: Pick<LedgerStore, 'db'>, work: (journal: CliJournal) => Promise<T>): Promise<T> => {
  const facts = new LedgerStore(db, AUDIT);
  await facts.ensureIndexes();
  const journal = new Journal(facts, 'cli', { warn: () => undefined });
  try {
    return await work({ insist: (fact) => journal.insist(CLI_ACTOR, fact, cliSource()) });
  } finally {
    await journal.close();
  }
};

/** Brokers of the running stack, or those that the environment names; null when there are none. */
export const brokers = (): readonly string[] | null => {
  const named = process.env['QIYUE_KAFKA_BROKERS'] ?? statusOf(dataDir()).kafka;
  return named === null ? null : named.split(',');
};

/** The same where nothing can be done without: throws a sentence when there are none. */
export const neededBrokers = (): readonly string[] => {
  const named = brokers();
  if (named === null) throw new CliError(inWords(NO_KAFKA));
  return named;
};

/** What Kafka holds of the ledgers; null when no broker is named. */
export const kafkaWitness = (): Witness | null => {
  const named = brokers();
  return named === null ? null : witnessOn(named);
};

/** The same where nothing can be done without: throws a sentence when none is. */
export const neededWitness = (): Witness => witnessOn(neededBrokers());

const witnessOn = (named: readonly string[]): Witness => {
  const security = kafkaSecurityOf(securityIn(process.env));
  return new KafkaWitness(named, new KafkajsEventBus(named, 'qiyue-audit', security), security);
};

/** Of which kind an entity is, by its records or, without any, by its commands; the first kind when nothing is known of it. */
export const aggregateOf = async ({ ledger, commands }: Pick<LedgerStore, 'ledger' | 'commands'>, entity: string): Promise<AnyAggregate> => {
  const only = { projection: { aggregate: 1 } };
  const found = (await ledger.findOne({ entity }, only)) ?? (await commands.findOne({ entity }, only));
  const [first] = AGGREGATES;
  const known = AGGREGATES.find(({ decider }) => decider.aggregate === found?.aggregate) ?? first;
  if (known === undefined) throw new Error('no aggregate is known');
  return known;
};

/** The ledger of the entities and that of the facts, each with its checkpoints. */
export const ledgersOf = ({ db }: Pick<LedgerStore, 'db'>): readonly [Witnessed, Witnessed] => {
  const { path } = checkpointFolder();
  return [entityLedgerOf(db, path, AGGREGATES), auditLedgerOf(db, path)];
};

export const checkpointFolder = (): CheckpointFolder => new CheckpointFolder(ensureEvidence(dataDir()).QIYUE_CHECKPOINTS);

/** The key that signs: the one that the environment names, else the local stack's own. */
export const signingKey = async (): Promise<SigningKey> => {
  const path = ensureEvidence(dataDir()).QIYUE_CHECKPOINT_KEY;
  return loadSigningKey(path).catch(() => {
    throw new CliError(inWords({ 'zh-CN': `${path} 中没有 PEM 格式的 Ed25519 私钥`, en: `${path}: holds no Ed25519 private key in PEM` }));
  });
};
