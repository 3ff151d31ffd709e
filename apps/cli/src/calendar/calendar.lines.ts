import type { CalendarDocument, DescribedDay, Explanation } from '@qiyue/calendar';
import type { Language } from '../context';
import { pad, width } from '../show/timeline';
import { kindWord, nameOf, weekdayWord } from './calendar.words';

/** What a calendar changes in its weeks, a line for each run of days, year by year; `days` are those to be shown. */
export const calendarLines = (
  { name, version, covers, sources }: CalendarDocument,
  days: readonly DescribedDay[],
  language: Language,
): readonly string[] => {
  const zh = language === 'zh-CN';
  const head = [`${name}${zh ? '，版本 ' : ', version '}${version}`, `${covers.from} – ${covers.to}`];
  const notices = sources.map(({ title, number, date }) => (zh ? `依据：${title}（${number}，${date}）` : `from: ${title} (${number}, ${date})`));
  const years = [...new Set(days.map(({ date }) => date.slice(0, 4)))];
  return [
    ...head,
    ...notices,
    ...years.flatMap((year) =>
      yearLines(
        year,
        days.filter(({ date }) => date.startsWith(year)),
        language,
      ),
    ),
  ];
};

const yearLines = (year: string, days: readonly DescribedDay[], language: Language): readonly string[] => {
  const working = workingDaysIn(days);
  const head = language === 'zh-CN' ? `${year} 年：${working} 个工作日` : `${year}: ${working} working days`;
  return ['', head, ...columns(runsOf(days).map((run) => runRow(run, language)))];
};

export const workingDaysIn = (days: readonly DescribedDay[]): number => days.filter(({ kind }) => kind === 'working' || kind === 'make-up').length;

/** Named days that follow one another with one name. */
const runsOf = (days: readonly DescribedDay[]): readonly (readonly DescribedDay[])[] => {
  const runs: DescribedDay[][] = [];
  let before: DescribedDay | undefined;
  for (const day of days) {
    const goesOn = before !== undefined && before.kind === day.kind && before.name === day.name;
    if (day.name !== null && goesOn) runs.at(-1)?.push(day);
    else if (day.name !== null) runs.push([day]);
    before = day;
  }
  return runs;
};

const runRow = (run: readonly DescribedDay[], language: Language): readonly string[] => {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined) return [];
  const at = ({ date, weekday }: DescribedDay): string => `${date.slice(5)} ${weekdayWord(weekday, language)}`;
  const length = language === 'zh-CN' ? `${run.length} 天` : `${run.length} day${run.length === 1 ? '' : 's'}`;
  return [first === last ? at(first) : `${at(first)} – ${at(last)}`, kindWord(first.kind, language), length, nameOf(first, language)];
};

/** How a date came about, a line a day, the counted ones numbered. */
export const explanationLines = ({ version, from, workingDays, result, days }: Explanation, language: Language): readonly string[] => {
  const zh = language === 'zh-CN';
  const rows = days.map((day) => [
    day.date,
    weekdayWord(day.weekday, language),
    day.count === null ? '' : zh ? `第 ${day.count} 个` : `no. ${day.count}`,
    kindWord(day.kind, language),
    nameOf(day, language),
  ]);
  return [
    ...columns(rows),
    '',
    `${endWords(from, workingDays, language)}${zh ? `：${result}（日历 ${version}）` : `: ${result} (calendar ${version})`}`,
  ];
};

const endWords = (from: string, workingDays: number, language: Language): string => {
  const [zh, count] = [language === 'zh-CN', Math.abs(workingDays)];
  if (workingDays === 0) return zh ? `${from} 当日或其后首个工作日` : `${from} or the next working day`;
  if (zh) return `${from} 之${workingDays < 0 ? '前' : '后'}第 ${count} 个工作日`;
  return `${count} working day${count === 1 ? '' : 's'} ${workingDays < 0 ? 'before' : 'after'} ${from}`;
};

const columns = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))));
  return rows.map((row) => `  ${row.map((text, column) => pad(text, widths[column] ?? 0)).join('  ')}`.trimEnd());
};
