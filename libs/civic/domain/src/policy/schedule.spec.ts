import { describe, expect, it } from '@jest/globals';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { DEFAULT_POLICY_DOCUMENT, type PolicyDocument } from './policy.document';
import { ruleFor, scheduleFor, type Basis } from './schedule';

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
