import { describe, expect, it } from '@jest/globals';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { specFor } from '@qiyue/engine-testing';
import { NEED_RULES, needDecider, type NeedEvent } from './index';
import { ann, centre, claimed, cora, NOW, please, ramp, retimer, submitted, TABLES, timed, water } from './testing/need.fixtures';
import { after, contextAt, letTimePass } from './testing/need.past';

const under = (rules: number) => specFor(needDecider, { now: NOW, tables: TABLES, rules });
const given = under(NEED_RULES);
/** Due at ten. */
const called = after([], please('submit', { ...ramp, urgency: 'emergency' }), contextAt(NOW, ann));
const [NINE, HALF_PAST_NINE] = ['2024-07-01T09:00:00.000+08:00', '2024-07-01T09:30:00.000+08:00'];
const TEN = '2024-07-01T10:00:00.000+08:00';

describe('a call about an emergency', () => {
  const dispatch = (answerBy?: string) => please('dispatch', { unit: 'Water', ...(answerBy === undefined ? {} : { answerBy }) });
  const whistle = (answerBy?: string) => please('whistle', { units: ['Water'], ...(answerBy === undefined ? {} : { answerBy }) });
  const CALLS = [
    [dispatch, centre],
    [whistle, cora],
  ] as const;
  const answerOf = (events: readonly NeedEvent[]) => (events.at(-1) as { readonly data: { readonly answerBy?: string | null } }).data.answerBy;

  it.each(CALLS)('is answered within an hour, and not behind the claim’s own deadline', (call, actor) => {
    expect(answerOf(after(called, call(), contextAt(NOW, actor)))).toBe(NINE);
    expect(answerOf(after(called, call(), contextAt(HALF_PAST_NINE, actor)))).toBe(TEN);
    expect(answerOf(after(called, call(), contextAt(NOW, actor, 6)))).toBe('2024-07-02T18:00:00.000+08:00');
  });
  it.each(CALLS)('takes no date that is over or behind that deadline', (call, actor) => {
    for (const answerBy of ['2024-06-30T08:00:00.000+08:00', '2024-07-01T10:00:00.001+08:00', '2199-01-01T23:59:59.999+08:00'])
      given(...called)
        .when(call(answerBy), { actor })
        .thenRefused('bad-answer-by', { earliest: NOW, latest: TEN });
    expect(answerOf(after(called, dispatch(TEN), contextAt(NOW, centre)))).toBe(TEN);
  });
  it('is answered within an hour from the call once the claim is late', () => {
    const late = letTimePass(called, '2024-07-01T10:30').events;
    expect(answerOf(after(late, dispatch(), contextAt('2024-07-01T10:40:00.000+08:00', centre)))).toBe('2024-07-01T11:40:00.000+08:00');
  });
  it('goes to all departments and then to the centre by the hour', () => {
    const sent = after(called, dispatch(), contextAt(NOW, centre));
    expect(letTimePass(sent, '2024-07-01T10:00:01').told).toEqual([
      '07-01T09:00 DeadlineApproaching',
      '07-01T09:00 WhistleBlown',
      '07-01T10:00 DeadlineMissed',
      '07-01T10:00 WhistleBlown',
    ]);
  });
  it('has the hours of the policy where that names them', () => {
    const whistle = { ...DEFAULT_POLICY_DOCUMENT.whistle, emergency: { answer: { hours: 0.25 }, wider: { hours: 0.5 } }, answerMaxWorkingDays: 3 };
    const tables = { ...TABLES, policy: compilePolicy({ ...DEFAULT_POLICY_DOCUMENT, whistle }) };
    expect(answerOf(after(called, dispatch(), { ...contextAt(NOW, centre), tables }))).toBe('2024-07-01T08:15:00.000+08:00');
    given(...timed([submitted]))
      .when(dispatch('2024-07-05T08:00:00.000+08:00'), { actor: centre, tables })
      .thenRefused('bad-answer-by', { earliest: NOW, latest: '2024-07-04T23:59:59.999+08:00' });
  });
  it('of what is due the same day ends with that day', () => {
    const urgent = after([], please('submit', { ...ramp, urgency: 'urgent' }), contextAt(NOW, ann));
    expect(answerOf(after(urgent, dispatch(), contextAt(NOW, centre)))).toBe('2024-07-02T00:00:00.000+08:00');
  });
});

describe('an office that says that it is no emergency', () => {
  const confirm = (urgency: 'normal' | 'emergency') => please('confirm-urgency', { urgency });
  const correct = (urgency: 'normal' | 'urgent' | 'emergency') => please('correct', { urgency, reason: 'r' });
  const again = please('amend', { urgency: 'emergency', title: 'Ramp, now' });
  const byCommunity = after(called, confirm('normal'), contextAt(NINE, cora));
  const NOES = [byCommunity, after(called, confirm('normal'), contextAt(NINE, centre)), after(called, correct('urgent'), contextAt(NINE, centre))];

  it('is not overruled by the author, who may still amend whatever else there is', () => {
    for (const past of NOES) {
      given(...past)
        .when(again, { actor: ann })
        .thenRefused('urgency-settled');
      const amended = after(past, please('amend', { urgency: 'urgent', title: 'x' }), contextAt(NINE, ann));
      given(...amended)
        .when(again, { actor: ann })
        .thenRefused('urgency-settled');
    }
  });
  it('can be overruled by an office, and then its author may call it one as before', () => {
    const [moved, confirmed] = after(byCommunity, confirm('emergency'), contextAt(NINE, centre)).slice(-2);
    expect(moved?.data).toMatchObject({ dueAt: TEN });
    expect(confirmed).toEqual({ type: 'UrgencyConfirmed', data: { from: 'normal', to: 'emergency' } });
    const corrected = after(byCommunity, correct('emergency'), contextAt(NINE, centre));
    const lowered = after(corrected, please('amend', { urgency: 'normal' }), contextAt(NINE, ann));
    expect(after(lowered, again, contextAt(NINE, ann)).at(-1)?.type).toBe('NeedAmended');
  });
  it('is heard when it has not been called one since, too: anything else is no emergency', () => {
    given(...byCommunity)
      .when(confirm('normal'), { actor: centre })
      .thenRefused('no-emergency');
  });
  it('stands when a claim is given back', () => {
    const returned = after(after(byCommunity, please('claim'), contextAt(NINE, water)), please('return'), contextAt(NINE, water));
    given(...returned)
      .when(again, { actor: ann })
      .thenRefused('urgency-settled');
  });
  it('stands against the community that wrote the need itself', () => {
    const own = after([], please('submit', { ...ramp, urgency: 'emergency' }), contextAt(NOW, cora));
    const lowered = after(own, correct('normal'), contextAt(NINE, centre));
    for (const command of [again, confirm('emergency')])
      given(...lowered)
        .when(command, { actor: cora })
        .thenRefused('urgency-settled');
  });
  it('was overruled by the author without end before rules 7', () => {
    const lowered = after(called, confirm('normal'), contextAt(NINE, cora, 6));
    const past = lowered.reduce((state, event) => needDecider.evolve(state, event, { rules: 6 }), needDecider.initial);
    expect(needDecider.decide(again, past, contextAt(NINE, ann, 6)).ok).toBe(true);
  });
});

describe('what a change of urgency says', () => {
  it('has the deadline behind the command before it, so that whoever is told of it is told the right one', () => {
    const amended = after(timed([submitted]), please('amend', { urgency: 'emergency' }), contextAt(NOW, ann)).slice(-2);
    expect(amended.map(({ type }) => type)).toEqual(['DeadlineMoved', 'NeedAmended']);
    const corrected = after(timed([submitted, claimed]), please('correct', { urgency: 'emergency', reason: 'r' }), contextAt(NOW, centre)).slice(-2);
    expect(corrected.map(({ type }) => type)).toEqual(['DeadlineMoved', 'NeedCorrected']);
  });
});

describe('a shorter policy', () => {
  const policyOf = (hours: number, workingDays: number) =>
    compilePolicy({
      ...DEFAULT_POLICY_DOCUMENT,
      version: `of-${hours}-${workingDays}`,
      deadlines: DEFAULT_POLICY_DOCUMENT.deadlines.map((rule) => ({
        ...rule,
        within: 'hours' in rule.within ? { hours } : 'workingDays' in rule.within ? { workingDays } : rule.within,
      })),
      ladder: DEFAULT_POLICY_DOCUMENT.ladder.map((rung) => ({ ...rung, afterHours: rung.level * 0.01, afterWorkingDays: rung.level })),
    });
  const brought = (past: readonly NeedEvent[], now: string, policy: ReturnType<typeof policyOf>, rules = NEED_RULES) =>
    after(past, please('retime'), { ...contextAt(now, retimer, rules), tables: { ...TABLES, policy } });
  const dueAtOf = (events: readonly NeedEvent[]) => (events.at(-1) as { readonly data: { readonly dueAt?: string } }).data.dueAt;

  it('makes nothing late that was not: a whole new term is left from now, as far as the old one went', () => {
    expect(dueAtOf(brought(called, NINE, policyOf(0.02, 1)))).toBe('2024-07-01T09:01:12.000+08:00');
    expect(dueAtOf(brought(called, NINE, policyOf(0.02, 1), 6))).toBe('2024-07-01T08:01:12.000+08:00');
    expect(brought(called, HALF_PAST_NINE, policyOf(1.5, 1))).toEqual(called);
  });
  it('lets no ladder happen at one instant', () => {
    const late = letTimePass(called, '2024-07-01T10:30').events;
    expect(brought(late, '2024-07-01T10:30:00.000+08:00', policyOf(0.02, 1))).toEqual(late);
    const moved = brought(called, NINE, policyOf(0.02, 1));
    expect(letTimePass(moved, '2024-07-01T09:01:11').told.filter((step) => /Missed|Escalated/.test(step))).toEqual([]);
  });
  it('counts from the beginning where that leaves more, as a longer one does', () => {
    expect(dueAtOf(brought(called, NINE, policyOf(3, 1)))).toBe('2024-07-01T11:00:00.000+08:00');
  });
  it('keeps its hands off what stands when a pause ends or an extension is granted, too', () => {
    const past = timed([submitted, claimed]);
    const short = policyOf(1, 1);
    const at = (day: string) => `2024-07-${day}T10:00:00.000+08:00`;
    const context = (now: string, actor: typeof cora) => ({ ...contextAt(now, actor), tables: { ...TABLES, policy: short } });
    const asked = after(past, please('request-extension', { workingDays: 2, reason: 'r' }), contextAt(at('02'), water));
    expect(dueAtOf(after(asked, please('grant'), context(at('02'), centre)))).toBe('2024-07-08T18:00:00.000+08:00');
    const stopped = after(past, please('pause'), contextAt(at('02'), cora));
    expect(dueAtOf(after(stopped, please('resume'), context(at('03'), cora)))).toBe('2024-07-05T18:00:00.000+08:00');
  });
});
