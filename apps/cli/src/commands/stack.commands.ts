import type { Command } from 'commander';
import { down, ensureAuth, logFileOf, mintToken, statusOf, up, type StackStatus } from '@qiyue/stack';
import { bringLocalDirectory } from '../demo/local-places';
import { systemLines } from '../show/system-lines';
import { lookAtSystem, silentServers } from './system-look';
import { CliError, PROCESSES, dataDir, print, printJsonLine, say } from '../context';

interface TokenOptions {
  readonly actor: string;
  readonly role: string;
  readonly unit?: string;
  readonly scope?: string;
  readonly expiresIn?: number;
  readonly json?: boolean;
}

export const addStackCommands = (program: Command): void => {
  program
    .command('up')
    .description('start Temporal, Kafka, MongoDB and every process of Qiyue')
    .option('--detach', 'leave it running in the background')
    .option('--json', 'print the status as JSON')
    .action(async ({ detach = false, json = false }: { detach?: boolean; json?: boolean }) => {
      const show = (status: StackStatus): void => (json ? printJsonLine(status) : print(describe(status)));
      const begin = async (status: StackStatus): Promise<void> => {
        await bringLocalDirectory(status);
        show(status);
      };
      const { status, already } = await up({
        dataDir: dataDir(),
        processes: PROCESSES,
        detach,
        onUp: (status) => void begin(status).catch(complain),
      });
      if (detach || already) await begin(status);
    });

  program
    .command('down')
    .description('stop everything that `up` has started')
    .option('--json', 'print the status as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { wasRunning } = await down({ dataDir: dataDir() });
      if (json) printJsonLine(statusOf(dataDir()));
      else say(wasRunning ? 'stopped' : 'nothing was running');
    });

  program
    .command('status')
    .description('what runs, and where; what is behind or broken, with the command that helps')
    .option('--json', 'print as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const status = statusOf(dataDir());
      const [look, silent] = await Promise.all([lookAtSystem(status), silentServers(status)]);
      if (json)
        return printJsonLine({
          ...status,
          silent,
          troubles: look?.troubles ?? null,
          system: look?.snapshot ?? null,
          deadlines: look?.deadlines ?? null,
        });
      print([describe(status), ...silentLines(silent, dataDir()), ...(look === null ? [] : systemLines(look))].join('\n'));
    });

  program
    .command('token')
    .description('a bearer token for the local stack')
    .requiredOption('--actor <id>', 'who (sub): an opaque id')
    .requiredOption('--role <role>', 'resident, property, grid, community, department, centre, authority, supervisor, operator, service')
    .option('--unit <name>', 'department or community that the actor speaks for')
    .option('--scope <list>', 'limited to these: read, personal, commands, events, audit; one of operate, approve, audit; spaces between')
    .option('--expires-in <seconds>', 'how long it is good', Number)
    .option('--json', 'print as JSON')
    .action(async ({ actor, role, unit, scope, expiresIn, json }: TokenOptions) => {
      if (expiresIn !== undefined && !Number.isSafeInteger(expiresIn)) throw new CliError('--expires-in takes whole seconds');
      await ensureAuth(dataDir());
      const token = await mintToken({
        actor,
        role,
        ...(unit === undefined ? {} : { unit }),
        ...(scope === undefined ? {} : { scope }),
        ...(expiresIn === undefined ? {} : { expiresInS: expiresIn }),
      });
      if (json) printJsonLine({ token });
      else print(token);
    });
};

const complain = (error: unknown): void => say(`the local directory was not brought: ${error instanceof Error ? error.message : String(error)}`);

/** One line for each server that does not answer, with where its log is in this data folder. */
export const silentLines = (servers: readonly string[], folder: string): readonly string[] =>
  servers.map((name) => `TROUBLE ${name} does not answer: its log, ${logFileOf(folder, name)}`);

export const describe = (status: StackStatus): string => {
  const lines = [`state        ${status.state}`];
  if (status.error !== null && status.state === 'down') lines.push(`last start   ${status.error}`);
  const places: readonly (readonly [string, string | null])[] = [
    ['API', status.api],
    ['API docs', status.api && `${status.api}/docs`],
    ['Temporal', status.temporal],
    ['Temporal UI', status.temporalUi],
    ['Kafka', status.kafka],
    ['MongoDB', status.mongodb],
  ];
  for (const [name, address] of places) if (address !== null) lines.push(`${name.padEnd(12)} ${address}`);
  for (const { name, pid, state } of status.processes) lines.push(`${name.padEnd(12)} ${state}${pid === null ? '' : ` (pid ${pid})`}`);
  return lines.join('\n');
};
