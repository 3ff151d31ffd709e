import { describe, expect, it } from '@jest/globals';
import { DAY_MS, plusMs } from '@qiyue/engine';
import { clockWith, movedTo, retimedTo, startClock, stepTaken, type DeadlineClock, type Schedule } from './index';

const DUE = '2024-07-08T18:00:00.000+08:00';
const schedule: Schedule = {
  from: '2024-07-01T10:00:00.000+08:00',
  dueAt: DUE,
  steps: [
    { kind: 'approaching', level: 0, at: '2024-07-05T09:00:00.000+08:00' },
    { kind: 'missed', level: 0, at: DUE },
    { kind: 'escalated', level: 1, name: '催办', at: '2024-07-09T09:00:00.000+08:00' },
    { kind: 'lapsed', level: 0, at: '2024-07-15T09:00:00.000+08:00' },
  ],
  policy: 'p-1',
  calendar: 'c-1',
};
const started = startClock(schedule) as DeadlineClock;
const NEXT_YEAR = '2025-01-01T00:00:00.000+08:00';

describe('the ladder of any aggregate', () => {
  it('is climbed step by step, each once, and what lapses is the aggregate’s own', () => {
    const types: string[] = [];
    let clock = started;
    for (const step of ['approaching', 'missed', 'escalated:1']) {
      const event = stepTaken(clock, 'scheduled', step, NEXT_YEAR);
      if (event === null) throw new Error(`${step} does not come`);
      types.push(event.type);
      clock = clockWith(clock, event);
      expect(stepTaken(clock, 'scheduled', step, NEXT_YEAR)).toBeNull();
    }
    expect(types).toEqual(['DeadlineApproaching', 'DeadlineMissed', 'Escalated']);
    expect(stepTaken(clock, 'scheduled', 'lapsed', NEXT_YEAR)).toBeNull();
  });

  it('is not climbed early, nor by a timer for another step', () => {
    expect(stepTaken(started, 'scheduled', 'approaching', '2024-07-05T08:59:59.999+08:00')).toBeNull();
    expect(stepTaken(started, 'scheduled', 'missed', NEXT_YEAR)).toBeNull();
  });

  it('moves with another calendar or policy, and says which; what changes nothing is silent', () => {
    expect(movedTo(started, 'scheduled', { ...schedule, calendar: 'c-2' })).toBeNull();
    const later = { ...schedule, dueAt: NEXT_YEAR };
    const causes = [{ calendar: 'c-2' }, { policy: 'p-2' }, { calendar: 'c-2', policy: 'p-2' }].map(
      (versions) => movedTo(started, 'scheduled', { ...later, ...versions })?.data.cause,
    );
    expect(causes).toEqual(['calendar', 'policy', 'calendar-and-policy']);
    const moved = movedTo(started, 'scheduled', later);
    expect(moved?.data).toMatchObject({ stage: 'scheduled', oldDueAt: DUE, dueAt: NEXT_YEAR });
    expect(moved && clockWith(started, moved).schedule).toEqual(later);
  });

  it('is made late by no other policy, from the rules on that spare it: a whole new window is left, as far as the old one went', () => {
    const now = '2024-07-05T10:00:00.000+08:00';
    const scheduleFrom = (from: string): Schedule => ({ ...schedule, from, dueAt: plusMs(from, DAY_MS), steps: [], policy: 'p-2' });
    const dueUnder = (rules: number) => retimedTo(started, { rules, now }, { since: 2, scheduleFrom }).dueAt;
    expect([dueUnder(1), dueUnder(2)]).toEqual(['2024-07-02T10:00:00.000+08:00', '2024-07-06T10:00:00.000+08:00']);
  });
});
