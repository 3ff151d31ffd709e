import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyLedger, LedgerStore } from '@qiyue/engine-runtime';
import { eventually, NEED_BODY, PEOPLE, placesOf, startSystem, type Body, type System } from '@qiyue/testkit';
import { Steps } from './steps';

const { resident, neighbour, community, department, supervisor } = PEOPLE;
const NAME = '诸葛秀英';
const PHONE = '13912345678';
const OPERATOR = { actor: 'operator-1', role: 'operator' };
const SECOND_OPERATOR = { actor: 'operator-2', role: 'operator' };
/** On Kafka in the open, by somebody who did not know better. */
const CARELESS_PHONE = '13700001111';
const PDF = Buffer.from('%PDF-1.7 ');
const TOPICS = ['need.commands', 'need.events', 'need.commands.dead', 'need.events.dead', 'need.receipts', 'audit.events', 'audit.checkpoints'];

describe('what people wrote, in every store of the whole system', () => {
  let system: System;
  let steps: Steps;
  let needId: string;
  beforeAll(async () => {
    system = await startSystem();
    steps = new Steps(system);
    needId = await steps.submit({ description: `${NAME}家门口的灯坏了`, contact: `${NAME} ${PHONE}` });
    await steps.does(resident, needId, 'amend', { description: `${NAME}家门口的灯坏了三盏` });
    await steps.does(community, needId, 'inspect', { notes: `${NAME}在场`, photos: [`https://photos.example/${PHONE}.jpg`] });
    await steps.claim(needId);
    await steps.does(department, needId, 'fund', { amountFen: 100, source: 'department', reference: 'r' });
    await steps.does(department, needId, 'progress', { note: `已联系${NAME}`, photos: [`https://photos.example/${PHONE}-2.jpg`] });
    await steps.does(department, needId, 'complete', { evidence: [{ kind: 'photo', url: `https://photos.example/${PHONE}-3.jpg`, text: NAME }] });
    await steps.does(community, needId, 'accept', {});
    await steps.does(resident, needId, 'evaluate', { side: 'resident', score: 5, satisfied: true, comment: `${NAME}很满意` });
    expect((await attach(`${NAME} ${PHONE}`)).status).toBe(201);
    const refused = await system.post(`/v1/needs/${needId}/withdraw`, resident, { reason: `${NAME}不要了` });
    expect(refused.status).toBe(409);
    expect((await system.post('/v1/needs', resident, { ...NEED_BODY, kind: NAME, contact: PHONE })).status).toBe(422);
    await steps.seen(needId, 9);
  }, 180_000);
  afterAll(() => system?.stop(), 60_000);

  const attach = async (words: string): Promise<Response> =>
    fetch(`${system.base}/v1/needs/${needId}/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await system.token(resident)}` },
      body: Buffer.concat([PDF, Buffer.from(words)]),
    });

  /** Where any of these words stands readable. */
  const placesWith = (...words: readonly string[]): Promise<readonly string[]> =>
    placesOf(system, TOPICS, (text) => words.some((word) => text.includes(word)));

  it('is shown to whom it concerns', async () => {
    expect(await steps.seen(needId, 9)).toMatchObject({ contact: `${NAME} ${PHONE}`, description: `${NAME}家门口的灯坏了三盏` });
    const { body } = await system.get(`/v1/needs/${needId}`, neighbour);
    expect([body['contact'], body['description'], body['evidence']]).toEqual([null, null, [expect.objectContaining({ url: null, text: null })]]);
  });

  it('stands readable nowhere: in no collection, no topic, no file of Temporal, Kafka, MongoDB or ours', async () => {
    expect(await placesWith(NAME, PHONE)).toEqual([]);
    expect(await placesWith(NEED_BODY.title)).not.toEqual([]); // what is public is found, so the search sees
  }, 120_000);

  it('is taken from Kafka sealed by its sender, as over HTTP', async () => {
    const asked = { ...NEED_BODY, contact: `${NAME} ${PHONE}` };
    const { body: sealed } = await system.post('/v1/privacy/sealed-bodies', resident, { command: 'submit', body: asked });
    const id = randomUUID();
    await system.kafka.send({ id, type: 'submit', data: sealed['body'], token: await system.token(resident) });
    const outcome = await steps.outcomeOf(id);
    expect(outcome).toMatchObject({ state: 'accepted' });
    expect((await system.post('/v1/needs', resident, asked, id)).body).toMatchObject({ needId: outcome['needId'], seq: 1 });
    const foreign = randomUUID();
    await system.kafka.send({ id: foreign, type: 'submit', data: sealed['body'], token: await system.token(neighbour) });
    expect(await steps.outcomeOf(foreign)).toMatchObject({ state: 'dead', code: 'foreign-seal' });
    expect(await placesWith(NAME, PHONE)).toEqual([]);
  }, 120_000);

  it('is not taken from Kafka in the open, and the dead letter does not keep it', async () => {
    const id = randomUUID();
    await system.kafka.send({ id, type: 'submit', data: { ...NEED_BODY, contact: CARELESS_PHONE }, token: await system.token(resident) });
    expect(await steps.outcomeOf(id)).toMatchObject({ state: 'dead', code: 'plain-personal-data' });
    const letter = (await system.kafka.readAll('qiyue.need.commands.dead')).find(({ value }) => value?.includes(id));
    expect(letter?.headers).toMatchObject({ reason: 'plain-personal-data', detail: 'plain-personal-data: contact' });
    expect(letter?.value).toContain('[removed]');
    expect(letter?.value).not.toContain(CARELESS_PHONE);
  });

  it('is gone for everybody once erased, while every chain still verifies', async () => {
    for (const { actor } of [resident, community, department]) {
      const asked = await system.post('/v1/privacy/erasures', OPERATOR, { subject: actor });
      expect(asked).toMatchObject({ status: 202, body: { state: 'pending', holds: [] } });
      const erased = await system.post(`/v1/privacy/erasures/${asked.body['erasureId']}/approve`, SECOND_OPERATOR, {});
      expect(erased).toMatchObject({ status: 200, body: { subject: actor, keyId: expect.any(String) } });
    }
    const seen = await eventually('nobody to see it', async () => {
      const answers = await Promise.all([resident, community, department, supervisor].map((who) => system.get(`/v1/needs/${needId}`, who)));
      return answers.every(({ body }) => body['contact'] === null) && answers.map(({ body }) => body);
    });
    expect(JSON.stringify(seen)).not.toMatch(new RegExp(`${NAME}|${PHONE}`));
    const history = await steps.historyOf(needId);
    expect(JSON.stringify(history)).not.toMatch(new RegExp(`${NAME}|${PHONE}`));
    expect(history[0]).toMatchObject({ erased: expect.arrayContaining(['contact', 'description']), data: { title: NEED_BODY.title } });
    for (const namespace of ['', 'audit']) expect(await verifyLedger(new LedgerStore(system.store.db, namespace))).toMatchObject({ ok: true });
    expect(await placesWith(NAME, PHONE)).toEqual([]);
    const { body } = await system.get(`/v1/audit/facts?subject=${resident.actor}`, supervisor);
    expect((body['items'] as readonly Body[]).map(({ type }) => type)).toEqual(expect.arrayContaining(['SubjectErased']));
  }, 120_000);

  it('lets the person come again, under another key', async () => {
    const again = await steps.submit({ contact: PHONE });
    expect((await system.get(`/v1/needs/${again}`, resident)).body).toMatchObject({ contact: PHONE });
    expect((await system.get(`/v1/needs/${needId}`, resident)).body).toMatchObject({ contact: null });
  });
});
