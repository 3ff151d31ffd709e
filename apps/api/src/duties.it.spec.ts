import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DUTY_KEPT_MS, DutyHolders, RightsSeal, type Duty } from '@qiyue/edge';
import { KeyFolder } from '@qiyue/privacy';
import { sendRequest } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { OPERATOR, RESIDENT, SUPERVISOR } from './testing/people';

const KEY = { name: 'k', role: 'centre', scopes: ['read'] };

describe('operating, approving and auditing', () => {
  let apart: ApiBench;
  let together: ApiBench;
  beforeAll(async () => {
    apart = await ApiBench.create({ QIYUE_SEPARATE_DUTIES: 'on' });
    together = await ApiBench.create();
  }, 90_000);
  afterAll(async () => {
    await apart.close();
    await together.close();
  });

  const rights = () => new RightsSeal(new KeyFolder(apart.tokens.keysPath));
  const tries = async (bench: ApiBench, actor: string, scope: string | undefined, role = 'operator') => {
    const token = await bench.tokens.make({ actor, role }, scope === undefined ? {} : { scope });
    const ask = async (method: string, path: string, body?: object) => {
      const answer = await sendRequest(`${bench.base}${path}`, method, { token, ...(body === undefined ? {} : { body }) });
      return answer.status < 400 || answer.status === 404 ? 'may' : String(answer.body['code']);
    };
    return {
      operate: () => ask('POST', '/v1/keys', KEY),
      approve: () => ask('POST', '/v1/keys/none/approve', {}),
      audit: () => ask('GET', '/v1/audit/facts'),
    } satisfies Record<Duty, () => Promise<string>>;
  };

  it.each(['operate', 'approve', 'audit'] as const)('are each for a token that names it, and for it alone: %s', async (own) => {
    const tried = await tries(apart, `only-${own}`, `openid ${own}`);
    for (const duty of ['operate', 'approve', 'audit'] as const)
      expect([duty, await tried[duty]()]).toEqual([duty, duty === own ? 'may' : 'not-permitted']);
  });

  it('are for nobody whose token joins two of them, wherever it is', async () => {
    for (const bench of [apart, together])
      for (const scope of ['operate approve', 'approve audit', 'operate audit', 'operate approve audit']) {
        const tried = await tries(bench, `joins-${scope.length}`, scope);
        const answers = [await tried.operate(), await tried.approve(), await tried.audit()];
        expect(answers).not.toContain('may');
        expect(answers).toContain('duties-joined'); // a token that names `audit` writes nothing in any case
      }
  });

  it('are not joined by a person with two tokens either', async () => {
    expect(await (await tries(apart, 'wang', 'operate')).operate()).toBe('may');
    expect(await (await tries(apart, 'wang', 'approve')).approve()).toBe('duties-joined');
    expect(await (await tries(apart, 'wang', 'audit')).audit()).toBe('duties-joined');
    expect(await (await tries(apart, 'wang', undefined, 'supervisor')).audit()).toBe('duties-joined');
    expect(await (await tries(apart, 'wang', 'operate')).operate()).toBe('may');
  });

  it('are for no operator whose token names none, where they are kept apart; where not, for every operator', async () => {
    expect(await (await tries(apart, 'li', undefined)).operate()).toBe('not-permitted');
    expect(await (await tries(apart, 'zhao', undefined, 'supervisor')).audit()).toBe('may');
    expect((await together.post('/v1/keys', OPERATOR, KEY)).status).toBe(202);
    expect((await together.get('/v1/audit/facts', OPERATOR)).status).toBe(200);
    expect((await together.get('/v1/audit/facts', SUPERVISOR)).status).toBe(200);
  });

  it('are nothing that a role may not do, whatever its token names', async () => {
    expect(await (await tries(apart, RESIDENT.actor, 'audit', 'resident')).audit()).toBe('not-permitted');
    expect(await (await tries(apart, RESIDENT.actor, 'operate', 'resident')).operate()).toBe('not-permitted');
  });

  it('may be another after a quarter of a year without the first', async () => {
    let nowMs = Date.now();
    const holders = new DutyHolders(apart.engine.db, rights(), () => nowMs);
    expect(await holders.take('chen', 'operate')).toBe(true);
    nowMs += DUTY_KEPT_MS - 1_000;
    expect(await holders.take('chen', 'operate')).toBe(true);
    expect(await holders.take('chen', 'audit')).toBe(false);
    nowMs += DUTY_KEPT_MS + 1_000;
    expect(await holders.take('chen', 'audit')).toBe(true);
    expect(await holders.take('chen', 'operate')).toBe(false);
  });

  it('are of nobody whose row somebody has written', async () => {
    const holders = new DutyHolders(apart.engine.db, rights());
    expect(await holders.take('qian', 'operate')).toBe(true);
    const rows = apart.engine.db.collection<{ _id: string }>('dutyHolders');
    await rows.updateOne({ _id: 'qian' }, { $set: { lastAt: new Date(0) } });
    expect([await holders.take('qian', 'audit'), await holders.take('qian', 'operate')]).toEqual([false, false]);
    await rows.insertOne({ _id: 'zhou', duty: 'audit', lastAt: new Date(), mac: 'A'.repeat(43) } as never);
    expect(await holders.take('zhou', 'audit')).toBe(false);
  });

  it('are one duty for a person who begins two at once', async () => {
    const holders = new DutyHolders(apart.engine.db, rights());
    const taken = await Promise.all(Array.from({ length: 20 }, (_, i) => holders.take('sun', i % 2 === 0 ? 'operate' : 'audit').catch(() => false)));
    expect([taken.filter((_, i) => i % 2 === 0).some(Boolean), taken.filter((_, i) => i % 2 === 1).some(Boolean)].filter(Boolean)).toHaveLength(1);
  });
});
