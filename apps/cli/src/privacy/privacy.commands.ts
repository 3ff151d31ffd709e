import type { Command } from 'commander';
import { CliError, print, printJsonLine } from '../context';
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

export const addPrivacyCommands = (program: Command): void => {
  program
    .command('privacy')
    .description('what people wrote of themselves')
    .command('erase')
    .description('destroy the key of what a person wrote: no copy of it opens any more, and there is no way back')
    .requiredOption('--subject <sub>', 'the person, as in the `sub` of their token')
    .option('--json', 'print as JSON')
    .action(erase);
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
