import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { eventually, type Answer } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { COMMUNITY, DEPARTMENT, NEED, NEIGHBOUR, OTHER_COMMUNITY, OTHER_DEPARTMENT, RESIDENT, SUPERVISOR } from './testing/people';
import type { Who } from './testing/test-tokens';

describe('commands over HTTP', () => {
  let bench: ApiBench;
  beforeAll(async () => {
    bench = await ApiBench.create();
  }, 60_000);
  afterAll(() => bench.close());

  const submit = async (as: Who = RESIDENT, changes: object = {}): Promise<string> => {
    const { status, body } = await bench.post('/v1/needs', as, { ...NEED, ...changes });
    expect(status).toBe(201);
    return String(body['needId']);
  };
  const does = async (as: Who, needId: string, command: string, body: object): Promise<Answer> => {
    const answer = await bench.post(`/v1/needs/${needId}/${command}`, as, body);
    expect([command, answer.status, answer.body]).toEqual([command, 200, expect.objectContaining({ needId })]);
    return answer;
  };

  it('takes a need through its whole life', async () => {
    const needId = await submit();
    await does(COMMUNITY, needId, 'inspect', { notes: '属实' });
    await does(DEPARTMENT, needId, 'claim', { unit: '住建局', plan: '两周' });
    const funded = await does(DEPARTMENT, needId, 'fund', { amountFen: 860_000, source: 'department', reference: 'A-1' });
    expect(funded.body).toEqual({ needId, seq: 4, stage: 'funded', status: 'waiting-to-start' });
    await does(DEPARTMENT, needId, 'start', {});
    await does(DEPARTMENT, needId, 'complete', { evidence: [{ kind: 'photo', url: 'https://files.example.org/1.jpg' }] });
    await does(COMMUNITY, needId, 'accept', {});
    await does(RESIDENT, needId, 'evaluate', { side: 'resident', score: 5, satisfied: true });
    const last = await does(COMMUNITY, needId, 'evaluate', { side: 'community', score: 4, satisfied: true });
    expect(last.body).toEqual({ needId, seq: 10, stage: 'evaluated', status: 'open-to-reopen' });
    const view = await bench.get(`/v1/needs/${needId}?minSeq=10`, SUPERVISOR);
    expect(view).toMatchObject({ status: 200, body: { needId, seq: 10, stage: 'evaluated', unit: '住建局', funding: [{ amountFen: 860_000 }] } });
    const history = await bench.get(`/v1/needs/${needId}/history`, SUPERVISOR);
    expect((history.body['events'] as { seq: number }[]).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('answers a repeated key with the same body and makes one need', async () => {
    const key = randomUUID();
    const [first, second] = await Promise.all([bench.post('/v1/needs', RESIDENT, NEED, key), bench.post('/v1/needs', RESIDENT, NEED, key)]);
    expect(first.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(first.headers.get('command-id')).toBe(key);
    expect((await bench.post('/v1/needs', RESIDENT, NEED, key)).body).toEqual(first.body);
  });

  it('refuses a key that was used for another body or by another actor', async () => {
    const key = randomUUID();
    await bench.post('/v1/needs', RESIDENT, NEED, key);
    const otherBody = await bench.post('/v1/needs', RESIDENT, { ...NEED, title: '别的' }, key);
    const otherActor = await bench.post('/v1/needs', NEIGHBOUR, NEED, key);
    expect([otherBody.status, otherBody.body['code']]).toEqual([422, 'key-reused']);
    expect([otherActor.status, otherActor.body['code']]).toEqual([422, 'key-reused']);
  });

  it('makes a key when there is none and says which', async () => {
    const { headers, body } = await bench.post('/v1/needs', RESIDENT, NEED);
    const commandId = headers.get('idempotency-key');
    expect(commandId).toMatch(/^[0-9a-f-]{36}$/);
    const state = await bench.get(`/v1/commands/${commandId}`, RESIDENT);
    expect(state).toMatchObject({ status: 200, body: { commandId, state: 'accepted', needId: body['needId'], seq: 1 } });
  });

  it('gives a refusal of the rules its code, status and trace', async () => {
    const needId = await submit();
    const key = randomUUID();
    const refused = await bench.post(`/v1/needs/${needId}/fund`, DEPARTMENT, { amountFen: 1, source: 'department', reference: 'A' }, key);
    expect(refused).toMatchObject({ status: 409, body: { code: 'wrong-stage', status: 409, commandId: key, type: 'urn:qiyue:problem:wrong-stage' } });
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect((await bench.get(`/v1/commands/${key}`, DEPARTMENT)).body).toEqual({
      commandId: key,
      state: 'refused',
      code: 'wrong-stage',
      needId,
      seq: 1,
    });
    expect((await bench.get(`/v1/needs/${needId}/history`, SUPERVISOR)).body['events']).toHaveLength(1);
  });

  it('refuses a submit by a role that may not, without starting a workflow', async () => {
    const key = randomUUID();
    const refused = await bench.post('/v1/needs', DEPARTMENT, NEED, key);
    expect(refused).toMatchObject({ status: 403, body: { code: 'not-permitted' } });
    const state = await bench.get(`/v1/commands/${key}`, DEPARTMENT);
    expect(state.body).toEqual({ commandId: key, state: 'refused', code: 'not-permitted' });
    const row = await bench.engine.store.commands.findOne({ _id: key });
    await expect(bench.engine.client.workflow.getHandle(`need-${row?.entity}`).describe()).rejects.toThrow(/not found/i);
    expect((await bench.post('/v1/needs', DEPARTMENT, NEED, key)).body).toEqual(refused.body);
  });

  it('refuses another unit, another community and another author with 403', async () => {
    const needId = await submit();
    const asked: [Who, string, object][] = [
      [OTHER_DEPARTMENT, 'claim', { unit: '住建局', plan: '抢单' }],
      [OTHER_COMMUNITY, 'reject', { reason: '不归我管' }],
      [NEIGHBOUR, 'withdraw', { reason: '不要了' }],
    ];
    for (const [who, command, body] of asked) {
      const answer = await bench.post(`/v1/needs/${needId}/${command}`, who, body);
      expect([command, answer.status, answer.body['code']]).toEqual([command, 403, 'not-permitted']);
    }
  });

  it('knows nothing of a need that does not exist or cannot', async () => {
    for (const needId of ['0123456789abcdefghjkmnpqrs', 'nonsense', '..', '%00', 'a'.repeat(300)]) {
      const path = `/v1/needs/${encodeURIComponent(needId)}`;
      const answers = await Promise.all([
        bench.post(`${path}/withdraw`, RESIDENT, { reason: 'x' }),
        bench.get(path, RESIDENT),
        bench.get(`${path}/history`, RESIDENT),
        bench.get(`${path}/at?seq=1`, RESIDENT),
      ]);
      expect([needId, ...answers.map(({ status }) => status)]).toEqual([needId, 404, 404, 404, 404]);
    }
  });

  it('lets one of two departments have the need', async () => {
    const needId = await submit();
    const answers = await Promise.all([
      bench.post(`/v1/needs/${needId}/claim`, DEPARTMENT, { unit: '住建局', plan: 'A' }),
      bench.post(`/v1/needs/${needId}/claim`, OTHER_DEPARTMENT, { unit: '水利局', plan: 'B' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('goes on answering a need that has ended', async () => {
    const needId = await submit();
    await does(RESIDENT, needId, 'withdraw', { reason: '自己解决' });
    const handle = bench.engine.client.workflow.getHandle(`need-${needId}`);
    await eventually('workflow ended', async () => (await handle.describe()).status.name === 'COMPLETED', 20_000);
    const late = await bench.post(`/v1/needs/${needId}/claim`, DEPARTMENT, { unit: '住建局', plan: 'A' });
    expect(late).toMatchObject({ status: 409, body: { code: 'wrong-stage' } });
  });
});
