import { copyFile } from 'node:fs/promises';
import { ensureAuth } from './auth/local-auth';
import { dataDirOf, readStackEnvironment } from './base/settings';
import { messageOf, StackError } from './base/stack-error';
import { until } from './base/wait';
import { namesOf } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { ensureTopics } from './servers/kafka-topics';
import { ensureSearchAttributes, probeTemporal } from './servers/temporal.server';

const BOUND_MS = 180_000;
const EVERY_MS = 1000;

/** What servers that somebody else runs must be given once: topics, search attributes, keys. Run again it changes nothing. */
const setup = async (): Promise<void> => {
  const { QIYUE_JWKS, QIYUE_PUBLIC_KEYS: publicKeys, ...servers } = readStackEnvironment(process.env);
  const { QIYUE_TEMPORAL_ADDRESS: address, QIYUE_TEMPORAL_NAMESPACE: namespace, QIYUE_KAFKA_BROKERS: brokers } = servers;
  if (address === undefined || brokers === undefined)
    throw new StackError('settings refused: QIYUE_TEMPORAL_ADDRESS and QIYUE_KAFKA_BROKERS are needed');
  const retried = (what: string, work: () => Promise<void>): Promise<true> =>
    until(() => work().then(() => true as const), { boundMs: BOUND_MS, everyMs: EVERY_MS, what });
  await retried(`namespace ${namespace} of Temporal`, () => probeTemporal(address, namespace));
  await retried('the search attributes', () => ensureSearchAttributes(address, namespace));
  await retried('the topics', () => ensureTopics(brokers, namesOf(AGGREGATES)));
  const { QIYUE_JWKS: jwks } = await ensureAuth(dataDirOf(process.env));
  if (publicKeys !== undefined && QIYUE_JWKS === undefined) await copyFile(jwks, publicKeys);
};

setup().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(messageOf(error));
    process.exit(1);
  },
);
