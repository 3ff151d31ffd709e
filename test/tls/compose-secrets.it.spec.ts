import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSigningKey } from '@qiyue/audit';
import { kafkaSecurityOf, mongoSecurityOf, securityIn, temporalSecurityOf, type SomeSecurity } from '@qiyue/platform';
import { eventually } from '@qiyue/testkit';
import { Kafka, logLevel } from 'kafkajs';
import { parse } from 'yaml';
import { ComposeKafka } from './compose-kafka';

const ROOT = resolve(__dirname, '../..');
const APPS = ['worker', 'relay', 'intake', 'projections', 'notifications', 'reactions', 'api'];

interface ComposeFile {
  readonly services: Readonly<
    Record<string, { readonly environment: Readonly<Record<string, string | null>>; readonly secrets?: readonly string[] }>
  >;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/** What compose.yaml hands out, made by its own script, on this machine: Docker cannot run here, the broker and our settings can. */
describe('the secrets of the compose file', () => {
  let folder: string;
  let compose: ComposeFile;
  const secrets = () => join(folder, 'secrets');
  const make = (...args: readonly string[]): void =>
    void execFileSync(process.execPath, [join(ROOT, 'infra/compose/make-secrets.mjs'), ...args], {
      env: { ...process.env, QIYUE_SECRETS: secrets() },
      stdio: 'pipe',
    });
  const text = (name: string): string => readFileSync(join(secrets(), name), 'utf8');
  /** As the process would read them in its container. */
  const securityOf = (name: string): SomeSecurity => {
    const environment = Object.entries(compose.services[name]?.environment ?? {}).flatMap(([key, value]) => {
      const secret = /^\/run\/secrets\/(.+)$/.exec(value ?? '')?.[1];
      if (value === null) return [];
      return [[key, secret === undefined ? value : join(secrets(), (compose.secrets[secret]?.file ?? '').split('/').at(-1) ?? '')]];
    });
    return securityIn(Object.fromEntries(environment) as Record<string, string>);
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'qiyue-compose-'));
    compose = parse(readFileSync(join(ROOT, 'infra/compose.yaml'), 'utf8'), { merge: true }) as ComposeFile;
    make();
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are all made, each for itself, in a folder that lets in its user alone', () => {
    const made = readdirSync(secrets());
    const wanted = Object.values(compose.secrets).map(({ file }) => file.split('/').at(-1) ?? '');
    expect(wanted.filter((name) => !made.includes(name))).toEqual([]);
    expect((statSync(secrets()).mode & 0o777).toString(8)).toBe('700');
    expect((statSync(join(secrets(), 'authority-key.pem')).mode & 0o777).toString(8)).toBe('600');
    expect(wanted).not.toContain('authority-key.pem');
    const passwords = made.filter((name) => /^(kafka|mongodb)-(?!jaas|server|keyfile)/.test(name)).map(text);
    expect(new Set(passwords).size).toBe(passwords.length);
    expect(passwords.every((password) => password.length >= 40)).toBe(true);
  });

  it('stay as they are when they are made again; certificates are renewed by asking', () => {
    const before = [text('kafka-api'), text('checkpoint-key.pem'), text('temporal-api-cert.pem')];
    make();
    expect([text('kafka-api'), text('checkpoint-key.pem'), text('temporal-api-cert.pem')]).toEqual(before);
    make('--renew');
    expect([text('kafka-api'), text('checkpoint-key.pem')]).toEqual(before.slice(0, 2));
    expect(text('temporal-api-cert.pem')).not.toBe(before[2]);
  }, 60_000);

  it('hold certificates of the authority under the names that clients expect', () => {
    const authority = new X509Certificate(text('ca.pem'));
    for (const server of ['kafka', 'mongodb', 'temporal']) {
      const certificate = new X509Certificate(text(`${server}-server-cert.pem`));
      expect([server, certificate.checkIssued(authority), certificate.checkHost(server)]).toEqual([server, true, server]);
    }
  });

  it.each(APPS)('are what the settings of %s take', (name) => {
    const security = securityOf(name);
    expect(kafkaSecurityOf(security)).toMatchObject({ sasl: { mechanism: 'plain', username: name, password: text(`kafka-${name}`) } });
    expect(mongoSecurityOf(security)).toMatchObject({ tls: true, auth: { username: name, password: text(`mongodb-${name}`) } });
    if (compose.services[name]?.environment['QIYUE_TEMPORAL_ADDRESS'] !== undefined)
      expect(temporalSecurityOf(security).tls?.clientCertPair?.crt.toString()).toBe(text(`temporal-${name}-cert.pem`));
  });

  it('hold a key that signs checkpoints', async () => {
    const key = await loadSigningKey(join(secrets(), 'checkpoint-key.pem'));
    expect(key.public.keyId).toMatch(/^[0-9a-f]{16}$/);
  });

  describe('at the broker of the compose file', () => {
    let kafka: ComposeKafka;
    const topicsAs = async (security: SomeSecurity): Promise<readonly string[]> => {
      const client = { brokers: [kafka.broker], logLevel: logLevel.NOTHING, retry: { retries: 0 }, connectionTimeout: 2_000 };
      const admin = new Kafka({ ...client, ...kafkaSecurityOf(security) }).admin();
      try {
        await admin.connect();
        return await admin.listTopics();
      } finally {
        await admin.disconnect();
      }
    };
    beforeAll(async () => {
      kafka = await ComposeKafka.start(join(folder, 'kafka'), secrets());
      await eventually('the broker', () => topicsAs(securityOf('api')), 60_000);
    }, 90_000);
    afterAll(() => kafka?.stop());

    it('let in every process of ours by its own password', async () => {
      for (const name of APPS) expect(await topicsAs(securityOf(name))).toEqual([]);
    });

    it('let in nobody without one, with another’s, or without TLS', async () => {
      const api = securityOf('api');
      const { QIYUE_KAFKA_SASL: _, QIYUE_KAFKA_USER: __, QIYUE_KAFKA_PASSWORD_FILE: ___, ...nobody } = api;
      const wrong: readonly SomeSecurity[] = [
        nobody,
        { ...api, QIYUE_KAFKA_PASSWORD_FILE: join(secrets(), 'kafka-relay') },
        { ...api, QIYUE_KAFKA_USER: 'somebody' },
        { ...api, QIYUE_KAFKA_TLS: 'off' },
      ];
      for (const security of wrong) await expect(topicsAs(security)).rejects.toThrow();
    }, 60_000);
  });
});
