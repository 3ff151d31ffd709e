import type { Import, Imported, RetimeForecast, TableKind } from '@qiyue/edge';
import { toShanghaiIso } from '@qiyue/engine';
import type { RetimeProgress } from '@qiyue/civic-contracts';
import { CliError, print, printJsonLine, say, type Language } from '../context';
import { confirmed } from '../show/confirmed';
import { progressLine } from '../show/progress-line';
import { forecastLines } from './forecast.lines';
import type { LanguageOption } from './language-option';
import type { TableTools } from './with-tables';

export interface ImportOptions {
  readonly json: boolean;
  /** Does not wait for the entities. */
  readonly detach: boolean;
  /** Does not look beforehand what would become of the deadlines, and does not ask. */
  readonly yes: boolean;
  /** Looks, and changes nothing. */
  readonly dryRun: boolean;
  readonly language: Language;
}

/** As they are on the command line. */
export const importOptionsOf = ({
  lang,
  json = false,
  detach = false,
  yes = false,
  dryRun = false,
}: LanguageOption & Partial<ImportOptions>): ImportOptions => ({
  ...{ json, detach, yes, dryRun },
  language: lang,
});

const LOOK_EVERY_MS = 250;
const IDS_SHOWN = 5;
const QUIET_MAX_MS = 120_000;

type Refused = Extract<Imported, { readonly ok: false }>['why'];
const REFUSED: Readonly<Record<Refused, Readonly<Record<Language, (version: string) => string>>>> = {
  'version-taken': {
    'zh-CN': (version) => `版本 ${version} 已存在，内容不同：请换一个版本号`,
    en: (version) => `version ${version} exists with another content: give it a new one`,
  },
  'not-yet': {
    'zh-CN': (version) => `版本 ${version} 尚未到施行日期（effectiveFrom）：请在当日或之后导入`,
    en: (version) => `version ${version} takes effect on a later day (effectiveFrom): import it then`,
  },
};

/** Says what a checked document would do to the deadlines that run, and imports it unless whoever reads that breaks it off. */
export const importTable = async <K extends TableKind>(
  tools: TableTools,
  kind: K,
  document: Import<K>['document'],
  options: ImportOptions,
): Promise<void> => {
  const { json, yes, dryRun, language } = options;
  const { version } = document;
  const refused = await tools.store.refusal({ kind, document, at: toShanghaiIso(Date.now()) });
  if (refused !== null) throw new CliError(REFUSED[refused][language](version));
  if (!yes || dryRun) {
    const forecast = await forecastOf(tools, kind, document, options);
    if (dryRun && json) return printJsonLine({ version, forecast });
    const lines = forecastLines(forecast, language);
    if (dryRun) return print([version, ...lines].join('\n'));
    for (const line of lines) say(line);
    if (forecast.shorter > 0 && !(await confirmed(language))) throw new CliError(BROKEN_OFF[language]);
  }
  await importChecked(tools, kind, document, options);
};

const BROKEN_OFF: Readonly<Record<Language, string>> = { 'zh-CN': '未导入', en: 'not imported' };

const forecastOf = async <K extends TableKind>(
  { store, forecast }: TableTools,
  kind: K,
  document: Import<K>['document'],
  { json, language }: ImportOptions,
): Promise<RetimeForecast> => {
  const line = progressLine(json);
  const counted = await forecast(await store.with(kind, document), (done, of) => line.show(doneOf(done, of, language === 'zh-CN')));
  line.end();
  return counted;
};

const doneOf = (done: number, of: number, zh: boolean): string => (zh ? `${done} / ${of} 件` : `${done} of ${of} entities`);

/** Stores the document as the current version and follows the open entities until all are on it. */
const importChecked = async <K extends TableKind>(
  { store, runs, journal }: TableTools,
  kind: K,
  document: Import<K>['document'],
  { json, detach, language }: ImportOptions,
): Promise<void> => {
  const zh = language === 'zh-CN';
  const at = toShanghaiIso(Date.now());
  await journal.insist({ type: 'OperatorActed', data: { action: `import-${kind}`, on: document.version } });
  const imported = await store.import({ kind, document, at, by: process.env['USER'] ?? 'operator' });
  const { version } = document;
  if (!imported.ok) throw new CliError(REFUSED[imported.why][language](version));
  const { serial, isCurrentAnyway } = imported;
  if (isCurrentAnyway) say(zh ? `版本 ${version} 已是当前版本` : `version ${version} is current already`);
  if (await runs.isRunning()) say(replacingWords(zh));
  const { workflowId } = await runs.start({ serial, importedAt: at });
  if (!detach) say(waitingWords(zh));
  const progress = detach ? await runs.progress() : await follow({ runs }, json, zh);
  if (json) printJsonLine({ version, serial, retime: { workflowId, ...progress } });
  else if (progress !== null) print([`${version}`, ...progressWords(progress, zh)].join('\n'));
  if (progress !== null && progress.failed.length > 0) process.exitCode = 1;
};

const replacingWords = (zh: boolean): string =>
  zh ? '另一次期限调整正在进行，由这一次接替' : 'another re-timing is under way: this one takes its place';
const waitingWords = (zh: boolean): string =>
  zh
    ? '正在为未结事项重算期限，请稍候；中断后用 `npx qiyue retime wait` 接着看'
    : 'the deadlines of all that is open are being moved; if this is broken off, `npx qiyue retime wait` follows on';

/** Waits until the run has ended; gives up when it says nothing new for two minutes. */
export const follow = async ({ runs }: Pick<TableTools, 'runs'>, json: boolean, zh: boolean): Promise<RetimeProgress> => {
  const line = progressLine(json);
  let [seen, changedMs]: [string, number] = ['', Date.now()];
  for (;;) {
    const progress = await runs.progress();
    const text = JSON.stringify(progress);
    if (text !== seen) [seen, changedMs] = [text, Date.now()];
    if (progress?.state === 'finished') {
      line.end();
      return progress;
    }
    if (Date.now() - changedMs > QUIET_MAX_MS)
      throw new CliError(
        zh
          ? '期限调整两分钟没有进展，仍会继续：请看 `npx qiyue status` 是否有进程停止或系统繁忙，再用 `npx qiyue retime wait` 接着看'
          : 'the re-timing has made no progress for two minutes, and goes on: see `npx qiyue status` for what has stopped or is busy, then follow it with `npx qiyue retime wait`',
      );
    if (progress !== null) line.show(doneOf(progress.done, progress.total, zh));
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
};

/** How far a re-timing is, in lines for a person. */
export const progressWords = (
  { done, total, moved, shorter = 0, unchanged, failed, leftOut = 0, state }: RetimeProgress,
  zh: boolean,
): readonly string[] => {
  const counts = zh
    ? `${done} / ${total} 件，${moved} 件期限调整${shorter === 0 ? '' : `（其中 ${shorter} 件提前）`}，${unchanged} 件不变`
    : `${done} of ${total} entities, ${moved} deadlines moved${shorter === 0 ? '' : ` (${shorter} of them earlier)`}, ${unchanged} unchanged`;
  const out = zh
    ? `另有 ${leftOut} 件在轮到之前已办结或已无期限，无需调整`
    : `${leftOut} more had ended or had no deadline when their turn came: nothing to move`;
  return [
    zh ? `${state === 'finished' ? '已完成' : '进行中'}：${counts}` : `${state === 'finished' ? 'finished' : 'under way'}: ${counts}`,
    ...(leftOut === 0 ? [] : [out]),
    ...(failed.length === 0 ? [] : [zh ? `未答复：${shownOf(failed, '、')}` : `no answer yet: ${shownOf(failed, ', ')}`]),
  ];
};

/** The first of them, and how many more there are: the machine's form holds more. */
const shownOf = (ids: readonly string[], between: string): string =>
  `${ids.slice(0, IDS_SHOWN).join(between)}${ids.length > IDS_SHOWN ? ` … +${ids.length - IDS_SHOWN}` : ''}`;
