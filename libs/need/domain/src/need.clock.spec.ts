import { describe, expect, it } from '@jest/globals';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import type { Context } from '@qiyue/engine';
import { specFor } from '@qiyue/engine-testing';
import { needDecider, type Fact, type NeedCommand, type NeedEvent, type NeedState } from './index';
import { DEFAULT_POLICY_DOCUMENT, compilePolicy } from '@qiyue/civic-domain';
import { evolve } from './testing/evolve';
import {
  ann,
  but,
  centre,
  claimed,
  clock,
  communityHappy,
  cora,
  extensionAsked,
  funded,
  NOW,
  paused,
  please,
  retimer,
  submitted,
  TABLES,
  timed,
  toDone,
  water,
} from './testing/need.fixtures';

const given = specFor(needDecider, { now: NOW, tables: TABLES });
const CLAIMED = timed([submitted, claimed]);
const fold = (...past: readonly NeedEvent[]): NeedState => past.reduce(evolve, needDecider.initial);

/** Lets every timer do its work until `until`, as the engine does. */
const letTimePass = (past: readonly NeedEvent[], until: string): readonly (readonly [string, NeedEvent])[] => {
  const happened: (readonly [string, NeedEvent])[] = [];
  for (
    let state = fold(...past), due = needDecider.due(state, { rules: 1 });
    due !== null && due.at <= until;
    due = needDecider.due(state, { rules: 1 })
  ) {
    const decision = needDecider.decide(due.command, state, contextAt(due.at, clock));
    const events = decision.ok ? decision.events : [];
    for (const event of events) happened.push([due.at, event]);
    state = events.reduce(evolve, state);
  }
  return happened;
};
const contextAt = (now: string, actor: Context['actor']): Context => ({ now, actor, entity: 'e', commandId: 'c', tables: TABLES, rules: 1 });
const told = (happened: readonly (readonly [string, NeedEvent])[]): readonly string[] =>
  happened.map(
    ([at, event]) =>
      `${at.slice(0, 16)} ${event.type}${'level' in event.data ? ` ${event.data.level} ${event.data.name}` : ''}${'reach' in event.data ? ` ${event.data.reach}` : ''}`,
  );
const after = (past: readonly NeedEvent[], command: NeedCommand, context: Partial<Context>): readonly NeedEvent[] => {
  const decision = needDecider.decide(command, fold(...past), { ...contextAt(NOW, ann), ...context });
  if (!decision.ok) throw new Error(decision.refusal.code);
  return [...past, ...decision.events];
};

describe('a deadline that nobody keeps', () => {
  it('climbs the whole ladder, each step once and in order', () => {
    expect(told(letTimePass(CLAIMED, '2025-01-01'))).toEqual([
      '2024-07-03T08:00 DeadlineApproaching',
      '2024-07-04T18:00 DeadlineMissed',
      '2024-07-05T08:00 Escalated 1 催办',
      '2024-07-12T08:00 Escalated 2 通报',
      '2024-07-19T08:00 Escalated 3 督查',
      '2024-07-26T08:00 Escalated 4 报县',
    ]);
  });

  it('calls all departments when a claim is late, and then the centre', () => {
    expect(told(letTimePass(timed([submitted]), '2024-07-10'))).toEqual([
      '2024-07-02T08:00 DeadlineApproaching',
      '2024-07-03T18:00 DeadlineMissed',
      '2024-07-03T18:00 WhistleBlown all',
      '2024-07-04T08:00 Escalated 1 催办',
      '2024-07-04T18:00 WhistleBlown centre',
    ]);
  });

  it('goes wider after a whistle that the named units did not answer', () => {
    const whistled = after(timed([submitted]), please('whistle'), { actor: cora });
    expect(whistled.at(-1)?.data).toEqual({ reach: 'named', units: ['Water', 'Roads'], answerBy: '2024-07-02T18:00:00.000+08:00' });
    expect(told(letTimePass(whistled, '2024-07-10'))).toEqual([
      '2024-07-02T08:00 DeadlineApproaching',
      '2024-07-02T18:00 WhistleBlown all',
      '2024-07-03T18:00 DeadlineMissed',
      '2024-07-03T18:00 WhistleBlown centre',
      '2024-07-04T08:00 Escalated 1 催办',
    ]);
  });

  it('closes an evaluation that is not given, by the policy and saying so', () => {
    const happened = letTimePass(timed(toDone), '2024-08-01');
    expect(told(happened)).toEqual([
      '2024-07-05T08:00 DeadlineApproaching',
      '2024-07-08T18:00 DeadlineMissed',
      '2024-07-09T08:00 Escalated 1 催办',
      '2024-07-15T08:00 EvaluationLapsed',
    ]);
    expect(happened.at(-1)?.[1].data).toMatchObject({ missing: ['resident', 'community'], residentScore: null, communityScore: null });
    expect(needDecider.summary(fold(...timed(toDone), ...happened.map(([, event]) => event)))).toEqual({
      stage: 'evaluated',
      status: 'open-to-reopen',
    });
  });

  it('is done again when the only side that evaluated is not satisfied', () => {
    const unhappy = but(communityHappy, { satisfied: false, score: 1 });
    const happened = letTimePass([...timed(toDone), unhappy], '2024-07-16').map(([, event]) => event);
    expect(happened.slice(-2)).toMatchObject([
      { type: 'EvaluationLapsed', data: { missing: ['resident'], communityScore: 1 } },
      { type: 'NeedReopened', data: { cause: 'unsatisfied', unit: 'Water', round: 2 } },
    ]);
  });

  it('has no ladder when it began before there were any', () => {
    expect(letTimePass([submitted, claimed], '2025-01-01')).toEqual([]);
  });
});

describe('a step of the ladder', () => {
  const stepData = { stage: 'claimed' as const, dueAt: '2024-07-04T18:00:00.000+08:00', policy: 'default-1' };
  const approaching: NeedEvent = { type: 'DeadlineApproaching', data: stepData };
  const tickAt = (now: string) => ({ actor: clock, now });

  it('happens at its time and not a millisecond before', () => {
    given(...CLAIMED)
      .when(please('tick', { step: 'approaching' }), tickAt('2024-07-03T07:59:59.999+08:00'))
      .thenNothing();
    given(...CLAIMED)
      .when(please('tick', { step: 'approaching' }), tickAt('2024-07-03T08:00:00.000+08:00'))
      .then(approaching);
  });
  it('happens once, and never out of turn', () => {
    given(...CLAIMED, approaching)
      .when(please('tick', { step: 'approaching' }), tickAt('2024-07-30T08:00:00.000+08:00'))
      .thenNothing();
    given(...CLAIMED)
      .when(please('tick', { step: 'escalated:2' }), tickAt('2024-07-30T08:00:00.000+08:00'))
      .thenNothing();
  });
  it('is that of the stage: a need that moved on starts another deadline', () => {
    const happened = letTimePass([...CLAIMED, approaching, ...timed([funded])], '2024-07-18T18:00:00.000+08:00');
    expect(told(happened)).toEqual(['2024-07-17T08:00 DeadlineApproaching', '2024-07-18T18:00 DeadlineMissed']);
  });
});

describe('a clock that stands still', () => {
  it('lets nothing fall due, and goes on for as long as was left in working days', () => {
    const stopped = after(CLAIMED, please('pause'), { actor: cora, now: '2024-07-02T10:00:00.000+08:00' });
    expect(letTimePass(stopped, '2025-01-01')).toEqual([]);
    const resumed = after(stopped, please('resume'), { actor: cora, now: '2024-07-09T10:00:00.000+08:00' });
    expect(resumed.at(-1)).toMatchObject({
      type: 'ClockResumed',
      data: { pausedAt: '2024-07-02T10:00:00.000+08:00', oldDueAt: '2024-07-04T18:00:00.000+08:00', dueAt: '2024-07-11T18:00:00.000+08:00' },
    });
    expect(told(letTimePass(resumed, '2024-07-12'))).toEqual(['2024-07-10T08:00 DeadlineApproaching', '2024-07-11T18:00 DeadlineMissed']);
  });
  it('moves nothing when it goes on the same day, and adds up when it stands still twice', () => {
    const twice = [
      ['pause', '2024-07-02T10:00:00.000+08:00'],
      ['resume', '2024-07-02T16:00:00.000+08:00'],
      ['pause', '2024-07-03T07:00:00.000+08:00'],
      ['resume', '2024-07-05T10:00:00.000+08:00'],
    ] as const;
    const past = twice.reduce((so, [type, now]) => after(so, please(type), { actor: cora, now }), CLAIMED);
    expect(past.filter(({ type }) => type === 'ClockResumed').map(({ data }) => 'dueAt' in data && data.dueAt)).toEqual([
      '2024-07-04T18:00:00.000+08:00',
      '2024-07-08T18:00:00.000+08:00',
    ]);
  });
  it('counts in hours where the deadline does', () => {
    const emergency = after([], please('submit', { ...please('submit').data, urgency: 'emergency' }), { actor: ann });
    const held = after(emergency, please('claim'), { actor: water });
    const stopped = after(held, please('pause'), { actor: cora, now: '2024-07-01T09:00:00.000+08:00' });
    const resumed = after(stopped, please('resume'), { actor: cora, now: '2024-07-01T12:30:00.000+08:00' });
    expect(resumed.at(-1)?.data).toMatchObject({ oldDueAt: '2024-07-02T08:00:00.000+08:00', dueAt: '2024-07-02T11:30:00.000+08:00' });
  });
});

describe('an extension', () => {
  const ask = please('request-extension');
  it('is asked for until the last instant of the deadline', () => {
    given(...CLAIMED)
      .when(ask, { actor: water, now: '2024-07-04T18:00:00.000+08:00' })
      .then(extensionAsked);
    given(...CLAIMED)
      .when(ask, { actor: water, now: '2024-07-04T18:00:00.001+08:00' })
      .thenRefused('too-late', { until: '2024-07-04T18:00:00.000+08:00' });
  });
  it('is of one to ten working days', () => {
    for (const workingDays of [0, -1, 1.5, NaN]) {
      given(...CLAIMED)
        .when(please('request-extension', { workingDays, reason: 'r' }), { actor: water })
        .thenRefused('invalid-body', { field: 'workingDays' });
    }
    given(...CLAIMED)
      .when(please('request-extension', { workingDays: 11, reason: 'r' }), { actor: water })
      .thenRefused('too-long', { max: 10 });
  });
  it('moves the deadline by its working days when it is granted, and nothing when it is denied', () => {
    const granted = after([...CLAIMED, extensionAsked], please('grant'), { actor: centre });
    expect(granted.at(-1)).toMatchObject({
      type: 'ExtensionGranted',
      data: { workingDays: 5, oldDueAt: '2024-07-04T18:00:00.000+08:00', dueAt: '2024-07-11T18:00:00.000+08:00' },
    });
    expect(told(letTimePass(granted, '2024-07-12'))).toEqual(['2024-07-10T08:00 DeadlineApproaching', '2024-07-11T18:00 DeadlineMissed']);
    const denied = after([...CLAIMED, extensionAsked], please('deny'), { actor: centre });
    expect(told(letTimePass(denied, '2024-07-05'))).toEqual(['2024-07-03T08:00 DeadlineApproaching', '2024-07-04T18:00 DeadlineMissed']);
  });
  it('is asked for once, whatever became of it, and anew in the next stage', () => {
    const granted = after([...CLAIMED, extensionAsked], please('grant'), { actor: centre });
    given(...granted)
      .when(ask, { actor: water })
      .thenRefused('already-extended');
    given(...granted)
      .when(please('grant'), { actor: centre })
      .thenRefused('no-request');
    given(...granted, ...timed([funded]))
      .when(ask, { actor: water })
      .then({ ...extensionAsked, data: { ...extensionAsked.data, stage: 'funded' } });
  });
  it('does not wake what has already happened', () => {
    const late = letTimePass([...CLAIMED, extensionAsked], '2024-07-05T12:00:00.000+08:00').map(([, event]) => event);
    const granted = after([...CLAIMED, extensionAsked, ...late], please('grant'), { actor: centre, now: '2024-07-05T13:00:00.000+08:00' });
    expect(told(letTimePass(granted, '2024-07-20'))).toEqual(['2024-07-19T08:00 Escalated 2 通报']);
  });
});

describe('another calendar', () => {
  const corrected = {
    ...CHINA_2024_2026,
    version: 'county-2',
    holidays: [...CHINA_2024_2026.holidays, { date: '2024-07-03', name: '县庆' }],
  };
  const tables = { ...TABLES, calendar: compileTable(corrected) };
  const retimed = { actor: retimer, tables };

  it('moves a running deadline with its ladder and says from when to when, and why', () => {
    const [moved] = after(CLAIMED, please('retime'), retimed).slice(-1) as [Fact<'DeadlineMoved'>];
    expect(moved.data).toMatchObject({
      stage: 'claimed',
      cause: 'calendar',
      oldDueAt: '2024-07-04T18:00:00.000+08:00',
      dueAt: '2024-07-05T18:00:00.000+08:00',
      returnUntil: '2024-07-04T18:00:00.000+08:00',
      deadline: { calendar: 'county-2', policy: 'default-1' },
    });
  });
  it('is silent where it changes nothing, and when it comes twice', () => {
    given(...CLAIMED)
      .when(please('retime'), { actor: retimer, tables: TABLES })
      .thenNothing();
    given(...after(CLAIMED, please('retime'), retimed))
      .when(please('retime'), retimed)
      .thenNothing();
  });
  it('does not let happen again what has happened', () => {
    const late = letTimePass(CLAIMED, '2024-07-05T12:00:00.000+08:00').map(([, event]) => event);
    const moved = after([...CLAIMED, ...late], please('retime'), retimed);
    expect(told(letTimePass(moved, '2024-07-20'))).toEqual(['2024-07-15T08:00 Escalated 2 通报']);
  });
  it('keeps extensions and stretches of standing still, counted anew', () => {
    const granted = after([...CLAIMED, extensionAsked], please('grant'), { actor: centre });
    expect(after(granted, please('retime'), retimed).at(-1)?.data).toMatchObject({ dueAt: '2024-07-12T18:00:00.000+08:00' });
    const stopped = after(CLAIMED, please('pause'), { actor: cora, now: '2024-07-02T10:00:00.000+08:00' });
    const resumed = after(stopped, please('resume'), { actor: cora, now: '2024-07-04T10:00:00.000+08:00' });
    expect(resumed.at(-1)?.data).toMatchObject({ dueAt: '2024-07-08T18:00:00.000+08:00' });
    expect(after(resumed, please('retime'), retimed).at(-1)?.data).toMatchObject({ dueAt: '2024-07-08T18:00:00.000+08:00' }); // one day less stood still
  });
  it('sets what the old one did not reach', () => {
    const late = after([], please('submit'), { actor: ann, now: '2026-12-30T09:00:00.000+08:00' });
    expect(late.at(-1)?.data).toMatchObject({ claimBy: null, deadline: { dueAt: null, steps: [] } });
    const longer = compileTable({ ...CHINA_2024_2026, version: 'cn-2027', covers: { from: '2024-01-01', to: '2027-12-31' } });
    const set = after(late, please('retime'), { actor: retimer, tables: { ...TABLES, calendar: longer } });
    expect(set.at(-1)?.data).toMatchObject({ cause: 'calendar', oldDueAt: null, dueAt: expect.stringContaining('2027-01-0') });
    expect(needDecider.due(fold(...set), { rules: 1 })?.command).toEqual({ type: 'tick', data: { step: 'approaching' } });
  });
  it('names the policy when that is what changed', () => {
    const faster = compilePolicy({
      ...DEFAULT_POLICY_DOCUMENT,
      version: 'county-fast',
      deadlines: [{ stage: 'claimed', within: { workingDays: 1 }, basis: 'x' }, ...DEFAULT_POLICY_DOCUMENT.deadlines],
    });
    const moved = after(CLAIMED, please('retime'), { actor: retimer, tables: { ...TABLES, policy: faster } });
    expect(moved.at(-1)?.data).toMatchObject({ cause: 'policy', dueAt: '2024-07-02T18:00:00.000+08:00', deadline: { policy: 'county-fast' } });
  });
});

describe('a need whose urgency is corrected', () => {
  it('has its deadline anew from then on', () => {
    const past = after(timed([submitted]), please('amend', { urgency: 'emergency' }), { actor: ann, now: '2024-07-02T10:00:00.000+08:00' });
    expect(past.slice(-2)).toMatchObject([
      { type: 'NeedAmended', data: { urgency: 'emergency' } },
      {
        type: 'DeadlineMoved',
        data: { cause: 'amended', oldDueAt: '2024-07-03T18:00:00.000+08:00', dueAt: '2024-07-02T12:00:00.000+08:00' },
      },
    ]);
  });
  it('has it as before when nothing that counts is another', () => {
    given(...timed([submitted]))
      .when(please('amend', { title: 't', urgency: 'normal' }), { actor: ann })
      .then({ type: 'NeedAmended', data: { title: 't', urgency: 'normal' } });
  });
});

describe('a contract', () => {
  it('is signed by either party once', () => {
    const signedBy = after(CLAIMED, please('sign'), { actor: cora });
    expect(signedBy.at(-1)).toEqual({ type: 'ContractSigned', data: { party: 'community', unit: 'Lakeside' } });
    given(...signedBy)
      .when(please('sign'), { actor: cora })
      .thenRefused('already-signed');
    given(...signedBy)
      .when(please('sign'), { actor: water })
      .then({ type: 'ContractSigned', data: { party: 'department', unit: 'Water' } });
  });
});

describe('a whistle', () => {
  it("has the community's own answer deadline when that is earlier", () => {
    const soon = please('whistle', { units: ['Water', 'Water'], answerBy: '2024-07-01T12:00:00.000+08:00' });
    given(...timed([submitted]))
      .when(soon, { actor: cora })
      .then({ type: 'WhistleBlown', data: { reach: 'named', units: ['Water'], answerBy: '2024-07-01T12:00:00.000+08:00' } });
    given(...timed([submitted]))
      .when(please('whistle', { units: ['Water'], answerBy: NOW }), { actor: cora })
      .thenRefused('invalid-body', { field: 'answerBy' });
  });
  it('pauses with nothing: a paused event has no place on the list', () => {
    expect(() => fold(...timed([submitted]), paused)).toThrow('corrupt stream: ClockPaused without its deadline');
  });
});
