import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { CliError, print, printJsonLine, type WhoOptions } from '../context';
import { answerOf, asOperator } from '../notices/notices.api';
import { entityIn } from '../show/entity-in';

interface Hold {
  readonly why: string;
  /** The entity's id, under the name that its aggregate has for it. */
  readonly [idName: string]: string | null;
  readonly reference: string | null;
}
interface Request {
  readonly erasureId: string;
  readonly subject: string;
  readonly state: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly approvedBy: string | null;
  readonly holds: readonly Hold[];
}
interface Erased {
  readonly erasureId: string;
  readonly subject: string;
  readonly keyId: string | null;
  readonly removed: Readonly<Record<'inbox' | 'notices' | 'preferences' | 'directory' | 'files', number>>;
}
interface Acting {
  readonly actor?: string;
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
    .description('take out the files of what has been over for longer than the policy keeps personal words (retention)')
    .option('--json', 'print as JSON')
    .action(sweep);
  const acting = (command: Command): Command =>
    command.option('--actor <id>', 'as this operator; left out: QIYUE_TOKEN, or `operator` of the local stack').option('--json', 'print as JSON');
  acting(privacy.command('erase'))
    .description('ask for the key of what a person wrote to be destroyed; another person has to approve it')
    .requiredOption('--subject <sub>', 'the person, as in the `sub` of their token')
    .action(erase);
  acting(privacy.command('approve <erasureId>'))
    .description('destroy it: no copy of what was written opens any more, and there is no way back; by another person than the one who asked')
    .action(approve);
  privacy.command('requests').description('what was asked for, and what holds it').option('--json', 'print as JSON').action(requests);
};

const exportPerson = async ({ subject, out, json = false, ...who }: ExportOptions): Promise<void> => {
  const isGiven = who.actor !== undefined || process.env['QIYUE_TOKEN'] !== undefined;
  const asking = isGiven ? who : { actor: 'centre', role: 'centre' };
  const held = await answerOf<object>('POST', '/v1/privacy/exports', { ...asking, lang: 'en' }, { subject });
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
  const swept = await answerOf<Swept>('POST', '/v1/privacy/retention', { lang: 'en' }, {});
  if (json) printJsonLine(swept);
  else print(`${swept.files} files taken out of ${swept.needs} entities that ended before ${swept.endedBefore}`);
};

const erase = async ({ subject, actor, json = false }: Acting & { readonly subject: string }): Promise<void> => {
  const asked = await answerOf<Request>('POST', '/v1/privacy/erasures', asOperator(actor), { subject });
  if (json) printJsonLine(asked);
  else print(requestLines([asked]).join('\n'));
};

const approve = async (erasureId: string, { actor, json = false }: Acting): Promise<void> => {
  const erased = await answerOf<Erased>('POST', `/v1/privacy/erasures/${encodeURIComponent(erasureId)}/approve`, asOperator(actor));
  if (json) printJsonLine(erased);
  else print(erasedLines(erased).join('\n'));
};

const requests = async ({ json = false }: Pick<Acting, 'json'>): Promise<void> => {
  const found = await answerOf<{ readonly items: readonly Request[] }>('GET', '/v1/privacy/erasures', asOperator(undefined));
  if (json) printJsonLine(found);
  else print(requestLines(found.items).join('\n'));
};

export const requestLines = (asked: readonly Request[]): readonly string[] =>
  asked.length === 0 ? ['nothing was asked for'] : asked.flatMap((request) => [lineOf(request), ...request.holds.map(holdLine)]);

const lineOf = ({ erasureId, subject, state, requestedBy, approvedBy }: Request): string =>
  state === 'pending'
    ? `${erasureId}  ${subject}: asked for by ${requestedBy}; nothing is destroyed before another person approves it, npx qiyue privacy approve ${erasureId}`
    : `${erasureId}  ${subject}: ${state}, asked for by ${requestedBy}, approved by ${approvedBy ?? 'nobody'}`;

const holdLine = ({ why, reference, ...row }: Hold): string => {
  const found = entityIn(row);
  return `  on hold: ${why === 'dispute' ? `${found?.aggregate.noun.en ?? ''} ${found?.id ?? ''} is in a dispute` : (reference ?? '')}`;
};

export const erasedLines = ({ subject, keyId, removed }: Erased): readonly string[] => [
  keyId === null
    ? `${subject}: there was no key, or none any more`
    : `${subject}: key ${keyId} is destroyed; what was sealed with it stays sealed for ever`,
  `taken out: ${removed.inbox} of the inbox, ${removed.notices} notices, ${removed.preferences} preferences, ${removed.directory} entries of the directory, ${removed.files} files`,
  'backups of the folder of keys still hold it until they are destroyed too',
];
