import { listRowOf, XLSX, type AnyAggregate, type ListColumn } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { ProblemError, type QiyueClient } from '@qiyue/client';
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

/** `needs stage=claimed waitingFor=me`, for the other kinds `contract list`; `number 240701-7K3M9P-N` for all that are called by one. */
export const addListCommands = (program: Command): void => {
  const [first, ...others] = AGGREGATES;
  addNumber(program);
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
};

const NUMBERED = AGGREGATES.filter(({ listing }) => listing.isNumbered === true);

const addNumber = (to: Command): void => {
  const kindsIn = (lang: Language, comma: string): string => NUMBERED.map(({ noun }) => noun[lang]).join(comma);
  const description = inWords({
    'zh-CN': `按报出的编号查找：${kindsIn('zh-CN', '、')}`,
    en: `whatever has a number that somebody read out: ${kindsIn('en', ', ')}`,
  });
  withWho(to.command('number <number>').description(description)).action(async (number: string, { lang, json, ...who }: Options) => {
    const found = await numbered(await clientFor(who, lang), number);
    if (found.length === 0) throw new CliError(inWords({ 'zh-CN': `没有编号为 ${number} 的事项`, en: `Nothing has the number ${number}` }));
    if (json === true)
      printJsonLine({ items: found.flatMap(({ kind, page }) => page.items.map((item) => ({ kind: kind.decider.aggregate, ...item }))) });
    else print(found.flatMap(({ kind, page }) => [kind.noun[lang], ...linesOf(kind, page, lang)]).join('\n'));
  });
};

interface Numbered {
  readonly kind: AnyAggregate;
  readonly page: Page;
}

/** What each kind has by that number; those that have nothing are left out. */
export const numbered = async (client: Pick<QiyueClient, 'ask'>, number: string): Promise<readonly Numbered[]> =>
  (await Promise.all(NUMBERED.map((kind) => numberedOf(client, kind, number)))).filter((found) => found !== null);

const numberedOf = async (client: Pick<QiyueClient, 'ask'>, kind: AnyAggregate, number: string): Promise<Numbered | null> => {
  try {
    return { kind, page: await client.ask<Page>(`${kind.path}/by-number/${encodeURIComponent(number)}`) };
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'not-found') return null;
    throw error;
  }
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
