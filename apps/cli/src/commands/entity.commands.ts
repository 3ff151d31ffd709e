import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { AnyAggregate } from '@qiyue/aggregate';
import { filePathsOf } from '@qiyue/civic-contracts';
import { AGGREGATES } from '@qiyue/aggregates';
import type { CommandOptions, NeedStanding } from '@qiyue/client';
import { CliError, clientFor, print, printJsonLine, say, textOf, type Language, type WhoOptions } from '../context';
import { timelineOf } from '../show/timeline';
import { withWho } from './who';
import { addFileCommands, addPaperCommand } from './file.commands';
import { inWords } from '../show/language';
import { UNLISTED } from '../show/sentences';
import { unreadable } from '../unreached';

interface Common extends WhoOptions {
  readonly json?: boolean;
  readonly lang?: Language;
}

/** `{…}` is JSON itself, `@file` a file that holds it, `-` standard input. */
const bodyOf = (text: string): never => {
  const source = sourceOf(text);
  try {
    const body: unknown = JSON.parse(source);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as never; // the server's schema looks at it
  } catch {
    // falls through to the sentence below
  }
  throw new CliError(inWords({ 'zh-CN': '内容须为 JSON 对象、@文件 或 -', en: 'the body must be a JSON object, @file or -' }));
};

const sourceOf = (text: string): string => {
  if (text === '-') return textOf(readFileSync(0), inWords({ 'zh-CN': '标准输入', en: 'standard input' }));
  return text.startsWith('@') ? textOf(fileOf(text.slice(1)), text.slice(1)) : text;
};

const fileOf = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
};

const shown = (value: object, json: boolean | undefined): void => (json ? printJsonLine(value) : print(value));

/** Beside the answer of a command: the units that it named and nobody may be reading for. */
const answered = (value: object, json: boolean | undefined): void => {
  shown(value, json);
  for (const { unit, suggestions } of (value as Pick<NeedStanding, 'unlistedUnits'>).unlistedUnits ?? []) say(inWords(UNLISTED(unit, suggestions)));
};

const summaryOf = ({ commands }: AnyAggregate, type: string): string => {
  const { 'zh-CN': zh = type, en = type } = commands[type]?.summary ?? {};
  return inWords({ 'zh-CN': `${zh}；内容：JSON、@文件 或 -`, en: `${en}; body: JSON, @file or -` });
};

/**
 * A verb for every command and for every question about one entity. Those of the first kind stand by themselves: `qiyue claim <needId>`; the others
 * behind the name of theirs: `qiyue unit-year pledge <unitYearId>`.
 */
export const addEntityCommands = (program: Command): void => {
  const [first, ...others] = AGGREGATES;
  if (first !== undefined) addVerbs(program, first, first.decider.aggregate);
  for (const aggregate of others) {
    const { aggregate: name } = aggregate.decider;
    addVerbs(
      program
        .command(name)
        .description(inWords({ 'zh-CN': `${aggregate.noun['zh-CN']}：命令和查询`, en: `commands and questions: ${aggregate.noun.en}` })),
      aggregate,
      'show',
    );
  }

  withWho(program.command('command <commandId>').description(inWords({ 'zh-CN': '一条命令的结果', en: 'what became of a command' }))).action(
    async (commandId: string, options: Common) => shown(await (await clientFor(options, options.lang)).commandStatus(commandId), options.json),
  );
};

const addVerbs = (program: Command, aggregate: AnyAggregate, show: string): void => {
  const { path, idName, commands, decider, noun } = aggregate;
  const { startsWith } = decider;
  const given = (command: Command, type: string): Command =>
    withFileOptions(
      withWho(command).option('--key <id>', inWords({ 'zh-CN': '幂等键：同一键的命令只执行一次', en: 'idempotency key' })),
      aggregate,
      type,
    );
  given(program.command(`${startsWith} <body>`).description(summaryOf(aggregate, startsWith)), startsWith).action(
    async (body: string, options: Given) => {
      const sent = sentOf(options, aggregate, startsWith);
      const client = await clientFor(options, options.lang);
      answered(await client.start(path, bodyOf(body), sent), options.json);
    },
  );
  for (const verb of Object.keys(commands).filter((type) => type !== startsWith)) {
    given(program.command(`${verb} <${idName}> [body]`).description(summaryOf(aggregate, verb)), verb).action(
      async (entity: string, body: string | undefined, options: Given) => {
        const sent = sentOf(options, aggregate, verb);
        const client = await clientFor(options, options.lang);
        answered(await client.commandOn(path, entity, verb, bodyOf(body ?? '{}'), sent), options.json);
      },
    );
  }

  withWho(
    program.command(`${show} <${idName}>`).description(inWords({ 'zh-CN': `${noun['zh-CN']}现在的样子`, en: `the ${noun.en} as it is` })),
  ).action(async (entity: string, options: Common) => shown(await (await clientFor(options, options.lang)).entity(path, entity), options.json));

  withWho(
    program
      .command(`history <${idName}>`)
      .description(inWords({ 'zh-CN': `${noun['zh-CN']}发生过的一切`, en: `all that has happened to the ${noun.en}` })),
  ).action(async (entity: string, options: Common) => {
    const history = await (await clientFor(options, options.lang)).historyOf(path, entity);
    if (options.json) printJsonLine(history);
    else print(timelineOf(history.events, options.lang ?? 'zh-CN', aggregate).join('\n'));
  });

  withWho(program.command(`at <${idName}>`).description(inWords({ 'zh-CN': `${noun['zh-CN']}当时的样子`, en: `the ${noun.en} as it was` })))
    .option('--seq <n>', inWords({ 'zh-CN': '多少个事件之后', en: 'after this many events' }))
    .option('--time <iso>', inWords({ 'zh-CN': '在此时刻', en: 'at this time' }))
    .action(async (entity: string, { seq, time, ...options }: Common & { seq?: string; time?: string }) => {
      if ((seq === undefined) === (time === undefined))
        throw new CliError(inWords({ 'zh-CN': 'at 须给出 --seq 或 --time 之一', en: 'at takes one of --seq and --time' }));
      const client = await clientFor(options, options.lang);
      shown(await client.entityAt(path, entity, seq === undefined ? { time: time ?? '' } : { seq: Number(seq) }), options.json);
    });

  withWho(
    program
      .command(`changes <${idName}>`)
      .description(inWords({ 'zh-CN': '两个状态之间逐项的差别', en: 'what differs between two of its states, value by value' })),
  )
    .requiredOption('--from <seq>', inWords({ 'zh-CN': '多少个事件之后', en: 'after so many events' }))
    .requiredOption('--to <seq>', inWords({ 'zh-CN': '到多少个事件之后', en: 'after so many' }))
    .action(async (entity: string, { from, to, ...options }: Common & { readonly from: string; readonly to: string }) => {
      const client = await clientFor(options, options.lang);
      const answer = await client.ask<{ readonly changes: readonly Change[] }>(`${path}/${encodeURIComponent(entity)}/changes`, { from, to });
      if (options.json) printJsonLine(answer);
      else print(answer.changes.map(changeLine).join('\n'));
    });

  for (const { name, title, summary } of aggregate.questions ?? []) {
    withWho(program.command(`${name} <${idName}>`).description(title === undefined ? summary : inWords(title))).action(
      async (entity: string, options: Common) => shown(await (await clientFor(options, options.lang)).askAbout(path, entity, name), options.json),
    );
  }

  addFileCommands(program, aggregate);
  addPaperCommand(program, aggregate);
};

/** One value that differs, as the API says it. */
interface Change {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}
const changeLine = ({ path, before, after }: Change): string => `${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`;

/** Options of a command: `key`, and the paths of files by the name of their option. */
type Given = Common & Readonly<Record<string, unknown>> & { readonly key?: string };

/** The lists of files that a command's body has: `photos` is given as `--photo`, again and again. */
const fileListsOf = ({ commands }: AnyAggregate, type: string): readonly { readonly field: string; readonly option: string }[] => {
  const definition = commands[type];
  const paths = definition === undefined ? [] : filePathsOf(definition.schema);
  const lists = paths.flatMap((path) => /^(\w+)\[\]$/.exec(path)?.[1] ?? []);
  return lists.map((field) => ({ field, option: field.replace(/s$/, '') }));
};

const withFileOptions = (command: Command, aggregate: AnyAggregate, type: string): Command => {
  for (const { field, option } of fileListsOf(aggregate, type))
    command.option(
      `--${option} <file>`,
      inWords({ 'zh-CN': `随附的文件，列入 ${field}；可多次给出`, en: `goes with it, as one of its ${field}; may be given again` }),
      (path: string, before: string[] = []) => [...before, path],
    );
  return command;
};

const sentOf = (options: Given, aggregate: AnyAggregate, type: string): CommandOptions => {
  const files = fileListsOf(aggregate, type).flatMap(({ field, option }) => {
    const paths = options[option] as readonly string[] | undefined;
    return paths === undefined ? [] : [[field, paths.map(fileOf)] as const];
  });
  return { ...(options.key === undefined ? {} : { key: options.key }), ...(files.length === 0 ? {} : { files: Object.fromEntries(files) }) };
};
