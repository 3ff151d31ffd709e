import { describe, expect, it } from '@jest/globals';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { DEFAULT_POLICY_DOCUMENT, type PolicyDocument } from './policy.document';
import { ruleFor, scheduleAt, scheduleFor, scheduleThatLapses, scheduleUntil, scheduleWithin, type Basis, type Schedule } from './schedule';

const table = compileTable(CHINA_2024_2026);
const policy = DEFAULT_POLICY_DOCUMENT;
const at = (from: string, matter: Omit<Basis, 'from'>, by: PolicyDocument = policy) =>
  scheduleFor({ policy: by, calendar: table }, { ...matter, from });
const instants = (from: string, matter: Omit<Basis, 'from'>) => at(from, matter).steps.map(({ kind, level, at: when }) => `${kind} ${level} ${when}`);

describe('the schedule of a deadline', () => {
  it('ends with the close of business of the last working day, the day of the start not counted', () => {
    expect(at('2025-03-03T09:30:00.000+08:00', { stage: 'submitted' }).dueAt).toBe('2025-03-05T18:00:00.000+08:00');
  });

  it('knows the make-up day and the holiday', () => {
    expect(at('2025-01-24T16:00:00.000+08:00', { stage: 'submitted' }).dueAt).toBe('2025-01-27T18:00:00.000+08:00'); // Sunday 26 is worked
    expect(at('2025-01-27T16:00:00.000+08:00', { stage: 'submitted' }).dueAt).toBe('2025-02-06T18:00:00.000+08:00');
  });

  it('reminds one working day before and climbs the ladder at the opening of the office', () => {
    expect(instants('2025-03-03T09:30:00.000+08:00', { stage: 'claimed' })).toEqual([
      'approaching 0 2025-03-05T08:00:00.000+08:00',
      'missed 0 2025-03-06T18:00:00.000+08:00',
      'escalated 1 2025-03-07T08:00:00.000+08:00',
      'escalated 2 2025-03-14T08:00:00.000+08:00',
      'escalated 3 2025-03-21T08:00:00.000+08:00',
      'escalated 4 2025-03-28T08:00:00.000+08:00',
    ]);
  });

  it('ends with a lapse where nobody is waited for for ever', () => {
    const tables = { policy, calendar: table };
    const kinds = (lapseAfter: number) =>
      scheduleThatLapses(tables, '2025-03-03T09:30:00.000+08:00', { workingDays: 3 }, lapseAfter).steps.map(({ kind, level }) => `${kind} ${level}`);
    expect(kinds(6)).toEqual(['approaching 0', 'missed 0', 'escalated 1', 'lapsed 0']);
    expect(kinds(7)).toEqual(['approaching 0', 'missed 0', 'escalated 1', 'escalated 2', 'lapsed 0']);
  });

  it('runs on the clock in an emergency, at night and on a holiday', () => {
    expect(instants('2025-01-29T23:30:00.000+08:00', { stage: 'submitted', urgency: 'emergency' })).toEqual([
      'approaching 0 2025-01-30T00:30:00.000+08:00',
      'missed 0 2025-01-30T01:30:00.000+08:00',
      'escalated 1 2025-01-30T02:30:00.000+08:00',
      'escalated 2 2025-01-30T05:30:00.000+08:00',
      'escalated 3 2025-01-31T01:30:00.000+08:00',
      'escalated 4 2025-02-01T01:30:00.000+08:00',
    ]);
  });

  it('ends an urgent one with its day, but leaves some hours', () => {
    expect(at('2025-03-03T09:30:00.000+08:00', { stage: 'submitted', urgency: 'urgent' }).dueAt).toBe('2025-03-04T00:00:00.000+08:00');
    expect(at('2025-03-03T22:00:00.000+08:00', { stage: 'submitted', urgency: 'urgent' }).dueAt).toBe('2025-03-04T02:00:00.000+08:00');
  });

  it('counts a promise when it is earlier', () => {
    const from = '2025-03-03T09:30:00.000+08:00';
    expect(at(from, { stage: 'funded', promisedBy: '2025-03-10' }).dueAt).toBe('2025-03-10T18:00:00.000+08:00');
    expect(at(from, { stage: 'funded', promisedBy: '2025-09-10' }).dueAt).toBe('2025-03-20T18:00:00.000+08:00');
  });

  it('gives no instant to what the calendar does not cover', () => {
    const { dueAt, steps } = at('2026-12-25T09:30:00.000+08:00', { stage: 'submitted' });
    expect(dueAt).toBe('2026-12-29T18:00:00.000+08:00');
    expect(steps.slice(-3).map(({ at: when }) => when)).toEqual([null, null, null]);
    expect(at('2026-12-30T09:30:00.000+08:00', { stage: 'submitted' })).toMatchObject({ dueAt: null, steps: [] });
  });

  it('takes the first rule that fits', () => {
    const own: PolicyDocument = {
      ...policy,
      deadlines: [{ stage: 'submitted', category: 'lift', within: { workingDays: 1 }, basis: 'x' }, ...policy.deadlines],
    };
    expect(ruleFor(own, { stage: 'submitted', category: 'lift' })?.within).toEqual({ workingDays: 1 });
    expect(ruleFor(own, { stage: 'submitted', category: 'lamp' })?.within).toEqual({ workingDays: 2 });
  });
});

const tables = { policy, calendar: table };
const stepsOf = (schedule: Schedule | null) => schedule?.steps.map(({ kind, level, at: when }) => `${kind} ${level} ${when}`);

describe('a deadline on a fixed date', () => {
  it('ends with the office on that date and has the whole ladder', () => {
    const schedule = scheduleAt(tables, '2025-01-06T09:00:00.000+08:00', '2025-03-31');
    expect(schedule).toMatchObject({ from: '2025-01-06T09:00:00.000+08:00', dueAt: '2025-03-31T18:00:00.000+08:00', policy: 'default-1' });
    expect(stepsOf(schedule)).toEqual([
      'approaching 0 2025-03-28T08:00:00.000+08:00',
      'missed 0 2025-03-31T18:00:00.000+08:00',
      'escalated 1 2025-04-01T08:00:00.000+08:00',
      'escalated 2 2025-04-09T08:00:00.000+08:00', // 4 April is a holiday
      'escalated 3 2025-04-16T08:00:00.000+08:00',
      'escalated 4 2025-04-23T08:00:00.000+08:00',
    ]);
  });

  it('ends on the next working day when the date is none', () => {
    expect(scheduleAt(tables, '2024-01-02T09:00:00.000+08:00', '2024-03-31')?.dueAt).toBe('2024-04-01T18:00:00.000+08:00'); // a Sunday
  });

  it('has no reminder where that would lie before its start', () => {
    expect(stepsOf(scheduleAt(tables, '2025-03-28T08:00:00.000+08:00', '2025-03-31'))?.[0]).toBe('missed 0 2025-03-31T18:00:00.000+08:00');
  });

  it('is none where the date is over when it would begin', () => {
    expect(scheduleAt(tables, '2025-03-31T17:59:59.999+08:00', '2025-03-31')).not.toBeNull();
    expect(scheduleAt(tables, '2025-03-31T18:00:00.000+08:00', '2025-03-31')).toBeNull();
    expect(scheduleAt(tables, '2031-05-01T09:00:00.000+08:00', '2031-03-31')).toBeNull();
  });

  it('has no instant where the calendar does not reach', () => {
    expect(scheduleAt(tables, '2030-01-06T09:00:00.000+08:00', '2030-03-31')).toMatchObject({ dueAt: null, steps: [] });
  });
});

describe('what ends by itself with a date', () => {
  it('ends at its 24:00, worked or not, after one reminder', () => {
    const schedule = scheduleUntil(tables, '2025-06-30T18:00:00.000+08:00', '2025-12-31');
    expect([schedule.dueAt, stepsOf(schedule)]).toEqual(['2026-01-01T00:00:00.000+08:00', ['approaching 0 2025-12-30T08:00:00.000+08:00']]);
    expect(scheduleUntil(tables, '2025-12-30T08:00:00.000+08:00', '2025-12-31').steps).toEqual([]);
  });

  it('ends then also where the calendar does not reach, with a reminder that has no instant yet', () => {
    const schedule = scheduleUntil(tables, '2030-06-30T18:00:00.000+08:00', '2030-12-31');
    expect([schedule.dueAt, schedule.steps]).toEqual(['2031-01-01T00:00:00.000+08:00', [{ kind: 'approaching', level: 0, at: null }]]);
  });

  it('has no reminder where the policy wants none', () => {
    const silent = { ...tables, policy: { ...policy, remind: { ...policy.remind, beforeWorkingDays: 0 } } };
    expect(scheduleUntil(silent, '2025-06-30T18:00:00.000+08:00', '2025-12-31').steps).toEqual([]);
  });
});

describe('a window of an aggregate’s own', () => {
  const own = {
    ...tables.policy,
    version: 'own-1',
    remind: { beforeWorkingDays: 2, beforeShareOfHours: 0.5 },
    ladder: tables.policy.ladder.slice(0, 2),
  };

  it('has its own reminder and rungs, on the same calendar and hours', () => {
    const schedule = scheduleWithin({ calendar: tables.calendar, policy: own }, '2024-07-01T10:00:00.000+08:00', { workingDays: 5 });
    expect(schedule).toMatchObject({ dueAt: '2024-07-08T18:00:00.000+08:00', policy: 'own-1', calendar: tables.calendar.version });
    expect(schedule.steps.map(({ kind, level, at }) => [kind, level, at])).toEqual([
      ['approaching', 0, '2024-07-04T08:00:00.000+08:00'],
      ['missed', 0, '2024-07-08T18:00:00.000+08:00'],
      ['escalated', 1, '2024-07-09T08:00:00.000+08:00'],
      ['escalated', 2, '2024-07-16T08:00:00.000+08:00'],
    ]);
  });

  it('that the calendar does not reach has no instant and no step', () => {
    expect(scheduleWithin({ calendar: tables.calendar, policy: own }, '2026-12-30T10:00:00.000+08:00', { workingDays: 5 })).toMatchObject({
      dueAt: null,
      steps: [],
    });
  });
});
