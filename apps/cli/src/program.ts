import { Command } from 'commander';
import { CliError } from './context';
import { withHelp } from './show/help';
import { inWords, withLanguageEverywhere } from './show/language';

type Add = (to: Command) => void;
/** Verbs of a file of its own, which is loaded where one of them is asked for. `verbs` left out: those that come from the kinds of entities. */
interface Part {
  readonly verbs?: readonly string[];
  readonly load: () => Promise<Add>;
}

/** In the order in which `--help` lists them. */
const PARTS: readonly Part[] = [
  { verbs: ['up', 'down', 'status', 'token'], load: async () => (await import('./commands/stack.commands.js')).addStackCommands },
  { verbs: ['demo'], load: async () => (await import('./commands/demo.command.js')).addDemoCommand },
  { load: async () => (await import('./commands/entity.commands.js')).addEntityCommands },
  { load: async () => (await import('./commands/list.commands.js')).addListCommands },
  { load: async () => (await import('./commands/question.commands.js')).addQuestionCommands },
  { verbs: ['inbox'], load: async () => (await import('./commands/inbox.command.js')).addInboxCommand },
  { verbs: ['audit'], load: async () => (await import('./audit/audit.commands.js')).addAuditCommands },
  { verbs: ['projections', 'bench', 'campaign'], load: async () => (await import('./commands/operator.commands.js')).addOperatorCommands },
  { verbs: ['rules'], load: async () => (await import('./rules/rules.commands.js')).addRulesCommands },
  { verbs: ['messages'], load: async () => (await import('./messages/messages.commands.js')).addMessagesCommands },
  { verbs: ['calendar'], load: async () => (await import('./calendar/calendar.command.js')).addCalendarCommands },
  { verbs: ['policy', 'retime'], load: async () => (await import('./tables/policy.command.js')).addPolicyCommands },
  { verbs: ['directory', 'notices'], load: async () => (await import('./notices/notices.command.js')).addNoticesCommands },
  { verbs: ['privacy'], load: async () => (await import('./privacy/privacy.commands.js')).addPrivacyCommands },
  { verbs: ['keys'], load: async () => (await import('./keys/keys.commands.js')).addKeysCommands },
  { verbs: ['upgrade'], load: async () => (await import('./upgrade/upgrade.command.js')).addUpgradeCommands },
];

/** With what the call needs: what a verb's file loads is most of the time that it takes. With all, where help is asked for or nothing has that name. */
export const programFor = async (verb: string | undefined): Promise<Command> => {
  const own = PARTS.filter(({ verbs }) => verb !== undefined && verbs?.includes(verb));
  if (own.length > 0) return programOf(own);
  const ofKinds = await programOf(PARTS.filter(({ verbs }) => verbs === undefined));
  return ofKinds.commands.some((command) => command.name() === verb) ? ofKinds : programOf(PARTS);
};

/** Two commands of one name cannot be, and ours differ: so one is of a kind of entity that a setting names. */
const programOf = async (parts: readonly Part[]): Promise<Command> => {
  const program = withHelp(new Command('qiyue'))
    .description(inWords({ 'zh-CN': '契约：社区需求作为持久、可审计的承诺', en: 'Qiyue: needs of a community as durable, audited commitments' }))
    .configureOutput({ outputError: () => undefined }) // `explain` of the program says it, in the language of the call
    .exitOverride();
  const adds = await Promise.all(parts.map(({ load }) => load()));
  try {
    for (const add of adds) add(program);
  } catch (error) {
    const { message } = error as Error;
    throw new CliError(
      inWords({
        'zh-CN': `QIYUE_MORE_AGGREGATES 中有命令行无法容纳的事项类型：${message}`,
        en: `QIYUE_MORE_AGGREGATES names a kind of entity that the command line cannot have: ${message}`,
      }),
    );
  }
  withLanguageEverywhere(program);
  return program;
};
