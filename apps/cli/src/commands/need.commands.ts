import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { COMMAND_SUMMARIES, PUBLIC_NEED_COMMANDS } from '@qiyue/need-contracts';
import type { PublicNeedCommandType } from '@qiyue/need-domain';
import { CliError, clientFor, print, printJsonLine, textOf, type Language, type WhoOptions } from '../context';
import { timelineOf } from '../show/timeline';

interface Common extends WhoOptions {
  readonly json?: boolean;
  readonly lang?: Language;
}

const withWho = (command: Command): Command =>
  command
    .option('--actor <id>', 'who does it (a token is signed for the local stack); else QIYUE_TOKEN')
    .option('--role <role>', 'role of the actor')
    .option('--unit <name>', 'unit of the actor')
    .option('--lang <language>', 'zh-CN or en', 'zh-CN')
    .option('--json', 'print as JSON');

/** `{…}` is JSON itself, `@file` a file that holds it, `-` standard input. */
const bodyOf = (text: string): never => {
  const source =
    text === '-' ? textOf(readFileSync(0), 'standard input') : text.startsWith('@') ? textOf(fileOf(text.slice(1)), text.slice(1)) : text;
  try {
    const body: unknown = JSON.parse(source);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as never; // the server's schema looks at it
  } catch {
    // falls through to the sentence below
  }
  throw new CliError('the body must be a JSON object, @file or -');
};

const fileOf = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch {
    throw new CliError(`${path} cannot be read`);
  }
};

const show = (value: object, json: boolean | undefined): void => (json ? printJsonLine(value) : print(value));

const summaryOf = (type: PublicNeedCommandType): string => `${COMMAND_SUMMARIES[type]}; body: JSON, @file or -`;

export const addNeedCommands = (program: Command): void => {
  withWho(program.command('submit <body>').description(summaryOf('submit')))
    .option('--key <id>', 'idempotency key')
    .action(async (body: string, options: Common & { key?: string }) => {
      const client = await clientFor(options, options.lang);
      show(await client.submit(bodyOf(body), keyOf(options)), options.json);
    });

  for (const verb of PUBLIC_NEED_COMMANDS.filter((type): type is Exclude<PublicNeedCommandType, 'submit'> => type !== 'submit')) {
    withWho(program.command(`${verb} <needId> [body]`).description(summaryOf(verb)))
      .option('--key <id>', 'idempotency key')
      .action(async (needId: string, body: string | undefined, options: Common & { key?: string }) => {
        const client = await clientFor(options, options.lang);
        show(await client.command(needId, verb, bodyOf(body ?? '{}'), keyOf(options)), options.json);
      });
  }

  withWho(program.command('need <needId>').description('a need as it is')).action(async (needId: string, options: Common) =>
    show(await (await clientFor(options, options.lang)).need(needId), options.json),
  );

  withWho(program.command('history <needId>').description('all that has happened to a need')).action(async (needId: string, options: Common) => {
    const history = await (await clientFor(options, options.lang)).history(needId);
    if (options.json) printJsonLine(history);
    else print(timelineOf(history.events, options.lang ?? 'zh-CN').join('\n'));
  });

  withWho(program.command('at <needId>').description('a need as it was'))
    .option('--seq <n>', 'after this many events')
    .option('--time <iso>', 'at this time')
    .action(async (needId: string, { seq, time, ...options }: Common & { seq?: string; time?: string }) => {
      if ((seq === undefined) === (time === undefined)) throw new CliError('at takes one of --seq and --time');
      const client = await clientFor(options, options.lang);
      show(await client.at(needId, seq === undefined ? { time: time ?? '' } : { seq: Number(seq) }), options.json);
    });

  withWho(program.command('command <commandId>').description('what became of a command')).action(async (commandId: string, options: Common) =>
    show(await (await clientFor(options, options.lang)).commandStatus(commandId), options.json),
  );
};

const keyOf = ({ key }: { readonly key?: string }): { readonly key?: string } => (key === undefined ? {} : { key });
