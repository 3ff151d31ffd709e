import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectIdOf } from '@qiyue/project-domain';
import { eventually, PEOPLE, startSystem, type Answer, type Body, type System, type Who } from '@qiyue/testkit';

const SEEN_WITHIN_MS = 30_000;
const YEAR = new Date().getFullYear() + 1;
const day = (text: string): string => `${YEAR}-${text}`;
const giver: Who = { actor: 'giver', role: 'department', unit: '城管局' };
const lead: Who = { actor: 'lead', role: 'department', unit: '住建局' };
const other: Who = { actor: 'other', role: 'department', unit: '水利局' };
const community: Who = { ...PEOPLE.community, unit: '民悦社区' };
const told = ({ status, body }: Answer): readonly unknown[] => [status, body['code'] ?? body['status']];

describe('resources and projects, on the whole system', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  }, 180_000);
  afterAll(async () => {
    await system?.stop();
  }, 60_000);

  /** Asked again under its key where the answer took too long. */
  const send = (path: string, as: Who, body: object = {}, key: string = randomUUID()): Promise<Answer> =>
    eventually(
      `an answer from ${path}`,
      async () => {
        const answer = await system.post(`/v1/${path}`, as, body, key);
        return answer.status !== 202 && answer;
      },
      SEEN_WITHIN_MS,
    );
  const offer = async (data: object = {}): Promise<string> => {
    const { status, body } = await send('resources', giver, { kind: 'equipment', name: '高空作业车', quantity: 2, unit: '台', ...data });
    expect([status, body['status']]).toEqual([201, 'free']);
    return String(body['resourceId']);
  };
  const plan = async (data: object = {}): Promise<string> => {
    const { status, body } = await send('projects', lead, { title: '路灯', unit: '住建局', community: '民悦社区', ...data });
    expect([status, body['stage']]).toEqual([201, 'planned']);
    return String(body['projectId']);
  };
  const add = (projectId: string, resourceId: string, data: object = {}, key?: string): Promise<Answer> =>
    send(`projects/${projectId}/add-resource`, lead, { resourceId, from: day('06-01'), to: day('06-03'), ...data }, key);
  const documentOf = async (path: string): Promise<Body> => (await system.get(`/v1/${path}`, PEOPLE.supervisor)).body;
  const heldIn = async (resourceId: string): Promise<readonly string[]> =>
    ((await documentOf(`resources/${resourceId}`))['reservations'] as readonly Body[]).map(
      ({ quantity, projectId, isUsed }) =>
        `${String(quantity)} ${projectId === null ? 'none' : String(projectId)} ${isUsed === true ? 'used' : 'reserved'}`,
    );
  const holds = (resourceId: string, expected: readonly string[]): Promise<unknown> =>
    eventually(`${resourceId} to hold ${expected.join()}`, async () => (await heldIn(resourceId)).join() === expected.join(), SEEN_WITHIN_MS);
  const resourcesOf = async (projectId: string): Promise<readonly unknown[]> =>
    ((await documentOf(`projects/${projectId}`))['resources'] as readonly Body[]).map(({ state }) => state);

  it('what is reserved for a project is promised to no other at that time, and asked for twice it is once', async () => {
    const [resourceId, first, second] = [await offer(), await plan(), await plan()];
    const key = randomUUID();
    const answer = await add(first, resourceId, { quantity: 2 }, key);
    expect(told(answer)).toEqual([200, 'planning']);
    expect((await add(first, resourceId, { quantity: 2 }, key)).body).toEqual(answer.body);
    await holds(resourceId, [`2 ${first} reserved`]);
    const refused = await add(second, resourceId, { from: day('06-03'), to: day('06-04') });
    expect([...told(refused), refused.body['facts']]).toEqual([
      ...[409, 'taken'],
      { free: 0, asked: 1, overlaps: `${day('06-01')}T00:00:00.000+08:00 – ${day('06-04')}T00:00:00.000+08:00: 2` },
    ]);
    expect(told(await add(second, resourceId, { from: day('06-04'), to: day('06-04') }))).toEqual([200, 'planning']);
    expect(told(await add(second, '0123456789abcdefghjkmnpqrs'))).toEqual([409, 'no-such-resource']);
  });

  it('what two ask for at once one of them gets', async () => {
    for (let round = 0; round < 3; round += 1) {
      const [resourceId, one, another] = [await offer({ quantity: 1 }), await plan(), await plan()];
      const answers = await Promise.all([add(one, resourceId), add(another, resourceId)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      await holds(resourceId, [`1 ${answers[0]?.status === 200 ? one : another} reserved`]);
    }
  });

  it('is used when the project is finished, and freed when it is cancelled', async () => {
    const [lorry, bags, finished, cancelled] = [
      await offer(),
      await offer({ kind: 'materials', name: '水泥', quantity: 10, unit: '袋' }),
      await plan(),
      await plan(),
    ];
    for (const projectId of [finished, cancelled]) {
      expect(told(await add(projectId, lorry))).toEqual([200, 'planning']);
      expect(told(await add(projectId, bags, { quantity: 4 }))).toEqual([200, 'planning']);
    }
    expect(told(await send(`projects/${finished}/start`, lead))).toEqual([200, 'at-work']);
    expect(told(await send(`projects/${finished}/finish`, community))).toEqual([200, 'settling']);
    expect(told(await send(`projects/${cancelled}/cancel`, lead, { reason: '纳入市政改造' }))).toEqual([200, 'ended']);
    await holds(lorry, [`1 ${finished} used`]);
    await holds(bags, []);
    expect((await documentOf(`resources/${bags}`))['used']).toBe(4);
    expect([await resourcesOf(finished), await resourcesOf(cancelled)]).toEqual([
      ['used', 'used'],
      ['freed', 'freed'],
    ]);
  });

  it('is gone in the project too when its giver takes it back', async () => {
    const [resourceId, projectId] = [await offer(), await plan()];
    await add(projectId, resourceId);
    await holds(resourceId, [`1 ${projectId} reserved`]);
    const [{ reservationId }] = (await documentOf(`resources/${resourceId}`))['reservations'] as readonly [Body];
    expect(told(await send(`resources/${resourceId}/free`, other, { reservationId }))).toEqual([403, 'not-permitted']);
    expect(told(await send(`resources/${resourceId}/free`, giver, { reservationId, reason: '车辆送修' }))).toEqual([200, 'free']);
    await eventually('the project to hear of it', async () => (await resourcesOf(projectId)).join() === 'freed', SEEN_WITHIN_MS);
  });

  const signed = async (): Promise<string> => {
    const items = [{ title: '路灯', kind: 'tangible', dueOn: day('09-30') }];
    const terms = { year: YEAR, items, duties: { community: [], unit: [] }, startsOn: day('01-01'), endsOn: day('12-31') };
    const { body } = await send('contracts', lead, { unit: '住建局', community: '民悦社区', ...terms });
    const contractId = String(body['contractId']);
    const early = await send('projects', lead, { title: '路灯', unit: '住建局', community: '民悦社区', contractId, itemId: 'i1' });
    expect(told(early)).toEqual([409, 'contract-not-in-force']);
    for (const side of [lead, community]) await send(`contracts/${contractId}/sign`, side);
    return contractId;
  };

  it('of an item of a contract there is one project, of its own two sides and of nobody else', async () => {
    const item = { contractId: await signed(), itemId: 'i1' };
    const ofItem = { title: '路灯', unit: '住建局', community: '民悦社区', ...item };
    expect(told(await send('projects', other, { ...ofItem, unit: '水利局', itemId: 'i2' }))).toEqual([403, 'not-permitted']);
    expect(told(await send('projects', lead, { ...ofItem, community: '涧东社区', itemId: 'i2' }))).toEqual([409, 'other-parties']);
    expect(told(await send('projects', lead, { ...ofItem, itemId: 'i2' }))).toEqual([409, 'no-such-item']);
    expect(told(await send('projects', lead, { ...ofItem, contractId: '0123456789abcdefghjkmnpqrs' }))).toEqual([409, 'no-such-contract']);
    const planned = await eventually(
      'the project in the list',
      async () => {
        const { body } = await system.get(`/v1/projects?contractId=${item.contractId}`, PEOPLE.supervisor);
        const items = body['items'] as readonly Body[];
        return items.length > 0 && items;
      },
      SEEN_WITHIN_MS,
    );
    expect(planned.map((one) => one['projectId'])).toEqual([projectIdOf(item)]);
    const again = await send('projects', community, ofItem);
    expect([again.status, again.body['projectId'], again.body['seq']]).toEqual([200, projectIdOf(item), 1]);
  });

  it('takes a need with the consent of its own side, which lets it go again', async () => {
    const resident: Who = { actor: 'rita', role: 'resident', unit: '民悦社区' };
    const need = { title: '楼道扶手', kind: 'tangible', items: [{ name: '扶手', quantity: 1, unit: '处' }], community: '民悦社区' };
    const needId = String((await send('needs', resident, need)).body['needId']);
    await send(`needs/${needId}/claim`, other, { unit: '水利局', plan: '安装' });
    const elsewhere = await plan({ community: '涧东社区' });
    const projectId = await plan();
    for (const id of [elsewhere, projectId]) expect(told(await send(`projects/${id}/add-need`, lead, { needId }))).toEqual([409, 'other-parties']);
    expect(told(await send(`projects/${projectId}/add-need`, community, { needId }))).toEqual([200, 'planning']);
    expect(told(await send(`needs/${needId}/leave-project`, lead, { projectId }))).toEqual([403, 'not-permitted']);
    expect((await send(`needs/${needId}/leave-project`, other, { projectId })).status).toBe(200);
    const stagesOf = async () => ((await documentOf(`projects/${projectId}`))['needs'] as readonly Body[]).map(({ stage }) => stage);
    await eventually('the project to hear of it', async () => (await stagesOf()).join() === 'left', SEEN_WITHIN_MS);
  });

  it('is named by a reservation only of those who answer for it', async () => {
    const [resourceId, projectId] = [await offer(), await plan()];
    const reserve = (as: Who, purpose: object) => send(`resources/${resourceId}/reserve`, as, { from: day('06-01'), to: day('06-03'), ...purpose });
    expect(told(await reserve(other, { projectId }))).toEqual([403, 'not-permitted']);
    expect(told(await reserve(other, { needId: '0123456789abcdefghjkmnpqrs' }))).toEqual([409, 'no-such-purpose']);
    expect(told(await reserve(community, { projectId }))).toEqual([200, 'reserved']);
    await holds(resourceId, [`1 ${projectId} reserved`]);
  });
});
