import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { BUREAU, NEED_BODY, PEOPLE, eventually, startSystem, type System } from '@qiyue/testkit';
import { Steps } from './steps';

const { resident, department } = PEOPLE;
const TOKEN_LIFE_S = 2;

const WAIT_MS = 800;

describe('commands while a process of ours is away', () => {
  let system: System;
  let steps: Steps;
  beforeAll(async () => {
    system = await startSystem({ without: ['worker'], settings: { QIYUE_COMMAND_WAIT_MS: String(WAIT_MS) } });
    steps = new Steps(system);
  }, 120_000);
  afterAll(() => system?.stop(), 60_000);

  it('takes a submit without a worker, does it once there is one, and leaves one running workflow', async () => {
    const key = randomUUID();
    const taken = await system.post('/v1/needs', resident, NEED_BODY, key);
    const answeredMs = Date.now();
    expect([taken.status, taken.body]).toEqual([202, { commandId: key, state: 'pending' }]);
    const retried = await system.post('/v1/needs', resident, NEED_BODY, key);
    expect(retried.status).toBe(202);
    expect((await system.get(`/v1/commands/${key}`, resident)).body).toMatchObject({ commandId: key, state: 'pending' });
    await system.app('worker').restart();
    const outcome = await steps.outcomeOf(key);
    expect(outcome).toMatchObject({ state: 'accepted', seq: 1 });
    const again = await eventually('an answer in time', async () => {
      const answer = await system.post('/v1/needs', resident, NEED_BODY, key);
      return answer.status === 201 && answer;
    });
    expect(again.body).toMatchObject({ needId: outcome['needId'], seq: 1, stage: 'submitted' });
    const history = await steps.historyOf(String(outcome['needId']));
    expect(history).toHaveLength(1);
    expect(Date.parse(String(history[0]?.['time']))).toBeLessThanOrEqual(answeredMs - WAIT_MS); // when the API received it, before it waited
    await eventually('one running workflow', async () => (await runningWorkflows()).length === 1);
    expect(await runningWorkflows()).toEqual([`need-${String(outcome['needId'])}`]);
  }, 90_000);

  it('honours a token that was valid when the broker took the command', async () => {
    const needId = await steps.submit();
    await system.app('intake').stop();
    const id = randomUUID();
    const token = await system.token(department, TOKEN_LIFE_S);
    const expiresAtMs = Number((JSON.parse(Buffer.from(String(token.split('.')[1]), 'base64url').toString()) as { readonly exp: number }).exp) * 1000;
    await system.kafka.send({ id, type: 'claim', subject: needId, data: { unit: BUREAU, plan: '两周' }, token });
    expect(Date.now()).toBeLessThan(expiresAtMs);
    await eventually('the token to have expired', () => Date.now() > expiresAtMs + 1_000);
    expect((await system.request('GET', `/v1/needs/${needId}`, { token })).status).toBe(401);
    await system.app('intake').restart();
    expect(await steps.outcomeOf(id)).toMatchObject({ state: 'accepted', needId, seq: 2 });
  }, 60_000);

  const runningWorkflows = async (): Promise<readonly string[]> => {
    const connection = await Connection.connect({ address: system.servers.temporal.address });
    try {
      const ids: string[] = [];
      for await (const { workflowId } of new Client({ connection }).workflow.list({ query: 'ExecutionStatus = "Running"' })) ids.push(workflowId);
      return ids;
    } finally {
      await connection.close();
    }
  };
});
