import { Kafka, logLevel, type Admin, type KafkaConfig } from 'kafkajs';
import type { KafkaSecurity } from '../config/security';
import { installQuietQueue } from './quiet-queue';
import { installBoundedFetch } from './records/bounded-fetch';

/** kafkajs as all of ours use it: silent, and with answers read within bounds. */
export const kafkaClient = (
  brokers: readonly string[],
  clientId: string,
  security: KafkaSecurity,
  limits: Pick<KafkaConfig, 'connectionTimeout' | 'requestTimeout' | 'retry'>,
): Kafka => {
  installBoundedFetch();
  installQuietQueue();
  return new Kafka({ brokers: [...brokers], clientId, ...security, logLevel: logLevel.NOTHING, ...limits });
};

/** For one look by hand or at night: whoever asks is told soon that nobody answers. */
export const ONE_LOOK = { connectionTimeout: 3_000, retry: { retries: 2 } } as const;

/** A question to the brokers, over a connection of its own. */
export const withAdmin = async <T>(kafka: Kafka, use: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
};
