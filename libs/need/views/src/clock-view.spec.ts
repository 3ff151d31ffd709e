import { describe, expect, it } from '@jest/globals';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { NEED_RULES, type NeedCommand } from '@qiyue/need-domain';
import { foldNeedView, toListItem, type NeedView } from './index';
import { type StageTimeView, lightOf } from '@qiyue/civic-views';
import { ann, BIRTH, centre, cora, Life, retimer, TABLES, water } from './testing/need.life';

const submit: NeedCommand = {
  type: 'submit',
  data: { title: 't', kind: 'service', items: [{ name: 'n', quantity: 1, unit: 'u' }], community: 'Lakeside' },
};
const claim: NeedCommand = { type: 'claim', data: { unit: 'Water', plan: 'p' } };
const fund: NeedCommand = { type: 'fund', data: { amountFen: 7, source: 'donation', reference: 'r' } };
const viewOf = (life: Life): NeedView => life.records.reduce<NeedView | null>(foldNeedView, null) as NeedView;
const born = (): Life => {
  const life = new Life(TABLES);
  life.does(ann, submit);
  return life;
};
const waitTimes = (life: Life, times: number): Life => {
  for (let i = 0; i < times; i += 1) life.waits();
  return life;
};

describe('the clock in a need\u2019s document', () => {
  it('shows the whole ladder with its dates, and when each step happened', () => {
    const { clock, whistle } = viewOf(waitTimes(born(), 3));
    expect(clock).toMatchObject({ stage: 'submitted', from: BIRTH, dueAt: '2024-07-03T18:00:00.000+08:00', provisional: false, escalatedTo: 1 });
    expect(clock?.steps.map(({ kind, level, name, at, firedAt }) => [kind, level, name, at === firedAt])).toEqual([
      ['approaching', 0, null, true],
      ['missed', 0, null, true],
      ['escalated', 1, '催办', true],
      ['escalated', 2, '通报', false],
      ['escalated', 3, '督查', false],
      ['escalated', 4, '报县', false],
    ]);
    expect(whistle).toEqual({ reach: 'all', units: [], answerBy: '2024-07-04T18:00:00.000+08:00', at: '2024-07-03T18:00:00.000+08:00', answers: [] });
  });

  it('remembers pauses and extensions, and what moved', () => {
    const life = born();
    for (const [actor, command] of [
      [water, claim],
      [cora, { type: 'pause', data: { waitingFor: 'the owners' } }],
      [cora, { type: 'resume', data: {} }],
      [water, { type: 'request-extension', data: { workingDays: 2, reason: 'r' } }],
      [centre, { type: 'grant', data: {} }],
    ] as const)
      expect(life.does(actor, command)).toBeNull();
    expect(viewOf(life)).toMatchObject({
      dueAt: '2024-07-08T18:00:00.000+08:00',
      deadlines: { fundBy: '2024-07-08T18:00:00.000+08:00' },
      clock: { paused: null, extension: { state: 'granted', workingDays: 2 } },
    });
  });
});

/** Ten working days wherever the policy says some. */
const LONGER = compilePolicy({
  ...DEFAULT_POLICY_DOCUMENT,
  version: 'longer',
  deadlines: DEFAULT_POLICY_DOCUMENT.deadlines.map((rule) => ('workingDays' in rule.within ? { ...rule, within: { workingDays: 10 } } : rule)),
});

describe('the stages in a need\u2019s document', () => {
  it('say of each whether it was late, against the deadline as it stood at the end', () => {
    const life = waitTimes(born(), 2); // reminded, missed
    life.does(water, claim);
    life.does(water, fund);
    expect(viewOf(life).stages).toEqual([
      {
        stage: 'submitted',
        round: 1,
        unit: null,
        from: BIRTH,
        dueAt: '2024-07-03T18:00:00.000+08:00',
        endedAt: '2024-07-03T18:00:00.000+08:00',
        late: true, // it was recorded as missed before the claim came in the same instant
        escalatedTo: 0,
      },
      expect.objectContaining({ stage: 'claimed', unit: 'Water', late: false }),
      expect.objectContaining({ stage: 'funded', unit: 'Water', endedAt: null, late: null }),
    ]);
    const late = waitTimes(born(), 3); // 催办
    late.does(water, claim);
    expect(viewOf(late).stages[0]).toMatchObject({ late: true, escalatedTo: 1 });
  });

  it('stay late when the deadline is moved ahead, and the rungs that lie ahead again count for the stage alone', () => {
    const life = waitTimes(born(), 3); // reminded, missed, 催办
    life.under(NEED_RULES);
    const before = viewOf(life);
    expect([lightOf(before, '2024-07-05T09:00:00.000+08:00'), before.clock?.escalatedTo]).toEqual(['red', 1]);
    life.isBrought({ ...TABLES, policy: LONGER }, retimer, { type: 'retime', data: {} });
    const moved = viewOf(life);
    const now = '2024-07-05T10:00:00.000+08:00';
    expect(moved.dueAt && moved.dueAt > now).toBe(true);
    expect(moved.stages).toMatchObject([{ endedAt: null, late: true, escalatedTo: 1 }]);
    expect(moved.clock).toMatchObject({ escalatedTo: 0 });
    expect(toListItem(moved, now)).toMatchObject({ light: 'green', escalatedTo: 0, late: true });
    life.does(water, claim);
    expect(viewOf(life).stages[0]).toMatchObject({ late: true, escalatedTo: 1 });
  });

  it('that end while the clock stands still are measured by when it stopped', () => {
    const life = born();
    life.does(water, claim);
    life.does(cora, { type: 'pause', data: { waitingFor: 'the owners' } });
    const view = viewOf(life);
    const funded: NeedView = {
      ...view,
      stages: view.stages.map((time) => (time.endedAt === null ? { ...time, dueAt: '2024-07-01T08:02:00.000+08:00' } : time)),
    };
    life.does(water, fund); // a minute after the pause, half a minute after that date
    expect(foldNeedView(funded, life.records.at(-1) as never).stages[1]).toMatchObject({ endedAt: '2024-07-01T08:03:00.000+08:00', late: false });
  });

  it('are neither kept nor missed when the need is withdrawn', () => {
    const life = born();
    life.does(ann, { type: 'withdraw', data: { reason: 'r' } });
    expect(viewOf(life).stages).toMatchObject([{ stage: 'submitted', endedAt: '2024-07-01T08:01:00.000+08:00', late: null }]);
  });

  it('end with an evaluation that lapsed', () => {
    const life = born();
    for (const [actor, command] of [
      [water, claim],
      [water, fund],
      [water, { type: 'complete', data: { evidence: [{ kind: 'k', text: 't' }] } }],
      [cora, { type: 'accept', data: {} }],
    ] as const)
      life.does(actor, command);
    const view = viewOf(waitTimes(life, 4));
    expect(view).toMatchObject({ stage: 'evaluated', clock: null, lapsed: { missing: ['resident', 'community'] } });
    expect(view.stages.at(-1)).toMatchObject({ stage: 'done', late: true });
  });
});

describe('the traffic light', () => {
  const view = viewOf(born());
  it('is green until the reminder, yellow until the deadline with its last instant, red after it', () => {
    const at = (now: string) => lightOf(view, now);
    expect([
      at('2024-07-02T07:59:59.999+08:00'),
      at('2024-07-02T08:00:00.000+08:00'),
      at('2024-07-03T18:00:00.000+08:00'),
      at('2024-07-03T18:00:00.001+08:00'),
    ]).toEqual(['green', 'yellow', 'yellow', 'red']);
  });
  it('takes the last quarter of the window where there is no reminder', () => {
    const [stage] = view.stages as [StageTimeView];
    const stages = [{ ...stage, from: '2024-07-01T00:00:00.000+08:00' }];
    const old = { ...view, clock: null, stages, dueAt: '2024-07-05T00:00:00.000+08:00' };
    expect([lightOf(old, '2024-07-03T23:59:59.999+08:00'), lightOf(old, '2024-07-04T00:00:00.000+08:00')]).toEqual(['green', 'yellow']);
  });
  it('is out while the clock stands still or there is no date', () => {
    const paused = { ...view, clock: view.clock && { ...view.clock, paused: { since: BIRTH, waitingFor: 'w' } } };
    expect(lightOf(paused, '2030-01-01T00:00:00.000+08:00')).toBe('paused');
    expect(lightOf({ ...view, dueAt: null }, '2030-01-01T00:00:00.000+08:00')).toBeNull();
  });
});
