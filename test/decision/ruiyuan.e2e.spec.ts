import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { instantMsOf, plusMs, toShanghaiIso } from '@qiyue/engine';
import { eventually, startSystem, type Answer, type Body, type System, type Who } from '@qiyue/testkit';

/** 瑞苑小区, a stair unit of six floors with two homes each; nobody has bought 602. */
const COMMUNITY = '渠南社区';
const UNIT = '临猗县住房和城乡建设局';
const community: Who = { actor: 'qunan-staff', role: 'community', unit: COMMUNITY };
const resident: Who = { actor: 'owner-601', role: 'resident', unit: COMMUNITY };
const department: Who = { actor: 'housing-1', role: 'department', unit: UNIT };
const authority: Who = { actor: 'authority-1', role: 'authority' };
const supervisor: Who = { actor: 'supervisor-1', role: 'supervisor' };
const roomsOf = (floors: number) => Array.from({ length: floors * 2 }, (_, i) => `${Math.floor(i / 2) + 1}0${(i % 2) + 1}`);
const ROOMS = roomsOf(6);
const ownerOf = (room: string): string | null => (room === '602' ? null : `owner-${room}`);
const ROSTER = ROOMS.map((room) => ({ room, areaCm2: 985_000, owner: ownerOf(room) }));
const PLAN = {
  ...{ parts: ['roof'], works: '3号楼2单元屋面防水层铲除重做', budgetFen: 3_600_000, warrantyEndedOn: '2015-06-30' },
  ...{ from: '2026-09-01', to: '2026-09-20', contractor: '临猗县某防水工程有限公司' },
};
const REPORT = {
  ...{ title: '单元楼楼顶防水', kind: 'tangible', category: '维修', community: COMMUNITY, compound: '瑞苑小区', scope: 'common' },
  items: [{ name: '楼顶防水', quantity: 1, unit: '单元' }],
};
const DAY_MS = 86_400_000;
/** A second is twelve hours: a notice of seven days takes a quarter of a minute. */
const PACE = { realMs: Date.now(), businessMs: instantMsOf('2026-08-03T08:00:00.000+08:00'), factor: 43_200 };
const WITHIN_MS = 60_000;

const told = ({ status, body }: Answer): readonly unknown[] => [status, body['code'] ?? body['stage']];

describe('the roof of Ruiyuan', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ pace: PACE });
  }, 180_000);
  afterAll(() => system?.stop(), 60_000);

  const now = (): string => toShanghaiIso(PACE.businessMs + (Date.now() - PACE.realMs) * PACE.factor);
  const does = async (as: Who, path: string, command: string, body: object = {}): Promise<Body> => {
    const answer = await system.post(`/v1/${path}/${command}`, as, body);
    expect([command, answer.status, answer.body]).toEqual([command, 200, expect.anything()]);
    return answer.body;
  };
  const read = async (path: string, seq: unknown): Promise<Body> => (await system.get(`/v1/${path}?minSeq=${String(seq)}`, supervisor)).body;
  const reported = async (): Promise<string> => {
    const { status, body } = await system.post('/v1/needs', resident, REPORT);
    expect(status).toBe(201);
    return String(body['needId']);
  };
  const opened = async (needId: string, more: object = {}): Promise<string> => {
    const { status, body } = await system.post('/v1/decisions', community, { needId, matter: 'use-fund', roster: ROSTER, plan: PLAN, ...more });
    expect([status, body]).toEqual([201, expect.objectContaining({ stage: 'preparing' })]);
    return String(body['decisionId']);
  };
  const vote = (decisionId: string, room: string, choice: string): Promise<Body> => {
    const owner = ownerOf(room);
    const paper = owner === null || room.endsWith('1');
    return paper
      ? does(community, `decisions/${decisionId}`, 'vote', { room, choice, channel: 'paper' })
      : does({ actor: owner, role: 'resident', unit: COMMUNITY }, `decisions/${decisionId}`, 'vote', { room, choice, channel: 'online' });
  };
  const ballot = async (decisionId: string, choices: Readonly<Record<string, readonly string[]>>): Promise<Body> => {
    await does(community, `decisions/${decisionId}`, 'open-ballot', { closesAt: plusMs(now(), 60 * DAY_MS), channels: ['paper', 'online'] });
    for (const [choice, rooms] of Object.entries(choices)) for (const room of rooms) await vote(decisionId, room, choice);
    const { seq } = await does(community, `decisions/${decisionId}`, 'close-ballot');
    return read(`decisions/${decisionId}`, seq);
  };
  const evaluated = async (needId: string): Promise<Body> => {
    await does(resident, `needs/${needId}`, 'evaluate', { side: 'resident', score: 5, satisfied: true });
    return does(community, `needs/${needId}`, 'evaluate', { side: 'community', score: 5, satisfied: true });
  };
  const claimed = (needId: string): Promise<Body> =>
    does(department, `needs/${needId}`, 'claim', { unit: UNIT, plan: '协助社区使用维修资金，监督施工' });
  const works = async (needId: string): Promise<void> => {
    await does(department, `needs/${needId}`, 'start');
    await does(department, `needs/${needId}`, 'complete', { evidence: [{ kind: 'note', text: '闭水试验 24 小时无渗漏' }], finalCostFen: 3_400_000 });
    expect(told(await system.post(`/v1/needs/${needId}/accept`, community, {}))).toEqual([409, 'authority-only']);
    await does(authority, `needs/${needId}`, 'accept', { note: '验收合格' });
  };
  const fundOf = (needId: string, decisionId: string, amountFen = 3_600_000): Promise<Answer> =>
    system.post(`/v1/needs/${needId}/fund`, department, { amountFen, source: 'maintenance-fund', reference: '临房维备〔2026〕18号', decisionId });

  it('is done in ten steps, by those who take them', async () => {
    // 1, 2: residents report a leak, staff inspect
    const needId = await reported();
    await does(community, `needs/${needId}`, 'inspect', { notes: '屋面旧防水层老化开裂' });
    await claimed(needId);
    // 3, 4: no property company, so a council and visits; a plan
    const decisionId = await opened(needId);
    const path = `decisions/${decisionId}`;
    expect(await read(`needs/${needId}`, 5)).toMatchObject({ decision: { decisionId, progress: 'open' }, clock: { paused: expect.anything() } });
    await does(community, path, 'hold-council', { notes: '商议屋面维修方案', attended: 9 });
    await does(community, path, 'visit', { room: '501', stance: 'agrees' });
    // 5, 6: lower floors object; two rounds of mediation
    await does({ actor: 'owner-101', role: 'resident', unit: COMMUNITY }, path, 'object', { room: '101', reason: '屋面漏水不影响一层，不应分摊' });
    await does(community, path, 'object', { room: '102', reason: '同上' });
    for (const room of ['101', '102']) {
      await does(community, path, 'mediate', { room, round: 1, notes: '讲解民法典第二百七十一条、第二百七十三条', outcome: 'unsettled' });
      await does(community, path, 'mediate', { room, round: 2, notes: '不修的后果由全单元承担', outcome: 'settled' });
    }
    expect(told(await fundOf(needId, decisionId))).toEqual([409, 'decision-open']);
    // 7: all agree, signatures door to door
    const decided = await ballot(decisionId, { agree: ROOMS });
    expect(decided).toMatchObject({
      stage: 'passed',
      tally: { totalHeads: 12, totalAreaCm2: 11_820_000, partHeads: 12, agreeHeads: 12, agreeAreaCm2: 11_820_000, outcome: 'passed' },
    });
    for (const room of ROOMS) await does(community, path, 'sign', { room });
    // public notice, without an objection
    await does(community, path, 'post-notice', { days: 7, place: '3号楼2单元门口公示栏' });
    expect(told(await system.post(`/v1/${path}/confirm`, authority, {}))).toEqual([409, 'notice-running']);
    await eventually('the end of the notice', async () => (await system.get(`/v1/${path}`, supervisor)).body['stage'] === 'confirming', WITHIN_MS);
    await does(authority, path, 'confirm', { reference: '临房维备〔2026〕18号' });
    // 8: money from the fund, within the plan; workers do the job
    expect(told(await fundOf(needId, decisionId, 3_600_001))).toEqual([409, 'over-plan']);
    expect(told(await fundOf(needId, decisionId))).toEqual([200, 'funded']);
    expect(told(await system.post(`/v1/${path}/draw`, community, { amountFen: 1_080_001, reference: '首期' }))).toEqual([409, 'over-draw']);
    await does(community, path, 'draw', { amountFen: 1_080_000, reference: '首期工程款 30%' });
    // 9: the authority accepts; 10: the trouble is over
    await works(needId);
    expect(await evaluated(needId)).toMatchObject({ stage: 'evaluated' });
    const after = await eventually('the warranty', async () => {
      const { body } = await system.get(`/v1/${path}`, supervisor);
      return body['stage'] === 'warranty' && body;
    });
    expect(after).toMatchObject({ fund: { reservedFen: 0, committedFen: 3_400_000, availableFen: 200_000 } });
  }, 180_000);

  it('is not done when the vote fails by one head', async () => {
    const needId = await reported();
    await claimed(needId);
    const decisionId = await opened(needId);
    expect(told(await system.post('/v1/decisions', community, { needId, matter: 'use-fund', roster: ROSTER, plan: PLAN }))).toEqual([
      409,
      'decision-open',
    ]);
    const [agree, disagree] = [ROOMS.slice(0, 6), ROOMS.slice(6)];
    const failed = await ballot(decisionId, { agree, disagree });
    expect(failed).toMatchObject({
      stage: 'failed',
      tally: { partHeads: 12, agreeHeads: 6, approval: expect.anything(), outcome: 'failed-approval' },
    });
    expect(told(await fundOf(needId, decisionId))).toEqual([409, 'decision-failed']);
    const need = await eventually('the need to go on', async () => {
      const { body } = await system.get(`/v1/needs/${needId}`, supervisor);
      return (body['clock'] as Body | null)?.['paused'] === null && body;
    });
    expect(need).toMatchObject({ stage: 'claimed', decision: { decisionId, progress: 'failed' } });
    // voted on again, one head more; only what has failed, of this need, is taken up again
    const other = await reported();
    for (const odd of [
      { needId: other, previous: decisionId },
      { needId, previous: needId },
      { needId, previous: 'd0' },
    ])
      expect(told(await system.post('/v1/decisions', community, { matter: 'use-fund', roster: ROSTER, plan: PLAN, ...odd }))).toEqual([
        409,
        'no-such-previous',
      ]);
    const again = await opened(needId, { previous: decisionId });
    expect(await ballot(again, { agree: [...agree, '401'], disagree: disagree.filter((room) => room !== '401') })).toMatchObject({ stage: 'passed' });
  }, 120_000);

  it('is done before a vote in an emergency that the authority has confirmed, and told afterwards', async () => {
    const needId = await reported();
    await claimed(needId);
    const decisionId = await opened(needId);
    const path = `decisions/${decisionId}`;
    await does(community, path, 'declare-emergency', {
      basis: '暴雨，屋面严重渗漏，危及用电安全',
      evidence: [{ kind: 'report', text: '应急检测报告' }],
    });
    expect(told(await fundOf(needId, decisionId))).toEqual([409, 'decision-open']);
    await does(authority, path, 'confirm', { note: '情况属实' });
    expect(told(await fundOf(needId, decisionId))).toEqual([200, 'funded']);
    await does(community, path, 'post-notice', { days: 7, place: '3号楼2单元门口公示栏' });
    await works(needId);
    expect(await evaluated(needId)).toMatchObject({ stage: 'evaluated' });
  }, 120_000);

  it('is decided by its own community, for a need that is there', async () => {
    const needId = await reported();
    const body = { needId, matter: 'use-fund', roster: ROSTER, plan: PLAN };
    expect(told(await system.post('/v1/decisions', { ...community, unit: '别的社区' }, body))).toEqual([403, 'not-permitted']);
    expect((await system.post('/v1/decisions', community, { ...body, needId: '0123456789abcdefghjkmnpqrs' })).body['code']).toBe('no-such-need');
    const key = 'the-same-key-twice';
    const first = await system.post('/v1/decisions', community, body, key);
    const second = await system.post('/v1/decisions', community, body, key);
    expect([first.status, second.body]).toEqual([201, first.body]);
  });
});
