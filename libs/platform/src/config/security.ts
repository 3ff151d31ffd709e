import { readFileSync } from 'node:fs';
import type { MongoClientOptions } from 'mongodb';
import { z } from 'zod';

const file = (what: string) => z.string().min(1).optional().describe(what);
const onOff = (what: string) => z.enum(['on', 'off']).default('off').describe(what);

/** How the three servers are spoken to where the network is not trusted. Secrets are files: an environment is shown by too many tools. */
export const securityShape = {
  QIYUE_KAFKA_TLS: onOff('Kafka over TLS'),
  QIYUE_KAFKA_CA: file('file with the authority (PEM) that Kafka’s certificate is of; without it the system’s'),
  QIYUE_KAFKA_CERT: file('file with our certificate (PEM) for Kafka'),
  QIYUE_KAFKA_KEY: file('file with its key (PEM)'),
  QIYUE_KAFKA_SASL: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional().describe('how we log in at Kafka'),
  QIYUE_KAFKA_USER: z.string().min(1).optional().describe('as whom'),
  QIYUE_KAFKA_PASSWORD_FILE: file('file with the password for it'),
  QIYUE_MONGODB_CA: file('file with the authority (PEM) that MongoDB’s certificate is of; switches TLS on'),
  QIYUE_MONGODB_CERT: file('file with our certificate and its key (PEM) for MongoDB'),
  QIYUE_MONGODB_USER: z.string().min(1).optional().describe('as whom we log in at MongoDB; the address may say where the user lives, as authSource'),
  QIYUE_MONGODB_PASSWORD_FILE: file('file with the password for it'),
  QIYUE_TEMPORAL_TLS: onOff('Temporal over TLS'),
  QIYUE_TEMPORAL_CA: file('file with the authority (PEM) that Temporal’s certificate is of; without it the system’s'),
  QIYUE_TEMPORAL_CERT: file('file with our certificate (PEM) for Temporal'),
  QIYUE_TEMPORAL_KEY: file('file with its key (PEM)'),
  QIYUE_TEMPORAL_SERVER_NAME: z.string().min(1).optional().describe('name that Temporal’s certificate is checked for, where it is not the address’s'),
  QIYUE_TEMPORAL_API_KEY_FILE: file('file with an API key for Temporal'),
};

const securitySchema = z.object(securityShape);
export type SecuritySettings = z.infer<typeof securitySchema>;
/** What a tool without settings of its own has. */
export type SomeSecurity = Partial<SecuritySettings>;

/** As kafkajs takes it. */
export type KafkaLogin = Readonly<Record<'username' | 'password', string>> &
  ({ readonly mechanism: 'plain' } | { readonly mechanism: 'scram-sha-256' } | { readonly mechanism: 'scram-sha-512' });

export interface KafkaSecurity {
  readonly ssl?: { readonly ca?: string[]; readonly cert?: string; readonly key?: string };
  readonly sasl?: KafkaLogin;
}
export type MongoSecurity = Pick<MongoClientOptions, 'tls' | 'tlsCAFile' | 'tlsCertificateKeyFile' | 'auth'>;
export interface TemporalSecurity {
  readonly tls?: {
    readonly serverRootCACertificate?: Buffer;
    readonly serverNameOverride?: string;
    readonly clientCertPair?: { readonly crt: Buffer; readonly key: Buffer };
  };
  readonly apiKey?: string;
}

/** Throws one error with every mistake: half of a pair, a file that cannot be read. Never what is in a file. */
export const checkSecurity = (settings: SomeSecurity): void => {
  const mistakes = [
    ...halves(settings, 'QIYUE_KAFKA_CERT', 'QIYUE_KAFKA_KEY'),
    ...halves(settings, 'QIYUE_TEMPORAL_CERT', 'QIYUE_TEMPORAL_KEY'),
    ...halves(settings, 'QIYUE_MONGODB_USER', 'QIYUE_MONGODB_PASSWORD_FILE'),
    ...halves(settings, 'QIYUE_KAFKA_USER', 'QIYUE_KAFKA_PASSWORD_FILE'),
    ...halves(settings, 'QIYUE_KAFKA_USER', 'QIYUE_KAFKA_SASL'),
    ...needs(settings, 'QIYUE_KAFKA_TLS', ['QIYUE_KAFKA_CA', 'QIYUE_KAFKA_CERT', 'QIYUE_KAFKA_SASL']),
    ...needs(settings, 'QIYUE_TEMPORAL_TLS', [
      'QIYUE_TEMPORAL_CA',
      'QIYUE_TEMPORAL_CERT',
      'QIYUE_TEMPORAL_API_KEY_FILE',
      'QIYUE_TEMPORAL_SERVER_NAME',
    ]),
    ...FILES.flatMap((name) => unreadable(name, settings[name])),
  ];
  if (mistakes.length > 0) throw new Error(`settings refused:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
};

export const kafkaSecurityOf = (settings: SomeSecurity): KafkaSecurity => {
  const { QIYUE_KAFKA_CA: ca, QIYUE_KAFKA_CERT: cert, QIYUE_KAFKA_KEY: key, QIYUE_KAFKA_SASL: mechanism, QIYUE_KAFKA_USER: username } = settings;
  const password = settings.QIYUE_KAFKA_PASSWORD_FILE;
  const pair = cert === undefined || key === undefined ? {} : { cert: text(cert), key: text(key) };
  const login = { username: username ?? '', password: password === undefined ? '' : secret(password) };
  return {
    ...(settings.QIYUE_KAFKA_TLS === 'on' ? { ssl: { ...(ca === undefined ? {} : { ca: [text(ca)] }), ...pair } } : {}),
    ...(mechanism === undefined ? {} : { sasl: { mechanism, ...login } }),
  };
};

export const mongoSecurityOf = (settings: SomeSecurity): MongoSecurity => {
  const { QIYUE_MONGODB_CA: ca, QIYUE_MONGODB_CERT: cert, QIYUE_MONGODB_USER: username, QIYUE_MONGODB_PASSWORD_FILE: password } = settings;
  return {
    ...(ca === undefined ? {} : { tls: true, tlsCAFile: ca }),
    ...(cert === undefined ? {} : { tls: true, tlsCertificateKeyFile: cert }),
    ...(username === undefined || password === undefined ? {} : { auth: { username, password: secret(password) } }),
  };
};

export const temporalSecurityOf = (settings: SomeSecurity): TemporalSecurity => {
  const { QIYUE_TEMPORAL_CA: ca, QIYUE_TEMPORAL_CERT: cert, QIYUE_TEMPORAL_KEY: key, QIYUE_TEMPORAL_SERVER_NAME: name } = settings;
  const apiKey = settings.QIYUE_TEMPORAL_API_KEY_FILE;
  if (settings.QIYUE_TEMPORAL_TLS !== 'on') return {};
  return {
    tls: {
      ...(ca === undefined ? {} : { serverRootCACertificate: readFileSync(ca) }),
      ...(name === undefined ? {} : { serverNameOverride: name }),
      ...(cert === undefined || key === undefined ? {} : { clientCertPair: { crt: readFileSync(cert), key: readFileSync(key) } }),
    },
    ...(apiKey === undefined ? {} : { apiKey: secret(apiKey) }),
  };
};

/** Of the environment, for tools that have no settings of their own. Throws as `checkSecurity` does. */
export const securityIn = (env: Readonly<Record<string, string | undefined>>): SomeSecurity => {
  const given = Object.fromEntries(Object.keys(securityShape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const parsed = securitySchema.safeParse(given);
  if (!parsed.success)
    throw new Error(`settings refused:\n${parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`).join('\n')}`);
  checkSecurity(parsed.data);
  return parsed.data;
};

const FILES = [
  'QIYUE_KAFKA_CA',
  'QIYUE_KAFKA_CERT',
  'QIYUE_KAFKA_KEY',
  'QIYUE_KAFKA_PASSWORD_FILE',
  'QIYUE_MONGODB_CA',
  'QIYUE_MONGODB_CERT',
  'QIYUE_MONGODB_PASSWORD_FILE',
  'QIYUE_TEMPORAL_CA',
  'QIYUE_TEMPORAL_CERT',
  'QIYUE_TEMPORAL_KEY',
  'QIYUE_TEMPORAL_API_KEY_FILE',
] as const satisfies readonly (keyof SecuritySettings)[];

type Name = keyof SecuritySettings;

const halves = (settings: SomeSecurity, one: Name, other: Name): readonly string[] =>
  (settings[one] === undefined) === (settings[other] === undefined) ? [] : [`${one} and ${other}: both are needed, or neither`];

/** A password in the open would be worse than none: whatever needs TLS asks for it by name. */
const needs = (settings: SomeSecurity, tls: Name, names: readonly Name[]): readonly string[] =>
  settings[tls] === 'on' ? [] : names.filter((name) => settings[name] !== undefined).map((name) => `${name}: needs ${tls}=on`);

const unreadable = (name: Name, path: string | undefined): readonly string[] => {
  if (path === undefined) return [];
  try {
    return readFileSync(path).length === 0 ? [`${name}: the file is empty`] : [];
  } catch {
    return [`${name}: the file cannot be read`];
  }
};

const text = (path: string): string => readFileSync(path, 'utf8');
/** The end of the last line is not part of a secret. */
const secret = (path: string): string => text(path).replace(/\r?\n$/, '');
