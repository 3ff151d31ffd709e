import type { Command } from 'commander';
import type { Language } from '../context';
import { inWords, withLang } from '../show/language';
import { AS_JSON } from '../show/options';

export interface LanguageOption {
  readonly lang: Language;
}

export const withLanguage = (command: Command): Command => withLang(command).option('--json', inWords(AS_JSON));
