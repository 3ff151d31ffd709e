import { Command } from 'commander';
import { ProblemError } from '@qiyue/client';
import { StackError } from '@qiyue/stack';
import { addAuditCommands } from './audit/audit.commands';
import { addCalendarCommands } from './calendar/calendar.command';
import { addDemoCommand } from './commands/demo.command';
import { addEntityCommands } from './commands/entity.commands';
import { addOperatorCommands } from './commands/operator.commands';
import { addQuestionCommands } from './commands/question.commands';
import { addStackCommands } from './commands/stack.commands';
import { CliError, printJsonLine, say } from './context';
import { addMessagesCommands } from './messages/messages.commands';
import { addNoticesCommands } from './notices/notices.command';
import { addKeysCommands } from './keys/keys.commands';
import { addPrivacyCommands } from './privacy/privacy.commands';
import { addRulesCommands } from './rules/rules.commands';
import { addPolicyCommands } from './tables/policy.command';
import { addUpgradeCommands } from './upgrade/upgrade.command';

const program = new Command('qiyue')
  .description('Qiyue (契约): needs of a community as durable, audited commitments')
  .configureHelp({ sortSubcommands: false })
  .showHelpAfterError();

/** In the order in which `--help` lists them. */
const PARTS: readonly ((to: Command) => void)[] = [
  addStackCommands,
  addDemoCommand,
  addEntityCommands,
  addQuestionCommands,
  addAuditCommands,
  addOperatorCommands,
  addRulesCommands,
  addMessagesCommands,
  addCalendarCommands,
  addPolicyCommands,
  addNoticesCommands,
  addPrivacyCommands,
  addKeysCommands,
  addUpgradeCommands,
];

/** Two commands of one name cannot be, and ours differ: so one is of a kind of entity that a setting names. */
const addParts = (): void => {
  try {
    for (const add of PARTS) add(program);
  } catch (error) {
    throw new CliError(`QIYUE_MORE_AGGREGATES names a kind of entity that the command line cannot have: ${(error as Error).message}`);
  }
};

const run = async (): Promise<void> => {
  addParts();
  await program.parseAsync(process.argv);
};

const explain = (error: unknown): string => {
  if (error instanceof ProblemError) return `${error.problem.title} (${error.problem.code}): ${error.problem.detail ?? ''}`.trim();
  if (error instanceof CliError || error instanceof StackError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

run().then(
  () => process.exit(process.exitCode ?? 0),
  (error: unknown) => {
    if (process.argv.includes('--json')) printJsonLine({ error: error instanceof ProblemError ? error.problem : explain(error) });
    say(explain(error));
    process.exit(1);
  },
);
