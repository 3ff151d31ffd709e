import { writeFile } from 'node:fs/promises';
import { formsOf, PDF, XLSX, type AggregateQuery } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import type { Command } from 'commander';
import { CliError, clientFor, print, printJsonLine, type Language, type WhoOptions } from '../context';
import { withWho } from './who';

type Options = WhoOptions & { readonly json?: boolean; readonly lang?: Language; readonly out?: string };

/** By the ending of a file. */
const TYPES: Readonly<Record<string, string>> = { csv: 'text/csv', ics: 'text/calendar', json: 'application/json', pdf: PDF, xlsx: XLSX };

/** A verb for every question beside one entity that has one. */
export const addQuestionCommands = (program: Command): void => {
  for (const question of AGGREGATES.flatMap(({ queries = [] }) => queries))
    if (question.verb !== undefined) addQuestion(program, question.verb, question);
};

const addQuestion = (program: Command, verb: string, question: AggregateQuery): void => {
  const endings = endingsOf(question);
  withWho(program.command(`${verb} [filters...]`).description(question.summary))
    .option('--out <F>', `where to, as its ending says (${endings.join(', ')}); never over a file that is there`)
    .addHelpText('after', `\nFilters, each as name=value:\n${filtersOf(question).join('\n')}`)
    .action((filters: readonly string[], options: Options) =>
      options.out === undefined ? show(question, filters, options) : save(question, filters, options.out, options),
    );
};

const endingsOf = (question: AggregateQuery): readonly string[] => {
  const types = formsOf(question).map((type) => type.split(';')[0]);
  return Object.keys(TYPES).filter((ending) => types.includes(TYPES[ending]));
};

const filtersOf = ({ parameters }: AggregateQuery): readonly string[] => {
  const { shape = {} } = parameters as { readonly shape?: Readonly<Record<string, { readonly description?: string | undefined }>> };
  return Object.entries(shape).map(([name, { description = '' }]) => `  ${name.padEnd(12)}${description}`);
};

/** `community=民悦社区` as a filter; what stands before the first `=` is its name. */
const queryOf = (filters: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    filters.map((filter) => {
      const at = filter.indexOf('=');
      if (at <= 0) throw new CliError(`a filter is name=value, and ${filter} is not`);
      return [filter.slice(0, at), filter.slice(at + 1)];
    }),
  );

const show = async ({ path }: AggregateQuery, filters: readonly string[], { lang, json, ...who }: Options): Promise<void> => {
  const answer = await (await clientFor(who, lang)).ask(path, queryOf(filters));
  if (json) printJsonLine(answer);
  else print(answer);
};

const save = async (question: AggregateQuery, filters: readonly string[], out: string, { lang, json, ...who }: Options): Promise<void> => {
  const ending = endingsOf(question).find((known) => out.toLowerCase().endsWith(`.${known}`));
  if (ending === undefined) throw new CliError(`${out} has to end in one of: ${endingsOf(question).join(', ')}`);
  const content = await (await clientFor(who, lang)).askAs(question.path, queryOf(filters), TYPES[ending] ?? '');
  await writeFile(out, content, { flag: 'wx' }).catch(() => {
    throw new CliError(`${out} cannot be written, or is there already`);
  });
  if (json) printJsonLine({ out, bytes: content.length });
  else print(`${content.length} bytes in ${out}`);
};
