import { CommanderError } from 'commander';
import { ProblemError } from '@qiyue/client';
import { StackError } from '@qiyue/stack/place';
import { CliError, printJsonLine, say } from './context';
import { programFor } from './program';
import { language, requireKnownLanguage } from './show/language';
import { problemLine } from './show/problem-line';
import { usageLine } from './show/usage';
import { unreachedBy } from './unreached';

const run = async (): Promise<void> => {
  requireKnownLanguage(process.env);
  const program = await programFor(process.argv.slice(2).find((argument) => !argument.startsWith('-')));
  await program.parseAsync(process.argv);
};

const explain = (error: unknown): string => {
  if (error instanceof ProblemError) return problemLine(error.problem);
  if (error instanceof CommanderError) return usageLine(error, language());
  if (error instanceof CliError || error instanceof StackError) return error.message;
  const unreached = unreachedBy(error);
  if (unreached !== null) return unreached;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

run().then(
  () => process.exit(process.exitCode ?? 0),
  (error: unknown) => {
    if (error instanceof CommanderError && error.exitCode === 0) process.exit(0); // help was asked for
    if (process.argv.includes('--json')) printJsonLine({ error: error instanceof ProblemError ? error.problem : explain(error) });
    say(explain(error));
    process.exit(1);
  },
);
