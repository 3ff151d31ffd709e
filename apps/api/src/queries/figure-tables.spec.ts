import { describe, expect, it } from '@jest/globals';
import { CSV, type AggregateQuery } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';

const ASKED = AGGREGATES.flatMap(({ queries = [] }) => queries);
const TABLES = ASKED.filter((question) => question.forms?.[CSV] !== undefined).map((question): [string, AggregateQuery] => [question.path, question]);

/** Empty answers of each: their headings are what is looked at. */
const none = { count: 0, medianHours: null, p90Hours: null, longestHours: null, medianDays: null, p90Days: null, longestDays: null };
const phase = { ...none, netMedianHours: null, netP90Hours: null };
const rates = { toAnswer: 0, answeredInTime: 0, responseRate: null, closed: 0, solved: 0, resolutionRate: null };
const ANSWERS: Readonly<Record<string, readonly object[]>> = {
  'stats/rates': [{ by: 'unit', all: { ...rates, evaluated: 0, satisfied: 0, satisfactionRate: 1 / 3 }, rows: [] }],
  'stats/durations': [{ by: 'kind', all: { claim: phase, fund: phase, works: phase, evaluate: phase, whole: phase }, rows: [] }],
  'stats/timeliness': [
    {
      by: 'stage',
      rows: [{ key: 'submitted', finished: 3, inTime: 2, late: 1, running: 0, overdue: 0, inTimeRate: 2 / 3, escalated: {}, needs: null }],
    },
  ],
  'stats/scoreboard': [
    { of: 'unit', rows: [] },
    { of: 'community', rows: [] },
  ],
  'stats/pledges': [{ rows: [] }],
  'stats/budgets': [{ rows: [] }],
};

describe('figures as a table', () => {
  it('are all looked at here', () => {
    expect(TABLES.map(([path]) => path).sort()).toEqual(Object.keys(ANSWERS).sort());
  });
  it.each(TABLES)('have headings in the language of their reader, in every form: %s', (path, { forms, sheets }) => {
    for (const answer of ANSWERS[path] ?? []) {
      const [sheet] = sheets?.(answer as never, 'zh-CN') ?? [];
      const headings = sheet?.columns.map(({ heading }) => heading) ?? [];
      for (const heading of [...headings, sheet?.name]) expect(heading).toMatch(/^[\p{Script=Han}（）：，% ]+$/u);
      expect(new Set(headings).size).toBe(headings.length);
      expect(forms?.[CSV]?.(answer as never, null as never, 'zh-CN')).toContain(headings.join(','));
      for (const { heading } of sheets?.(answer as never, 'en')[0]?.columns ?? []) expect(heading).toMatch(/^[A-Z][a-z ,:%]+$/);
    }
  });
  it('have a name in both languages', () => {
    for (const { title } of ASKED.filter(({ path }) => path.startsWith('stats/'))) {
      expect(title?.['zh-CN']).toMatch(/\p{Script=Han}/u);
      expect(title?.en).toMatch(/^[A-Z][a-z ,]+$/);
    }
  });
  it('have words for stages, and shares in hundredths', () => {
    const csv = (path: string, language: 'zh-CN' | 'en') =>
      ASKED.find((question) => question.path === path)
        ?.forms?.[CSV]?.(ANSWERS[path]?.[0] as never, null as never, language)
        .split('\r\n')[1];
    expect(csv('stats/timeliness', 'zh-CN')).toBe('待认领,3,2,1,0,0,66.7,,,,');
    expect(csv('stats/rates', 'en')).toBe('All,0,0,,0,0,,0,0,33.3');
  });
});
