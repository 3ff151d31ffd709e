import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HandedReceipts } from '@qiyue/edge';
import { KeyFolder } from '@qiyue/privacy';
import { createTopics, EngineBench, readTopic, serversFromEnv, bundleOf } from '@qiyue/testkit';
import { anyDecider } from '@qiyue/engine-runtime';
import { needDecider } from '@qiyue/need-domain';
import { needCommandEvent } from '@qiyue/need-contracts';
import { startApi, type RunningApi } from './start-api';
import { quiet, request, settingsFor } from './testing/api-bench';
import { NEED, RESIDENT } from './testing/people';
import { TestTokens } from './testing/test-tokens';

const SEALED = { contact: expect.stringMatching(/^sealed:v1:/), description: expect.stringMatching(/^sealed:v1:/) };
const NOWHERE = '127.0.0.1:9';

describe('an API whose servers are away', () => {
  let tokens: TestTokens;
  let engine: EngineBench;
  const running: RunningApi[] = [];
  beforeAll(async () => {
    tokens = await TestTokens.create();
    engine = await EngineBench.create({ deciders: [anyDecider(needDecider)], bundle: await bundleOf(require.resolve('@qiyue/workflows-need')) });
    await createTopics(['qiyue.need.commands']);
  }, 60_000);
  afterAll(async () => {
    for (const api of running) await api.stop();
    await engine.close();
    await tokens.remove();
  }, 30_000);

  const start = async (changes: Readonly<Record<string, string>>): Promise<string> => {
    const api = await startApi(settingsFor(tokens, engine.db.databaseName, { QIYUE_COMMAND_WAIT_MS: '500', ...changes }), quiet, engine.taskQueue);
    running.push(api);
    return `http://127.0.0.1:${api.port}`;
  };

  it('starts, lives and says that it is not ready', async () => {
    const base = await start({
      QIYUE_TEMPORAL_ADDRESS: NOWHERE,
      QIYUE_KAFKA_BROKERS: NOWHERE,
      QIYUE_MONGODB_URI: `mongodb://${NOWHERE}/?directConnection=true`,
    });
    expect((await request(base, tokens, 'GET', '/health/live')).status).toBe(200);
    expect(await request(base, tokens, 'GET', '/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'not-ready', dependencies: { temporal: 'down', mongodb: 'down', kafka: 'down' }, quarantined: null },
    });
    const read = await request(base, tokens, 'GET', '/v1/needs', { as: RESIDENT });
    expect([read.status, read.body['code']]).toEqual([503, 'unavailable']);
    const key = randomUUID();
    const lost = await request(base, tokens, 'POST', '/v1/needs', { as: RESIDENT, body: NEED, key });
    expect([lost.status, lost.body['code'], lost.body['commandId'], lost.headers.get('retry-after')]).toEqual([503, 'outcome-unknown', key, '1']);
  });

  it('says that it cannot look at a token, and not that it is bad, while the keys of tokens are away', async () => {
    const base = await start({ QIYUE_JWKS: `http://${NOWHERE}/jwks.json` });
    expect((await request(base, tokens, 'GET', '/health/live')).status).toBe(200);
    expect(await request(base, tokens, 'GET', '/v1/me', { as: RESIDENT })).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect((await request(base, tokens, 'GET', '/v1/me')).status).toBe(401);
  });

  it('hands a command over when Temporal does not answer, and notes it pending', async () => {
    const base = await start({ QIYUE_TEMPORAL_ADDRESS: NOWHERE });
    const key = randomUUID();
    const taken = await request(base, tokens, 'POST', '/v1/needs', { as: RESIDENT, body: NEED, key });
    expect([taken.status, taken.body, taken.headers.get('location')]).toEqual([202, { commandId: key, state: 'pending' }, `/v1/commands/${key}`]);
    expect((await request(base, tokens, 'GET', `/v1/commands/${key}`, { as: RESIDENT })).body).toMatchObject({ commandId: key, state: 'pending' });
    const messages = await readTopic('qiyue.need.commands', (seen) => seen.some(({ value }) => value?.includes(key)));
    const message = messages.find(({ value }) => value?.includes(key));
    expect(needCommandEvent.parse(JSON.parse(message?.value ?? ''))).toMatchObject({
      id: key,
      type: 'qiyue.need.submit.v1',
      data: { ...NEED, ...SEALED },
    });
    expect(message?.headers['authorization']).toBe(`Bearer ${await tokens.mint(RESIDENT)}`);
    const receivedMs = await new HandedReceipts(new KeyFolder(tokens.keysPath)).of(message!);
    expect(receivedMs).toBe(Date.parse(String((JSON.parse(message?.value ?? '') as { readonly time: string }).time)));
    expect(receivedMs).toBeLessThan(message?.timestampMs ?? 0);
  });

  it('gives the same answer once Temporal is back', async () => {
    const key = randomUUID();
    await request(await start({ QIYUE_TEMPORAL_ADDRESS: NOWHERE }), tokens, 'POST', '/v1/needs', { as: RESIDENT, body: NEED, key });
    await engine.startWorker();
    const back = await start({ QIYUE_COMMAND_WAIT_MS: '10000' });
    const first = await request(back, tokens, 'POST', '/v1/needs', { as: RESIDENT, body: NEED, key });
    expect(first.status).toBe(201);
    expect((await request(back, tokens, 'POST', '/v1/needs', { as: RESIDENT, body: NEED, key })).body).toEqual(first.body);
  });

  it('takes commands while MongoDB and Kafka are away', async () => {
    const base = await start({
      QIYUE_KAFKA_BROKERS: NOWHERE,
      QIYUE_MONGODB_URI: `mongodb://${NOWHERE}/?directConnection=true`,
      QIYUE_COMMAND_WAIT_MS: '10000',
    });
    const key = randomUUID();
    const first = await request(base, tokens, 'POST', '/v1/needs', { as: RESIDENT, body: NEED, key });
    expect(first.status).toBe(201);
    expect((await request(base, tokens, 'POST', '/v1/needs', { as: RESIDENT, body: NEED, key })).body).toEqual(first.body);
    expect(serversFromEnv().mongodb).not.toContain(NOWHERE);
  }, 40_000);
});
