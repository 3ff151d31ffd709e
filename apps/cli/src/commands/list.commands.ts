import { listRowOf, XLSX, type AnyAggregate, type ListColumn } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import type { Command } from 'commander';
import { CliError, clientFor, print, printJsonLine, type Language, type WhoOptions } from '../context';
import { filtersIn } from '../show/filters';
import { inWords } from '../show/language';
import { saved } from '../show/saved';
import { tableLines } from '../show/table';
import { withWho } from './who';

type Options = WhoOptions & { readonly json?: boolean; readonly lang: Language; readonly out?: string };
type Item = Readonly<Record<string, unknown>>;
interface Page {
  readonly items: readonly Item[];
  readonly nextCursor?: string | null;
  readonly total?: number | null;
  readonly totalIsBound?: boolean;
  readonly searchedAll?: boolean;
}

const TYPES: Readonly<Record<string, string>> = { csv: 'text/csv', xlsx: XLSX };

/** `needs stage=claimed waitingFor=me`, `number 240701-7K3M9P-N`, and for the other kinds `contract list`, `contract number …`. */
export const addListCommands = (program: Command): void => {
  const [first, ...others] = AGGREGATES;
  if (first !== undefined) addLists(program, first, first.path);
  for (const aggregate of others) {
    const own = program.commands.find((command) => command.name() === aggregate.decider.aggregate);
    if (own !== undefined) addLists(own, aggregate, 'list');
  }
};

const addLists = (to: Command, aggregate: AnyAggregate, verb: string): void => {
  const { path, listing, noun } = aggregate;
  const filters = [...Object.keys(listing.filters), ...(listing.orders === undefined ? [] : ['sort']), 'q', 'limit', 'cursor'];
  withWho(
    to.command(`${verb} [filters...]`).description(
      inWords({
        'zh-CN': `列表：${noun['zh-CN']}；过滤条件写成 名称=值：${filters.join('、')}`,
        en: `lists: ${noun.en}; filters as name=value: ${filters.join(', ')}`,
      }),
    ),
  )
    .option(
      '--out <F>',
      inWords({
        'zh-CN': '全部写入该文件，格式依扩展名（csv、xlsx）；不覆盖已有的',
        en: 'all of it into this file, as its ending says (csv, xlsx); never over one that is there',
      }),
    )
    .action((asked: readonly string[], options: Options) =>
      options.out === undefined ? show(aggregate, asked, options) : save(path, asked, options.out, options),
    );
  if (listing.isNumbered !== true) return;
  withWho(
    to
      .command('number <number>')
      .description(inWords({ 'zh-CN': `按报出的编号查找：${noun['zh-CN']}`, en: `those with a number that somebody read out: ${noun.en}` })),
  ).action(async (number: string, { lang, json, ...who }: Options) => {
    const page = await (await clientFor(who, lang)).ask<Page>(`${path}/by-number/${encodeURIComponent(number)}`);
    if (json === true) printJsonLine(page);
    else print(linesOf(aggregate, page, lang).join('\n'));
  });
};

const show = async (aggregate: AnyAggregate, asked: readonly string[], { lang, json, ...who }: Options): Promise<void> => {
  const page = await (await clientFor(who, lang)).ask<Page>(aggregate.path, filtersIn(asked));
  if (json === true) printJsonLine(page);
  else print(linesOf(aggregate, page, lang).join('\n'));
};

const save = async (path: string, asked: readonly string[], out: string, { lang, json, ...who }: Options): Promise<void> => {
  const type = TYPES[out.toLowerCase().split('.').at(-1) ?? ''];
  if (type === undefined) throw new CliError(inWords({ 'zh-CN': `${out} 须以 .csv 或 .xlsx 结尾`, en: `${out} has to end in .csv or .xlsx` }));
  const content = await (await clientFor(who, lang)).askAs(path, filtersIn(asked), type);
  await saved(out, content, json);
};

const COLUMNS_MAX = 6;
const NOT_ALL: Readonly<Record<Language, string>> = {
  'zh-CN': '未查完：文字须逐条打开查找，条数有上限；请用其他条件缩小范围',
  en: 'not all were searched: texts are looked through one by one, up to a bound; narrow it by other filters',
};

/** The columns that the kind has for a line; else the first fields that are a text or a number. */
export const linesOf = (
  { listing }: Pick<AnyAggregate, 'listing'>,
  { items, nextCursor, total, totalIsBound, searchedAll }: Page,
  language: Language,
): readonly string[] => {
  const columns: readonly Pick<ListColumn, 'heading' | 'of'>[] = listing.columns?.(language).filter(({ isBrief }) => isBrief) ?? plainColumns(items);
  const rows = items.map((item) => listRowOf(columns, item));
  const zh = language === 'zh-CN';
  const head =
    total === undefined || total === null
      ? []
      : [`${total}${totalIsBound === true ? '+' : ''} ${zh ? '项，时间为北京时间' : 'in all, times of Asia/Shanghai'}`];
  const left = searchedAll === false ? [NOT_ALL[language]] : [];
  const more = nextCursor === undefined || nextCursor === null ? [] : [`${zh ? '下一页' : 'next page'}: cursor=${nextCursor}`];
  return [
    ...head,
    ...(items.length === 0
      ? []
      : tableLines(
          columns.map(({ heading }) => heading),
          rows,
        )),
    ...left,
    ...more,
  ];
};

const plainColumns = ([first = {}]: readonly Item[]): readonly Pick<ListColumn, 'heading' | 'of'>[] =>
  Object.entries(first)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .slice(0, COLUMNS_MAX)
    .map(([name]) => ({ heading: name, of: (item) => (item[name] ?? null) as string | number | null }));
