import type { Command } from 'commander';
import { loadPolicyFile } from '@qiyue/edge';
import { explainPolicyMistake, type PolicyDocument } from '@qiyue/civic-domain';
import { CliError, print, printJsonLine, type Language } from '../context';
import { follow, importTable, progressWords } from './import-table';
import { withLanguage, type LanguageOption } from './language-option';
import { policyLines } from './policy.lines';
import { withTables } from './with-tables';

interface Options extends LanguageOption {
  readonly json?: boolean;
}

export const addPolicyCommands = (program: Command): void => {
  const policy = program.command('policy').description('how long each stage may take, the ladder, who is told');
  withLanguage(policy.command('show').description('the policy that what begins runs on'))
    .option('--policy-version <version>', 'another version')
    .action(async ({ json = false, ...options }: Options & { readonly policyVersion?: string }) => {
      const language = options.lang;
      const document = await withTables(({ store }) => versionOf(store, options.policyVersion));
      if (json) printJsonLine(document);
      else print(policyLines(document, language).join('\n'));
    });
  withLanguage(policy.command('check <file>').description('every mistake in a file')).action(
    async (file: string, { json = false, ...options }: Options) => {
      const { version } = await readPolicy(file, options.lang);
      if (json) printJsonLine({ ok: true, version });
      else print(version);
    },
  );
  withLanguage(policy.command('import <file>').description('make a file the policy; the running deadlines follow'))
    .option('--detach', 'do not wait for the open entities')
    .action(async (file: string, { json = false, detach = false, ...options }: Options & { readonly detach?: boolean }) => {
      const language = options.lang;
      const document = await readPolicy(file, language);
      await withTables((tools) => importTable(tools, 'policy', document, { json, detach, language }));
    });

  const retime = program.command('retime').description('bringing another calendar or policy to the open entities');
  withLanguage(retime.command('status').description('how far the last one is')).action(({ json = false, ...options }: Options) =>
    showProgress(json, options.lang, false),
  );
  withLanguage(retime.command('wait').description('follow it to its end')).action(({ json = false, ...options }: Options) =>
    showProgress(json, options.lang, true),
  );
  withLanguage(retime.command('run').description('bring what is current to the open entities once more, and follow it to its end')).action(
    async ({ json = false, ...options }: Options) => {
      const language = options.lang;
      await withTables(async ({ store, runs }) => runs.start({ serial: await store.serial(), importedAt: new Date().toISOString() }));
      await showProgress(json, language, true);
    },
  );
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
  if (found === null) throw new CliError(`there is no policy ${version}`);
  return found;
};

const readPolicy = async (file: string, language: Language): Promise<PolicyDocument> => {
  const checked = await loadPolicyFile(file).catch((error: unknown) => {
    throw new CliError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (checked.ok) return checked.value;
  throw new CliError([`${file}:`, ...checked.mistakes.map((mistake) => `  ${explainPolicyMistake(mistake, language)}`)].join('\n'));
};
