import { createHash, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { CompressionTypes, Kafka, logLevel, Partitioners, type Message, type Producer } from 'kafkajs';
import { DeadLetterRows, ParkedCommands } from '@qiyue/edge';
import { entityIdOf, TASK_QUEUE, workflowIdOf, workflowTypeOf } from '@qiyue/engine';
import { Incidents } from '@qiyue/engine-runtime';
import { BUREAU, NEED_BODY, PEOPLE, eventually, startSystem, type System, type TopicMessage } from '@qiyue/testkit';
import { qiyue } from '../faults/operator-surfaces';
import { Steps } from './steps';

const { resident, neighbour, department, supervisor } = PEOPLE;
const [COMMANDS, EVENTS] = ['qiyue.need.commands', 'qiyue.need.events'];
const PARTITION = 3;
const NEXT_BOUND_MS = 10_000;

describe('one message', () => {
  let system: System;
  let steps: Steps;
  let producer: Producer;
  let token: string;
  beforeAll(async () => {
    system = await startSystem({ settings: { QIYUE_INTAKE_PARK_AFTER_MS: '2000' } });
    steps = new Steps(system);
    const kafka = new Kafka({ brokers: system.servers.kafkaBrokers.split(','), logLevel: logLevel.NOTHING });
    producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    token = await system.token(resident);
  }, 120_000);
  afterAll(async () => {
    await producer?.disconnect();
    await system?.stop();
  }, 60_000);

  const event = (id: string, more: object = {}): object => ({
    ...{ specversion: '1.0', id, source: '/test', type: 'qiyue.need.submit.v1', data: NEED_BODY },
    ...more,
  });
  const sendRaw = (topic: string, message: Message): Promise<unknown> =>
    producer.send({ topic, messages: [{ partition: PARTITION, key: null, ...message }] });
  /** A good command behind it on the same partition comes through. */
  const nextComesThrough = async (id: string = randomUUID()): Promise<string> => {
    await sendRaw(COMMANDS, { key: id, value: JSON.stringify(event(id)), headers: { authorization: `Bearer ${token}` } });
    await eventually(
      'the next command',
      async () => (await system.get(`/v1/commands/${encodeURIComponent(id)}`, supervisor)).body['state'] === 'accepted',
      NEXT_BOUND_MS,
    );
    return id;
  };
  const letters = async (topic: string): Promise<readonly TopicMessage[]> => system.kafka.readAll(`${topic}.dead`);

  const deep = '['.repeat(20_000);
  it.each<[string, string, Message]>([
    ['whose data nests 20,000 deep', 'unauthenticated', { value: `{"specversion":"1.0","data":{"description":${deep}` }],
    ['that nests 20,000 deep in an object', 'unauthenticated', { value: '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000) }],
    ['of a time before all time', 'unauthenticated', { value: '{"before":1}', timestamp: '-9000000000000000' }],
    ['of a time after all time', 'unauthenticated', { value: '{"after":1}', timestamp: '9000000000000000' }],
    ['of 1,048,490 characters', 'unauthenticated', { value: 'x'.repeat(1_048_490) }],
    ['with a key of a megabyte', 'unauthenticated', { key: 'k'.repeat(1_000_000), value: '{"key":1}' }],
    ['that is no UTF-8', 'malformed', { value: Buffer.from([0xff, 0xfe, 0xc0, 0x80]) }],
    ['that is a tombstone', 'unauthenticated', { value: null }],
    [
      'with 5,000 headers',
      'malformed',
      { value: '{"headers":1}', headers: Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`h${i}`, 'x'])) },
    ],
    ['whose type turns on whoever reads it', 'unauthenticated', { value: '{"type":{"toString":1,"valueOf":2}}' }],
  ])('without a token %s becomes one dead letter, and the next command comes through', async (_name, reason, message) => {
    const before = (await letters(COMMANDS)).length;
    await sendRaw(COMMANDS, message);
    await nextComesThrough();
    const after = await letters(COMMANDS);
    expect(after.length - before).toBe(1);
    const letter = after.find(({ headers }) => headers['source-sha256'] === sha256(message.value ?? ''));
    expect(letter?.headers).toMatchObject({
      reason,
      'source-topic': COMMANDS,
      'source-partition': String(PARTITION),
      'source-offset': expect.any(String),
    });
    expect(Buffer.byteLength(letter?.value ?? '') + Buffer.byteLength(letter?.key ?? '')).toBeLessThan(510_000);
    const row = await system.store.db
      .collection('deadLetters')
      .findOne({ _id: `${COMMANDS}:${PARTITION}:${letter?.headers['source-offset']}` } as object);
    expect(row).toMatchObject({ reason, reader: 'intake', state: 'open', hash: sha256(message.value ?? '') });
  });

  it.each<[string, (id: string) => Message]>([
    ['deep data', (id) => ({ value: `{"specversion":"1.0","id":"${id}","data":{"description":${deep}` })],
    ['a body that turns on whoever reads it', (id) => ({ value: JSON.stringify(event(id, { type: { toString: 1 } })) })],
    [
      'numbers and names that are none',
      (id) => ({
        value: `{"specversion":"1.0","id":"${id}","source":"/t","type":"qiyue.need.submit.v1","data":{"__proto__":{"a":1},"title":1e400,"items":[null,-0]}}`,
      }),
    ],
    ['lone surrogates', (id) => ({ value: JSON.stringify(event(id, { data: { ...NEED_BODY, title: '\ud800' } })) })],
    ['null everywhere', (id) => ({ value: `{"specversion":null,"id":"${id}","source":null,"type":null,"subject":null,"data":null}` })],
  ])('with a token and %s becomes one dead letter, without the token, and the next command comes through', async (_name, messageOf) => {
    const id = randomUUID();
    await sendRaw(COMMANDS, { ...messageOf(id), headers: { authorization: `Bearer ${token}` } });
    await nextComesThrough();
    const found = (await letters(COMMANDS)).filter(({ value }) => value?.includes(id));
    expect(found).toHaveLength(1);
    expect(JSON.stringify(found)).not.toContain(token);
  });

  it('packed by its producer is taken, and one that unpacks to 100 MB is refused by the broker', async () => {
    const id = randomUUID();
    const message = { partition: PARTITION, key: id, value: JSON.stringify(event(id)), headers: { authorization: `Bearer ${token}` } };
    await producer.send({ topic: COMMANDS, compression: CompressionTypes.GZIP, messages: [message] });
    await eventually(
      'the packed command',
      async () => (await system.get(`/v1/commands/${id}`, supervisor)).body['state'] === 'accepted',
      NEXT_BOUND_MS,
    );
    const bomb = { partition: PARTITION, value: Buffer.alloc(100 * 1024 * 1024, 'x') };
    await expect(producer.send({ topic: COMMANDS, compression: CompressionTypes.GZIP, messages: [bomb] })).rejects.toThrow();
    await nextComesThrough();
  });

  it('in CloudEvents’ binary mode is a command like any other', async () => {
    const id = randomUUID();
    const attributes = { ce_specversion: '1.0', ce_id: id, ce_source: '/test', ce_type: 'qiyue.need.submit.v1' };
    const headers = { ...attributes, 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${token}` };
    await sendRaw(COMMANDS, { key: id, value: JSON.stringify(NEED_BODY), headers });
    expect(await steps.outcomeOf(id)).toMatchObject({ state: 'accepted', seq: 1 });
  });

  it('that nobody is known to have sent claims no id and changes no row', async () => {
    const [known, future] = [await nextComesThrough(), randomUUID()];
    for (const id of [known, future]) await sendRaw(COMMANDS, { key: id, value: JSON.stringify(event(id)) });
    await eventually('the dead letters', async () => (await letters(COMMANDS)).filter(({ key }) => key === known || key === future).length === 2);
    expect((await system.get(`/v1/commands/${known}`, supervisor)).body['state']).toBe('accepted');
    expect((await system.get(`/v1/commands/${future}`, supervisor)).status).toBe(404);
    expect((await system.post('/v1/needs', resident, NEED_BODY, future)).status).toBe(201);
    expect((await system.get(`/v1/commands/${future}`, supervisor)).body['state']).toBe('accepted');
  });

  it('that cannot be taken says so under its id, which a good command may have yet, whoever sends it', async () => {
    const id = randomUUID();
    await sendRaw(COMMANDS, { key: id, value: JSON.stringify(event(id, { data: {} })), headers: { authorization: `Bearer ${token}` } });
    expect(await steps.outcomeOf(id)).toMatchObject({ state: 'dead', code: 'invalid' });
    const others = `Bearer ${await system.token(neighbour)}`;
    await sendRaw(COMMANDS, { key: id, value: JSON.stringify(event(id, { type: 'nothing' })), headers: { authorization: others } });
    await eventually('both dead letters', async () => (await letters(COMMANDS)).filter(({ key }) => key === id).length === 2);
    expect(await steps.outcomeOf(id)).toMatchObject({ state: 'dead', code: 'invalid' });
    const { status, body } = await system.post('/v1/needs', neighbour, NEED_BODY, id);
    expect([status, body['needId']]).toEqual([201, entityIdOf('need', neighbour.actor, id)]);
    expect((await system.get(`/v1/commands/${id}`, supervisor)).body).toMatchObject({ state: 'accepted', needId: body['needId'] });
  });

  it.each(['timer:n:4', 'system:n:4/x', 'saga:x', 'retime:1:n', 'k:adopt', 'k:unadopt', '.', '..'])(
    'may not be called %s, over either channel',
    async (id) => {
      expect((await system.post('/v1/needs', resident, NEED_BODY, id)).status).toBe(422);
      await sendRaw(COMMANDS, { key: 'x', value: JSON.stringify(event(id)), headers: { authorization: `Bearer ${token}` } });
      await eventually('the dead letter', async () => (await letters(COMMANDS)).some(({ value }) => value?.includes(`"${id}"`)));
      expect(await system.store.commands.findOne({ _id: id })).toBeNull();
    },
  );

  it.each(['a/b', '%2e', '%2e%2e', 'a;b=c', 'a?b', '#', '...', '\\', '"', '{}', '/', '//', 'a.', '~', '*', '+', '&=', '__proto__', '$ne'])(
    'may be called %s, and can be asked for',
    async (id) => {
      const key = `${id}${randomUUID().slice(0, 4)}`;
      for (const each of [key, id]) {
        expect((await system.post('/v1/needs', resident, NEED_BODY, each)).status).toBe(201);
        expect((await system.get(`/v1/commands/${encodeURIComponent(each)}`, supervisor)).body).toMatchObject({ commandId: each, state: 'accepted' });
      }
    },
  );

  it('over HTTP may nest no deeper than anybody means to', async () => {
    for (const body of [`{"title":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`]) {
      const answer = await system.post('/v1/needs', resident, body);
      expect([answer.status, answer.body['code'], answer.body['errors']]).toEqual([422, 'invalid', [expect.objectContaining({ path: '' })]]);
    }
  });

  it('whose record would be too large for any topic becomes a dead letter, and its need and the others go on', async () => {
    const needId = await steps.submit();
    await steps.claim(needId);
    await steps.does(department, needId, 'fund', { amountFen: 1, source: 'department', reference: '1' });
    const headers = { authorization: `Bearer ${await system.token(department)}` };
    const complete = (id: string, evidence: readonly object[]) =>
      sendRaw(COMMANDS, {
        key: needId,
        value: JSON.stringify(event(id, { type: 'qiyue.need.complete.v1', subject: needId, data: { evidence } })),
        headers,
      });
    const [large, small] = [randomUUID(), randomUUID()];
    const note = { kind: 'note', text: '中'.repeat(5_000), url: `https://example.org/${'x'.repeat(1_900)}` };
    await complete(
      large,
      Array.from({ length: 50 }, () => note),
    );
    await complete(small, [note]);
    await nextComesThrough();
    expect(await steps.outcomeOf(large)).toMatchObject({ state: 'dead', code: 'too-large' });
    expect(await steps.outcomeOf(small)).toMatchObject({ state: 'accepted', seq: 4 });
    const [letter, ...more] = (await letters(COMMANDS)).filter(({ value, key }) => key === needId && value?.includes(large) === true);
    expect([letter?.headers['reason'], more]).toEqual(['too-large', []]);
    expect((await steps.historyOf(needId)).map(({ type }) => type)).toEqual(['NeedSubmitted', 'NeedClaimed', 'NeedFunded', 'WorksReported']);
    expect(await steps.seen(needId, 4)).toMatchObject({ stage: 'funded' });
  }, 60_000);

  it('for a need that never answers is parked, with what comes after it, and others go on', async () => {
    const temporal = await Connection.connect({ address: system.servers.temporal.address });
    const stuck = entityIdOf('need', 'nobody', randomUUID());
    const client = new Client({ connection: temporal });
    await client.workflow.start(workflowTypeOf('need'), { workflowId: workflowIdOf('need', stuck), taskQueue: TASK_QUEUE, args: [null] });
    const headers = { authorization: `Bearer ${await system.token(department)}` };
    const claim = (id: string) => JSON.stringify(event(id, { type: 'qiyue.need.claim.v1', subject: stuck, data: { unit: BUREAU, plan: '两周' } }));
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    for (const id of ids) await sendRaw(COMMANDS, { key: stuck, value: claim(id), headers });
    await nextComesThrough();
    await nextComesThrough();
    const parked = new ParkedCommands(system.store.db);
    await eventually('all to be parked', async () => (await parked.count()) === 3, 20_000);
    expect((await parked.list()).map(({ commandId }) => commandId)).toEqual(ids);
    expect(JSON.stringify(await parked.list())).not.toContain('Bearer');
    expect((await system.get(`/v1/commands/${ids[0]}`, supervisor)).body).toMatchObject({ state: 'pending' });
    const incidents = new Incidents(system.store.db);
    expect(await incidents.list('command-parked')).toMatchObject([{ subject: stuck, entity: stuck }]);

    await system.app('intake').restart();
    const late = randomUUID();
    await sendRaw(COMMANDS, { key: stuck, value: claim(late), headers });
    await eventually('the late one to stand behind them', async () => (await parked.count()) === 4, 20_000);
    const second = (await parked.list()).find(({ commandId }) => commandId === ids[1]);
    await qiyue(system, 'messages', 'skip', second?._id ?? '');
    expect((await system.get(`/v1/commands/${ids[1]}`, supervisor)).body).toMatchObject({ state: 'dead', code: 'skipped' });
    expect(await parked.count()).toBe(3);

    await client.workflow.getHandle(workflowIdOf('need', stuck)).terminate();
    for (const { _id } of await parked.list()) await parked.retryNow(_id);
    await eventually('all to have their outcome', async () => (await parked.count()) === 0, 30_000);
    const dead = (await letters(COMMANDS)).filter(({ key }) => key === stuck);
    expect(dead.map(({ headers: { reason }, value }) => [reason, [...ids, late].find((id) => value?.includes(id))])).toEqual([
      ['skipped', ids[1]],
      ...[ids[0], ids[2], late].map((id) => ['not-found', id]),
    ]);
    expect((await system.get(`/v1/commands/${ids[0]}`, supervisor)).body).toMatchObject({ state: 'dead', code: 'not-found' });
    expect((await incidents.counts())['command-parked']).toBe(0);
    await temporal.close();
  }, 120_000);

  it('on the events topic sets aside one need at most, and the next event is read and told', async () => {
    const before = (await letters(EVENTS)).length;
    const forged = (body: object): string => JSON.stringify({ ...body, hash: '0'.repeat(64) });
    const messages: readonly Message[] = [
      { value: '{"type":"qiyue.need.X.v1","specversion":"1.0","sequence":{"valueOf":1,"toString":2}}' },
      { value: `{"type":"qiyue.need.X.v1","specversion":"1.0","sequence":"1","data":${deep}` },
      { value: forged({ type: 'qiyue.need.X.v1', specversion: '1.0', sequence: '1', subject: { $gt: '' } }) },
      { value: 'x'.repeat(1_900_000) },
      { value: Buffer.from([0xff]) },
      { value: null },
      { value: gzipSync('x') },
    ];
    for (const message of messages) await sendRaw(EVENTS, message);
    const needId = await steps.submit();
    await steps.claim(needId);
    expect(await steps.seen(needId, 2)).toMatchObject({ stage: 'claimed' });
    await eventually(
      'it to be told',
      async () => ((await system.store.db.collection('noticed').findOne({ _id: needId } as object))?.['seq'] ?? 0) === 2,
    );
    await eventually('the dead letters', async () => (await letters(EVENTS)).length === before + messages.length);
    expect((await new DeadLetterRows(system.store.db).list({ topic: EVENTS })).every(({ reader }) => reader === 'projections')).toBe(true);
    expect(system.crashes).toEqual([]);
    expect((await new Incidents(system.store.db).counts())['batch-retrying']).toBe(0);
  });
});

const sha256 = (value: string | Buffer): string => createHash('sha256').update(value).digest('hex');
