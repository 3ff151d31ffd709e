import type { Command } from 'commander';
import { loadPolicyFile } from '@qiyue/edge';
import { explainPolicyMistake, type PolicyDocument } from '@qiyue/civic-domain';
import { CliError, print, printJsonLine, type Language } from '../context';
import { follow, importOptionsOf, importTable, progressWords, type ImportOptions } from './import-table';
import { withLanguage, type LanguageOption } from './language-option';
import { policyLines } from './policy.lines';
import { withTables } from './with-tables';
import { DETACH, FORECAST_ONLY, NOT_ASKED } from '../show/options';
import { inWords } from '../show/language';
import { unreadable } from '../unreached';

interface Options extends LanguageOption {
  readonly json?: boolean;
}

export const addPolicyCommands = (program: Command): void => {
  const policy = program
    .command('policy')
    .description(inWords({ 'zh-CN': '各阶段的时限、督办级别、告知谁', en: 'how long each stage may take, the ladder, who is told' }));
  withLanguage(policy.command('show').description(inWords({ 'zh-CN': '新事项所用的政策', en: 'the policy that what begins runs on' })))
    .option('--policy-version <version>', inWords({ 'zh-CN': '另一版本', en: 'another version' }))
    .action(async ({ json = false, ...options }: Options & { readonly policyVersion?: string }) => {
      const language = options.lang;
      const document = await withTables(({ store }) => versionOf(store, options.policyVersion));
      if (json) printJsonLine(document);
      else print(policyLines(document, language).join('\n'));
    });
  withLanguage(policy.command('check <file>').description(inWords({ 'zh-CN': '列出文件中的所有错误', en: 'every mistake in a file' }))).action(
    async (file: string, { json = false, ...options }: Options) => {
      const { version } = await readPolicy(file, options.lang);
      if (json) printJsonLine({ ok: true, version });
      else print(version);
    },
  );
  withLanguage(
    policy
      .command('import <file>')
      .description(inWords({ 'zh-CN': '以文件为政策，运行中的期限随之调整', en: 'make a file the policy; the running deadlines follow' })),
  )
    .option('--detach', inWords(DETACH))
    .option('--yes', inWords(NOT_ASKED))
    .option('--dry-run', inWords(FORECAST_ONLY))
    .action(async (file: string, options: Options & Partial<ImportOptions>) => {
      const document = await readPolicy(file, options.lang);
      await withTables((tools) => importTable(tools, 'policy', document, importOptionsOf(options)));
    });

  const retime = program
    .command('retime')
    .description(inWords({ 'zh-CN': '将新的日历或政策用于未结事项', en: 'bringing another calendar or policy to the open entities' }));
  withLanguage(retime.command('status').description(inWords({ 'zh-CN': '最近一次进行到哪里', en: 'how far the last one is' }))).action(
    ({ json = false, ...options }: Options) => showProgress(json, options.lang, false),
  );
  withLanguage(retime.command('wait').description(inWords({ 'zh-CN': '跟踪到结束', en: 'follow it to its end' }))).action(
    ({ json = false, ...options }: Options) => showProgress(json, options.lang, true),
  );
  withLanguage(
    retime.command('run').description(
      inWords({
        'zh-CN': '再次将现行的用于未结事项，并跟踪到结束',
        en: 'bring what is current to the open entities once more, and follow it to its end',
      }),
    ),
  ).action(async ({ json = false, ...options }: Options) => {
    const language = options.lang;
    await withTables(async ({ store, runs }) => runs.start({ serial: await store.serial(), importedAt: new Date().toISOString() }));
    await showProgress(json, language, true);
  });
};

const showProgress = async (json: boolean, language: Language, wait: boolean): Promise<void> => {
  const zh = language === 'zh-CN';
  const progress = await withTables(({ runs }) => (wait ? follow({ runs }, json, zh) : runs.progress()));
  if (json) printJsonLine({ retime: progress });
  else print(progress === null ? (zh ? '没有记录' : 'there was none') : progressWords(progress, zh).join('\n'));
};

const versionOf = async (
  store: { find(kind: 'policy', version: string): Promise<PolicyDocument | null>; current(): Promise<{ documents: { policy: PolicyDocument } }> },
  version: string | undefined,
): Promise<PolicyDocument> => {
  if (version === undefined) return (await store.current()).documents.policy;
  const found = await store.find('policy', version);
  if (found === null) throw new CliError(inWords({ 'zh-CN': `没有政策 ${version}`, en: `there is no policy ${version}` }));
  return found;
};

const readPolicy = async (file: string, language: Language): Promise<PolicyDocument> => {
  const checked = await loadPolicyFile(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  if (checked.ok) return checked.value;
  throw new CliError([`${file}:`, ...checked.mistakes.map((mistake) => `  ${explainPolicyMistake(mistake, language)}`)].join('\n'));
};
