import type { Command, Option } from 'commander';
import { InvalidArgumentError } from 'commander';
import { LANGUAGES, type Language, type Texts } from '@qiyue/civic-domain';
import { CliError } from '../cli-error';

/** Of a call: what `--lang` says, else QIYUE_LANG, else Chinese. What neither of them knows is refused where options are read. */
export const languageIn = (argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Language => {
  const at = argv.findIndex((argument) => argument === '--lang' || argument.startsWith('--lang='));
  const given = argv[at]?.startsWith('--lang=') === true ? argv[at].slice('--lang='.length) : at < 0 ? undefined : argv[at + 1];
  return [given, env['QIYUE_LANG']].find(isLanguage) ?? 'zh-CN';
};

/** Throws a sentence in both languages where QIYUE_LANG is neither: silently in Chinese is no answer to `fr`. */
export const requireKnownLanguage = (env: Readonly<Record<string, string | undefined>>): void => {
  const given = env['QIYUE_LANG'];
  if (given === undefined || given === '' || isLanguage(given)) return;
  throw new CliError('QIYUE_LANG 只能是 zh-CN 或 en。 / QIYUE_LANG takes zh-CN or en.');
};

const isLanguage = (text: string | undefined): text is Language => LANGUAGES.some((known) => known === text);

/** Of this call: everything that it says is in it. */
export const language = (): Language => languageIn(process.argv, process.env);

export const inWords = (texts: Texts): string => texts[language()];

/** The option, with the language of the call where it is left out. */
export const withLang = (command: Command): Command =>
  command.option('--lang <language>', inWords({ 'zh-CN': '语言：zh-CN 或 en', en: 'zh-CN or en' }), languageFrom, language());

/** Each verb that has no `--lang` of its own gets one. */
export const withLanguageEverywhere = (program: Command): void => {
  for (const command of program.commands) {
    if (command.commands.length > 0) withLanguageEverywhere(command);
    else if (!isHandedOn(command) && !command.options.some(isLang)) withLang(command);
  }
};

const isLang = ({ long }: Option): boolean => long === '--lang';
/** Its arguments are another program's. */
const isHandedOn = (command: Command): boolean => (command as unknown as { readonly _allowUnknownOption: boolean })._allowUnknownOption;

export const languageFrom = (text: string): Language => {
  if (isLanguage(text)) return text;
  throw new InvalidArgumentError(inWords({ 'zh-CN': '只能是 zh-CN 或 en。', en: 'it takes zh-CN or en.' }));
};
