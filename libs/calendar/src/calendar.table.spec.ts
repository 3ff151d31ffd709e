import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { compileTable, describeDays, isWorkingDay, parseTable } from './index';
import { CHINA, calendars, valueOf } from './testing/calendars';

describe('the table of days', () => {
  it('is small enough to travel with every command, and names the calendar that it comes from', () => {
    expect(JSON.stringify(CHINA).length).toBeLessThan(400);
    expect([CHINA.version, CHINA.from, CHINA.days]).toEqual(['cn-2024-2026.1', '2024-01-01', 1096]);
  });

  it('comes through JSON as it was', () => {
    expect(parseTable(JSON.parse(JSON.stringify(CHINA)))).toEqual(CHINA);
    expect(parseTable({ ...CHINA, more: 1 })).toEqual(CHINA);
  });

  it('says of every day what the document says, in any calendar', () => {
    fc.assert(
      fc.property(calendars, (document) => {
        const table = parseTable(compileTable(document));
        if (table === null) throw new Error('no table');
        const days = describeDays(document);
        expect(days.length).toBe(table.days);
        for (const { date, kind } of days)
          expect([date, valueOf(isWorkingDay(table, date))]).toEqual([date, kind === 'working' || kind === 'make-up']);
      }),
      { numRuns: 20, seed: 6 },
    );
  });

  const { working } = CHINA;
  it.each([
    null,
    undefined,
    'table',
    [],
    { ...CHINA, version: '' },
    { ...CHINA, version: 1 },
    { ...CHINA, from: '2024-02-30' },
    { ...CHINA, from: 20240101 },
    { ...CHINA, days: 0 },
    { ...CHINA, days: 1.5 },
    { ...CHINA, days: '1096' },
    { ...CHINA, days: 1_000_000 },
    { ...CHINA, days: CHINA.days + 6 },
    { ...CHINA, working: null },
    { ...CHINA, working: `${working}A` },
    { ...CHINA, working: working.slice(1) },
    { ...CHINA, working: `=${working.slice(1)}` },
    { ...CHINA, working: `${working.slice(0, -1)}_` }, // bits after the last day
  ])('is not %j', (value) => {
    expect(parseTable(value)).toBeNull();
  });

  it('is never made of garbage, and reading garbage never throws', () => {
    fc.assert(
      fc.property(fc.anything(), fc.object(), (anything, fields) => {
        expect(parseTable(anything)).toBeNull();
        expect(parseTable({ ...CHINA, working: fields })).toBeNull();
      }),
      { numRuns: 500, seed: 9 },
    );
  });
});
