import { describe, expect, it } from '@jest/globals';
import { standingOf } from '@qiyue/civic-views';
import type { RecordBody } from '@qiyue/engine';
import { foldUnitYearView, toListItem, type UnitYearView } from './index';
import {
  BIRTH,
  centre,
  cora,
  funding,
  openedLife,
  pledgedLife,
  publishedLife,
  UNIT_YEAR_ID,
  water,
  WATERS,
  workingLife,
  type Life,
} from './testing/unit-year.life';

const fold = (records: readonly RecordBody[]): UnitYearView => {
  const view = records.reduce<UnitYearView | null>(foldUnitYearView, null);
  if (view === null) throw new Error('no records');
  return view;
};
const viewOf = ({ records }: Life): UnitYearView => fold(records);
const reserve = (reservationId: string, amountFen: number) =>
  ({ type: 'reserve', data: { ...WATERS, reservationId, needId: 'n1', amountFen } }) as const;

describe('the document of a unit’s year', () => {
  it('begins with its opening', () => {
    const life = openedLife();
    expect(viewOf(life)).toMatchObject({
      ...{ unitYearId: UNIT_YEAR_ID, seq: 1, unit: 'Water', year: 2024, stage: 'pledging', status: 'promising', pledges: [], reservations: [] },
      budget: { grantedFen: null, reservedFen: 0, committedFen: 0, availableFen: null, reference: null },
      ...{ publishedAt: null, closedAt: null, closesAt: '2025-01-01T00:00:00.000+08:00', dueAt: '2024-04-01T18:00:00.000+08:00', createdAt: BIRTH },
      clock: { stage: 'pledging', escalatedTo: 0, provisional: false },
      stages: [{ stage: 'pledging', unit: 'Water', from: BIRTH, endedAt: null }],
    });
  });

  it('says what is granted, reserved, spent and left, and for which needs money waits since when', () => {
    const life = pledgedLife();
    life.does(funding, reserve('r1', 400));
    const since = life.now;
    life.does(funding, reserve('r2', 100));
    expect(viewOf(life).budget).toEqual({ grantedFen: 1_000, reservedFen: 500, committedFen: 0, availableFen: 500, reference: 'F-1' });
    life.does(funding, { type: 'commit', data: { reservationId: 'r2', amountFen: 70 } });
    life.does(funding, { type: 'resize', data: { reservationId: 'r1', amountFen: 450 } });
    life.does(centre, { type: 'adjust-budget', data: { deltaFen: -100, reason: 'less' } });
    expect(viewOf(life)).toMatchObject({
      budget: { grantedFen: 900, reservedFen: 450, committedFen: 70, availableFen: 380, reference: 'F-1' },
      reservations: [{ reservationId: 'r1', needId: 'n1', amountFen: 450, since }],
    });
    life.does(funding, { type: 'release', data: { reservationId: 'r1' } });
    expect(viewOf(life)).toMatchObject({ budget: { reservedFen: 0, availableFen: 830 }, reservations: [] });
  });

  it('follows a pledge through its year', () => {
    const life = publishedLife();
    const pledgeOf = (n: number) => viewOf(life).pledges[n];
    expect(viewOf(life)).toMatchObject({ stage: 'published', status: 'matching', publishedAt: life.now, clock: { stage: 'published' } });
    expect(pledgeOf(0)).toMatchObject({ pledgeId: 'p1', kind: 'tangible', title: 'Street lights', state: 'promised', needId: null, contest: null });
    life.does(water, { type: 'amend-pledge', data: { pledgeId: 'p1', description: 'solar', targetBy: '2024-09-30T23:59:59.999+08:00' } });
    expect(pledgeOf(0)).toMatchObject({ description: 'solar', targetBy: '2024-09-30T23:59:59.999+08:00', updatedAt: life.now });
    life.does(water, { type: 'link', data: { pledgeId: 'p1', needId: 'n1' } });
    expect(pledgeOf(0)).toMatchObject({ state: 'linked', needId: 'n1' });
    life.does(cora, { type: 'contest', data: { pledgeId: 'p1', reason: 'no lights' } });
    const contest = { community: 'Lakeside', reason: 'no lights', at: life.now };
    expect(pledgeOf(0)).toMatchObject({ state: 'contested', contest: { ...contest, settled: null } });
    life.does(funding, { type: 'fulfil-pledge', data: { needId: 'n1', kind: 'tangible', satisfied: true } });
    expect(pledgeOf(0)).toMatchObject({ state: 'contested', fulfilledAt: life.now });
    life.does(centre, { type: 'settle', data: { pledgeId: 'p1', upheld: false, reason: 'lights they are' } });
    expect(pledgeOf(0)).toMatchObject({
      state: 'fulfilled',
      contest: { ...contest, settled: { upheld: false, reason: 'lights they are', at: life.now } },
    });
    life.does(centre, { type: 'carry-over', data: { pledgeId: 'p2', reason: 'frost' } });
    expect(pledgeOf(1)).toMatchObject({ state: 'carried-over', reason: 'frost' });
    life.does(centre, { type: 'close', data: {} });
    expect(viewOf(life).pledges.map(({ state }) => state)).toEqual(['fulfilled', 'carried-over', 'failed']);
  });

  it('ends with the last of its money', () => {
    const life = workingLife();
    life.does(funding, reserve('r1', 400));
    life.does(centre, { type: 'close', data: {} });
    expect(viewOf(life)).toMatchObject({ stage: 'closed', status: 'settling', closedAt: life.now, dueAt: null, clock: null });
    life.does(funding, { type: 'commit', data: { reservationId: 'r1', amountFen: 400 } });
    expect(viewOf(life)).toMatchObject({ stage: 'closed', status: 'ended' });
  });

  it('tells how each stage kept its day', () => {
    const life = pledgedLife();
    life.waits(3); // the reminder, the deadline, 催办
    expect(viewOf(life)).toMatchObject({ clock: { escalatedTo: 1 }, stages: [{ stage: 'pledging', late: true, escalatedTo: 1 }] });
    life.does(centre, { type: 'publish', data: {} });
    expect(viewOf(life).stages).toMatchObject([
      { stage: 'pledging', endedAt: life.now, late: true, escalatedTo: 1 },
      { stage: 'published', endedAt: null, late: null, escalatedTo: 0, dueAt: '2024-07-01T18:00:00.000+08:00' },
    ]);
    expect(workingLife().state).toMatchObject({ stage: 'fulfilling' });
    expect(viewOf(workingLife()).stages.map(({ stage, late }) => [stage, late])).toEqual([
      ['pledging', false],
      ['published', false],
      ['fulfilling', null],
    ]);
    const [early, late] = [publishedLife(), publishedLife()];
    late.waits(3); // the reminder, the deadline, 催办
    for (const closing of [early, late]) {
      closing.does(centre, { type: 'close', data: {} });
      expect(viewOf(closing).stages.at(-1)).toMatchObject({ stage: 'published', endedAt: closing.now, late: closing === late ? true : null });
    }
  });

  it('has a light', () => {
    const life = pledgedLife();
    const lightAt = (now: string) => standingOf(viewOf(life), now).light;
    expect([lightAt(BIRTH), lightAt('2024-03-29T08:00:00.000+08:00'), lightAt('2024-04-01T18:00:00.001+08:00')]).toEqual(['green', 'yellow', 'red']);
    life.does(centre, { type: 'close', data: {} });
    expect(lightAt(BIRTH)).toBeNull();
  });

  it('stands in a list with its counts and without its money', () => {
    const life = workingLife();
    life.does(funding, { type: 'fulfil-pledge', data: { needId: 'n3', kind: 'service', satisfied: true } });
    const item = toListItem(viewOf(life), life.now);
    expect(item).toMatchObject({
      ...{ unitYearId: UNIT_YEAR_ID, unit: 'Water', year: 2024, stage: 'fulfilling', light: 'green' },
      counts: { tangible: { promised: 2, fulfilled: 0 }, service: { promised: 1, fulfilled: 1 } },
    });
    expect(JSON.stringify(item)).not.toMatch(/Fen|budget|reserv/i);
  });
});

describe('a corrupt stream', () => {
  const { records } = publishedLife();
  const [first, second] = records as [RecordBody, RecordBody];
  it.each([
    ['a record of another aggregate', [{ ...first, aggregate: 'need' }]],
    ['another entity’s record', [first, { ...second, entity: 'other' }]],
    ['a gap', [first, records[2] as RecordBody]],
    ['a broken link', [first, { ...second, prevHash: 'a'.repeat(64) }]],
    ['an opening in the middle', [first, { ...first, seq: 2, prevHash: second.prevHash }]],
    ['no opening', [{ ...second, seq: 1, prevHash: first.prevHash }]],
  ])('is noticed: %s', (_, broken) => {
    expect(() => fold(broken)).toThrow('corrupt stream');
  });
});
