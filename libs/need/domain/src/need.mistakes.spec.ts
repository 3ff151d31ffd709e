import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { describe, expect, it } from '@jest/globals';
import { specFor } from '@qiyue/engine-testing';
import { NEED_RULES, needDecider, type Do, type Fact } from './index';
import {
  ann,
  but,
  centre,
  claimed,
  communityElsewhere,
  cora,
  done,
  extensionAsked,
  funded,
  NOW,
  please,
  ramp,
  retimer,
  submitted,
  TABLES,
  timed,
  toDone,
  water,
} from './testing/need.fixtures';
import { after, contextAt, letTimePass } from './testing/need.past';

const under = (rules: number) => specFor(needDecider, { now: NOW, tables: TABLES, rules });
const given = under(NEED_RULES);

describe('a promise', () => {
  const promising = (promisedBy: string): Do<'claim'> => please('claim', { unit: 'Water', plan: 'p', promisedBy });
  const bounds = { earliest: '2024-07-01', latest: '2025-06-19' };

  it.each([
    ['of yesterday', '2024-06-30T23:59:59.999+08:00'],
    ['of last year', '2023-07-05T23:59:59.999+08:00'],
    ['of a date that was typed with next year’s number', '2025-07-05T23:59:59.999+08:00'],
    ['of 2042', '2042-07-05T23:59:59.999+08:00'],
  ])('%s is refused, with the days that it may be for', (_, promisedBy) => {
    given(...timed([submitted]))
      .when(promising(promisedBy), { actor: water })
      .thenRefused('bad-promise', bounds);
  });
  it('is taken for today, and for the last day that the policy allows', () => {
    for (const day of [bounds.earliest, bounds.latest])
      expect(after(timed([submitted]), promising(`${day}T23:59:59.999+08:00`), contextAt(NOW, water)).at(-1)?.type).toBe('NeedClaimed');
  });
  it('goes as far as the policy says, and by plain days where the calendar does not reach', () => {
    const policy = compilePolicy({ ...DEFAULT_POLICY_DOCUMENT, promiseMaxWorkingDays: 5 });
    given(...timed([submitted]))
      .when(promising('2024-07-09T08:00:00.000+08:00'), { actor: water, tables: { ...TABLES, policy } })
      .thenRefused('bad-promise', { earliest: '2024-07-01', latest: '2024-07-08' });
    given(...timed([submitted]))
      .when(promising('2042-01-01T08:00:00.000+08:00'), { actor: water, now: '2026-12-30T08:00:00.000+08:00' })
      .thenRefused('bad-promise', { earliest: '2026-12-30', latest: '2027-12-01' });
  });
  it('was taken for any day before rules 6', () => {
    const promisedBy = '2042-07-05T23:59:59.999+08:00';
    under(5)(submitted)
      .when(promising(promisedBy), { actor: water, tables: {} })
      .then(but(claimed, { plan: 'p', promisedBy }));
  });
});

describe('a promise that is over before the money comes', () => {
  const past = timed([submitted, but(claimed, { promisedBy: '2024-07-05T23:59:59.999+08:00' })]);
  const fundedLate = (rules: number) => [...past, ...after(past, please('fund'), contextAt('2024-07-22T10:00:00.000+08:00', water, rules)).slice(-1)];

  it('is missed once and at once, and the rungs are counted from the funding', () => {
    const { told } = letTimePass(fundedLate(NEED_RULES), '2024-08-31');
    expect(told).toEqual([
      '07-05T18:00 DeadlineMissed',
      '07-23T08:00 Escalated 1',
      '07-30T08:00 Escalated 2',
      '08-06T08:00 Escalated 3',
      '08-13T08:00 Escalated 4',
    ]);
    expect(fundedLate(NEED_RULES).at(-1)?.data).toMatchObject({ doneBy: '2024-07-05T18:00:00.000+08:00' });
  });
  it('let the whole ladder be due at one instant before rules 6', () => {
    expect(letTimePass(fundedLate(5), '2024-07-22', 5).told).toEqual([
      '07-05T18:00 DeadlineMissed',
      '07-08T08:00 Escalated 1',
      '07-15T08:00 Escalated 2',
    ]);
  });
  it('keeps its rungs when the clock stands still', () => {
    const { events } = letTimePass(fundedLate(NEED_RULES), '2024-07-22T12');
    const stopped = after(events, please('pause'), contextAt('2024-07-22T14:00:00.000+08:00', cora));
    const resumed = after(stopped, please('resume'), contextAt('2024-08-19T14:00:00.000+08:00', cora));
    expect(letTimePass(resumed, '2024-08-31').told).toEqual(['08-20T08:00 Escalated 1', '08-27T08:00 Escalated 2']);
  });
});

describe('a deadline that was missed and moved', () => {
  const CLAIMED = timed([submitted, claimed]);
  const late = letTimePass([...CLAIMED, extensionAsked], '2024-07-05T12').events;
  const granted = (rules = NEED_RULES) => after(late, please('grant'), contextAt('2024-07-05T13:00:00.000+08:00', centre, rules));

  it('is missed again, and its ladder is climbed again, after an extension', () => {
    expect(granted().at(-1)?.data).toMatchObject({ dueAt: '2024-07-11T18:00:00.000+08:00', again: ['approaching', 'missed', 'escalated:1'] });
    expect(letTimePass(granted(), '2024-07-20').told).toEqual([
      '07-10T08:00 DeadlineApproaching',
      '07-11T18:00 DeadlineMissed',
      '07-12T08:00 Escalated 1',
      '07-19T08:00 Escalated 2',
    ]);
  });
  it('is missed again after the clock stood still', () => {
    const missed = letTimePass(CLAIMED, '2024-07-04T19').events;
    const stopped = after(missed, please('pause'), contextAt('2024-07-04T20:00:00.000+08:00', cora));
    const resumed = after(stopped, please('resume'), contextAt('2024-07-09T10:00:00.000+08:00', cora));
    expect(resumed.at(-1)?.data).toMatchObject({ dueAt: '2024-07-09T18:00:00.000+08:00', again: ['missed'] });
    expect(letTimePass(resumed, '2024-07-10T12').told).toEqual(['07-09T18:00 DeadlineMissed', '07-10T08:00 Escalated 1']);
  });
  it('is not missed again by moving to a day that is over as well', () => {
    const granted = after(
      letTimePass([...CLAIMED, extensionAsked], '2024-07-13').events,
      please('grant'),
      contextAt('2024-07-15T13:00:00.000+08:00', centre),
    );
    expect(granted.at(-1)?.data).not.toHaveProperty('again');
    expect(letTimePass(granted, '2024-07-25').told).toEqual([]);
  });
  it('was missed once and for all before rules 6', () => {
    expect(granted(5).at(-1)?.data).not.toHaveProperty('again');
    expect(letTimePass(granted(5), '2024-07-20', 5).told).toEqual(['07-19T08:00 Escalated 2']);
  });
});

describe('an emergency that a resident calls', () => {
  const called = after([], please('submit', { ...ramp, urgency: 'emergency' }), contextAt(NOW, ann));
  const at = '2024-07-01T09:00:00.000+08:00';
  const confirm = (urgency: 'normal' | 'urgent' | 'emergency') => please('confirm-urgency', { urgency });

  it('keeps its hours when community or centre confirms it', () => {
    for (const actor of [cora, centre])
      given(...called)
        .when(confirm('emergency'), { actor, now: at })
        .then({ type: 'UrgencyConfirmed', data: { from: 'emergency', to: 'emergency' } });
  });
  it('has the deadline of what it is once it is lowered, from its own beginning', () => {
    const lowered = { type: 'UrgencyConfirmed', data: { from: 'emergency', to: 'normal' } };
    const moved = {
      type: 'DeadlineMoved',
      data: { cause: 'amended', oldDueAt: '2024-07-01T10:00:00.000+08:00', dueAt: '2024-07-03T18:00:00.000+08:00' },
    };
    expect(after(called, confirm('normal'), contextAt(at, cora)).slice(-2)).toMatchObject([moved, lowered]);
    expect(after(called, confirm('normal'), contextAt(at, cora, 6)).slice(-2)).toMatchObject([lowered, moved]);
  });
  it('is told again of the longer deadline when the hours had passed', () => {
    const { events } = letTimePass(called, '2024-07-01T12');
    const lowered = after(events, confirm('normal'), contextAt('2024-07-01T14:00:00.000+08:00', cora));
    expect(letTimePass(lowered, '2024-07-04T09').told.filter((step) => step.includes('Missed') || step.includes('Escalated'))).toEqual([
      '07-03T18:00 DeadlineMissed',
      '07-04T08:00 Escalated 1',
    ]);
  });
  it('goes on as it was called while nobody says a word', () => {
    expect(letTimePass(called, '2024-07-01T12').told).toContain('07-01T10:00 DeadlineMissed');
  });
  it('is confirmed once, and not before somebody calls it one', () => {
    const confirmed = after(called, confirm('emergency'), contextAt(at, cora));
    given(...confirmed)
      .when(confirm('urgent'), { actor: centre })
      .thenRefused('already-confirmed');
    const lowered = after(called, confirm('urgent'), contextAt(at, cora));
    given(...lowered)
      .when(confirm('normal'), { actor: centre })
      .thenRefused('no-emergency');
  });
  it('needs no word when the community itself called it', () => {
    const own = after([], please('submit', { ...ramp, urgency: 'emergency' }), contextAt(NOW, cora));
    given(...own)
      .when(confirm('normal'), { actor: centre })
      .thenRefused('already-confirmed');
  });
});

describe('the centre that dispatches', () => {
  const listed = timed([submitted]);
  const byCentre = { actor: centre };

  it('waits for one unit as for one that was called by name', () => {
    const sent = after(listed, please('dispatch', { unit: 'Water', answerBy: '2024-07-05T18:00:00.000+08:00', reason: 'r' }), contextAt(NOW, centre));
    expect(sent.at(-1)).toEqual({ type: 'NeedDispatched', data: { unit: 'Water', answerBy: '2024-07-05T18:00:00.000+08:00', reason: 'r' } });
    given(...sent)
      .when(please('report-in', { answer: 'coming' }), { actor: water })
      .then({ type: 'UnitReportedIn', data: { unit: 'Water', answer: 'coming', answerBy: null } });
  });
  it('gives it the policy’s time when it names none, and no time that is over', () => {
    given(...listed)
      .when(please('dispatch'), byCentre)
      .then({ type: 'NeedDispatched', data: { unit: 'Water', answerBy: '2024-07-02T18:00:00.000+08:00' } });
    given(...listed)
      .when(please('dispatch', { unit: 'Water', answerBy: NOW }), byCentre)
      .thenRefused('bad-answer-by', { earliest: NOW, latest: '2024-07-15T23:59:59.999+08:00' });
    under(6)(...listed)
      .when(please('dispatch', { unit: 'Water', answerBy: NOW }), byCentre)
      .thenRefused('invalid-body', { field: 'answerBy' });
  });
  it('calls all departments when the unit does not answer', () => {
    const sent = after(listed, please('dispatch'), contextAt(NOW, centre));
    expect(letTimePass(sent, '2024-07-02T18:01').told).toEqual(['07-02T08:00 DeadlineApproaching', '07-02T18:00 WhistleBlown']);
  });
  it('hands it to another community, which may act from then on, and the old one may not', () => {
    const moved = after(listed, please('dispatch', { community: 'Hillside' }), contextAt(NOW, centre));
    expect(moved.at(-1)).toEqual({ type: 'NeedDispatched', data: { community: 'Hillside', oldCommunity: 'Lakeside' } });
    given(...moved)
      .when(please('inspect'), { actor: cora })
      .thenRefused('not-permitted');
    given(...moved)
      .when(please('inspect'), { actor: communityElsewhere })
      .then({ type: 'NeedInspected', data: { notes: 'seen' } });
  });
  it('names one of both, and another than it is', () => {
    for (const data of [{}, { unit: 'Water', community: 'Hillside' }])
      given(...listed)
        .when(please('dispatch', data), byCentre)
        .thenRefused('invalid-body', { field: 'unit' });
    given(...listed)
      .when(please('dispatch', { community: 'Lakeside' }), byCentre)
      .thenRefused('nothing-to-amend');
    given(...timed([submitted, claimed]))
      .when(please('dispatch'), byCentre)
      .thenRefused('wrong-stage');
  });
  it('does not take the need from the community whose owners are asked', () => {
    const asked = after(listed, please('await-decision'), contextAt(NOW, retimer));
    given(...asked)
      .when(please('dispatch', { community: 'Hillside' }), byCentre)
      .thenRefused('decision-open');
    given(...asked)
      .when(please('correct', { community: 'Hillside', reason: 'r' }), byCentre)
      .thenRefused('decision-open');
  });
});

describe('the centre that puts a mistake right', () => {
  const byCentre = { actor: centre };
  const wrongYear = '2025-07-12T23:59:59.999+08:00';
  const right = '2024-07-12T23:59:59.999+08:00';
  const promised = but(claimed, { promisedBy: wrongYear });
  const toFunded = timed([submitted, promised, funded]);

  it('leaves both dates on record, and the deadline of the works follows', () => {
    const [moved, corrected] = after(toFunded, please('correct', { promisedBy: right, reason: 'year' }), contextAt(NOW, centre)).slice(-2);
    expect(corrected).toEqual({ type: 'NeedCorrected', data: { promisedBy: right, reason: 'year', was: { promisedBy: wrongYear } } });
    expect(moved).toMatchObject({ type: 'DeadlineMoved', data: { stage: 'funded', cause: 'amended', dueAt: '2024-07-12T18:00:00.000+08:00' } });
  });
  it('puts the date right before the money comes, too', () => {
    const corrected = after(timed([submitted, promised]), please('correct', { promisedBy: right, reason: 'year' }), contextAt(NOW, centre));
    expect(after(corrected, please('fund'), contextAt(NOW, water)).at(-1)?.data).toMatchObject({ doneBy: '2024-07-12T18:00:00.000+08:00' });
  });
  it('moves the deadline with the category or the urgency, from its beginning, or from now where that is over', () => {
    const urgent = (now: string) =>
      after(timed([submitted]), please('correct', { urgency: 'emergency', reason: 'r' }), contextAt(now, centre)).at(-2);
    expect(urgent('2024-07-01T09:00:00.000+08:00')?.data).toMatchObject({ dueAt: '2024-07-01T10:00:00.000+08:00' });
    expect(urgent('2024-07-01T16:00:00.000+08:00')?.data).toMatchObject({ dueAt: '2024-07-01T18:00:00.000+08:00' });
  });
  it('says only what was wrong', () => {
    given(submitted)
      .when(please('correct', { community: 'Lakeside', category: 'roads', compound: 'No. 3', reason: 'r' }), byCentre)
      .then({ type: 'NeedCorrected', data: { category: 'roads', compound: 'No. 3', reason: 'r', was: { category: null } } });
    given(submitted)
      .when(please('correct', { community: 'Lakeside', reason: 'r' }), byCentre)
      .thenRefused('nothing-to-amend');
  });
  it('changes no date that nobody waits for', () => {
    given(submitted)
      .when(please('correct', { promisedBy: right, reason: 'r' }), byCentre)
      .thenRefused('wrong-stage');
    given(...toDone)
      .when(please('correct', { urgency: 'urgent', reason: 'r' }), byCentre)
      .thenRefused('wrong-stage');
    given(...timed([submitted, claimed]))
      .when(please('correct', { promisedBy: '2042-01-01T08:00:00.000+08:00', reason: 'r' }), byCentre)
      .thenRefused('bad-promise', { earliest: '2024-07-01', latest: '2025-06-19' });
  });
  it('gives the need to the community that it is of, works done or not', () => {
    const past = timed([submitted, claimed, funded, { type: 'WorksReported', data: { evidence: [] } }, done]);
    const moved = after(past, please('correct', { community: 'Hillside', reason: 'r' }), contextAt(NOW, centre));
    expect((moved.at(-1) as Fact<'NeedCorrected'>).data.was).toEqual({ community: 'Lakeside' });
    given(...moved)
      .when(please('evaluate', { side: 'community', score: 5, satisfied: true }), { actor: cora })
      .thenRefused('not-permitted');
  });
});

it('an amended community is told to both by what stood before: the event has the new one', () => {
  given(submitted)
    .when(please('amend', { community: 'Hillside' }), { actor: ann })
    .then({ type: 'NeedAmended', data: { community: 'Hillside' } });
});
