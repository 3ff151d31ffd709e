import type { Command } from 'commander';
import { withLang } from '../show/language';

/** Who asks, in which language, and whether for JSON: every verb of the API's takes these. */
export const withWho = (command: Command): Command =>
  withLang(command)
    .option('--actor <id>', 'who does it (a token is signed for the local stack); else QIYUE_TOKEN')
    .option('--role <role>', 'role of the actor')
    .option('--unit <name>', 'unit of the actor')
    .option('--json', 'print as JSON');
