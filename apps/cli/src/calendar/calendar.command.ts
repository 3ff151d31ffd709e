import type { Command } from 'commander';
import { CHINA_2024_2026, describeDays, explain, explainMistake, type CalendarDocument } from '@qiyue/calendar';
import { CliError, print, printJsonLine, type Language } from '../context';
import { calendarLines, explanationLines, workingDaysIn } from './calendar.lines';
import { failureWords } from './calendar.words';
import { loadCalendarFile } from './load-calendar';

interface Common {
  readonly file?: string;
  readonly lang: string;
  readonly json?: boolean;
}

const withCommon = (command: Command): Command =>
  command
    .option('--file <path>', "another calendar, or a county's changes to the built-in one; else the built-in calendar")
    .option('--lang <language>', 'zh-CN or en', 'zh-CN')
    .option('--json', 'print as JSON');

const languageOf = ({ lang }: Common): Language => {
  if (lang === 'zh-CN' || lang === 'en') return lang;
  throw new CliError('--lang takes zh-CN or en');
};

const documentOf = async ({ file }: Common, language: Language): Promise<CalendarDocument> => {
  if (file === undefined) return CHINA_2024_2026;
  const checked = await loadCalendarFile(file).catch((error: unknown) => {
    throw new CliError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (checked.ok) return checked.value;
  throw new CliError([`${file}:`, ...checked.mistakes.map((mistake) => `  ${explainMistake(mistake, language)}`)].join('\n'));
};

const wholeNumber = (text: string, option: string): number => {
  if (/^-?\d{1,9}$/.test(text)) return Number(text);
  throw new CliError(`${option} takes a whole number`);
};

export const addCalendarCommands = (program: Command): void => {
  const calendar = program.command('calendar').description('working days, holidays and make-up days');
  withCommon(calendar.command('show').description('the days that are not what their weekday says'))
    .option('--year <year>', 'one year only')
    .action(async (options: Common & { readonly year?: string }) => {
      const language = languageOf(options);
      const document = await documentOf(options, language);
      const year = options.year === undefined ? null : wholeNumber(options.year, '--year');
      show(document, year, language, options.json === true);
    });

  withCommon(calendar.command('explain').description('how a date comes about, day by day'))
    .requiredOption('--from <date>', 'starting day, such as 2025-01-27; not counted')
    .requiredOption('--working-days <count>', 'how many working days after it; before it when negative')
    .action(async (options: Common & { readonly from: string; readonly workingDays: string }) => {
      const language = languageOf(options);
      const count = wholeNumber(options.workingDays, '--working-days');
      const told = explain(await documentOf(options, language), options.from, count);
      if (!told.ok) throw new CliError(`${options.from}: ${failureWords(told, language)}`);
      if (options.json === true) printJsonLine(told.value);
      else print(explanationLines(told.value, language).join('\n'));
    });
};

const show = (document: CalendarDocument, year: number | null, language: Language, json: boolean): void => {
  const days = describeDays(document, year);
  if (year !== null && days.length === 0) throw new CliError(failureWords({ ok: false, why: 'uncovered', year }, language));
  if (!json) return print(calendarLines(document, days, language).join('\n'));
  const { version, name, covers, sources } = document;
  const listed = days.filter((day) => day.name !== null);
  printJsonLine({ version, name, covers, sources, year, workingDays: workingDaysIn(days), days: listed });
};
