import type { Command } from 'commander';
import { CHINA_2024_2026, describeDays, explain, explainMistake, type CalendarDocument, type DescribedDay } from '@qiyue/calendar';
import { loadCalendarFile } from '@qiyue/edge';
import { CliError, print, printJsonLine, say, type Language } from '../context';
import { importOptionsOf, importTable, type ImportOptions } from '../tables/import-table';
import { withLanguage } from '../tables/language-option';
import { tablesAreThere, withTables } from '../tables/with-tables';
import { calendarLines, explanationLines, workingDaysIn } from './calendar.lines';
import { failureWords } from './calendar.words';
import { DETACH, FORECAST_ONLY, NOT_ASKED } from '../show/options';
import { inWords } from '../show/language';
import { unreadable } from '../unreached';

interface Common {
  readonly file?: string;
  readonly lang: Language;
  readonly json?: boolean;
}

const withCommon = (command: Command): Command =>
  withLanguage(
    command.option(
      '--file <path>',
      inWords({
        'zh-CN': '另一份日历，或本县对内置日历的改动；不填用现行的日历，系统没有启动时用内置日历',
        en: "another calendar, or a county's changes to the built-in one; else the one in force, and while the system is down the built-in one",
      }),
    ),
  );

const documentOf = async ({ file }: Common, language: Language): Promise<CalendarDocument> => {
  if (file !== undefined) return readCalendar(file, language);
  if (tablesAreThere()) return withTables(async ({ store }) => (await store.current()).documents.calendar);
  say(inWords({ 'zh-CN': '系统没有启动：以下按内置日历', en: 'the system is not up: by the built-in calendar' }));
  return CHINA_2024_2026;
};

/** A county's changes apply to the built-in calendar, or to the current one if they were written for that. */
const readCalendar = async (file: string, language: Language, current: CalendarDocument = CHINA_2024_2026): Promise<CalendarDocument> => {
  const builtIn = await read(file, CHINA_2024_2026);
  const checked = !builtIn.ok && builtIn.mistakes.some(({ kind }) => kind === 'wrong-base') ? await read(file, current) : builtIn;
  if (checked.ok) return checked.value;
  throw new CliError([`${file}:`, ...checked.mistakes.map((mistake) => `  ${explainMistake(mistake, language)}`)].join('\n'));
};

const read = (file: string, base: CalendarDocument) =>
  loadCalendarFile(file, base).catch((error: unknown) => {
    throw unreadable(file, error);
  });

const wholeNumber = (text: string, option: string): number => {
  if (/^-?\d{1,9}$/.test(text)) return Number(text);
  throw new CliError(inWords({ 'zh-CN': `${option} 须为整数`, en: `${option} takes a whole number` }));
};

export const addCalendarCommands = (program: Command): void => {
  const calendar = program
    .command('calendar')
    .description(inWords({ 'zh-CN': '工作日、节假日和调休', en: 'working days, holidays and make-up days' }));
  withCommon(calendar.command('show').description(inWords({ 'zh-CN': '与星期几不一致的日子', en: 'the days that are not what their weekday says' })))
    .option('--year <year>', inWords({ 'zh-CN': '只看一年', en: 'one year only' }))
    .action(async (options: Common & { readonly year?: string }) => {
      const language = options.lang;
      const document = await documentOf(options, language);
      const year = options.year === undefined ? null : wholeNumber(options.year, '--year');
      show(document, year, language, options.json === true);
    });

  withCommon(calendar.command('explain').description(inWords({ 'zh-CN': '逐日说明一个日期如何得出', en: 'how a date comes about, day by day' })))
    .requiredOption('--from <date>', inWords({ 'zh-CN': '起算日，如 2025-01-27；当日不计', en: 'starting day, such as 2025-01-27; not counted' }))
    .requiredOption(
      '--working-days <count>',
      inWords({ 'zh-CN': '其后多少个工作日；负数为其前', en: 'how many working days after it; before it when negative' }),
    )
    .action(async (options: Common & { readonly from: string; readonly workingDays: string }) => {
      const language = options.lang;
      const count = wholeNumber(options.workingDays, '--working-days');
      const told = explain(await documentOf(options, language), options.from, count);
      if (!told.ok) throw new CliError(`${options.from}: ${failureWords(told, language)}`);
      if (options.json === true) printJsonLine(told.value);
      else print(explanationLines(told.value, language).join('\n'));
    });

  withLanguage(
    calendar
      .command('import <file>')
      .description(inWords({ 'zh-CN': '以文件为工作日历，运行中的期限随之调整', en: 'make a file the calendar; the running deadlines follow' })),
  )
    .option('--detach', inWords(DETACH))
    .option('--yes', inWords(NOT_ASKED))
    .option('--dry-run', inWords(FORECAST_ONLY))
    .action((file: string, options: Common & Partial<ImportOptions>) => importCalendar(file, importOptionsOf(options)));
};

/** What the import changes, for whoever ordered it: days that were worked and are off, and the other way round. */
const changesOf = (
  before: CalendarDocument,
  after: CalendarDocument,
): { readonly offNow: readonly string[]; readonly workedNow: readonly string[] } => {
  const isWorked = ({ kind }: DescribedDay): boolean => kind === 'working' || kind === 'make-up';
  const worked = new Map(describeDays(before).map((day) => [day.date, isWorked(day)]));
  const changed = describeDays(after).filter((day) => (worked.get(day.date) ?? isWorked(day)) !== isWorked(day));
  const dates = (working: boolean) => changed.filter((day) => isWorked(day) === working).map(({ date }) => date);
  return { offNow: dates(false), workedNow: dates(true) };
};

const importCalendar = async (file: string, options: ImportOptions): Promise<void> =>
  withTables(async (tools) => {
    const { documents } = await tools.store.current();
    const document = await readCalendar(file, options.language, documents.calendar);
    const { offNow, workedNow } = changesOf(documents.calendar, document);
    const zh = options.language === 'zh-CN';
    if (offNow.length > 0) say(`${zh ? '改为放假' : 'off now'}: ${offNow.join(' ')}`);
    if (workedNow.length > 0) say(`${zh ? '改为上班' : 'worked now'}: ${workedNow.join(' ')}`);
    await importTable(tools, 'calendar', document, options);
  });

const show = (document: CalendarDocument, year: number | null, language: Language, json: boolean): void => {
  const days = describeDays(document, year);
  if (year !== null && days.length === 0) throw new CliError(failureWords({ ok: false, why: 'uncovered', year }, language));
  if (!json) return print(calendarLines(document, days, language).join('\n'));
  const { version, name, covers, sources } = document;
  const listed = days.filter((day) => day.name !== null);
  printJsonLine({ version, name, covers, sources, year, workingDays: workingDaysIn(days), days: listed });
};
