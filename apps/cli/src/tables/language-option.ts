import type { Command } from 'commander';
import { CliError, type Language } from '../context';

export interface LanguageOption {
  readonly lang: string;
}

export const withLanguage = (command: Command): Command =>
  command.option('--lang <language>', 'zh-CN or en', 'zh-CN').option('--json', 'print as JSON');

export const languageOf = ({ lang }: LanguageOption): Language => {
  if (lang === 'zh-CN' || lang === 'en') return lang;
  throw new CliError('--lang takes zh-CN or en');
};
