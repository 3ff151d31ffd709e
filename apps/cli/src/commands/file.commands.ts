import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { CliError, print, printJsonLine, type WhoOptions } from '../context';
import { askApi, askForBytes } from '../notices/notices.api';

interface Attached {
  readonly fileId: string;
  readonly url: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly by: string;
  readonly at: string;
}
type Options = WhoOptions & { readonly json?: boolean };

const asWhom = (command: Command): Command =>
  command
    .option('--actor <A>', 'as whom')
    .option('--role <R>', 'in which role')
    .option('--unit <U>', 'of which unit')
    .option('--json', 'print as JSON');

export const addFileCommands = (program: Command): void => {
  asWhom(program.command('attach <needId> <file>'))
    .description('attach a photo or a document to a need; prints how `photos` and `evidence` name it')
    .action(attach);
  asWhom(program.command('files <needId>')).description('what was attached to a need').action(list);
  asWhom(program.command('file <needId> <fileId>'))
    .description('save what was attached')
    .requiredOption('--out <F>', 'where to; never over a file that is there')
    .action(save);
};

const attach = async (needId: string, path: string, { json = false, ...who }: Options): Promise<void> => {
  const content = await readFile(path).catch(() => {
    throw new CliError(`${path} cannot be read`);
  });
  const file = await askApi<Attached>('POST', filesOf(needId), { ...who, lang: 'en' }, content);
  if (json) printJsonLine(file);
  else print(file?.url ?? '');
};

const list = async (needId: string, { json = false, ...who }: Options): Promise<void> => {
  const page = await askApi<{ readonly items: readonly Attached[] }>('GET', filesOf(needId), { ...who, lang: 'en' });
  if (json) return printJsonLine(page);
  for (const { fileId, mediaType, bytes, by, at } of page?.items ?? []) print(`${at}  ${mediaType}  ${bytes} bytes  by ${by}  ${fileId}`);
};

const save = async (needId: string, fileId: string, { out, json = false, ...who }: Options & { readonly out: string }): Promise<void> => {
  const content = await askForBytes(`${filesOf(needId)}/${encodeURIComponent(fileId)}`, { ...who, lang: 'en' });
  await writeFile(out, content, { flag: 'wx' }).catch(() => {
    throw new CliError(`${out} cannot be written, or is there already`);
  });
  if (json) printJsonLine({ out, bytes: content.length });
  else print(`${content.length} bytes in ${out}`);
};

const filesOf = (needId: string): string => `/v1/needs/${encodeURIComponent(needId)}/files`;
