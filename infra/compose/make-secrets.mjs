// Makes what compose.yaml hands out: an authority, certificates, passwords and keys, one of each for each consumer. What is there
// stays as it is, so it may be run again; `--renew` makes the certificates anew. Needs `openssl`.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const CERTIFICATE_DAYS = '800';
const AUTHORITY_DAYS = '3650';
const SERVERS = ['kafka', 'mongodb', 'temporal'];
/** Who has a name and a password of its own at which server. */
export const CONSUMERS = {
  kafka: ['api', 'intake', 'worker', 'relay', 'projections', 'notifications', 'reactions', 'setup'],
  mongodb: ['api', 'intake', 'worker', 'relay', 'projections', 'notifications', 'reactions'],
  temporal: ['api', 'intake', 'worker', 'reactions', 'setup', 'ui'],
};

const folder = resolve(process.env.QIYUE_SECRETS ?? join(HERE, 'secrets'));
const at = (name) => join(folder, name);
const openssl = (...args) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });

/** The folder lets in nobody but its user; the files in it have to be readable by whatever user a container runs as. */
const keep = (name, make) => {
  if (existsSync(at(name))) return;
  writeFileSync(at(name), make());
  chmodSync(at(name), 0o644);
};
const password = () => randomBytes(32).toString('base64url');

const authority = () => {
  if (existsSync(at('ca.pem')) && existsSync(at('authority-key.pem'))) return;
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:3072',
    '-nodes',
    '-days',
    AUTHORITY_DAYS,
    '-subj',
    '/CN=qiyue',
    '-keyout',
    at('authority-key.pem'),
    '-out',
    at('ca.pem'),
  );
};

/** `<name>-cert.pem`, `<name>-key.pem` and both in one file, signed by the authority. `host`: whom a client expects behind that name. */
const certificate = (name, host) => {
  if (existsSync(at(`${name}.pem`))) return;
  const scratch = mkdtempSync(join(tmpdir(), 'qiyue-secrets-'));
  try {
    const extension = join(scratch, 'ext');
    writeFileSync(extension, host === undefined ? 'extendedKeyUsage=clientAuth\n' : `subjectAltName=DNS:${host},DNS:localhost,IP:127.0.0.1\n`);
    openssl('req', '-newkey', 'rsa:3072', '-nodes', '-subj', `/CN=${name}`, '-keyout', at(`${name}-key.pem`), '-out', join(scratch, 'csr'));
    openssl(
      ...['x509', '-req', '-in', join(scratch, 'csr'), '-CA', at('ca.pem'), '-CAkey', at('authority-key.pem'), '-CAserial', join(scratch, 'serial')],
      ...['-CAcreateserial', '-days', CERTIFICATE_DAYS, '-extfile', extension, '-out', at(`${name}-cert.pem`)],
    );
    writeFileSync(at(`${name}.pem`), `${readFileSync(at(`${name}-key.pem`), 'utf8')}${readFileSync(at(`${name}-cert.pem`), 'utf8')}`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

const forget = (name) => {
  for (const suffix of ['.pem', '-cert.pem', '-key.pem']) rmSync(at(`${name}${suffix}`), { force: true });
};

const jaas = () => {
  const users = CONSUMERS.kafka.map((user) => `  user_${user}="${readFileSync(at(`kafka-${user}`), 'utf8')}"`);
  return `client.KafkaServer {\n  org.apache.kafka.common.security.plain.PlainLoginModule required\n${users.join('\n')};\n};\n`;
};

const makeSecrets = () => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = [...SERVERS.map((server) => [`${server}-server`, server]), ...CONSUMERS.temporal.map((user) => [`temporal-${user}`])];
  if (process.argv.includes('--renew')) for (const [name] of names) forget(name);
  authority();
  for (const [name, host] of names) certificate(name, host);
  for (const server of ['kafka', 'mongodb']) for (const user of CONSUMERS[server]) keep(`${server}-${user}`, password);
  for (const name of ['mongodb-root', 'postgres-password']) keep(name, password);
  keep('mongodb-keyfile', () => randomBytes(512).toString('base64'));
  keep('kafka-jaas', jaas);
  keep('checkpoint-key.pem', () => openssl('genpkey', '-algorithm', 'ed25519'));
  keep('oidc-client-secret', () => '');
  for (const [name] of names) for (const suffix of ['-key.pem', '-cert.pem', '.pem']) chmodSync(at(`${name}${suffix}`), 0o644);
  chmodSync(at('ca.pem'), 0o644);
  chmodSync(at('authority-key.pem'), 0o600);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  makeSecrets();
  console.log(`secrets lie in ${folder}: keep them as you keep keys, and authority-key.pem apart from this machine`);
}
