import { describe, expect, it } from '@jest/globals';
import { instantMsOf, REAL_TIME } from '@qiyue/engine';
import { seeded } from '../seeded';
import { expectedLadder } from './expected-ladder';
import { BRISK, BUILT_IN } from './ladders';
import { killsAround, lateness } from './outages';
import { stepTimes } from './step-times';

const outage = (downMs: number, upMs: number) => ({ victim: 'worker' as const, downMs, upMs });

describe('lateness', () => {
  it('counts from the instant where nothing was away', () => {
    expect(lateness(1_000, 1_300, [])).toBe(300);
    expect(lateness(1_000, 1_300, [outage(100, 900), outage(1_400, 2_000)])).toBe(300);
  });
  it('counts from the end of the last outage that was met, also by what was under way', () => {
    expect(lateness(1_000, 2_300, [outage(800, 2_000)])).toBe(300);
    expect(lateness(1_000, 5_300, [outage(1_100, 2_000), outage(2_500, 5_000)])).toBe(300);
  });
  it('is none for what came although something was away, and boundless for what never came', () => {
    expect(lateness(1_000, 1_200, [outage(1_100, 2_000)])).toBe(0);
    expect(lateness(1_000, Infinity, [outage(1_100, 2_000)])).toBe(Infinity);
  });
});

describe('the moments of killing', () => {
  const victims = ['worker', 'temporal', 'worker', 'relay'] as const;
  it('are the same for the same seed, in order of time and near to a step', () => {
    const kills = killsAround(victims, [10_000, 50_000], seeded(7));
    expect(kills).toEqual(killsAround(victims, [10_000, 50_000], seeded(7)));
    expect(kills).not.toEqual(killsAround(victims, [10_000, 50_000], seeded(8)));
    expect(kills.map(({ atMs }) => atMs)).toEqual(kills.map(({ atMs }) => atMs).sort((a, b) => a - b));
    expect(kills.every(({ atMs }) => [10_000, 50_000].some((moment) => Math.abs(atMs - moment) <= 1_000))).toBe(true);
    expect(kills.map(({ victim }) => victim).sort()).toEqual([...victims].sort());
  });
});

describe('the expected ladder', () => {
  const at = (ladder: typeof BUILT_IN, from: string) => expectedLadder(ladder, from, REAL_TIME).map(({ name, atMs }) => [name, atMs]);
  it('calls the centre an hour after the deadline, with the first rung', () => {
    const { gives } = expectedLadder(BUILT_IN, '2025-07-07T09:00:00+08:00', REAL_TIME).find(({ name }) => name === 'rung 1') ?? {};
    expect(gives).toEqual(['Escalated 1', 'WhistleBlown centre']);
    expect(at(BUILT_IN, '2025-07-07T09:00:00+08:00')[2]).toEqual(['rung 1', instantMsOf('2025-07-07T12:00:00+08:00')]);
  });
  it('is over in seven hours under the brisk policy', () => {
    expect(at(BRISK, '2025-07-07T09:00:00+08:00').at(-1)).toEqual(['centre called', instantMsOf('2025-07-07T16:00:00+08:00')]);
  });
});

describe('the times of steps in a history', () => {
  const time = (seconds: number) => ({ eventTime: { seconds, nanos: 0 } });
  const timer = (eventId: number, summary: string) => ({
    ...{ eventId, ...time(0), timerStartedEventAttributes: {} },
    userMetadata: { summary: { data: Buffer.from(JSON.stringify(summary)) } },
  });
  const fired = (startedEventId: number) => ({ ...time(0), timerFiredEventAttributes: { startedEventId } });
  const task = (startedS: number, completedS: number, eventId = 0) => [
    { ...time(startedS), workflowTaskStartedEventAttributes: {} },
    { eventId, ...time(completedS), workflowTaskCompletedEventAttributes: {} },
  ];
  const steps = [1, 2, 30].map((s) => ({ name: `${s}`, gives: [], atMs: 0, realMs: s * 1_000 }));
  const timesOf = (...events: readonly object[]) => stepTimes(events as Parameters<typeof stepTimes>[0], steps);

  it('are those of the completed tasks behind their timers, one that was begun and not completed not among them', () => {
    const lost = { ...time(1), workflowTaskStartedEventAttributes: {} };
    expect(
      timesOf(
        timer(5, 'tick'),
        fired(5),
        lost,
        ...task(6, 7),
        timer(9, 'tick: claim by 2025-01-03 18:00: missed'),
        ...task(8, 9),
        fired(9),
        ...task(31, 32),
      ),
    ).toEqual([7_000, 7_000, 32_000]);
  });
  it('are those of the task that learns that the ledger is away, for what has come due meanwhile with no timer to wait for', () => {
    const payloadsOf = (value: object) => ({ payloads: [{ data: Buffer.from(JSON.stringify(value)) }] });
    const asks = (eventId: number, taskId: number, what: object) => ({
      ...{ eventId, ...time(0) },
      activityTaskScheduledEventAttributes: { workflowTaskCompletedEventId: taskId, input: payloadsOf(what) },
    });
    const answers = (scheduledEventId: number, status: string) => ({
      ...time(0),
      activityTaskCompletedEventAttributes: { scheduledEventId, result: payloadsOf({ status }) },
    });
    const asked = (status: string) =>
      timesOf(
        ...[timer(5, 'tick'), fired(5), ...task(1, 1, 8), asks(9, 8, { agreement: {} }), answers(9, 'appended'), ...task(1, 2, 11)],
        ...[asks(12, 11, { entries: [1] }), answers(12, status), ...task(3, 4), timer(15, 'tick'), answers(12, status), ...task(31, 32)],
        ...[fired(15), ...task(33, 34)],
      );
    expect(asked('away')).toEqual([2_000, 4_000, 34_000]);
    expect(asked('appended')).toEqual([2_000, 34_000]);
  });
  it('know a deadline’s timer from any other', () => {
    expect(timesOf(timer(5, 'flush what nobody confirmed'), fired(5), ...task(6, 7))).toEqual([]);
  });
});
