import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { needsModel } from '@qiyue/need';
import { openRecord, sealRecord } from '@qiyue/engine';
import { ActiveModel, Quarantine, rebuildModel, toLedgerDocument, type LedgerDocument } from '@qiyue/engine-runtime';
import { PEOPLE, eventually, startSystem, type System } from '@qiyue/testkit';
import { Steps } from './steps';

const EVENTS = 'qiyue.need.events';
const { supervisor } = PEOPLE;

describe('the read model', () => {
  let system: System;
  let steps: Steps;
  beforeAll(async () => {
    system = await startSystem();
    steps = new Steps(system);
  }, 120_000);
  afterAll(() => system?.stop(), 60_000);

  const documents = async (): Promise<string> => {
    const collection = await new ActiveModel(system.store.db, needsModel).collection();
    return JSON.stringify(await collection.find({}).sort({ _id: 1 }).toArray());
  };
  const rebuild = () => rebuildModel(system.store, needsModel, () => undefined);

  it('is rebuilt byte for byte while the old one serves', async () => {
    for (let i = 0; i < 4; i += 1) {
      const needId = await steps.submit({ title: `重建 ${i}` });
      await steps.claim(needId);
      await steps.works(needId);
      await steps.seen(needId, 6);
    }
    const before = await documents();
    let rebuilt = false;
    const rebuilding = rebuild().finally(() => (rebuilt = true));
    let answers = 0;
    while (!rebuilt) {
      const { status, body } = await system.get('/v1/needs?stage=done', supervisor);
      expect([status, (body['items'] as unknown[]).length]).toEqual([200, 4]);
      answers += 1;
    }
    expect(await rebuilding).toMatchObject({ entities: 4, records: 24, changed: 0 });
    expect(answers).toBeGreaterThan(3);
    expect(await documents()).toBe(before);
  });

  it('loses nothing of what happens during a rebuild', async () => {
    const ids: string[] = [];
    let rebuilt = false;
    const rebuilding = rebuild().finally(() => (rebuilt = true));
    while (!rebuilt) {
      const needId = await steps.submit({ title: '同时' });
      await steps.claim(needId);
      ids.push(needId);
    }
    expect((await rebuilding).changed).toBe(0);
    for (const needId of ids) expect(await steps.seen(needId, 2)).toMatchObject({ seq: 2, stage: 'claimed' });
  });

  it('passes by what somebody else writes to the topic, and goes on with the need that it is keyed by', async () => {
    const victim = await steps.submit({ title: '被害' });
    await steps.seen(victim, 1);
    for (const value of [JSON.stringify(await forged(victim)), 'junk']) await system.kafka.sendRaw(EVENTS, victim, value);
    const reasons = ['hash does not cover the content', 'not JSON'];
    await eventually('both to be dead letters', async () => {
      const letters = await system.kafka.readAll(`${EVENTS}.dead`);
      const found = letters.filter(({ key }) => key === victim).map(({ headers }) => headers['reason']);
      return reasons.every((reason) => found.includes(reason));
    });
    await steps.claim(victim);
    expect(await steps.seen(victim, 2)).toMatchObject({ seq: 2, stage: 'claimed', title: '被害' });
    expect(await new Quarantine(system.store.db, needsModel.name).list()).toEqual([]);
    await eventually('the operator to be shown it', async () => {
      const { body } = await system.request('GET', '/health/ready');
      return (body['troubled'] as string[]).includes('dead-letter');
    });
  });

  it('sets aside the one need whose record its fold cannot take, as long as it cannot, and shows all others', async () => {
    const [victim, neighbour] = [await steps.submit(), await steps.submit()];
    await steps.seen(victim, 1);
    const before = await system.get(`/v1/needs/${victim}`, supervisor);
    await system.store.insertInOrder([await impossible(victim)]);
    const quarantine = new Quarantine(system.store.db, needsModel.name);
    await eventually('the need to be set aside', async () => (await quarantine.list()).length === 1);
    const aside = { entity: victim, seq: 2, why: 'the read model cannot take WorksStarted' };
    expect(await quarantine.list()).toMatchObject([aside]);
    expect((await system.get(`/v1/needs/${victim}`, supervisor)).body).toEqual(before.body);

    await steps.claim(neighbour);
    expect(await steps.seen(neighbour, 2)).toMatchObject({ stage: 'claimed' });
    await eventually('it to be shown', async () => {
      const { body } = await system.request('GET', '/health/ready');
      return (body['troubled'] as string[]).includes('quarantined');
    });
    await system.app('projections').restart();
    const later = await steps.submit();
    expect(await steps.seen(later, 1)).toMatchObject({ stage: 'submitted' });
    expect(await rebuild()).toMatchObject({ changed: 0 });
    expect(await quarantine.list()).toMatchObject([aside]);
    expect(system.crashes).toEqual([]);
  });

  /** A record that is sealed and linked as it should be, and that no need in this stage can have. */
  const impossible = async (needId: string): Promise<LedgerDocument> => {
    const last = (await system.store.stream(needId)).at(-1) as LedgerDocument;
    const { seq, hash } = last;
    return toLedgerDocument(
      sealRecord({ ...openRecord(last), seq: seq + 1, type: 'WorksStarted', commandId: 'impossible', data: {}, prevHash: hash }),
    );
  };

  /** The need's first event with another title: its hash does not cover it. */
  const forged = async (needId: string): Promise<object> => {
    const first = (await system.kafka.readAll(EVENTS)).find(({ key }) => key === needId);
    const event = JSON.parse(first?.value ?? '') as { readonly data: object };
    return { ...event, data: { ...event.data, title: '伪造' } };
  };
});
