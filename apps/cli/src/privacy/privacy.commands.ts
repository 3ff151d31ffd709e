import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { CliError, print, printJsonLine, type WhoOptions } from '../context';
import { askApi } from '../notices/notices.api';

interface Erased {
  readonly subject: string;
  readonly keyId: string | null;
  readonly removed: Readonly<Record<'inbox' | 'notices' | 'preferences' | 'directory' | 'files', number>>;
}
interface EraseOptions {
  readonly subject: string;
  readonly json?: boolean;
}

interface ExportOptions extends WhoOptions {
  readonly subject: string;
  readonly out?: string;
  readonly json?: boolean;
}

export const addPrivacyCommands = (program: Command): void => {
  const privacy = program.command('privacy').description('what people wrote of themselves');
  privacy
    .command('export')
    .description('all that is held about a person, readable, for them: JSON')
    .requiredOption('--subject <sub>', 'the person, as in the `sub` of their token')
    .option('--out <file>', 'where to, for its owner alone; never over a file that is there. Else to standard output')
    .option('--actor <A>', 'as whom; else QIYUE_TOKEN, else the centre')
    .option('--role <R>', 'in which role')
    .option('--unit <U>', 'of which unit')
    .option('--json', 'print as one line of JSON')
    .action(exportPerson);
  privacy
    .command('sweep')
    .description('take out the files of needs that have been over for longer than the policy keeps personal words (retention)')
    .option('--json', 'print as JSON')
    .action(sweep);
  privacy
    .command('erase')
    .description('destroy the key of what a person wrote: no copy of it opens any more, and there is no way back')
    .requiredOption('--subject <sub>', 'the person, as in the `sub` of their token')
    .option('--json', 'print as JSON')
    .action(erase);
};

const exportPerson = async ({ subject, out, json = false, ...who }: ExportOptions): Promise<void> => {
  const isGiven = who.actor !== undefined || process.env['QIYUE_TOKEN'] !== undefined;
  const asking = isGiven ? who : { actor: 'centre', role: 'centre' };
  const held = await askApi<object>('POST', '/v1/privacy/exports', { ...asking, lang: 'en' }, { subject });
  if (held === undefined) throw new CliError('the API answered nothing');
  if (out === undefined) return json ? printJsonLine(held) : print(held);
  await writeFile(out, `${JSON.stringify(held, null, 2)}\n`, { flag: 'wx', mode: 0o600 }).catch(() => {
    throw new CliError(`${out} cannot be written, or is there already`);
  });
  if (json) printJsonLine({ out });
  else print(`what is held about ${subject} is in ${out}`);
};

interface Swept {
  readonly endedBefore: string;
  readonly needs: number;
  readonly files: number;
}

const sweep = async ({ json = false }: { readonly json?: boolean }): Promise<void> => {
  const swept = await askApi<Swept>('POST', '/v1/privacy/retention', { lang: 'en' }, {});
  if (swept === undefined) throw new CliError('the API answered nothing');
  if (json) printJsonLine(swept);
  else print(`${swept.files} files taken out of ${swept.needs} needs that ended before ${swept.endedBefore}`);
};

const erase = async ({ subject, json = false }: EraseOptions): Promise<void> => {
  const erased = await askApi<Erased>('POST', '/v1/privacy/erasures', { lang: 'en' }, { subject });
  if (erased === undefined) throw new CliError('the API answered nothing');
  if (json) printJsonLine(erased);
  else print(erasedLines(erased).join('\n'));
};

export const erasedLines = ({ subject, keyId, removed }: Erased): readonly string[] => [
  keyId === null
    ? `${subject}: there was no key, or none any more`
    : `${subject}: key ${keyId} is destroyed; what was sealed with it stays sealed for ever`,
  `taken out: ${removed.inbox} of the inbox, ${removed.notices} notices, ${removed.preferences} preferences, ${removed.directory} entries of the directory, ${removed.files} files`,
  'backups of the folder of keys still hold it until they are destroyed too',
];
