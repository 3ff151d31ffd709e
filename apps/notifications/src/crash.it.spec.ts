import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { DirectoryStore, NoticeStore } from '@qiyue/edge';
import { AppProcess, eventually, freshStore, serversFromEnv } from '@qiyue/testkit';
import { dueNotice } from './testing/due-notice';
import { deadPort, replies, startPostServer, type PostServer } from './testing/post-server';

let database: Awaited<ReturnType<typeof freshStore>>;
let robot: PostServer;
let folder: string;
let app: AppProcess;

beforeEach(async () => {
  database = await freshStore();
  robot = await startPostServer(replies.silent);
  folder = mkdtempSync(join(tmpdir(), 'qiyue-notices-'));
  const env = {
    ...process.env,
    QIYUE_KAFKA_BROKERS: `127.0.0.1:${await deadPort()}`, // sends whether or not there are events
    QIYUE_MONGODB_URI: serversFromEnv().mongodb,
    QIYUE_MONGODB_DATABASE: database.store.db.databaseName,
    QIYUE_KEYS: join(folder, 'keys'),
    QIYUE_NOTICE_LEASE_MS: '1000',
    QIYUE_WEBHOOK_HOSTS: '127.0.0.1',
  };
  app = new AppProcess({ name: 'notifications', script: join(__dirname, '../dist/main.js'), env, logFile: join(folder, 'log') });
});
afterEach(async () => {
  await app.kill();
  await robot.stop();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

it('a process that is killed behind a message leaves it hanging: it is not sent again until the operator says so', async () => {
  const notices = new NoticeStore(database.store.db);
  const robots = [{ id: 'group', kind: 'wecom' as const, role: 'community', unit: 'x', url: `${robot.url}/send?key=k` }];
  await new DirectoryStore(database.store.db).replace({ persons: [], robots });
  const { key } = dueNotice('a');
  await notices.insert([dueNotice('a')]);
  app.start();
  await eventually('the message to arrive', () => robot.posted.length === 1, 30_000);
  await app.kill('SIGKILL');
  expect(await notices.find(key)).toMatchObject({ state: 'claimed', attempts: 1 });

  robot.answerWith(replies.json({ errcode: 0 }));
  app.start();
  await eventually('it to hang', async () => (await notices.find(key))?.state === 'hanging', 30_000);
  await notices.insert([dueNotice('b')]);
  await eventually('another to be sent', async () => (await notices.find(dueNotice('b').key))?.state === 'sent');
  expect(robot.posted).toHaveLength(2);
  expect(await notices.find(key)).toMatchObject({ state: 'hanging', reason: 'the lease ran out', attempts: 1 });

  expect(await notices.retry(key, dueNotice('a').at)).toBe(true);
  await eventually('it to be sent', async () => (await notices.find(key))?.state === 'sent');
  expect(robot.posted).toHaveLength(3);
  expect(app.crashes).toEqual([]);
});
