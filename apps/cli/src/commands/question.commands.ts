import { formsOf, PDF, XLSX, type AggregateQuery } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import type { Command } from 'commander';
import { CliError, clientFor, print, printJsonLine, type Language, type WhoOptions } from '../context';
import { filtersIn } from '../show/filters';
import { inWords, language } from '../show/language';
import { saved } from '../show/saved';
import { sheetLines, tableLines } from '../show/table';
import { withWho } from './who';

type Options = WhoOptions & { readonly json?: boolean; readonly lang?: Language; readonly out?: string };

/** By the ending of a file. */
const TYPES: Readonly<Record<string, string>> = { csv: 'text/csv', ics: 'text/calendar', json: 'application/json', pdf: PDF, xlsx: XLSX };

/** A verb for every question beside one entity that has one. */
export const addQuestionCommands = (program: Command): void => {
  const questions = AGGREGATES.flatMap(({ queries = [] }) => queries);
  for (const question of questions) if (question.verb !== undefined) addQuestion(program, question.verb, question);
  addStats(program, questions);
};

const addQuestion = (program: Command, verb: string, question: AggregateQuery): void => {
  const endings = endingsOf(question);
  withWho(program.command(`${verb} [filters...]`).description(calledOf(question)))
    .option(
      '--out <F>',
      inWords({
        'zh-CN': `写入的文件，格式依扩展名（${endings.join('、')}）；不覆盖已有的`,
        en: `where to, as its ending says (${endings.join(', ')}); never over a file that is there`,
      }),
    )
    .addHelpText('after', `\n${filtersOf(question).join('\n')}`)
    .action((filters: readonly string[], options: Options) =>
      options.out === undefined ? show(question, filters, options) : save(question, filters, options.out, options),
    );
};

const calledOf = ({ title, summary }: AggregateQuery): string => (title === undefined ? summary : inWords(title));

const endingsOf = (question: AggregateQuery): readonly string[] => {
  const types = formsOf(question).map((type) => type.split(';')[0]);
  return Object.keys(TYPES).filter((ending) => types.includes(TYPES[ending]));
};

/** What they mean is said in the language of the API's pages; in the other one their names are listed. */
const filtersOf = ({ parameters }: AggregateQuery): readonly string[] => {
  const { shape = {} } = parameters as { readonly shape?: Readonly<Record<string, { readonly description?: string | undefined }>> };
  if (language() === 'zh-CN') return ['过滤条件，写成 名称=值：', `  ${Object.keys(shape).join('、')}`];
  return ['Filters, each as name=value:', ...Object.entries(shape).map(([name, { description = '' }]) => `  ${name.padEnd(12)}${description}`)];
};

/** Where it is answered as a workbook too, its tables are what people read. */
const show = async ({ path, sheets }: AggregateQuery, filters: readonly string[], { lang = 'zh-CN', json, ...who }: Options): Promise<void> => {
  const answer = await (await clientFor(who, lang)).ask(path, filtersIn(filters));
  if (json) printJsonLine(answer);
  else if (sheets === undefined) print(answer);
  else
    print(
      sheets(answer as never, lang)
        .flatMap(sheetLines)
        .join('\n'),
    );
};

/** `stats`: every question about figures by its name, also those that have a verb of their own. */
const addStats = (program: Command, questions: readonly AggregateQuery[]): void => {
  const named = new Map(questions.flatMap((question) => (question.path.startsWith(STATS) ? [[question.path.slice(STATS.length), question]] : [])));
  withWho(
    program.command('stats [name] [filters...]').description(
      inWords({
        'zh-CN': '统计数据，过滤条件写成 名称=值；不给名称则列出有哪些',
        en: 'figures, each with filters as name=value; without a name: which there are',
      }),
    ),
  ).action(async (name: string | undefined, filters: readonly string[], options: Options) => {
    const question = name === undefined ? undefined : named.get(name);
    if (name !== undefined && question === undefined)
      throw new CliError(
        inWords({
          'zh-CN': `没有名为 ${name} 的数据：有 ${[...named.keys()].join('、')}`,
          en: `no figures are called ${name}: there are ${[...named.keys()].join(', ')}`,
        }),
      );
    if (question !== undefined) return show(question, filters, options);
    print(
      tableLines(
        [inWords({ 'zh-CN': '名称', en: 'Name' }), inWords({ 'zh-CN': '内容', en: 'What it says' })],
        [...named].map(([known, one]) => [known, calledOf(one)]),
      ).join('\n'),
    );
  });
};
const STATS = 'stats/';

const save = async (question: AggregateQuery, filters: readonly string[], out: string, { lang, json, ...who }: Options): Promise<void> => {
  const ending = endingsOf(question).find((known) => out.toLowerCase().endsWith(`.${known}`));
  if (ending === undefined)
    throw new CliError(
      inWords({
        'zh-CN': `${out} 须以其中之一结尾：${endingsOf(question).join('、')}`,
        en: `${out} has to end in one of: ${endingsOf(question).join(', ')}`,
      }),
    );
  const content = await (await clientFor(who, lang)).askAs(question.path, filtersIn(filters), TYPES[ending] ?? '');
  await saved(out, content, json);
};
