import { InvalidArgumentError, type Command } from 'commander';
import type { Language } from '../context';

/** Who asks, in which language, and whether for JSON: every verb of the API's takes these. */
export const withWho = (command: Command): Command =>
  command
    .option('--actor <id>', 'who does it (a token is signed for the local stack); else QIYUE_TOKEN')
    .option('--role <role>', 'role of the actor')
    .option('--unit <name>', 'unit of the actor')
    .option('--lang <language>', 'zh-CN or en', languageOf, 'zh-CN')
    .option('--json', 'print as JSON');

const languageOf = (text: string): Language => {
  if (text === 'zh-CN' || text === 'en') return text;
  throw new InvalidArgumentError('it takes zh-CN or en.');
};
