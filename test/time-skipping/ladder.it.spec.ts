import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@qiyue/engine';
import type { NeedCommand } from '@qiyue/need-domain';
import { CALENDAR, NeedsInTime } from './need-in-time';

const ANN: Actor = { id: 'ann', role: 'resident', unit: 'Lakeside' };
const CORA: Actor = { id: 'cora', role: 'community', unit: 'Lakeside' };
const WES: Actor = { id: 'wes', role: 'department', unit: 'Water' };
const RETIMER: Actor = { id: 'retime', role: 'system', unit: null };

const claim: NeedCommand = { type: 'claim', data: { unit: 'Water', plan: 'p' } };
const fund: NeedCommand = { type: 'fund', data: { amountFen: 7, source: 'donation', reference: 'r' } };
const complete: NeedCommand = { type: 'complete', data: { evidence: [{ kind: 'note', text: 'done' }] } };
const accept: NeedCommand = { type: 'accept', data: {} };
const progress: NeedCommand = { type: 'progress', data: { note: 'goes on' } };

/** The real workflow on a Temporal whose clock jumps. Time only goes forward, so each case begins where the last one ended. */
describe('weeks in a second', () => {
  let needs: NeedsInTime;
  beforeAll(async () => {
    needs = await NeedsInTime.start();
  }, 180_000);
  afterAll(() => needs.stop());

  it('a need that nobody claims climbs the whole ladder, each step once and at its time', async () => {
    const need = await needs.submit(ANN); // Monday 1 July 2024, 08:00
    await needs.until('2024-08-05T08:00:00.000+08:00');
    expect(await needs.happened(need, 1, 8)).toEqual([
      '2024-07-02T08:00 DeadlineApproaching',
      '2024-07-03T18:00 DeadlineMissed',
      '2024-07-03T18:00 WhistleBlown all',
      '2024-07-04T08:00 Escalated 1',
      '2024-07-04T18:00 WhistleBlown centre',
      '2024-07-11T08:00 Escalated 2',
      '2024-07-18T08:00 Escalated 3',
      '2024-07-25T08:00 Escalated 4',
    ]);
  });

  it('nothing of the claim’s ladder happens behind a claim in time; that of the money does', async () => {
    const need = await needs.submit(ANN); // Monday 5 August
    await needs.until('2024-08-05T09:00:00.000+08:00');
    await needs.does(need, WES, claim);
    await needs.until('2024-08-12T08:00:00.000+08:00');
    expect(await needs.happened(need, 1, 4)).toEqual([
      '2024-08-05T09:00 NeedClaimed',
      '2024-08-07T08:00 DeadlineApproaching',
      '2024-08-08T18:00 DeadlineMissed',
      '2024-08-09T08:00 Escalated 1',
    ]);
  });

  it('nothing falls due while the clock stands still, and later by as much afterwards', async () => {
    const need = await needs.submit(ANN); // Monday 12 August
    await needs.does(need, WES, claim);
    await needs.until('2024-08-13T10:00:00.000+08:00');
    await needs.does(need, CORA, { type: 'pause', data: { waitingFor: 'owners' } });
    await needs.until('2024-08-20T10:00:00.000+08:00');
    await needs.does(need, CORA, { type: 'resume', data: {} });
    await needs.until('2024-08-23T08:00:00.000+08:00');
    expect(await needs.happened(need, 3, 3)).toEqual([
      '2024-08-20T10:00 ClockResumed',
      '2024-08-21T08:00 DeadlineApproaching',
      '2024-08-22T18:00 DeadlineMissed',
    ]);
  });

  it('a corrected calendar moves a running timer', async () => {
    const need = await needs.submit(ANN); // Friday 23 August
    await needs.does(need, WES, claim); // due on Wednesday 28 August
    const corrected = { ...CALENDAR, version: 'corrected', holidays: [...CALENDAR.holidays, { date: '2024-08-28', name: '县庆' }] };
    await needs.does(need, RETIMER, { type: 'retime', data: {} }, corrected);
    await needs.until('2024-08-29T19:00:00.000+08:00');
    const steps = await needs.happened(need, 3, 2);
    expect(steps).toEqual(['2024-08-27T08:00 DeadlineApproaching', '2024-08-29T18:00 DeadlineMissed']);
  });

  it('runs that continue as new in the middle of a ladder lose no step and repeat none', async () => {
    const need = await needs.submit(ANN, {}, 2); // Thursday 29 August, 19:00
    await needs.does(need, WES, claim);
    await needs.until('2024-09-02T09:00:00.000+08:00');
    await needs.does(need, WES, fund);
    await needs.does(need, WES, { type: 'start', data: {} });
    for (let i = 0; i < 4; i += 1) {
      await needs.until(`2024-09-${20 + 2 * i}T12:00:00.000+08:00`);
      await needs.does(need, WES, progress);
    }
    await needs.until('2024-10-20T12:00:00.000+08:00');
    expect((await needs.runs(need)).isFirst).toBe(false);
    const events = await needs.happened(need, 5, 10);
    expect(events.filter((event) => !event.endsWith('ProgressReported')).map((event) => event.slice(17))).toEqual([
      'DeadlineApproaching',
      'DeadlineMissed',
      'Escalated 1',
      'Escalated 2',
      'Escalated 3',
      'Escalated 4',
    ]);
  });

  it('an evaluation that nobody gives is closed by the policy, and the workflow ends', async () => {
    const need = await needs.submit(ANN);
    for (const command of [claim, fund, complete]) await needs.does(need, WES, command);
    await needs.does(need, CORA, accept);
    await needs.until('2025-01-20T08:00:00.000+08:00');
    const events = (await needs.happened(need, 5, 2)).map((event) => event.slice(17));
    expect(events.slice(-2)).toEqual(['EvaluationLapsed', 'NeedClosed']);
    expect((await needs.runs(need)).status).toBe('COMPLETED');
  });
});
