import { describe, expect, it } from '@jest/globals';
import { CHINA_2024_2026, describeDays, explain } from '@qiyue/calendar';
import { calendarLines, explanationLines } from './calendar.lines';
import { failureWords } from './calendar.words';

const told = (from: string, workingDays: number) => {
  const answer = explain(CHINA_2024_2026, from, workingDays);
  if (!answer.ok) throw new Error('no answer');
  return answer.value;
};

describe('the calendar for people', () => {
  it('shows a year by its runs of days', () => {
    const lines = calendarLines(CHINA_2024_2026, describeDays(CHINA_2024_2026, 2025), 'zh-CN');
    expect(lines.slice(0, 2)).toEqual(['国务院办公厅公布的节假日安排，版本 cn-2024-2026.1', '2024-01-01 – 2026-12-31']);
    expect(lines.slice(5)).toEqual([
      '',
      '2025 年：248 个工作日',
      '  01-01 周三               放假      1 天  元旦',
      '  01-26 周日               调休上班  1 天  春节调休',
      '  01-28 周二 – 02-04 周二  放假      8 天  春节',
      '  02-08 周六               调休上班  1 天  春节调休',
      '  04-04 周五 – 04-06 周日  放假      3 天  清明节',
      '  04-27 周日               调休上班  1 天  劳动节调休',
      '  05-01 周四 – 05-05 周一  放假      5 天  劳动节',
      '  05-31 周六 – 06-02 周一  放假      3 天  端午节',
      '  09-28 周日               调休上班  1 天  国庆节调休',
      '  10-01 周三 – 10-05 周日  放假      5 天  国庆节',
      '  10-06 周一               放假      1 天  中秋节',
      '  10-07 周二 – 10-08 周三  放假      2 天  国庆节',
      '  10-11 周六               调休上班  1 天  国庆节调休',
    ]);
  });

  it('shows every covered year in English too', () => {
    const lines = calendarLines(CHINA_2024_2026, describeDays(CHINA_2024_2026), 'en');
    expect(lines.filter((line) => line.includes('working days'))).toEqual([
      '2024: 251 working days',
      '2025: 248 working days',
      '2026: 248 working days',
    ]);
    expect(lines).toContain('  02-15 Sun – 02-23 Mon  holiday         9 days  Spring Festival');
  });

  it('explains a date day by day', () => {
    expect(explanationLines(told('2025-10-10', 2), 'zh-CN')).toEqual([
      '  2025-10-10  周五           起算日（不计）',
      '  2025-10-11  周六  第 1 个  调休上班        国庆节调休',
      '  2025-10-12  周日           周末',
      '  2025-10-13  周一  第 2 个  工作日',
      '',
      '2025-10-10 之后第 2 个工作日：2025-10-13（日历 cn-2024-2026.1）',
    ]);
    expect(explanationLines(told('2025-01-27', 1), 'en').slice(-3)).toEqual([
      '  2025-02-05  Wed  no. 1  working day',
      '',
      '1 working day after 2025-01-27: 2025-02-05 (calendar cn-2024-2026.1)',
    ]);
    expect(explanationLines(told('2025-10-09', -1), 'zh-CN').at(-1)).toBe('2025-10-09 之前第 1 个工作日：2025-09-30（日历 cn-2024-2026.1）');
    expect(explanationLines(told('2025-10-01', 0), 'en').at(-1)).toBe('2025-10-01 or the next working day: 2025-10-09 (calendar cn-2024-2026.1)');
  });

  it('says in words why there is no answer', () => {
    expect(failureWords({ ok: false, why: 'uncovered', year: 2027 }, 'zh-CN')).toContain('2027');
    expect(failureWords({ ok: false, why: 'malformed', what: 'date' }, 'en')).toBe('no date that exists (written 2025-01-31)');
  });
});
