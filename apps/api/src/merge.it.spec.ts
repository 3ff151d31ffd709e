import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Body } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { COMMUNITY, DEPARTMENT, NEED, NEIGHBOUR, OTHER_COMMUNITY, RESIDENT, SUPERVISOR } from './testing/people';
import type { Who } from './testing/test-tokens';

describe('merging needs', () => {
  let bench: ApiBench;
  beforeAll(async () => {
    bench = await ApiBench.create();
  }, 60_000);
  afterAll(() => bench.close());

  const submit = async (as: Who, changes: object = {}): Promise<string> =>
    String((await bench.post('/v1/needs', as, { ...NEED, ...changes })).body['needId']);
  const merge = (source: string, into: string, key?: string, as = COMMUNITY) => bench.post(`/v1/needs/${source}/merge`, as, { into }, key);
  const typesOf = async (needId: string): Promise<string[]> => {
    const { body } = await bench.get(`/v1/needs/${needId}/history`, SUPERVISOR);
    return (body['events'] as Body[]).map(({ type }) => String(type));
  };

  it('moves the followers and ends the source', async () => {
    const [source, target] = [await submit(NEIGHBOUR), await submit(RESIDENT)];
    const key = randomUUID();
    const merged = await merge(source, target, key);
    expect([merged.status, merged.body]).toEqual([200, { needId: source, seq: 2, stage: 'merged', status: 'ended' }]);
    const view = await bench.get(`/v1/needs/${target}?minSeq=2`, SUPERVISOR);
    expect(view.body).toMatchObject({ adopted: [{ from: source, followers: [NEIGHBOUR.actor] }], followers: [NEIGHBOUR.actor] });
    expect((await merge(source, target, key)).body).toEqual(merged.body);
    expect(await typesOf(target)).toEqual(['NeedSubmitted', 'NeedAdopted']);
  });

  it('leaves the target alone when the source would refuse', async () => {
    const [source, target] = [await submit(NEIGHBOUR), await submit(RESIDENT)];
    await bench.post(`/v1/needs/${source}/claim`, DEPARTMENT, { unit: '住建局', plan: 'A' });
    const key = randomUUID();
    expect(await merge(source, target, key)).toMatchObject({ status: 409, body: { code: 'wrong-stage' } });
    expect(await typesOf(target)).toEqual(['NeedSubmitted']);
    expect((await bench.get(`/v1/commands/${key}`, COMMUNITY)).body).toMatchObject({ state: 'refused', code: 'wrong-stage', needId: source });
  });

  it('refuses a target that is not live and keeps the refusal', async () => {
    const [source, target] = [await submit(NEIGHBOUR), await submit(RESIDENT)];
    await bench.post(`/v1/needs/${target}/withdraw`, RESIDENT, { reason: 'x' });
    for (const into of [target, '0123456789abcdefghjkmnpqrs', 'nonsense']) {
      const key = randomUUID();
      const refused = await merge(source, into, key);
      expect([into, refused.status, refused.body['code']]).toEqual([into, 409, 'target-not-live']);
      expect((await bench.get(`/v1/commands/${key}`, COMMUNITY)).body).toMatchObject({ state: 'refused', code: 'target-not-live' });
      expect((await merge(source, into, key)).body).toEqual(refused.body);
    }
    expect(await typesOf(source)).toEqual(['NeedSubmitted']);
  });

  it('refuses a need into itself, one that adopted, and one of another community', async () => {
    const [source, target, third] = [await submit(NEIGHBOUR), await submit(RESIDENT), await submit(RESIDENT)];
    const foreign = await submit(RESIDENT, { community: '和平社区' });
    await merge(source, target);
    expect(await merge(third, third)).toMatchObject({ status: 409, body: { code: 'same-need' } });
    expect(await merge(target, third)).toMatchObject({ status: 409, body: { code: 'has-adopted' } });
    expect(await merge(third, foreign)).toMatchObject({ status: 403, body: { code: 'not-permitted' } });
    expect(await merge(third, target, undefined, OTHER_COMMUNITY)).toMatchObject({ status: 403 });
    expect(await typesOf(foreign)).toEqual(['NeedSubmitted']);
  });

  it('takes an adoption back when two merges race for one source', async () => {
    for (let round = 0; round < 3; round += 1) {
      const [source, one, other] = [await submit(NEIGHBOUR), await submit(RESIDENT), await submit(RESIDENT)];
      const answers = await Promise.all([merge(source, one), merge(source, other)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      const [winner, loser] = answers[0]?.status === 200 ? [one, other] : [other, one];
      expect(await typesOf(winner)).toEqual(['NeedSubmitted', 'NeedAdopted']);
      expect([['NeedSubmitted'], ['NeedSubmitted', 'NeedAdopted', 'NeedUnadopted']]).toContainEqual(await typesOf(loser));
    }
  });
});
