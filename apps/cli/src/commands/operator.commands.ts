import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Command } from 'commander';
import { needsModel } from '@qiyue/adapters';
import {
  ActiveModel,
  compareModel,
  ModelIsNewer,
  Quarantine,
  rebuildModel,
  RebuildLost,
  RebuildUnderWay,
  releaseEntity,
  type RebuildProgress,
  type ModelComparison,
} from '@qiyue/engine-runtime';
import { withJournal, withStore } from '../audit/audit-dependencies';
import { CliError, ROOT, print, printJsonLine, say } from '../context';
import { progressLine } from '../show/progress-line';

/** What is only missing may still come: a document that says something else somebody has written. */
const verdictOf = ({ ok, differing }: ModelComparison): string => {
  if (ok) return 'nothing wrong';
  return differing.every(({ why }) => why === 'missing')
    ? 'some are not there yet: see `npx qiyue status` for how far it is behind; if it is not, `npx qiyue projections rebuild` makes it anew'
    : 'make it anew with `npx qiyue projections rebuild`, and ask who may write to MongoDB';
};

export const addOperatorCommands = (program: Command): void => {
  const projections = program.command('projections').description('the read models');
  projections
    .command('rebuild')
    .description('make the read model anew from the ledger while the old one serves')
    .option('--over-newer', 'also when a newer version of the program made what serves: after a roll-back')
    .option('--json', 'print as JSON')
    .action(async ({ json = false, overNewer = false }: { json?: boolean; overNewer?: boolean }) => {
      const progress = progressLine(json);
      const result = await withJournal(async (store, journal) => {
        await journal.insist({ type: 'OperatorActed', data: { action: 'rebuild-projections', on: needsModel.name } });
        const show = ({ phase, records, total }: RebuildProgress) => progress.show(`${phase} ${records} of ${total} records`);
        return rebuildModel(store, needsModel, show, { overNewer }).catch(inWords);
      });
      progress.end();
      if (json) printJsonLine(result);
      else {
        print(`${result.entities} needs from ${result.records} records; ${result.changed} differ from before; now serving ${result.collection}`);
        for (const { entity, seq, why } of result.setAside) print(`set aside: ${entity}${seq === null ? '' : ` seq ${seq}`}: ${why}`);
      }
    });
  projections
    .command('verify')
    .description('hold every document that is served against the ledger: one that was changed in the database is named')
    .option('--json', 'print as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const progress = progressLine(json);
      const compared = await withStore((store) => compareModel(store, needsModel, (count) => progress.show(`${count} needs`)));
      progress.end();
      if (json) printJsonLine(compared);
      else {
        for (const { entity, seq, why } of compared.differing) print(`${entity} seq ${seq}: ${why}`);
        print(`${compared.compared} needs compared with the ledger: ${verdictOf(compared)}`);
      }
      process.exitCode = compared.ok ? 0 : 1;
    });
  projections
    .command('status')
    .description('entities that a read model has set aside')
    .option('--json', 'print as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const rows = await withStore((store) => new Quarantine(store.db, needsModel.name).list());
      if (json) printJsonLine({ quarantined: rows.map(({ entity, seq, why, seenAt }) => ({ entity, seq, why, seenAt })) });
      else if (rows.length === 0) print('nothing is set aside');
      else for (const { entity, seq, why, seenAt } of rows) print(`${entity}${seq === null ? '' : ` seq ${seq}`}: ${why} (${seenAt})`);
    });
  projections
    .command('release')
    .description('let an entity that a read model has set aside go on, from the ledger')
    .argument('<id>', 'the need')
    .option('--json', 'print as JSON')
    .action(async (entity: string, { json = false }: { json?: boolean }) => {
      const released = await withJournal(async (store, journal) => {
        const quarantine = new Quarantine(store.db, needsModel.name);
        if (!(await quarantine.list()).some((row) => row.entity === entity)) throw new CliError(`${entity} is not set aside`);
        await journal.insist({ type: 'OperatorActed', data: { action: 'release-projection', on: entity } });
        return releaseEntity(needsModel, { store, quarantine, active: new ActiveModel(store.db, needsModel) }, entity).catch(inWords);
      });
      if (json) printJsonLine({ entity, released });
      else print(released ? `${entity} goes on` : `${entity} was set aside again: see \`npx qiyue projections status\``);
      if (!released) process.exitCode = 1;
    });

  program
    .command('bench')
    .description('measure beside the bounds, on servers of its own')
    .option('--quick', 'fewer rounds')
    .option('--only <names>', 'some of commands, drained, visible, projection, ledger; commas between')
    .option('--json', 'print as JSON')
    .action(async ({ quick = false, json = false, only }: { quick?: boolean; json?: boolean; only?: string }) => {
      say('measuring on servers of its own; leave the machine alone meanwhile');
      await runScript('test/bench/dist/main.js', [
        ...(quick ? ['--quick'] : []),
        ...(json ? ['--json'] : []),
        ...(only === undefined ? [] : [`--only=${only}`]),
      ]);
    });

  program
    .command('campaign')
    .description('long tests: faults, away, load, soak')
    .argument('[arguments...]')
    .allowUnknownOption()
    .helpOption(false)
    .action((args: readonly string[]) => runScript('test/campaign/dist/main.js', args));
};

/** What an operator can do something about, without a stack trace. */
const inWords = (error: unknown): never => {
  if (error instanceof ModelIsNewer) throw new CliError(`${error.message}; after a roll-back: \`npx qiyue projections rebuild --over-newer\``);
  if (error instanceof RebuildUnderWay || error instanceof RebuildLost) throw new CliError(error.message);
  throw error;
};

/** Runs a program of the repository in front, and ends as it ends. */
const runScript = async (path: string, args: readonly string[]): Promise<void> => {
  const child = spawn(process.execPath, [join(ROOT, path), ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
};
