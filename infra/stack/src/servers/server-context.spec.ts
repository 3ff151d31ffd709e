import { afterAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { emptyFolder, removeEmptyFolders } from '../testing/stack-world';
import { containerPlan } from './server-context';

const run = { docker: 'docker', name: 'kafka', image: 'apache/kafka:4.1.1', ports: [19_092], mountedAt: '/data', args: ['start'] } as const;
const dataDir = emptyFolder();

afterAll(removeEmptyFolders);
describe('a server in a container', () => {
  it('is open to this machine only, and keeps its files in the data folder', () => {
    const { args } = containerPlan({ ...run, dataDir, env: { A: 'b' } });
    expect(args.join(' ')).toMatch(/^run --rm --name qiyue-[0-9a-f]{10}-kafka /);
    expect(args.join(' ')).toContain('--publish 127.0.0.1:19092:19092');
    expect(args.join(' ')).toContain(`--env A=b --volume ${join(dataDir, 'kafka')}:/data apache/kafka:4.1.1 start`);
  });

  it('has a name of its own for each data folder', () => {
    expect(containerPlan({ ...run, dataDir }).container?.name).not.toBe(containerPlan({ ...run, dataDir: join(dataDir, 'other') }).container?.name);
  });

  it('that runs only as its own user gets a volume under its name instead', () => {
    const plan = containerPlan({ ...run, dataDir, volume: true });
    expect(plan.args).toContain(`${plan.container?.name}:/data`);
    expect(plan.args).not.toContain('--user');
  });
});
