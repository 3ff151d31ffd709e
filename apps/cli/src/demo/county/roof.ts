import { DAY_MS, toShanghaiIso } from '@qiyue/engine';
import { eventually } from '../eventually';
import type { Rehearsal } from '../rehearsal';
import type { CountyCast } from './county-cast';

const [COMMUNITY, UNIT] = ['渠南社区', '稷山县住建局'];
const ROOMS = Array.from({ length: 12 }, (_, i) => `${Math.floor(i / 2) + 1}0${(i % 2) + 1}`);
const AGREEING = '同意';
const PLAN = { parts: ['roof'], works: '屋面防水层铲除重做', budgetFen: 3_600_000, warrantyEndedOn: '2015-06-30' };
const NOTICE_DAYS = 7;
const OBJECTING = ['101', '102'];
const MEDIATION = ['unsettled', 'settled'] as const;

export interface RoofTally {
  readonly outcome: string;
  readonly totalHeads: number;
  readonly partHeads: number;
  readonly agreeHeads: number;
}
export interface DecidedRoof {
  readonly community: string;
  readonly decisionId: string;
  readonly outcome: string;
  readonly tally: RoofTally;
  readonly objected: number;
  readonly mediationRounds: number;
  /** What the owners' fund has paid. */
  readonly fundFen: number;
}

/** 瑞苑小区: the owners of a stair unit decide on their roof; two on the lower floors object, and two rounds of mediation bring them round. */
export const ruiyuansRoof = async (cast: CountyCast, { clock }: Rehearsal): Promise<DecidedRoof> => {
  const [resident, community] = [cast.of('resident', COMMUNITY), cast.of('community', COMMUNITY)];
  const [department, authority] = [cast.of('department', UNIT), cast.of('authority')];
  const report = {
    title: '单元楼楼顶防水',
    kind: 'tangible',
    community: COMMUNITY,
    compound: '瑞苑小区',
    items: [{ name: '楼顶防水', quantity: 1, unit: '单元' }],
  };
  const needId = await cast.starts(resident, 'needs', report, 'needId');
  await cast.does(community, 'needs', needId, 'inspect', { notes: '旧防水层老化' });
  await cast.does(department, 'needs', needId, 'claim', { unit: UNIT, plan: '协助使用维修资金，监督施工' });
  const from = dayAt(clock.nowMs() + 30 * DAY_MS);
  const roster = ROOMS.map((room) => ({ room, areaCm2: 985_000, owner: `owner-${room}` }));
  const opening = { needId, matter: 'use-fund', roster, plan: { ...PLAN, from, to: dayAt(clock.nowMs() + 60 * DAY_MS) } };
  const decisionId = await cast.starts(community, 'decisions', opening, 'decisionId');
  const does = (command: string, body: object = {}, as = community): Promise<void> => cast.does(as, 'decisions', decisionId, command, body);
  await does('hold-council', { notes: '无物业，召开居民议会商议', attended: 9 });
  for (const room of OBJECTING) await does('object', { room, reason: '屋面漏水不影响一层' });
  for (const [i, outcome] of MEDIATION.entries()) {
    await clock.until(clock.nowMs() + DAY_MS);
    for (const room of OBJECTING) await does('mediate', { room, round: i + 1, notes: '讲解民法典第二百七十一条、第二百七十三条', outcome });
  }
  await does('open-ballot', { closesAt: toShanghaiIso(clock.nowMs() + 90 * DAY_MS), channels: ['paper'] });
  for (const room of ROOMS) await does('vote', { room, choice: 'agree', channel: 'paper', evidence: [{ kind: 'paper', text: AGREEING }] });
  await does('close-ballot');
  for (const room of ROOMS) await does('sign', { room });
  await does('post-notice', { days: NOTICE_DAYS, place: '单元门口公示栏' });
  const reader = await cast.of('supervisor');
  const read = () => reader.entity('decisions', decisionId) as Promise<{ readonly stage: string; readonly tally: RoofTally }>;
  await eventually('the end of the notice', async () => ((await read()).stage === 'confirming' ? true : null));
  await does('confirm', { reference: '维修资金备案 1 号' }, authority);
  await cast.does(department, 'needs', needId, 'fund', {
    ...{ amountFen: PLAN.budgetFen, source: 'maintenance-fund', reference: '维修资金备案 1 号', decisionId },
  });
  await cast.does(department, 'needs', needId, 'start');
  await clock.until(clock.nowMs() + 3 * DAY_MS);
  await cast.does(department, 'needs', needId, 'complete', { evidence: [{ kind: 'note', text: '闭水试验合格' }] });
  await cast.does(authority, 'needs', needId, 'accept', { note: '验收合格' });
  await cast.does(resident, 'needs', needId, 'evaluate', { side: 'resident', score: 5, satisfied: true });
  await cast.does(community, 'needs', needId, 'evaluate', { side: 'community', score: 5, satisfied: true });
  const { tally } = await read();
  const counted = { objected: OBJECTING.length, mediationRounds: MEDIATION.length, fundFen: PLAN.budgetFen };
  return { community: COMMUNITY, decisionId, outcome: tally.outcome, tally, ...counted };
};

const dayAt = (ms: number): string => toShanghaiIso(ms).slice(0, 10);
