import type { Command } from 'commander';
import type { Language } from '../context';
import { languageFrom } from '../show/language';

export interface LanguageOption {
  readonly lang: Language;
}

export const withLanguage = (command: Command): Command =>
  command.option('--lang <language>', 'zh-CN or en', languageFrom).option('--json', 'print as JSON');

export const languageOf = ({ lang }: LanguageOption): Language => lang;
