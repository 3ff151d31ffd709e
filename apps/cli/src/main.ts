import { Command } from 'commander';
import { ProblemError } from '@qiyue/client';
import { StackError } from '@qiyue/stack';
import { addAuditCommands } from './audit/audit.commands';
import { addCalendarCommands } from './calendar/calendar.command';
import { addDemoCommand } from './commands/demo.command';
import { addEntityCommands } from './commands/entity.commands';
import { addOperatorCommands } from './commands/operator.commands';
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

addStackCommands(program);
addDemoCommand(program);
addEntityCommands(program);
addAuditCommands(program);
addOperatorCommands(program);
addRulesCommands(program);
addMessagesCommands(program);
addCalendarCommands(program);
addPolicyCommands(program);
addNoticesCommands(program);
addPrivacyCommands(program);
addKeysCommands(program);
addUpgradeCommands(program);

const explain = (error: unknown): string => {
  if (error instanceof ProblemError) return `${error.problem.title} (${error.problem.code}): ${error.problem.detail ?? ''}`.trim();
  if (error instanceof CliError || error instanceof StackError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

program.parseAsync(process.argv).then(
  () => process.exit(process.exitCode ?? 0),
  (error: unknown) => {
    if (process.argv.includes('--json')) printJsonLine({ error: error instanceof ProblemError ? error.problem : explain(error) });
    say(explain(error));
    process.exit(1);
  },
);
