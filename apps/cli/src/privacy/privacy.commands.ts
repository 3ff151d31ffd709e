import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { CliError, print, printJsonLine, type WhoOptions } from '../context';
import { answerOf, asOperator } from '../notices/notices.api';
import { entityIn } from '../show/entity-in';
import { AS_JSON, AS_OPERATOR, FOR_UNIT, IN_ROLE, PERSON } from '../show/options';
import { inWords, language } from '../show/language';

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
  const privacy = program.command('privacy').description(inWords({ 'zh-CN': '个人填写的本人信息', en: 'what people wrote of themselves' }));
  privacy
    .command('export')
    .description(
      inWords({ 'zh-CN': '导出关于某人的全部信息，可读，供其本人：JSON', en: 'all that is held about a person, readable, for them: JSON' }),
    )
    .requiredOption('--subject <sub>', inWords(PERSON))
    .option(
      '--out <file>',
      inWords({
        'zh-CN': '写入的文件，仅其所有者可读，不覆盖已有的；不填输出到标准输出',
        en: 'where to, for its owner alone; never over a file that is there. Else to standard output',
      }),
    )
    .option('--actor <A>', inWords({ 'zh-CN': '以谁的身份；不填用 QIYUE_TOKEN，否则为服务中心', en: 'as whom; else QIYUE_TOKEN, else the centre' }))
    .option('--role <R>', inWords(IN_ROLE))
    .option('--unit <U>', inWords(FOR_UNIT))
    .option('--json', inWords({ 'zh-CN': '以一行 JSON 输出', en: 'print as one line of JSON' }))
    .action(exportPerson);
  privacy
    .command('sweep')
    .description(
      inWords({
        'zh-CN': '清除办结已久、超过政策规定的个人内容保存期限的附件',
        en: 'take out the files of what has been over for longer than the policy keeps personal words (retention)',
      }),
    )
    .option('--json', inWords(AS_JSON))
    .action(sweep);
  const acting = (command: Command): Command => command.option('--actor <id>', inWords(AS_OPERATOR)).option('--json', inWords(AS_JSON));
  acting(privacy.command('erase'))
    .description(
      inWords({
        'zh-CN': '申请销毁某人所写内容的密钥；须由另一人批准',
        en: 'ask for the key of what a person wrote to be destroyed; another person has to approve it',
      }),
    )
    .requiredOption('--subject <sub>', inWords(PERSON))
    .action(erase);
  acting(privacy.command('approve <erasureId>'))
    .description(
      inWords({
        'zh-CN': '批准销毁：所写内容的任何副本都不再能打开，无法恢复；批准人不能是申请人',
        en: 'destroy it: no copy of what was written opens any more, and there is no way back; by another person than the one who asked',
      }),
    )
    .action(approve);
  privacy
    .command('requests')
    .description(inWords({ 'zh-CN': '已提出的申请，以及因何暂缓', en: 'what was asked for, and what holds it' }))
    .option('--json', inWords(AS_JSON))
    .action(requests);
};

const exportPerson = async ({ subject, out, json = false, ...who }: ExportOptions): Promise<void> => {
  const isGiven = who.actor !== undefined || process.env['QIYUE_TOKEN'] !== undefined;
  const asking = isGiven ? who : { actor: 'centre', role: 'centre' };
  const held = await answerOf<object>('POST', '/v1/privacy/exports', { ...asking, lang: language() }, { subject });
  if (out === undefined) return json ? printJsonLine(held) : print(held);
  await writeFile(out, `${JSON.stringify(held, null, 2)}\n`, { flag: 'wx', mode: 0o600 }).catch(() => {
    throw new CliError(inWords({ 'zh-CN': `${out} 无法写入，或已存在`, en: `${out} cannot be written, or is there already` }));
  });
  if (json) printJsonLine({ out });
  else print(inWords({ 'zh-CN': `关于 ${subject} 的信息已写入 ${out}`, en: `what is held about ${subject} is in ${out}` }));
};

interface Swept {
  readonly endedBefore: string;
  readonly needs: number;
  readonly files: number;
}

const sweep = async ({ json = false }: { readonly json?: boolean }): Promise<void> => {
  const swept = await answerOf<Swept>('POST', '/v1/privacy/retention', { lang: language() }, {});
  if (json) printJsonLine(swept);
  else
    print(
      inWords({
        'zh-CN': `已清除 ${swept.endedBefore} 之前办结的 ${swept.needs} 件事项的 ${swept.files} 个附件`,
        en: `${swept.files} files taken out of ${swept.needs} entities that ended before ${swept.endedBefore}`,
      }),
    );
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
  asked.length === 0
    ? [inWords({ 'zh-CN': '没有申请', en: 'nothing was asked for' })]
    : asked.flatMap((request) => [lineOf(request), ...request.holds.map(holdLine)]);

const STATES: Readonly<Record<string, string>> = { done: '已销毁', approved: '已批准' };

const lineOf = ({ erasureId, subject, state, requestedBy, approvedBy }: Request): string =>
  inWords(
    state === 'pending'
      ? {
          'zh-CN': `${erasureId}  ${subject}：由 ${requestedBy} 申请；另一人批准之前不会销毁，npx qiyue privacy approve ${erasureId}`,
          en: `${erasureId}  ${subject}: asked for by ${requestedBy}; nothing is destroyed before another person approves it, npx qiyue privacy approve ${erasureId}`,
        }
      : {
          'zh-CN': `${erasureId}  ${subject}：${STATES[state] ?? state}，由 ${requestedBy} 申请，批准人 ${approvedBy ?? '（无）'}`,
          en: `${erasureId}  ${subject}: ${state}, asked for by ${requestedBy}, approved by ${approvedBy ?? 'nobody'}`,
        },
  );

const holdLine = ({ why, reference, ...row }: Hold): string => {
  const found = entityIn(row);
  const id = found?.id ?? '';
  return inWords({
    'zh-CN': `  暂缓：${why === 'dispute' ? `${found?.aggregate.noun['zh-CN'] ?? ''} ${id} 正有争议` : (reference ?? '')}`,
    en: `  on hold: ${why === 'dispute' ? `${found?.aggregate.noun.en ?? ''} ${id} is in a dispute` : (reference ?? '')}`,
  });
};

export const erasedLines = ({ subject, keyId, removed }: Erased): readonly string[] => [
  inWords(
    keyId === null
      ? { 'zh-CN': `${subject}：没有密钥，或已不存在`, en: `${subject}: there was no key, or none any more` }
      : {
          'zh-CN': `${subject}：密钥 ${keyId} 已销毁；用它封存的内容永远不能再打开`,
          en: `${subject}: key ${keyId} is destroyed; what was sealed with it stays sealed for ever`,
        },
  ),
  inWords({
    'zh-CN': `已清除：站内信 ${removed.inbox} 条，通知 ${removed.notices} 条，偏好 ${removed.preferences} 项，通讯录 ${removed.directory} 条，附件 ${removed.files} 个`,
    en: `taken out: ${removed.inbox} of the inbox, ${removed.notices} notices, ${removed.preferences} preferences, ${removed.directory} entries of the directory, ${removed.files} files`,
  }),
  inWords({
    'zh-CN': '密钥文件夹的备份中仍有它，直至备份也销毁',
    en: 'backups of the folder of keys still hold it until they are destroyed too',
  }),
];
