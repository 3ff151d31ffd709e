import type { Command } from 'commander';
import type { Language } from '../context';
import { withLang } from '../show/language';

export interface LanguageOption {
  readonly lang: Language;
}

export const withLanguage = (command: Command): Command => withLang(command).option('--json', 'print as JSON');
