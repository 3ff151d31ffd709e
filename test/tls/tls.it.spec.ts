import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  connectMongo,
  connectTemporal,
  KafkajsEventBus,
  kafkaSecurityOf,
  loadSettings,
  mongoSecurityOf,
  readToEnd,
  temporalSecurityOf,
  type SomeSecurity,
} from '@qiyue/platform';
import { eventually, serversFromEnv } from '@qiyue/testkit';
import { NativeConnection } from '@temporalio/worker';
import { Kafka, logLevel } from 'kafkajs';
import { makeCertificates, type Certificates } from './certificates';
import { SecuredKafka } from './secured-kafka';
import { TlsProxy } from './tls-proxy';

const PASSWORD = 'correct-horse-battery-staple';
const TOPIC = 'secured';

describe('servers that are spoken to over TLS with credentials', () => {
  let folder: string;
  let certificates: Certificates;
  let settings: SomeSecurity;
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'qiyue-tls-'));
    certificates = makeCertificates(folder);
    const { ca, client } = certificates;
    settings = loadSettings({
      ...{ QIYUE_KAFKA_TLS: 'on', QIYUE_KAFKA_CA: ca, QIYUE_KAFKA_CERT: client.cert, QIYUE_KAFKA_KEY: client.key },
      ...{ QIYUE_KAFKA_SASL: 'plain', QIYUE_KAFKA_USER: 'qiyue', QIYUE_KAFKA_PASSWORD_FILE: file('password', `${PASSWORD}\n`) },
      ...{ QIYUE_MONGODB_CA: ca, QIYUE_MONGODB_CERT: client.both },
      ...{ QIYUE_TEMPORAL_TLS: 'on', QIYUE_TEMPORAL_CA: ca, QIYUE_TEMPORAL_CERT: client.cert, QIYUE_TEMPORAL_KEY: client.key },
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What somebody is told who is not let in: never a secret. */
  const refusal = async (work: Promise<unknown>): Promise<string> => {
    const told = await work.then(
      () => 'was let in',
      (error: unknown) => `${error instanceof Error ? `${error.name} ${error.message} ${JSON.stringify(error)}` : String(error)}`,
    );
    expect(told).not.toBe('was let in');
    expect(told).not.toContain(PASSWORD);
    return told;
  };

  describe('Kafka', () => {
    let kafka: SecuredKafka;
    beforeAll(async () => {
      kafka = await SecuredKafka.start(join(folder, 'kafka'), certificates, 'qiyue', PASSWORD);
      await eventually(
        'the broker',
        () => withAdmin(settings, (admin) => admin.createTopics({ topics: [{ topic: TOPIC }] }).then(() => true)),
        60_000,
      );
    }, 90_000);
    afterAll(() => kafka.stop());

    const withAdmin = async <T>(by: SomeSecurity, use: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> => {
      const client = { brokers: [kafka.broker], logLevel: logLevel.NOTHING, retry: { retries: 0 }, connectionTimeout: 2_000 };
      const admin = new Kafka({ ...client, ...kafkaSecurityOf(by) }).admin();
      try {
        await admin.connect();
        return await use(admin);
      } finally {
        await admin.disconnect();
      }
    };

    it('takes what we send and gives it back', async () => {
      const publisher = new KafkajsEventBus([kafka.broker], 'tls', kafkaSecurityOf(settings)).publisher();
      await publisher.send(TOPIC, [{ key: 'k', value: 'v' }]);
      await publisher.close();
      const values: string[] = [];
      await readToEnd([kafka.broker], TOPIC, async (batch) => void values.push(...batch), { security: kafkaSecurityOf(settings) });
      expect(values).toEqual(['v']);
    }, 30_000);

    it.each<readonly [string, () => SomeSecurity]>([
      ['a wrong password', () => ({ ...settings, QIYUE_KAFKA_PASSWORD_FILE: file('wrong', 'wrong') })],
      ['no certificate', () => without(settings, 'QIYUE_KAFKA_CERT', 'QIYUE_KAFKA_KEY')],
      ['trust in another authority', () => ({ ...settings, QIYUE_KAFKA_CA: certificates.otherCa })],
      ['no TLS', () => ({ QIYUE_KAFKA_TLS: 'off' })],
    ])('lets nobody in with %s', async (_, by) => {
      await refusal(withAdmin(by(), (admin) => admin.listTopics()));
    });
  });

  describe('MongoDB', () => {
    let proxy: TlsProxy;
    beforeAll(async () => {
      proxy = await TlsProxy.start(certificates, Number(new URL(serversFromEnv().mongodb.replace('mongodb://', 'http://')).port));
    });
    afterAll(() => proxy.close());
    const ping = async (by: SomeSecurity): Promise<unknown> => {
      const { client, db } = await connectMongo({
        ...by,
        QIYUE_MONGODB_URI: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`,
        QIYUE_MONGODB_DATABASE: 'tls',
      });
      try {
        return await db.command({ ping: 1 });
      } finally {
        await client.close();
      }
    };

    it('answers over TLS, to our certificate', async () => {
      expect(await ping(settings)).toMatchObject({ ok: 1 });
    });

    it.each<readonly [string, () => SomeSecurity]>([
      ['no certificate', () => without(settings, 'QIYUE_MONGODB_CERT')],
      ['trust in another authority', () => ({ ...settings, QIYUE_MONGODB_CA: certificates.otherCa })],
      ['no TLS', () => ({})],
    ])('lets nobody in with %s', async (_, by) => {
      await refusal(ping(by()));
    });

    it('is logged in at with a password out of a file', () => {
      const by = { QIYUE_MONGODB_USER: 'qiyue', QIYUE_MONGODB_PASSWORD_FILE: file('mongo-password', `${PASSWORD}\n`) };
      expect(mongoSecurityOf(by)).toEqual({ auth: { username: 'qiyue', password: PASSWORD } });
    });
  });

  describe('Temporal', () => {
    let proxy: TlsProxy;
    beforeAll(async () => {
      proxy = await TlsProxy.start(certificates, Number(serversFromEnv().temporal.split(':')[1]));
    });
    afterAll(() => proxy.close());
    const describeNamespace = async (by: SomeSecurity): Promise<string> => {
      const { connection } = connectTemporal({ ...by, QIYUE_TEMPORAL_ADDRESS: `127.0.0.1:${proxy.port}`, QIYUE_TEMPORAL_NAMESPACE: 'default' });
      try {
        const asked = () => connection.workflowService.describeNamespace({ namespace: 'default' });
        return (await connection.withDeadline(Date.now() + 3_000, asked)).namespaceInfo?.name ?? '';
      } finally {
        await connection.close();
      }
    };

    it('answers clients and workers over TLS, to our certificate', async () => {
      expect(await describeNamespace(settings)).toBe('default');
      const native = await NativeConnection.connect({ address: `127.0.0.1:${proxy.port}`, ...temporalSecurityOf(settings) });
      await native.close();
    });

    it.each<readonly [string, () => SomeSecurity]>([
      ['no certificate', () => without(settings, 'QIYUE_TEMPORAL_CERT', 'QIYUE_TEMPORAL_KEY')],
      ['trust in another authority', () => ({ ...settings, QIYUE_TEMPORAL_CA: certificates.otherCa })],
      ['no TLS', () => ({})],
    ])(
      'lets nobody in with %s',
      async (_, by) => {
        await refusal(describeNamespace(by()));
      },
      20_000,
    );
  });

  it('tells every mistake at once, and never what is in a file', () => {
    const wrong = {
      ...{ QIYUE_KAFKA_TLS: 'on', QIYUE_KAFKA_CERT: certificates.client.cert, QIYUE_KAFKA_USER: 'qiyue' },
      ...{ QIYUE_TEMPORAL_CA: certificates.ca, QIYUE_MONGODB_PASSWORD_FILE: join(folder, 'nowhere'), QIYUE_MONGODB_USER: 'qiyue' },
    };
    expect(() => loadSettings(wrong)).toThrow(
      new Error(
        [
          'settings refused:',
          '  QIYUE_KAFKA_CERT and QIYUE_KAFKA_KEY: both are needed, or neither',
          '  QIYUE_KAFKA_USER and QIYUE_KAFKA_PASSWORD_FILE: both are needed, or neither',
          '  QIYUE_KAFKA_USER and QIYUE_KAFKA_SASL: both are needed, or neither',
          '  QIYUE_TEMPORAL_CA: needs QIYUE_TEMPORAL_TLS=on',
          '  QIYUE_MONGODB_PASSWORD_FILE: the file cannot be read',
        ].join('\n'),
      ),
    );
  });
});

const without = (settings: SomeSecurity, ...names: readonly (keyof SomeSecurity)[]): SomeSecurity =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !names.includes(name as keyof SomeSecurity)));
