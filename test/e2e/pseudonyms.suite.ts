import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from '@jest/globals';
import { isPseudonym } from '@qiyue/civic-domain';
import { verifyLedger } from '@qiyue/engine-runtime';
import { eventually, HOME, NEED_BODY, PEOPLE, type Body, type System, type Who } from '@qiyue/testkit';
import { Steps } from './steps';

const { community, otherDepartment, neighbour, supervisor } = PEOPLE;
const AUTHOR: Who = { actor: `author-${randomUUID()}`, role: 'resident', unit: HOME };
const FOLLOWER: Who = { actor: `follower-${randomUUID()}`, role: 'grid', unit: HOME };
/** Out of which, with the author's id, the need's own id is made. */
const KEY = randomUUID();
/** Who sent what is to be answered for, who was told of it, and who looked at what: each for those alone whom it concerns. */
const KNOW_PERSONS = ['commands', 'trail', 'inbox', 'notices', 'auditLedger', 'factTrail'];

export const pseudonyms = (running: () => System): void => {
  let system: System;
  let steps: Steps;
  let needId: string;
  let merged: string;
  beforeAll(async () => {
    system = running();
    steps = new Steps(system);
    needId = String((await system.post('/v1/needs', AUTHOR, NEED_BODY, KEY)).body['needId']);
    merged = await steps.submit({}, FOLLOWER);
    expect(await steps.overKafka(AUTHOR, needId, 'amend', { title: '更宽的扶手' })).toMatchObject({ state: 'accepted', seq: 2 });
    await steps.does(community, merged, 'merge', { into: needId });
    await steps.claim(needId);
    await steps.works(needId);
    await steps.does(AUTHOR, needId, 'evaluate', { side: 'resident', score: 2, satisfied: false });
    await steps.does(community, needId, 'evaluate', { side: 'community', score: 5, satisfied: true });
    await steps.works(needId);
    await steps.does(AUTHOR, needId, 'evaluate', { side: 'resident', score: 5, satisfied: true });
    await steps.does(community, needId, 'evaluate', { side: 'community', score: 5, satisfied: true });
  }, 120_000);

  const lastSeq = async (): Promise<number> => (await steps.historyOf(needId)).length;
  const holds = (value: unknown): boolean => [AUTHOR.actor, FOLLOWER.actor, KEY].some((word) => JSON.stringify(value).includes(word));
  const need = async (who: Who): Promise<Body> => (await system.get(`/v1/needs/${needId}?minSeq=${await lastSeq()}`, who)).body;
  const history = async (who: Who): Promise<readonly Body[]> => (await system.get(`/v1/needs/${needId}/history`, who)).body['events'] as Body[];
  const toldTo = async (who: Who): Promise<readonly unknown[]> => {
    const { body } = await system.get('/v1/inbox?limit=100', who);
    return (body['items'] as readonly Body[]).filter((entry) => [needId, merged].includes(String(entry['needId']))).map(({ type }) => type);
  };

  it('persons stand in no record, no event and no document of a need, by their id or by the id of their command', async () => {
    const seq = await lastSeq();
    await eventually('all of it on the topic', async () => {
      const messages = await system.kafka.readAll('qiyue.need.events');
      expect(holds(messages)).toBe(false);
      return messages.some(({ value }) => value?.includes(`"${needId}:${seq}"`));
    });
    await need(supervisor); // the read model has all of it
    const places: string[] = [];
    for (const collection of await system.store.db.collections())
      if (holds(await collection.find().toArray())) places.push(collection.collectionName);
    expect(places.filter((name) => !KNOW_PERSONS.includes(name))).toEqual([]);
    expect(places).toContain('commands'); // so the search sees
    expect(await verifyLedger(system.store)).toMatchObject({ ok: true });
  }, 60_000);

  it('whoever may know how to reach them is shown who they are, as they are themselves', async () => {
    for (const who of [community, supervisor, AUTHOR]) {
      expect(await need(who)).toMatchObject({ author: { id: AUTHOR.actor, role: 'resident', unit: HOME }, followers: [FOLLOWER.actor] });
      const events = await history(who);
      expect(events[0]).toMatchObject({ actor: { id: AUTHOR.actor }, data: { author: { id: AUTHOR.actor } } });
      expect(events.find(({ type }) => type === 'NeedAdopted')).toMatchObject({ data: { followers: [FOLLOWER.actor] } });
    }
    expect((await need(FOLLOWER))['followers']).toEqual([FOLLOWER.actor]);
  });

  it('others see the pseudonyms, the same on every page', async () => {
    for (const who of [neighbour, otherDepartment, FOLLOWER]) {
      const [shown, events] = [await need(who), await history(who)];
      const { id } = shown['author'] as { id: string };
      const told = JSON.stringify([shown, events]);
      expect([isPseudonym(id), [AUTHOR.actor, KEY].some((word) => told.includes(word))]).toEqual([true, false]);
      expect(told.includes(FOLLOWER.actor)).toBe(who === FOLLOWER);
      expect(events[0]).toMatchObject({ actor: { id }, data: { author: { id } } });
      expect(JSON.stringify([shown['author'], events])).not.toMatch(/"person|storedActor/);
    }
  });

  it('notices reach them', async () => {
    await eventually('the notices', async () => (await toldTo(AUTHOR)).filter((type) => type === 'NeedDone').length === 2);
    expect(await toldTo(AUTHOR)).toEqual(expect.arrayContaining(['NeedClaimed', 'NeedFunded', 'NeedEvaluated', 'NeedReopened']));
    expect(await toldTo(FOLLOWER)).toEqual(expect.arrayContaining(['NeedMerged', 'NeedClaimed']));
    expect(await toldTo(neighbour)).toEqual([]);
  });

  it('what somebody did is found by who they are', async () => {
    const search = (who: Who) => system.get(`/v1/audit/commands?actor=${who.actor}`, supervisor);
    await eventually('the trail', async () => ((await search(AUTHOR)).body['items'] as readonly Body[]).length === 4);
    const { body } = await system.post('/v1/privacy/exports', AUTHOR, {});
    expect(body).toMatchObject({ needs: [needId], subject: AUTHOR.actor });
    expect((body['records'] as readonly Body[]).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['NeedSubmitted', 'NeedAmended', 'ResidentEvaluated']),
    );
  });
};
