import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { securityShape, settingsSchema } from '@qiyue/platform';
import { parse } from 'yaml';
import { z } from 'zod';
import { startArgs } from './servers/temporal.server';

const INFRA = resolve(__dirname, '../..');
const ROOT = resolve(INFRA, '..');
const read = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8');
const list = z.array(z.string()).default([]);
const service = z.object({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string().nullable()).default({}), // null: passed on from where compose is called, if it is set there
  configs: z.array(z.object({ source: z.string(), target: z.string() })).default([]),
  ports: list,
  volumes: list,
  secrets: list,
  networks: list,
  cap_drop: list,
  cap_add: list,
  security_opt: list,
  privileged: z.boolean().default(false),
  read_only: z.boolean().default(false),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
const compose = z
  .object({
    services: z.record(z.string(), service),
    volumes: z.record(z.string(), z.unknown()),
    configs: z.record(z.string(), z.object({ content: z.string() })),
    networks: z.record(z.string(), z.object({ internal: z.boolean() }).nullable()),
    secrets: z.record(z.string(), z.object({ file: z.string() })),
  })
  .parse(parse(read('infra/compose.yaml'), { merge: true }));
const APPS = ['worker', 'relay', 'intake', 'projections', 'notifications', 'reactions', 'api'];
const OURS = [...APPS, 'setup'];
const STORES = ['postgres', 'temporal', 'kafka', 'mongodb'];
const services = Object.entries(compose.services);
const of = (name: string) => compose.services[name] as z.infer<typeof service>;
const usersOf = (what: string): readonly string[] => services.filter(([, { secrets }]) => secrets.includes(what)).map(([name]) => name);
const mountsOf = (volume: string): readonly string[] =>
  services.filter(([, { volumes }]) => volumes.some((mount) => mount.startsWith(`${volume}:`))).map(([name]) => name);

/** Every setting that a process reads, as its own sources name them. */
const settingsOf = (name: string): ReadonlySet<string> => {
  const sources = ['main.ts', `start-${name}.ts`].map((file) => `apps/${name}/src/${file}`).filter((path) => existsSync(resolve(ROOT, path)));
  const named = sources.flatMap((path) => [...read(path).matchAll(/'(QIYUE_[A-Z_]+)'/g)].map(([, setting]) => setting ?? ''));
  const byAll = ['QIYUE_LOG_LEVEL', 'QIYUE_MORE_AGGREGATES'];
  return new Set([...named, ...Object.keys(securityShape), ...byAll, 'QIYUE_METRICS_PORT', 'QIYUE_METRICS_HOST']);
};

describe('the compose file', () => {
  it('has all servers and all of our processes', () => {
    expect(Object.keys(compose.services).toSorted()).toEqual([...STORES, 'temporal-ui', ...OURS].toSorted());
  });

  it.each(APPS)('gives %s the settings that it reads, and no others', (name) => {
    const { environment } = of(name);
    const reads = settingsOf(name);
    expect(Object.keys(environment).filter((key) => !reads.has(key))).toEqual([]);
    const mask = Object.fromEntries([...reads].map((key) => [key, true as const])) as Record<keyof typeof settingsSchema.shape, true>;
    const resolved = Object.fromEntries(
      Object.entries(environment).flatMap(([key, value]) => (value === null ? [] : [[key, value.replace(/\$\{\w+:-(.*?)\}/g, '$1')]])),
    );
    expect(settingsSchema.pick(mask).safeParse(resolved).error).toBeUndefined();
  });

  it.each(OURS)('starts %s by a script that has a source', (name) => {
    const script = of(name).command?.[1] ?? '';
    expect(existsSync(resolve(ROOT, script.replace('/dist/', '/src/').replace(/\.js$/, '.ts')))).toBe(true);
  });

  it('has Temporal try failed workflow tasks again as soon as the local stack does, by the file that it reads', () => {
    const { environment, configs: [config] = [] } = compose.services['temporal'] ?? {};
    expect(config?.target).toBe(environment?.['DYNAMIC_CONFIG_FILE_PATH']);
    const [[name, [{ value }]]] = Object.entries(
      parse(compose.configs[config?.source ?? '']?.content ?? '') as Record<string, [{ value: string }]>,
    ) as [[string, [{ value: string }]]];
    expect(startArgs('127.0.0.1', 1, 2, 'file')).toContain(`${name}="${value}"`);
  });

  it('waits for what each service needs', () => {
    for (const [name, { depends_on: needed }] of services) {
      for (const [other, { condition }] of Object.entries(needed)) {
        if (condition === 'service_healthy') expect([name, other, of(other).healthcheck === undefined]).toEqual([name, other, false]);
      }
    }
    for (const app of APPS) expect(of(app).depends_on['setup']?.condition).toBe('service_completed_successfully');
  });

  it('opens ports to this machine only, and knows every volume', () => {
    for (const port of services.flatMap(([, { ports }]) => ports)) expect(port).toMatch(/^127\.0\.0\.1:/);
    const mounts = services.flatMap(([, { volumes }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    const used = mounts.filter((mount) => !mount.startsWith('./'));
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
    for (const path of mounts.filter((mount) => mount.startsWith('./'))) expect([path, existsSync(resolve(INFRA, path))]).toEqual([path, true]);
  });
});

describe('secrets in the compose file', () => {
  it('that sign or open are held by the one process that needs them', () => {
    expect(mountsOf('auth')).toEqual(['setup']); // the private key of tokens
    expect(usersOf('checkpoint-key')).toEqual(['worker']);
    expect(mountsOf('keys').toSorted()).toEqual(['api', 'intake', 'notifications', 'reactions']); // of persons, and of decisions, whose votes reactions counts
    for (const reader of ['notifications', 'reactions']) expect(of(reader).volumes).toContain('keys:/keys:ro');
    expect(mountsOf('public').toSorted()).toEqual(['api', 'intake', 'setup']);
    for (const reader of ['api', 'intake']) expect(of(reader).volumes).toContain('public:/public:ro');
    expect(mountsOf('checkpoints')).toEqual(['worker']);
  });

  it('are handed to one consumer each, and to the server that checks them', () => {
    for (const secret of Object.keys(compose.secrets)) {
      const [server, ...rest] = secret.split('-');
      const consumer = rest.join('-').replace(/-(cert|key)$/, '');
      const users = usersOf(secret).filter((name) => name !== server);
      if (OURS.includes(consumer)) expect([secret, users]).toEqual([secret, [consumer]]);
      else if (secret !== 'ca' && secret !== 'postgres-password') expect([secret, usersOf(secret).length]).toEqual([secret, 1]);
    }
    expect(usersOf('postgres-password').toSorted()).toEqual(['postgres', 'temporal']);
  });

  it('are all declared, all used, and none stands in an environment', () => {
    const used = new Set(services.flatMap(([, { secrets }]) => secrets));
    expect([...used].toSorted()).toEqual(Object.keys(compose.secrets).toSorted());
    for (const [name, { environment, secrets }] of services)
      for (const [key, value] of Object.entries(environment)) {
        const file = /^\/run\/secrets\/(.+)$/.exec(value ?? '')?.[1] ?? /=\/run\/secrets\/(.+)$/.exec(value ?? '')?.[1];
        if (file !== undefined) expect([name, key, secrets.includes(file)]).toEqual([name, key, true]);
        if (/PASSWORD|PWD|SECRET/.test(key)) expect([name, key, value === null || /^\/run\/secrets\//.test(value)]).toEqual([name, key, true]);
      }
    expect(read('infra/Dockerfile.dockerignore').split('\n')).toContain('infra/compose/secrets');
    expect(read('.gitignore').split('\n')).toContain('infra/compose/secrets/');
  });

  it('let nobody into a store without one', () => {
    const kafka = of('kafka').environment;
    const outer = String(kafka['KAFKA_LISTENERS'])
      .split(',')
      .filter((listener) => !listener.includes('//127.0.0.1:'));
    expect(outer).toEqual(['CLIENT://:9092']);
    expect(kafka['KAFKA_LISTENER_SECURITY_PROTOCOL_MAP']).toContain('CLIENT:SASL_SSL');
    expect(of('mongodb').command).toEqual(expect.arrayContaining(['--keyFile=/tmp/keyfile', '--tlsMode=requireTLS'])); // a key file switches authentication on
    expect(of('temporal').environment).toMatchObject({ TEMPORAL_TLS_REQUIRE_CLIENT_AUTH: 'true', TEMPORAL_TLS_CLIENT1_CA_CERT: '/run/secrets/ca' });
    expect(of('postgres').environment).toMatchObject({ POSTGRES_PASSWORD_FILE: '/run/secrets/postgres-password' });
  });

  it('are what each process logs in with at each server that it has settings of', () => {
    for (const name of APPS) {
      const { environment } = of(name);
      for (const [server, address] of [
        ['KAFKA', 'QIYUE_KAFKA_BROKERS'],
        ['MONGODB', 'QIYUE_MONGODB_URI'],
      ] as const) {
        if (environment[address] === undefined) continue;
        expect([name, environment[`QIYUE_${server}_USER`]]).toEqual([name, name]);
        expect(environment[`QIYUE_${server}_PASSWORD_FILE`]).toBe(`/run/secrets/${server.toLowerCase()}-${name}`);
      }
      if (environment['QIYUE_TEMPORAL_ADDRESS'] !== undefined)
        expect(environment).toMatchObject({ QIYUE_TEMPORAL_TLS: 'on', QIYUE_TEMPORAL_CERT: `/run/secrets/temporal-${name}-cert` });
    }
  });
});

describe('containers of the compose file', () => {
  it('have no privileges, but for the two servers that have to become their own user', () => {
    for (const [name, { cap_drop, cap_add, security_opt, privileged }] of services) {
      expect([name, cap_drop, security_opt, privileged]).toEqual([name, ['ALL'], ['no-new-privileges:true'], false]);
      if (cap_add.length > 0) expect(['postgres', 'mongodb']).toContain(name);
    }
    for (const name of OURS) expect([name, of(name).read_only]).toEqual([name, true]);
  });

  it('reach the servers that they have settings of, and no others', () => {
    const SERVER_OF = { QIYUE_KAFKA_BROKERS: 'kafka', QIYUE_MONGODB_URI: 'mongodb', QIYUE_TEMPORAL_ADDRESS: 'temporal' } as const;
    for (const name of OURS) {
      const wanted = Object.entries(SERVER_OF).flatMap(([setting, server]) => (of(name).environment[setting] === undefined ? [] : [server]));
      const inner = of(name).networks.filter((network) => compose.networks[network]?.internal === true);
      expect([name, inner.toSorted()]).toEqual([name, wanted.toSorted()]);
    }
    expect(services.filter(([, { networks }]) => networks.includes('temporal-store')).map(([name]) => name)).toEqual(['postgres', 'temporal']);
    for (const [name, { networks }] of services) {
      expect([name, networks.length > 0]).toEqual([name, true]);
      if (STORES.includes(name))
        for (const network of networks) expect([name, network, compose.networks[network]?.internal]).toEqual([name, network, true]);
    }
    const outward = services.filter(([, { networks }]) => networks.includes('front') || networks.includes('outside')).map(([name]) => name);
    expect(outward.toSorted()).toEqual(['api', 'intake', 'notifications', 'temporal-ui']);
  });

  it('come from images with an exact version, which a digest may replace', () => {
    for (const [name, { image }] of services) {
      if (image === 'qiyue') continue;
      expect([name, image]).toEqual([name, expect.stringMatching(/^\$\{QIYUE_\w+_IMAGE:-[\w./-]+:\d+\.\d+(\.\d+)?[\w.-]*\}$/)]);
    }
    const dockerfile = read('infra/Dockerfile');
    expect([...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)).toEqual(['${NODE_IMAGE}', '${NODE_IMAGE}']);
    expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-/m);
  });

  it('have a folder of their own user behind every volume that they write to', () => {
    const made = /^RUN mkdir (.+?) && chown node:node (.+?) && chmod 0700 \/keys$/m.exec(read('infra/Dockerfile'));
    const folders = (made?.[1] ?? '').split(' ');
    expect(made?.[2]).toBe(made?.[1]);
    const written = OURS.flatMap((name) =>
      of(name)
        .volumes.filter((volume) => !volume.endsWith(':ro'))
        .map((volume) => volume.split(':')[1] ?? ''),
    );
    expect([...new Set(written)].filter((path) => !folders.includes(path))).toEqual([]);
    expect(folders).toContain('/keys');
    expect(read('infra/Dockerfile')).toMatch(/^USER node$/m);
  });
});
