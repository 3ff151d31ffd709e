import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Body } from '@qiyue/testkit';
import ICAL from 'ical.js';
import { deadlines, needShown, timeliness as timelinessQuery } from '@qiyue/need';
import { PastBench } from './testing/past-bench';
import { DEPARTMENT, SUPERVISOR } from './testing/people';
import { NASTY_TITLE, NOW, resumes, spring } from './testing/spring';

describe('deadlines over HTTP', () => {
  let bench: PastBench;
  const needs = spring();
  beforeAll(async () => {
    bench = await PastBench.create(NOW);
    await bench.show(...Object.values(needs));
  }, 60_000);
  afterAll(() => bench.close());

  const asked = async (path: string): Promise<Body> => {
    const { status, body } = await bench.get(path, DEPARTMENT);
    expect([path, status]).toEqual([path, 200]);
    return body;
  };
  const nameOf = ({ needId }: Body): string => String(needId).replace(/^0+/, '');
  const names = async (path: string): Promise<string> => ((await asked(path))['items'] as Body[]).map(nameOf).join('');

  it('could take every record', async () => {
    expect(await bench.quarantine.list()).toEqual([]);
  });

  it('lists those that run, soonest first, each with its light and its rung', async () => {
    const body = await asked('/v1/deadlines');
    expect(deadlines.answer.parse(body)).toEqual(body);
    const told = (body['items'] as Body[]).map((item) => [nameOf(item), item['dueAt'], item['light'], item['escalatedTo'], item['paused']]);
    expect(told).toEqual([
      ['d', '2025-03-05T18:00:00.000+08:00', 'red', 1, false],
      ['e', '2025-03-07T18:00:00.000+08:00', 'paused', 0, true],
      ['b', '2025-03-12T18:00:00.000+08:00', 'yellow', 0, false],
      ['g', '2025-03-13T18:00:00.000+08:00', 'yellow', 0, false],
      ['c', '2025-03-14T18:00:00.000+08:00', 'green', 0, false],
      ['r', '2025-03-14T18:00:00.000+08:00', 'green', 0, false],
      ['a', '2025-03-24T18:00:00.000+08:00', 'green', 0, false],
    ]);
  });

  it.each([
    [`unit=${encodeURIComponent('水利局')}`, 'eg'],
    [`community=${encodeURIComponent('和平社区')}`, 'cr'],
    ['stage=submitted', 'dbcr'],
    ['from=2025-03-12&to=2025-03-12', 'b'],
    ['to=2025-03-11', 'de'],
    ['from=2025-03-13T18:00:00%2B08:00', 'gcra'],
    ['from=2025-03-13T18:00:00+08:00', 'gcra'],
    ['from=2025-03-13T10:00:00.001Z', 'cra'],
    ['to=2025-03-13T10:00:00Z', 'deb'],
    ['provisional=true', 'pqr'],
    [`provisional=true&community=${encodeURIComponent('幸福社区')}`, ''],
  ])('finds by %s', async (query, found) => {
    expect(await names(`/v1/deadlines?${query}`)).toBe(found);
  });

  it.each([
    ['?limit=1', 'debgcra'],
    ['?limit=3', 'debgcra'],
    ['?limit=1&provisional=true', 'pqr'],
    ['?limit=2&provisional=true', 'pqr'],
  ])('pages through %s, also where dates are equal or missing', async (query, all) => {
    let [seen, cursor] = ['', ''];
    for (let pages = 0; pages < 10; pages += 1) {
      const body = await asked(`/v1/deadlines${query}${cursor}`);
      seen += (body['items'] as Body[]).map(nameOf).join('');
      if (body['nextCursor'] === null) break;
      cursor = `&cursor=${String(body['nextCursor'])}`;
    }
    expect(seen).toBe(all);
  });

  it.each([
    '/v1/deadlines?from=2025-03-12&to=2025-03-11',
    '/v1/deadlines?from=2025-02-30',
    '/v1/deadlines?from=yesterday',
    '/v1/deadlines?from=2025-03-12T08:00:00',
    '/v1/deadlines?stage=evaluated',
    '/v1/deadlines?cursor=abc',
    '/v1/deadlines?limit=0',
    '/v1/deadlines?mood=good',
    '/v1/deadlines.ics?limit=3',
    '/v1/deadlines.ics?from=2025-03-12&to=2025-03-11',
    '/v1/stats/timeliness?by=mood',
    '/v1/stats/timeliness?from=2025-03-12&to=2025-03-11',
  ])('does not take %s', async (path) => {
    expect([(await bench.get(path, DEPARTMENT)).status, (await bench.get(path, null)).status]).toEqual([422, 401]);
  });

  it('calls nobody late while the clock stands still', async () => {
    expect(await names('/v1/needs?overdue=true')).toBe('d');
    expect([...(await names('/v1/needs?overdue=false'))].sort().join('')).toBe('abcegpqr');
    expect((await asked('/v1/stats/counts'))['overdue']).toBe(1);
  });

  it('shows the light in lists and with the need, beside the clock', async () => {
    const { items } = await asked('/v1/needs?stage=claimed');
    expect(items).toMatchObject([{ light: 'paused', escalatedTo: 0, provisional: false }]);
    const need = await asked(`/v1/needs/${needs.d.needId}`);
    expect(needShown.parse(need)).toEqual(need);
    expect(need).toMatchObject({ light: 'red', clock: { stage: 'submitted', escalatedTo: 1, provisional: false }, whistle: { reach: 'centre' } });
    const { light, clock } = await asked(`/v1/needs/${needs.p.needId}`);
    expect([light, clock]).toMatchObject([null, { dueAt: null, provisional: true, steps: [] }]);
  });

  const timeliness = async (query: string): Promise<unknown> => {
    const body = await asked(`/v1/stats/timeliness?${query}`);
    expect(timelinessQuery.answer.parse(body)).toEqual(body);
    return (body['rows'] as Body[]).map((row) => Object.values(row));
  };

  // key, finished, in time, late, running, overdue, rate, rungs; of needs done, in time, late, rate
  it('counts in time and late as counted by hand', async () => {
    const needs = (done: number, inTime: number, late: number, inTimeRate: number | null) => ({ done, inTime, late, inTimeRate });
    expect(await timeliness('by=unit')).toEqual([
      ['住建局', 1, 1, 0, 1, 0, 1, {}, needs(0, 0, 1, 0)],
      ['水利局', 2, 1, 1, 1, 0, 0.5, { 1: 1 }, needs(1, 0, 1, 0)],
    ]);
    expect(await timeliness('by=stage')).toEqual([
      ['claimed', 2, 1, 1, 1, 0, 0.5, { 1: 1 }, null],
      ['done', 0, 0, 0, 1, 0, null, {}, null],
      ['funded', 1, 1, 0, 1, 0, 1, {}, null],
      ['submitted', 3, 2, 2, 4, 1, 0.5, { 1: 2 }, null],
    ]);
    expect(await timeliness('by=month')).toEqual([
      ['2025-02', 3, 1, 2, 0, 0, 1 / 3, { 1: 2 }, needs(0, 0, 1, 0)],
      ['2025-03', 3, 3, 1, 1, 1, 0.75, { 1: 1 }, needs(1, 0, 2, 0)],
    ]);
    expect(await timeliness('by=community')).toEqual([
      ['和平社区', 0, 0, 0, 2, 0, null, {}, needs(0, 0, 0, null)],
      ['幸福社区', 6, 4, 3, 5, 1, 4 / 7, { 1: 3 }, needs(1, 0, 3, 0)],
    ]);
  });

  it('counts a part: days, a unit, a community, a stage', async () => {
    expect(await timeliness('by=stage&from=2025-03-05&to=2025-03-05')).toEqual([
      ['claimed', 1, 1, 0, 0, 0, 1, {}, null],
      ['submitted', 0, 0, 1, 1, 1, 0, { 1: 1 }, null],
    ]);
    expect(await timeliness(`by=month&stage=claimed&unit=${encodeURIComponent('水利局')}`)).toEqual([['2025-02', 1, 0, 1, 0, 0, 0, { 1: 1 }, null]]);
    expect(await timeliness(`community=${encodeURIComponent('和平社区')}`)).toEqual([]);
  });

  const feed = async (query = '') => {
    const { type, text } = await bench.text(`/v1/deadlines.ics${query}`, SUPERVISOR);
    expect(type).toBe('text/calendar; charset=utf-8');
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
    return calendar.getAllSubcomponents('vevent').map((component) => {
      const { uid, summary, startDate, sequence } = new ICAL.Event(component);
      const trigger = component.getFirstSubcomponent('valarm')?.getFirstPropertyValue('trigger');
      return { uid, summary, start: startDate.toJSDate().toISOString(), alarm: trigger ? String(trigger) : null, sequence };
    });
  };

  it('gives a calendar that another reader understands, whatever is in a title', async () => {
    const events = await feed();
    expect(events).toHaveLength(7);
    expect(events[2]).toMatchObject({
      uid: `${needs.b.needId}-submitted-1@qiyue`,
      summary: `认领：${NASTY_TITLE}`,
      start: '2025-03-12T09:30:00.000Z',
      alarm: '2025-03-11T00:00:00Z',
    });
    expect(await feed('?unit=nobody')).toEqual([]);
  });

  it('moves an event of the calendar with its deadline: the same UID, a higher sequence', async () => {
    const mine = `?unit=${encodeURIComponent('水利局')}&stage=claimed`;
    const [before] = await feed(mine);
    await bench.show(resumes(needs.e));
    const after = await feed(mine);
    expect(after).toMatchObject([{ uid: before?.uid, start: '2025-03-14T09:30:00.000Z', alarm: '2025-03-13T00:00:00Z' }]);
    expect(before?.start).toBe('2025-03-07T09:30:00.000Z');
    expect(after[0]?.sequence).toBeGreaterThan(before?.sequence ?? Infinity);
  });
});
