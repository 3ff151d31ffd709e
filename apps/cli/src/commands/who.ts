import type { Command } from 'commander';
import { inWords, withLang } from '../show/language';
import { AS_JSON, UNIT_OF_ACTOR } from '../show/options';

/** Who asks, in which language, and whether for JSON: every verb of the API's takes these. */
export const withWho = (command: Command): Command =>
  withLang(command)
    .option(
      '--actor <id>',
      inWords({
        'zh-CN': '由谁操作（为本机系统签发令牌）；不填用 QIYUE_TOKEN',
        en: 'who does it (a token is signed for the local stack); else QIYUE_TOKEN',
      }),
    )
    .option('--role <role>', inWords({ 'zh-CN': '操作者的角色', en: 'role of the actor' }))
    .option('--unit <name>', inWords(UNIT_OF_ACTOR))
    .option('--json', inWords(AS_JSON));
