import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyLedger } from '@qiyue/engine-runtime';
import { openRecord, toShanghaiIso } from '@qiyue/engine';
import { eventually, placesOf, startSystem, type Answer, type Body, type System, type Who } from '@qiyue/testkit';
import { readyOf } from '../faults/operator-surfaces';

const COMMUNITY = '渠南社区';
const community: Who = { actor: 'qunan-staff', role: 'community', unit: COMMUNITY };
const supervisor: Who = { actor: 'supervisor-1', role: 'supervisor' };
const owner = (id: string): Who => ({ actor: id, role: 'resident', unit: COMMUNITY });
const OWNERS = ['ann', 'bo', 'cy', 'di'];
const NEED = { title: '楼顶防水', kind: 'tangible', items: [{ name: '防水', quantity: 1, unit: '单元' }], community: COMMUNITY };
const OPENING = {
  matter: 'other',
  roster: OWNERS.map((id, i) => ({ room: `${i}01`, areaCm2: 985_000, owner: id })),
  plan: { works: '屋面防水', budgetFen: 100_000, from: '2030-09-01', to: '2030-09-20' },
};
const TOPICS = ['commands', 'events', 'commands.dead', 'events.dead', 'receipts'].map((name) => `decision.${name}`);
/** Words that stand nowhere but in votes, until there is a count, whose fields are called so. */
const CHOICES = /disagree|abstain/;
/** As a value, however often the JSON around it is quoted. */
const A_CHOICE = /\\*"(agree|disagree|abstain)\\*"(?!\s*:)/;
const KEYS_AWAY_MS = 60_000;

describe('how owners voted, in every store of the whole system', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  }, 180_000);
  afterAll(() => system?.stop(), 60_000);

  const does = async (as: Who, decisionId: string, command: string, body: object = {}): Promise<Body> => {
    const answer = await system.post(`/v1/decisions/${decisionId}/${command}`, as, body);
    expect([command, answer.status, answer.body]).toEqual([command, 200, expect.anything()]);
    return answer.body;
  };
  const opened = async (closesAt: string): Promise<string> => {
    const { body } = await system.post('/v1/needs', owner('ann'), NEED);
    const { body: begun } = await system.post('/v1/decisions', community, { ...OPENING, needId: body['needId'] });
    const decisionId = String(begun['decisionId']);
    await does(community, decisionId, 'open-ballot', { closesAt, channels: ['paper', 'online'] });
    return decisionId;
  };
  const online = (decisionId: string, id: string, choice: string): Promise<Body> =>
    does(owner(id), decisionId, 'vote', { owner: id, choice, channel: 'online' });
  const eventsOf = async (decisionId: string, type: string) =>
    (await system.store.ledger.find({ entity: decisionId, type }).sort({ seq: 1 }).toArray()).map((document) => openRecord(document));

  it('cannot be read in any collection, topic or file, whatever way a ballot came, and is shown to whom it concerns', async () => {
    const decisionId = await opened('2099-01-01');
    await online(decisionId, 'ann', 'disagree');
    await does(community, decisionId, 'vote', { room: '101', choice: 'abstain', channel: 'paper' });
    expect((await system.post(`/v1/decisions/${decisionId}/vote`, owner('ann'), { owner: 'ann', choice: 'abstain', channel: 'online' })).status).toBe(
      409,
    );
    // over Kafka: sealed by the sender, and by nobody else; what another one sealed is not theirs to send
    const body = { owner: 'cy', choice: 'disagree', channel: 'online' };
    const { body: sealed } = await system.post('/v1/privacy/sealed-bodies', owner('cy'), { aggregate: 'decision', command: 'vote', body });
    const send = async (id: string, data: unknown) =>
      system.kafka.send({ id, aggregate: 'decision', type: 'vote', subject: decisionId, data: data as Body, token: await system.token(owner(id)) });
    await send('cy', sealed['body']);
    const cast = await eventually('the vote over Kafka', async () => {
      const votes = await eventsOf(decisionId, 'VoteCast');
      return votes.length === 3 && votes;
    });
    const ofCy = /sealed:v1:[0-9a-f]{32}:[\w-]+/.exec(JSON.stringify(cast[2]?.data))?.[0];
    await send('di', { owner: 'di', choice: ofCy, channel: 'online' });
    await eventually('its dead letter', async () =>
      JSON.stringify(await system.kafka.readAll('qiyue.decision.commands.dead')).includes('foreign-seal'),
    );
    expect(await placesOf(system, TOPICS, (text) => CHOICES.test(text.toString('latin1')))).toEqual([]);
    expect(await placesOf(system, TOPICS, (text) => text.includes('VoteCast'))).not.toEqual([]); // so the search sees
    expect(new Set(cast.map(({ data }) => /sealed:v1:[\w:-]+/.exec(JSON.stringify(data))?.[0].length)).size).toBe(1);

    const { body: own } = await system.get(`/v1/decisions/${decisionId}?minSeq=5`, owner('cy'));
    expect([own['ownBallot'], own['ballots']]).toMatchObject([{ choice: 'disagree' }, []]);
    const { body: seen } = await system.get(`/v1/decisions/${decisionId}?minSeq=5`, supervisor);
    expect(seen).toMatchObject({ ballots: [{ choice: 'disagree' }, { choice: 'abstain' }, { choice: 'disagree' }], tally: { agreeHeads: 0 } });
    const closed = await does(community, decisionId, 'close-ballot');
    expect(closed).toMatchObject({ stage: 'failed' });
    expect(await placesOf(system, TOPICS, (text) => A_CHOICE.test(text.toString('latin1')))).toEqual([]);
    expect((await verifyLedger(system.store)).findings).toEqual([]);
  }, 180_000);

  it('is counted once the keys are there again, for as long as that takes, and an operator sees meanwhile that it is not', async () => {
    const decisionId = await opened(toShanghaiIso(Date.now() + 8_000));
    for (const id of OWNERS) await online(decisionId, id, id === 'di' ? 'disagree' : 'agree');
    const ids = join(system.dataDir, 'keys', 'ids');
    renameSync(ids, `${ids}.away`);
    writeFileSync(ids, '');
    await eventually('the end of voting', async () => (await eventsOf(decisionId, 'VotingEnded')).length === 1, KEYS_AWAY_MS);
    const parked = system.store.db.collection<{ _id: string; why: string }>('parkedReactions');
    await eventually('the count to wait', async () => (await parked.findOne({ _id: decisionId }))?.why === 'KeysUnavailable', KEYS_AWAY_MS);
    await eventually('an operator to be told', async () => ((await readyOf(system)).troubles['reaction-parked'].count ?? 0) > 0, KEYS_AWAY_MS);
    await system.app('reactions').kill();
    rmSync(ids);
    renameSync(`${ids}.away`, ids);
    expect(await eventsOf(decisionId, 'BallotClosed')).toEqual([]);
    system.app('reactions').start();
    const counted = await eventually(
      'the count',
      async () => {
        const { body }: Answer = await system.get(`/v1/decisions/${decisionId}`, supervisor);
        return body['stage'] === 'passed' && body;
      },
      2 * KEYS_AWAY_MS,
    );
    expect(counted).toMatchObject({ ballot: { cause: 'deadline' }, tally: { partHeads: 4, agreeHeads: 3, outcome: 'passed' } });
    expect(await eventsOf(decisionId, 'BallotClosed')).toHaveLength(1);
    await eventually('no trouble', async () => (await parked.findOne({ _id: decisionId })) === null, KEYS_AWAY_MS);
    expect(await system.store.db.collection('refusedReactions').countDocuments()).toBe(0);
  }, 300_000);

  it('is not counted by anybody from outside', async () => {
    const decisionId = await opened('2099-01-01');
    const forged = {
      agree: { heads: 4, areaCm2: 3_940_000 },
      disagree: { heads: 0, areaCm2: 0 },
      abstain: { heads: 0, areaCm2: 0 },
      ballotsHash: '0'.repeat(64),
    };
    expect((await system.post(`/v1/decisions/${decisionId}/count`, community, forged)).status).toBe(404);
    const id = randomUUID();
    await system.kafka.send({ id, aggregate: 'decision', type: 'count', subject: decisionId, data: forged, token: await system.token(community) });
    await eventually('its dead letter', async () => JSON.stringify(await system.kafka.readAll('qiyue.decision.commands.dead')).includes(id));
    expect(await eventsOf(decisionId, 'BallotClosed')).toEqual([]);
  }, 60_000);
});
