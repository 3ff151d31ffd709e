import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workflowIdOf } from '@qiyue/engine';
import { ApiBench } from './testing/api-bench';
import type { Who } from './testing/test-tokens';

const COMMUNITY: Who = { actor: 'cora', role: 'community', unit: '渠南社区' };
const SUPERVISOR: Who = { actor: 'sue', role: 'supervisor', unit: '督查室' };
const ANN: Who = { actor: 'ann', role: 'resident', unit: '渠南社区' };
const BO: Who = { actor: 'bo', role: 'resident', unit: '渠南社区' };

const NEED = { title: '楼顶防水', kind: 'tangible', items: [{ name: '防水', quantity: 1, unit: '单元' }], community: '渠南社区' };
const OPENING = {
  matter: 'other',
  roster: [
    { room: '101', areaCm2: 985_000, owner: 'ann' },
    { room: '102', areaCm2: 1_120_000, owner: 'bo' },
  ],
  plan: { works: '屋面防水', budgetFen: 100_000, from: '2030-09-01', to: '2030-09-20' },
};

describe('a decision over HTTP', () => {
  let bench: ApiBench;
  let id: string;
  const does = async (who: Who, command: string, body: object): Promise<number> =>
    (await bench.post(`/v1/decisions/${id}/${command}`, who, body)).status;
  beforeAll(async () => {
    bench = await ApiBench.rehearse('2026-01-08T09:00:00+08:00', 1, { QIYUE_REQUESTS_PER_SECOND: '0' });
    const { needId } = (await bench.post('/v1/needs', ANN, NEED)).body;
    id = String((await bench.post('/v1/decisions', COMMUNITY, { ...OPENING, needId })).body['decisionId']);
    expect(await does(COMMUNITY, 'open-ballot', { closesAt: '2099-01-01', channels: ['paper', 'online'] })).toBe(200);
    expect(await does(ANN, 'vote', { owner: 'ann', choice: 'disagree', channel: 'online' })).toBe(200);
  }, 120_000);
  afterAll(() => bench.close());

  it('lets owners vote for themselves, once', async () => {
    expect(await does(BO, 'vote', { owner: 'ann', choice: 'agree', channel: 'online' })).toBe(403);
    expect(await does(ANN, 'vote', { room: '101', choice: 'agree', channel: 'online' })).toBe(409);
  });

  it('shows how somebody voted to them and to those who supervise the count, in documents and histories', async () => {
    const seq = 3;
    const seenBy = async (who: Who) => (await bench.get(`/v1/decisions/${id}?minSeq=${seq}`, who)).body;
    const historyFor = async (who: Who) => JSON.stringify((await bench.get(`/v1/decisions/${id}/history`, who)).body);
    expect(await seenBy(ANN)).toMatchObject({
      ownBallot: { choice: 'disagree' },
      ballots: [],
      tally: { partHeads: 1, partAreaCm2: null, agreeHeads: null, outcome: 'open' },
    });
    expect(await seenBy(BO)).toMatchObject({ ownBallot: null, ballots: [], tally: { agreeHeads: null, approval: null } });
    expect(await seenBy(SUPERVISOR)).toMatchObject({ ballots: [{ owner: 'ann', choice: 'disagree' }], tally: { agreeHeads: 0 } });
    expect(await historyFor(ANN)).toMatch(/"choice":"disagree"/);
    expect(await historyFor(SUPERVISOR)).toMatch(/"choice":"disagree"/);
    expect(await historyFor(BO)).not.toMatch(/disagree/);
  });

  it('is sealed wherever it is kept, and one vote looks like another', async () => {
    expect(await does(BO, 'vote', { room: '102', choice: 'abstain', channel: 'online' })).toBe(200);
    const { db, client } = bench.engine;
    const kept: string[] = [];
    for (const collection of await db.collections()) kept.push(JSON.stringify(await collection.find().toArray()));
    const history = await client.workflow.getHandle(workflowIdOf('decision', id)).fetchHistory();
    kept.push(JSON.stringify(history, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value)));
    expect(kept.join()).toMatch(/VoteCast.*ballots|ballots.*VoteCast/s); // the search sees
    expect(kept.join()).not.toMatch(/disagree|abstain/);
    const votes = await db.collection('ledger').find({ entity: id, type: 'VoteCast' }).toArray();
    const sealed = votes.map((vote) => /"choice":"(sealed:v1:[0-9a-f]{32}:[\w-]+)"/.exec(JSON.stringify(vote).replaceAll('\\', ''))?.[1]);
    expect(new Set(sealed.map((text) => text?.length))).toEqual(new Set([123]));
    expect(new Set(sealed).size).toBe(2);
  });

  it('is counted when the community closes the ballot, and the answer is the final one, whenever it is asked for', async () => {
    const close = () => bench.post(`/v1/decisions/${id}/close-ballot`, COMMUNITY, {}, 'closing-once');
    const closed = await close();
    expect([closed.status, closed.body]).toMatchObject([200, { stage: 'failed', status: 'failed' }]);
    expect((await close()).body).toEqual(closed.body);
    const { body } = await bench.get(`/v1/decisions/${id}?minSeq=${closed.body['seq']}`, BO);
    expect(body).toMatchObject({
      ...{ stage: 'failed', failedBy: 'failed-approval', ballot: { cause: 'by-hand' }, ownBallot: { choice: 'abstain' } },
      tally: { partHeads: 2, agreeHeads: 0, agreeAreaCm2: 0, approval: false, outcome: 'failed-approval' },
    });
    const types = (await bench.engine.store.stream(id, 1)).map(({ type }) => type);
    expect(types.slice(-3)).toEqual(['VotingEnded', 'BallotClosed', 'DecisionFailed']);
  });

  it('takes no count from outside, and seals nothing for what is not there', async () => {
    const zero = { heads: 0, areaCm2: 0 };
    expect(await does(COMMUNITY, 'count', { agree: zero, disagree: zero, abstain: zero, ballotsHash: '0'.repeat(64) })).toBe(404);
    const nowhere = await bench.post('/v1/decisions/0123456789abcdefghjkmnpqrs/vote', COMMUNITY, { room: '1', choice: 'agree', channel: 'paper' });
    expect(nowhere.status).toBe(404);
  });

  it('tells which parts the fund is for, beside the decisions', async () => {
    const { status, body } = await bench.get('/v1/decisions/parts', BO);
    expect([status, (body['parts'] as readonly unknown[]).length]).toEqual([200, 22]);
  });
});
