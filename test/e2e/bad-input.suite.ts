import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from '@jest/globals';
import { BUREAU, NEED_BODY, PEOPLE, eventually, type Body, type System, type TopicMessage } from '@qiyue/testkit';
import { Steps } from './steps';

const { resident, department } = PEOPLE;
const COMMANDS = 'qiyue.need.commands';
const item = NEED_BODY.items[0];

const NEEDS: readonly [string, number, unknown][] = [
  ['a number for a title', 422, { ...NEED_BODY, title: 7 }],
  ['an unknown field', 422, { ...NEED_BODY, isUrgent: true }],
  ['quantity 0', 422, { ...NEED_BODY, items: [{ ...item, quantity: 0 }] }],
  ['a negative quantity', 422, { ...NEED_BODY, items: [{ ...item, quantity: -3 }] }],
  ['no items', 422, { ...NEED_BODY, items: [] }],
  ['a title of 10,000 characters', 422, { ...NEED_BODY, title: '长'.repeat(10_000) }],
  ['a body of more than 1 MB', 413, { ...NEED_BODY, description: 'x'.repeat(1_100_000) }],
  ['JSON that cannot be read', 400, '{"title": "half'],
];
const OTHERS: readonly [string, string, object][] = [
  ['0 fen', 'fund', { amountFen: 0, source: 'department', reference: 'A' }],
  ['part of a fen', 'fund', { amountFen: 10.5, source: 'department', reference: 'A' }],
  ['more than 10^13 fen', 'fund', { amountFen: 10 ** 13 + 1, source: 'department', reference: 'A' }],
  ['an impossible date', 'claim', { unit: BUREAU, plan: 'A', promisedBy: '2024-02-30' }],
  ['a score of 6', 'evaluate', { side: 'resident', score: 6, satisfied: true }],
];

export const badInput = (running: () => System): void => {
  let system: System;
  let steps: Steps;
  let needId: string;
  let before: Body;
  beforeAll(async () => {
    system = running();
    steps = new Steps(system);
    needId = await steps.submit();
    await steps.seen(needId, 1);
    before = await steps.stageCounts();
  }, 60_000);

  it.each(NEEDS)('refuses over HTTP: %s', async (_name, status, body) => {
    const answer = await system.post('/v1/needs', resident, body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, expect.stringContaining('application/problem+json')]);
  });

  it.each(OTHERS)('refuses over HTTP: %s', async (_name, command, body) => {
    expect((await system.post(`/v1/needs/${needId}/${command}`, department, body)).status).toBe(422);
  });

  it('refuses wrong, foreign and expired tokens with 401', async () => {
    const good = await system.token(resident);
    for (const token of ['nonsense', `${good.slice(0, -6)}AAAAAA`, await system.token(resident, -60)]) {
      const { status, body } = await system.request('POST', '/v1/needs', { token, body: NEED_BODY });
      expect([status, body['code']]).toEqual([401, 'unauthenticated']);
    }
    expect((await system.request('GET', '/v1/needs')).status).toBe(401);
  });

  it.each([
    ['no JSON', 'malformed', (id: string) => `{"id": "${id}`],
    ['no CloudEvent', 'malformed', (id: string) => JSON.stringify({ id, hello: 'world' })],
    ['another version', 'malformed', (id: string) => JSON.stringify({ ...event(id), specversion: '0.3' })],
    ['an unknown command', 'malformed', (id: string) => JSON.stringify({ ...event(id), type: 'qiyue.need.abolish.v1' })],
    ['a command of the engine itself', 'malformed', (id: string) => JSON.stringify({ ...event(id), type: 'qiyue.need.close.v1' })],
    ['a body that does not fit', 'invalid', (id: string) => JSON.stringify({ ...event(id), data: { unit: BUREAU } })],
    ['a need that nobody submitted', 'not-found', (id: string) => JSON.stringify({ ...event(id), subject: '0123456789abcdefghjkmnpqrs' })],
  ])('buries over Kafka, with the reason and without the token: %s', async (_name, reason, messageOf) => {
    const id = randomUUID();
    const token = await system.token(department);
    await system.kafka.sendRaw(COMMANDS, id, messageOf(id), { authorization: `Bearer ${token}` });
    const letter = await deadLetterOf(id);
    expect(letter.headers['reason']).toBe(reason);
    expect(JSON.stringify(letter)).not.toContain(token);
    expect(Object.keys(letter.headers)).not.toContain('authorization');
  });

  it('buries over Kafka what is asked of a unit’s year that is a need, and takes what comes behind it', async () => {
    const [id, next] = [randomUUID(), randomUUID()];
    const asked = { aggregate: 'unit-year', type: 'close', subject: needId, data: {}, token: await system.token(department) };
    for (const each of [id, next]) await system.kafka.send({ ...asked, id: each });
    for (const each of [id, next]) expect((await deadLetterOf(each, 'qiyue.unit-year.commands')).headers['reason']).toBe('not-found');
  });

  it.each([
    ['no token', async () => undefined],
    ['a made-up token', async () => 'aaa.bbb.ccc'],
    ['a token that had expired when the broker took it', async () => system.token(department, -60)],
  ])('buries over Kafka: %s', async (_name, tokenOf) => {
    const id = randomUUID();
    const token = await tokenOf();
    await system.kafka.send({ id, type: 'claim', subject: needId, data: event(id).data, ...(token === undefined ? {} : { token }) });
    const letter = await deadLetterOf(id);
    expect(letter.headers['reason']).toBe('unauthenticated');
    if (token !== undefined) expect(JSON.stringify(letter)).not.toContain(token);
    expect((await system.get(`/v1/commands/${id}`, PEOPLE.supervisor)).status).toBe(404); // nobody is known to have sent it
  });

  it('has done nothing of all that, and goes on', async () => {
    expect(await steps.stageCounts()).toEqual(before);
    expect(await steps.historyOf(needId)).toHaveLength(1);
    expect(await system.store.ledger.countDocuments({})).toBe(1);
    expect(await steps.overKafka(department, needId, 'claim', event('x').data)).toMatchObject({ state: 'accepted', seq: 2 });
    const { status } = await system.post('/v1/needs', resident, { ...NEED_BODY, title: '👵🏻 扶手 🛠️', description: '长'.repeat(5_000) });
    expect(status).toBe(201);
    expect(system.crashes).toEqual([]);
  });

  const event = (id: string) => ({
    specversion: '1.0',
    id,
    source: '/test',
    type: 'qiyue.need.claim.v1',
    subject: needId,
    data: { unit: BUREAU, plan: '两周' },
  });

  const deadLetterOf = (id: string, topic = COMMANDS): Promise<TopicMessage> =>
    eventually(
      `the dead letter of ${id}`,
      async () => (await system.kafka.readAll(`${topic}.dead`)).find(({ key, value }) => key === id || value?.includes(id)),
      20_000,
    );
};
