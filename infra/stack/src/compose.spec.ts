import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { settingsSchema } from '@qiyue/adapters';
import { parse } from 'yaml';
import { z } from 'zod';
import { startArgs } from './servers/temporal.server';

const INFRA = resolve(__dirname, '../..');
const service = z.object({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string().nullable()).default({}), // null: passed on from where compose is called, if it is set there
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  configs: z.array(z.object({ source: z.string(), target: z.string() })).default([]),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
const compose = z
  .object({
    services: z.record(z.string(), service),
    volumes: z.record(z.string(), z.unknown()),
    configs: z.record(z.string(), z.object({ content: z.string() })),
  })
  .parse(parse(readFileSync(resolve(INFRA, 'compose.yaml'), 'utf8'), { merge: true }));
const APPS = ['worker', 'relay', 'intake', 'projections', 'notifications', 'api'];
const OURS = [...APPS, 'setup'];
const services = Object.entries(compose.services);

describe('the compose file', () => {
  it('has all servers and all of our processes', () => {
    expect(Object.keys(compose.services)).toEqual(['postgres', 'temporal', 'temporal-ui', 'kafka', 'mongodb', 'setup', ...APPS]);
  });

  it.each(APPS)('gives %s settings that exist and hold', (name) => {
    const environment = compose.services[name]?.environment ?? {};
    const known = Object.keys(settingsSchema.shape);
    expect(Object.keys(environment).filter((key) => !known.includes(key))).toEqual([]);
    const resolved = Object.fromEntries(
      Object.entries(environment).flatMap(([key, value]) => (value === null ? [] : [[key, value.replace(/\$\{\w+:-(.*?)\}/g, '$1')]])),
    );
    expect(settingsSchema.safeParse(resolved).error).toBeUndefined();
  });

  it.each(OURS)('starts %s by a script that has a source', (name) => {
    const script = compose.services[name]?.command?.[1] ?? '';
    expect(existsSync(resolve(INFRA, '..', script.replace('/dist/', '/src/').replace(/\.js$/, '.ts')))).toBe(true);
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
        if (condition === 'service_healthy') expect([name, other, compose.services[other]?.healthcheck === undefined]).toEqual([name, other, false]);
      }
    }
    for (const app of APPS) expect(compose.services[app]?.depends_on['setup']?.condition).toBe('service_completed_successfully');
  });

  it('opens ports to this machine only, and knows every volume', () => {
    for (const port of services.flatMap(([, { ports }]) => ports)) expect(port).toMatch(/^127\.0\.0\.1:/);
    const used = services.flatMap(([, { volumes }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
  });
});
