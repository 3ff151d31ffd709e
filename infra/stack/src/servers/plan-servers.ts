import type { StackEnvironment } from '../base/settings';
import { StackError } from '../base/stack-error';
import type { ProcessPlan } from '../base/tended-process';
import { within } from '../base/wait';
import { probeKafka } from './kafka-topics';
import { findKafka, planKafka } from './kafka.server';
import { findMongodb, planMongodb, probeMongodb } from './mongodb.server';
import type { ProgramContext, ServerContext } from './server-context';
import { findTemporal, planTemporal, probeTemporal } from './temporal.server';

export interface Planned {
  readonly plans: readonly ProcessPlan[];
  readonly temporal: { readonly address: string; readonly uiUrl: string | null; readonly namespace: string };
  readonly kafkaBrokers: string;
  readonly mongodbUri: string;
}

/** Finds or builds the programs of all servers whose address is not given. Long on a machine's first time. */
export const preparePrograms = async (context: ProgramContext, settings: StackEnvironment): Promise<void> => {
  if (settings.QIYUE_TEMPORAL_ADDRESS === undefined) await findTemporal(context);
  if (settings.QIYUE_KAFKA_BROKERS === undefined) await findKafka(context);
  if (settings.QIYUE_MONGODB_URI === undefined) await findMongodb(context);
};

/** Each server for itself: the given address, or a plan. One after the other, because builds share the machine's cores. */
export const planServers = async (context: ServerContext, settings: StackEnvironment): Promise<Planned> => {
  const namespace = settings.QIYUE_TEMPORAL_NAMESPACE;
  const temporal = (await givenTemporal(settings, namespace)) ?? (await planTemporal(context, namespace));
  const kafka = (await givenKafka(settings)) ?? (await planKafka(context));
  const mongodb = (await givenMongodb(settings)) ?? (await planMongodb(context, settings.QIYUE_MONGODB_DATABASE));
  const plans = [temporal.plan, kafka.plan, mongodb.plan].filter((plan) => plan !== null);
  return { plans, temporal: { address: temporal.address, uiUrl: temporal.uiUrl, namespace }, kafkaBrokers: kafka.brokers, mongodbUri: mongodb.uri };
};

const GIVEN_BOUND_MS = 15_000;

const check = async (variable: string, where: string, probe: Promise<void>): Promise<void> => {
  const asText = (error: unknown): string => String(error).replace(/\/\/[^@/\s]*@/g, '//…@');
  const refusal = await within(
    GIVEN_BOUND_MS,
    probe.then(() => null, asText),
    'no answer in 15 s',
  );
  if (refusal !== null) throw new StackError(`${variable} names ${where}, which does not serve: ${refusal}`);
};

const givenTemporal = async ({ QIYUE_TEMPORAL_ADDRESS: address }: StackEnvironment, namespace: string) => {
  if (address === undefined) return null;
  await check('QIYUE_TEMPORAL_ADDRESS', address, probeTemporal(address, namespace));
  return { plan: null, address, uiUrl: null };
};

const givenKafka = async ({ QIYUE_KAFKA_BROKERS: brokers }: StackEnvironment) => {
  if (brokers === undefined) return null;
  await check('QIYUE_KAFKA_BROKERS', brokers, probeKafka(brokers));
  return { plan: null, brokers };
};

const givenMongodb = async ({ QIYUE_MONGODB_URI: uri, QIYUE_MONGODB_DATABASE: database }: StackEnvironment) => {
  if (uri === undefined) return null;
  // The URI may hold a password: the sentence does not quote it.
  await check('QIYUE_MONGODB_URI', 'a server', probeMongodb(uri, database));
  return { plan: null, uri };
};
