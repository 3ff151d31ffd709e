import type { Command } from 'commander';
import type { AnyAggregate } from '@qiyue/aggregate';
import { minuteOf } from '@qiyue/engine';
import { bytesOf, print, printJsonLine, type Language, type WhoOptions } from '../context';
import { askApi, askForBytes } from '../notices/notices.api';
import { inWords, withLang } from '../show/language';
import { saved } from '../show/saved';
import { AS_JSON, FOR_UNIT, IN_ROLE, NEVER_OVER } from '../show/options';

interface Attached {
  readonly fileId: string;
  readonly url: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly by: string;
  readonly at: string;
}
type Options = WhoOptions & { readonly json?: boolean; readonly lang: Language };
type PaperOptions = Options & { readonly out: string; readonly seq?: string };

const asWhom = (command: Command): Command =>
  withLang(command)
    .option('--actor <A>', inWords({ 'zh-CN': '以谁的身份', en: 'as whom' }))
    .option('--role <R>', inWords(IN_ROLE))
    .option('--unit <U>', inWords(FOR_UNIT))
    .option('--json', inWords(AS_JSON));

/** Of one kind of entity: `parent` holds its verbs. */
export const addFileCommands = (parent: Command, { path, idName, noun }: Pick<AnyAggregate, 'path' | 'idName' | 'noun'>): void => {
  const filesOf = (entity: string): string => `/v1/${path}/${encodeURIComponent(entity)}/files`;
  asWhom(parent.command(`attach <${idName}> <file>`))
    .description(
      inWords({
        'zh-CN': `为${noun['zh-CN']}上传照片或文件；输出 \`photos\` 和 \`evidence\` 中引用它的地址`,
        en: `attach a photo or a document to the ${noun.en}; prints how \`photos\` and \`evidence\` name it`,
      }),
    )
    .action((entity: string, file: string, options: Options) => attach(filesOf(entity), file, options));
  asWhom(parent.command(`files <${idName}>`))
    .description(inWords({ 'zh-CN': `${noun['zh-CN']}的附件`, en: `what was attached to the ${noun.en}` }))
    .action((entity: string, options: Options) => list(filesOf(entity), options));
  asWhom(parent.command(`file <${idName}> <fileId>`))
    .description(inWords({ 'zh-CN': '保存一个附件', en: 'save what was attached' }))
    .requiredOption('--out <F>', inWords(NEVER_OVER))
    .action((entity: string, fileId: string, options: Options & { readonly out: string }) =>
      save(`${filesOf(entity)}/${encodeURIComponent(fileId)}`, options),
    );
};

/** A verb for whatever can be printed of the kind; none where nothing can. */
export const addPaperCommand = (parent: Command, { path, idName, noun, papers }: Pick<AnyAggregate, 'path' | 'idName' | 'noun' | 'papers'>): void => {
  if (papers === undefined) return;
  asWhom(parent.command(`paper <${idName}> <name>`))
    .description(
      inWords({
        'zh-CN': `将${noun['zh-CN']}的可打印文件存为 PDF：${Object.keys(papers).join('、')}`,
        en: `save a document of the ${noun.en} to be printed, as PDF: ${Object.keys(papers).join(', ')}`,
      }),
    )
    .requiredOption('--out <F>', inWords(NEVER_OVER))
    .option('--seq <n>', inWords({ 'zh-CN': '多少个事件之后的样子', en: 'as it was after so many events' }))
    .action((entity: string, name: string, { seq, ...options }: PaperOptions) =>
      save(
        `/v1/${path}/${encodeURIComponent(entity)}/papers/${encodeURIComponent(name)}${seq === undefined ? '' : `?seq=${encodeURIComponent(seq)}`}`,
        options,
      ),
    );
};

const attach = async (files: string, path: string, { json = false, ...who }: Options): Promise<void> => {
  const content = await bytesOf(path);
  const file = await askApi<Attached>('POST', files, who, content);
  if (json) printJsonLine(file);
  else print(file?.url ?? '');
};

const list = async (files: string, { json = false, ...who }: Options): Promise<void> => {
  const page = await askApi<{ readonly items: readonly Attached[] }>('GET', files, who);
  if (json) return printJsonLine(page);
  for (const one of page?.items ?? []) print(fileLine(one, who.lang));
};

const fileLine = ({ fileId, mediaType, bytes, by, at }: Attached, language: Language): string =>
  language === 'zh-CN'
    ? `${minuteOf(at)}  ${mediaType}  ${bytes} 字节  上传者 ${by}  ${fileId}`
    : `${minuteOf(at)}  ${mediaType}  ${bytes} bytes  by ${by}  ${fileId}`;

const save = async (file: string, { out, json = false, ...who }: Options & { readonly out: string }): Promise<void> => {
  const content = await askForBytes(file, who);
  await saved(out, content, json);
};
