import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from '@jest/globals';
import { BUREAU, NEED_BODY, PEOPLE, eventually, type System } from '@qiyue/testkit';
import { Steps } from './steps';

const { resident, neighbour, community, department, supervisor } = PEOPLE;

export const oneCommandOneAnswer = (running: () => System): void => {
  let system: System;
  let steps: Steps;
  beforeAll(() => {
    system = running();
    steps = new Steps(system);
  });

  it('makes one need of a submit that comes three times at once', async () => {
    const key = randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => system.post('/v1/needs', resident, NEED_BODY, key)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await steps.historyOf(String(answers[0]?.body['needId']))).toHaveLength(1);
  });

  it('does a claim once that comes three times at once and then over Kafka', async () => {
    const needId = await steps.submit();
    const key = randomUUID();
    const claim = { unit: BUREAU, plan: '两周' };
    const answers = await Promise.all([1, 2, 3].map(() => system.post(`/v1/needs/${needId}/claim`, department, claim, key)));
    expect(answers.map(({ status, body }) => [status, body['seq']])).toEqual([
      [200, 2],
      [200, 2],
      [200, 2],
    ]);
    await system.kafka.send({ id: key, type: 'claim', subject: needId, data: claim, token: await system.token(department) });
    // A later command of the same key is taken only when the earlier has its outcome.
    expect(await steps.overKafka(department, needId, 'start', {})).toMatchObject({ state: 'refused', code: 'wrong-stage' });
    expect((await system.get(`/v1/commands/${key}`, supervisor)).body).toEqual({ commandId: key, state: 'accepted', needId, seq: 2 });
    expect(await steps.historyOf(needId)).toHaveLength(2);
  });

  it('answers over HTTP what Kafka brought', async () => {
    const id = randomUUID();
    await system.kafka.send({ id, type: 'submit', data: NEED_BODY, token: await system.token(resident) });
    const outcome = await steps.outcomeOf(id);
    expect(outcome).toMatchObject({ state: 'accepted', seq: 1 });
    const again = await system.post('/v1/needs', resident, NEED_BODY, id);
    expect([again.status, again.body['needId'], again.body['seq']]).toEqual([201, outcome['needId'], 1]);
  });

  it('gives the same answer after the need has ended', async () => {
    const needId = await steps.submit();
    const key = randomUUID();
    const first = await system.post(`/v1/needs/${needId}/withdraw`, resident, { reason: '自己解决' }, key);
    expect(first.status).toBe(200);
    await eventually('the read model to see the end', async () => (await steps.seen(needId, 2))['stage'] === 'withdrawn');
    const again = await system.post(`/v1/needs/${needId}/withdraw`, resident, { reason: '自己解决' }, key);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await steps.overKafka(resident, needId, 'withdraw', { reason: '自己解决' }, key)).toMatchObject({ state: 'accepted', seq: 2 });
    expect(await steps.historyOf(needId)).toHaveLength(2);
  });

  it('refuses a key that another actor or another body has used, on both channels', async () => {
    const key = randomUUID();
    const first = await system.post('/v1/needs', resident, NEED_BODY, key);
    for (const [who, body] of [
      [neighbour, NEED_BODY],
      [resident, { ...NEED_BODY, title: '别的' }],
    ] as const) {
      const answer = await system.post('/v1/needs', who, body, key);
      expect([answer.status, answer.body['code']]).toEqual([422, 'key-reused']);
    }
    await system.kafka.send({ id: key, type: 'submit', data: NEED_BODY, token: await system.token(neighbour) });
    const letters = await eventually('the dead letter', async () => {
      const dead = await system.kafka.readAll('qiyue.need.commands.dead');
      return dead.some(({ value }) => value?.includes(key)) && dead.filter(({ value }) => value?.includes(key));
    });
    expect(letters.map(({ headers }) => headers['reason'])).toEqual(['key-reused']);
    expect((await system.get(`/v1/commands/${key}`, resident)).body).toMatchObject({ state: 'accepted', needId: first.body['needId'] });
  });

  it('keeps the trace of a refusal and repeats it', async () => {
    const needId = await steps.submit();
    const key = randomUUID();
    const body = { reason: '不属实' };
    const refused = await system.post(`/v1/needs/${needId}/reopen`, community, body, key);
    expect([refused.status, refused.body['code']]).toEqual([409, 'wrong-stage']);
    expect((await system.get(`/v1/commands/${key}`, supervisor)).body).toEqual({
      commandId: key,
      state: 'refused',
      code: 'wrong-stage',
      needId,
      seq: 1,
    });
    expect((await system.post(`/v1/needs/${needId}/reopen`, community, body, key)).body).toEqual(refused.body);
    const row = await system.store.commands.findOne({ _id: key });
    expect(row).toMatchObject({ actor: { id: community.actor, role: 'community' }, type: 'reopen', channel: 'http', receivedAt: expect.any(String) });
  });
};
