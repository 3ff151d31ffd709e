import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import type { System } from '@qiyue/testkit';
import { DOCS, pathOf, read } from '../docs/pages';

const run = promisify(execFile);

/** What the page wants typed into the second shell, in its order. */
const typed = (page: string): string => {
  const [start, ...rest] = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => String(block));
  if (start !== 'npm start\n') throw new Error(`the page begins with ${start}`);
  return rest.join('\n');
};

export const tenMinutes = (running: () => System): void => {
  it('takes a new developer from a start to events by server-sent events, client and Kafka, as the page says', async () => {
    const { base, dataDir, servers } = running();
    const { stdout, stderr } = await run('bash', ['-euc', typed(read(`${DOCS}/ten-minutes.md`))], {
      cwd: pathOf('.'),
      env: { ...process.env, QIYUE_DATA_DIR: dataDir, API: base, BROKERS: servers.kafkaBrokers },
      timeout: 50_000,
    });
    const needId = /"subject":"([^"]+)"/.exec(stdout)?.[1];
    expect(stdout.split('\n').map((line) => (line.startsWith('data:') ? JSON.parse(line.slice(5)) : line))).toEqual([
      expect.objectContaining({ subject: needId, sequence: '1', type: 'qiyue.need.NeedSubmitted.v1' }),
      expect.objectContaining({ subject: needId, sequence: '2', type: 'qiyue.need.NeedClaimed.v1' }),
      'client 1 qiyue.need.NeedSubmitted.v1',
      'client 2 qiyue.need.NeedClaimed.v1',
      'kafka 1 qiyue.need.NeedSubmitted.v1',
      'kafka 2 qiyue.need.NeedClaimed.v1',
      '',
    ]);
    expect(stderr).toContain('not-permitted: You may not do this.');
  });
};
