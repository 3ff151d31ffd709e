import { yearOf } from '@qiyue/civic-domain';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_DOCUMENT, DEFAULT_UNIT_YEAR } from '@qiyue/civic-domain';
import { entityIdOf, toShanghaiIso } from '@qiyue/engine';
import { eventually, NEED_BODY, PEOPLE, startSystem, type Answer, type Body, type System, type Who } from '@qiyue/testkit';
import { Steps } from '../e2e/steps';

/** How often two needs ask for the same money. */
const ROUNDS = Number(process.env['ROUNDS'] ?? 6);
const ROUNDS_AT_ONCE = 2;
const SEEN_WITHIN_MS = 30_000;

const centre: Who = { actor: 'centre-1', role: 'centre' };
const YEAR = yearOf(toShanghaiIso(Date.now()));
const DONE = { evidence: [{ kind: 'note', text: '已完工' }] };
const of = (unit: string): Who => ({ actor: `department-of-${unit}`, role: 'department', unit });
const told = ({ status, body }: Answer): readonly unknown[] => [status, body['code'] ?? body['stage']];

/** A policy under which money is only there once a budget was set. */
const POLICY = { ...DEFAULT_POLICY_DOCUMENT, version: 'budgets-1', unitYear: { ...DEFAULT_UNIT_YEAR, budgetRequired: true } };

describe('a department’s money, on the whole system', () => {
  let system: System;
  let steps: Steps;
  let folder: string;
  let units = 0;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qiyue-policy-'));
    const policyFile = join(folder, 'policy.json');
    writeFileSync(policyFile, JSON.stringify(POLICY));
    system = await startSystem({ settings: { QIYUE_POLICY_FILE: policyFile } });
    steps = new Steps(system);
  }, 180_000);
  afterAll(async () => {
    await system?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const newUnit = (): string => `第${(units += 1)}局`;
  const opened = async (unit: string, amountFen: number | null): Promise<string> => {
    const { status, body } = await system.post('/v1/unit-years', centre, { unit, year: YEAR });
    expect([status, body['stage']]).toEqual([201, 'pledging']);
    const id = String(body['unitYearId']);
    if (amountFen !== null) await inYear(centre, id, 'set-budget', { amountFen, reference: '财预-1' });
    return id;
  };
  const inYear = async (as: Who, id: string, command: string, body: object): Promise<Body> => {
    const answer = await system.post(`/v1/unit-years/${id}/${command}`, as, body);
    expect([command, answer.status, answer.body]).toEqual([command, 200, expect.objectContaining({ unitYearId: id })]);
    return answer.body;
  };
  const claimed = async (unit: string, changes: object = {}): Promise<string> => {
    const needId = await steps.submit(changes);
    await steps.does(of(unit), needId, 'claim', { unit, plan: '两周' });
    return needId;
  };
  /** Asked again under its key where the answer took too long. */
  const fund = (unit: string, needId: string, amountFen: number, more: object = {}, key: string = randomUUID()): Promise<Answer> =>
    eventually(
      `an answer to the funding of ${needId}`,
      async () => {
        const body = { amountFen, source: 'department', reference: '财-1', ...more };
        const answer = await system.post(`/v1/needs/${needId}/fund`, of(unit), body, key);
        return answer.status !== 202 && answer;
      },
      SEEN_WITHIN_MS,
    );
  const yearAs = async (id: string): Promise<Body> => (await system.get(`/v1/unit-years/${id}`, centre)).body;
  const holds = async (id: string, [grantedFen, reservedFen, committedFen]: readonly [number, number, number]): Promise<void> => {
    const expected = { grantedFen, reservedFen, committedFen, availableFen: grantedFen - reservedFen - committedFen };
    let seen: unknown;
    const isThere = async (): Promise<boolean> => {
      const { reference: _, ...money } = (await yearAs(id))['budget'] as Body;
      seen = money;
      return Object.entries(expected).every(([name, fen]) => money[name] === fen);
    };
    await eventually(`the budget of ${id}`, isThere, SEEN_WITHIN_MS).catch(() => undefined);
    expect(seen).toEqual(expected);
  };
  const accepted = async (unit: string, needId: string, finalCostFen?: number): Promise<void> => {
    await steps.does(of(unit), needId, 'complete', { ...DONE, ...(finalCostFen === undefined ? {} : { finalCostFen }) });
    await steps.does(PEOPLE.community, needId, 'accept', {});
  };
  const pledgesOf = async (id: string): Promise<readonly unknown[]> =>
    ((await yearAs(id))['pledges'] as readonly Body[]).map(({ pledgeId, state }) => `${String(pledgeId)} ${String(state)}`);

  it('is reserved before a need is funded, once, and what is over it is refused with what is available', async () => {
    const unit = newUnit();
    const year = await opened(unit, 1_000);
    const [first, second] = [await claimed(unit), await claimed(unit)];
    const key = randomUUID();
    const answer = await fund(unit, first, 700, {}, key);
    expect(told(answer)).toEqual([200, 'funded']);
    expect((await fund(unit, first, 700, {}, key)).body).toEqual(answer.body);
    const refused = await fund(unit, second, 301);
    expect([...told(refused), refused.body['facts']]).toEqual([409, 'over-budget', { availableFen: 300, usedFen: 700 }]);
    await holds(year, [1_000, 700, 0]);
    expect(told(await fund(unit, second, 400, { source: 'mixed', split: { departmentFen: 300, donationFen: 100 } }))).toEqual([200, 'funded']);
    await holds(year, [1_000, 1_000, 0]);
    expect(told(await system.post(`/v1/unit-years/${year}/set-budget`, centre, { amountFen: 999, reference: '财预-2' }))).toEqual([
      409,
      'over-budget',
    ]);
  });

  it('is not there where the policy wants a budget and none was set, whether the year was opened or not', async () => {
    const [unit, other] = [newUnit(), newUnit()];
    await opened(unit, null);
    expect(told(await fund(unit, await claimed(unit), 1))).toEqual([409, 'no-budget']);
    const needId = await claimed(other);
    expect(told(await fund(other, needId, 1))).toEqual([409, 'no-budget']);
    expect(told(await fund(other, needId, 1, { source: 'donation' }))).toEqual([200, 'funded']);
  });

  it('is more or less when a funding is adjusted, and back when works are cancelled', async () => {
    const unit = newUnit();
    const year = await opened(unit, 1_000);
    const needId = await claimed(unit);
    expect(told(await fund(unit, needId, 500))).toEqual([200, 'funded']);
    const adjust = (deltaFen: number): Promise<Answer> => system.post(`/v1/needs/${needId}/adjust-funding`, centre, { deltaFen, reason: '超出预计' });
    expect(told(await adjust(400))).toEqual([200, 'funded']);
    await holds(year, [1_000, 900, 0]);
    const over = await adjust(101);
    expect([...told(over), over.body['facts']]).toEqual([409, 'over-budget', { availableFen: 100, usedFen: 900 }]);
    expect(told(await adjust(-600))).toEqual([200, 'funded']);
    await holds(year, [1_000, 300, 0]);
    await steps.does(centre, needId, 'cancel-works', { reason: '地质不宜' });
    await holds(year, [1_000, 0, 0]);
    expect(told(await fund(unit, needId, 1_000))).toEqual([200, 'funded']);
    await holds(year, [1_000, 1_000, 0]);
  });

  it('is spent at acceptance, the rest goes back, and rework needs no new money', async () => {
    const unit = newUnit();
    const year = await opened(unit, 1_000);
    const needId = await claimed(unit);
    await fund(unit, needId, 800);
    expect(told(await system.post(`/v1/needs/${needId}/complete`, of(unit), { ...DONE, finalCostFen: 801 }))).toEqual([409, 'over-budget']);
    await accepted(unit, needId, 650);
    await holds(year, [1_000, 0, 650]);
    await steps.evaluate(needId, false);
    expect(told(await fund(unit, needId, 1, { source: 'rework' }))).toEqual([422, 'invalid']);
    expect(told(await fund(unit, needId, 0, { source: 'rework' }))).toEqual([200, 'funded']);
    await accepted(unit, needId);
    await steps.evaluate(needId, true);
    expect((await steps.historyOf(needId)).map(({ type }) => type)).toContain('NeedReopened');
    await holds(year, [1_000, 0, 650]);
  });

  it('of a closed year is only spent or given back', async () => {
    const unit = newUnit();
    const year = await opened(unit, 1_000);
    const [first, second] = [await claimed(unit), await claimed(unit)];
    await fund(unit, first, 400);
    await inYear(centre, year, 'close', {});
    expect(told(await fund(unit, second, 1))).toEqual([409, 'year-closed']);
    expect(told(await system.post(`/v1/needs/${first}/adjust-funding`, centre, { deltaFen: 1, reason: 'r' }))).toEqual([409, 'year-closed']);
    await accepted(unit, first, 300);
    await holds(year, [1_000, 0, 300]);
    await eventually('the end of the year', async () => (await yearAs(year))['status'] === 'ended');
    expect(told(await fund(unit, second, 1))).toEqual([409, 'year-closed']);
  });

  it('is reserved the same over Kafka', async () => {
    const unit = newUnit();
    const year = await opened(unit, 500);
    const [first, second] = [await claimed(unit), await claimed(unit)];
    const data = { amountFen: 400, source: 'department', reference: '财-1' };
    expect(await steps.overKafka(of(unit), first, 'fund', data)).toMatchObject({ state: 'accepted' });
    expect(await steps.overKafka(of(unit), second, 'fund', data)).toMatchObject({ state: 'refused', code: 'over-budget' });
    await holds(year, [500, 400, 0]);
  });

  it('goes with a pledge that is linked to a need of its kind and fulfilled when that has satisfied', async () => {
    const unit = newUnit();
    const year = await opened(unit, 1_000);
    await inYear(of(unit), year, 'pledge', { kind: 'tangible', title: '修好扶手' });
    await inYear(of(unit), year, 'pledge', { kind: 'service', title: '健康讲座' });
    const needId = await claimed(unit);
    const link = (pledgeId: string, id: string): Promise<Answer> => system.post(`/v1/unit-years/${year}/link`, of(unit), { pledgeId, needId: id });
    expect(told(await link('p2', needId))).toEqual([409, 'other-kind']);
    expect(told(await link('p1', entityIdOf('need', 'nobody', 'nothing')))).toEqual([409, 'no-such-need']);
    const withdrawn = await steps.submit();
    await steps.does(PEOPLE.resident, withdrawn, 'withdraw', { reason: '自己解决' });
    expect(told(await link('p1', withdrawn))).toEqual([409, 'no-such-need']);
    await inYear(of(unit), year, 'link', { pledgeId: 'p1', needId });
    await fund(unit, needId, 1_000);
    await accepted(unit, needId);
    await steps.evaluate(needId, true);
    await eventually('the pledge to be fulfilled', async () => (await pledgesOf(year)).join() === 'p1 fulfilled,p2 promised', SEEN_WITHIN_MS);
  });

  it(`that covers one of two needs funds exactly one of them, when both ask in the same moment, ${ROUNDS} times`, async () => {
    const round = async (): Promise<string> => {
      const unit = newUnit();
      const [needs] = await Promise.all([Promise.all([claimed(unit, NEED_BODY), claimed(unit)]), opened(unit, 100)]);
      const answers = await Promise.all(needs.map((needId) => fund(unit, needId, 100)));
      return answers
        .map((answer) => told(answer).join(' '))
        .sort()
        .join();
    };
    const seen: string[] = [];
    for (let left = ROUNDS; left > 0; left -= ROUNDS_AT_ONCE)
      seen.push(...(await Promise.all(Array.from({ length: Math.min(left, ROUNDS_AT_ONCE) }, round))));
    expect(new Set(seen)).toEqual(new Set(['200 funded,409 over-budget']));
  }, 900_000);

  it('leaves no reaction refused and no process ended', async () => {
    expect(await system.store.db.collection('refusedReactions').find().toArray()).toEqual([]);
    expect(await system.store.db.collection('parkedReactions').find().toArray()).toEqual([]);
    expect(system.crashes).toEqual([]);
  });
});
