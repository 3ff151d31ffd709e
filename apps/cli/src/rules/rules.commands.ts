import type { Command } from 'commander';
import { activateRules, adoptRules, countBehind, createLogger, openGateway, rulesState, type Activation, type RulesState } from '@qiyue/adapters';
import { needDecider } from '@qiyue/need-domain';
import { journaled, withJournal, withStore } from '../audit/audit-dependencies';
import { withTemporal } from '../audit/with-temporal';
import { CliError, print, printJsonLine } from '../context';
import { progressLine } from '../show/progress-line';

interface Json {
  readonly json?: boolean;
}
const AGGREGATE = needDecider.aggregate;

export const addRulesCommands = (program: Command): void => {
  const rules = program.command('rules').description('the version of the rules that decides');
  rules
    .command('status')
    .description('which version is active, and which one every process knows')
    .option('--json', 'print as JSON')
    .action(async ({ json = false }: Json) => {
      const state = await withStore(({ db }) => rulesState(db, AGGREGATE));
      if (json) printJsonLine(state);
      else print(describe(state));
    });
  rules
    .command('activate')
    .description('let a version decide from now on; refused until every process knows it, and never undone')
    .argument('<version>', 'a whole number', Number)
    .option('--json', 'print as JSON')
    .action(activate);
  rules
    .command('adopt')
    .description('move open needs onto the active version, so that nothing needs an older one any more; run again it goes on')
    .option('--dry-run', 'only count them')
    .option('--json', 'print as JSON')
    .action(adopt);
};

const describe = ({ active, known, processes }: RulesState): string =>
  [
    `active       ${active}`,
    `known to all ${known ?? 'no process lives'}`,
    ...processes.map(({ name, knows }) => `${name.padEnd(12)} knows up to ${knows}`),
  ].join('\n');

const WHY: Readonly<Record<Extract<Activation, { ok: false }>['why'], string>> = {
  'no-worker': 'no worker lives: start one that knows it first',
  'not-known-to-all': 'not every process knows it yet: finish the deployment first',
  'not-higher': 'this version or a higher one is active already',
};

const activate = async (version: number, { json = false }: Json): Promise<void> => {
  if (!Number.isSafeInteger(version) || version < 1) throw new CliError('a version is a whole number from 1');
  const activation = await withTemporal((client) =>
    withJournal(async ({ db }, journal) => {
      const before = await rulesState(db, AGGREGATE);
      if ((before.known ?? 0) >= version && version > before.active)
        await journal.insist({ type: 'OperatorActed', data: { action: 'activate-rules', on: `${AGGREGATE} ${version}` } });
      return activateRules(db, client, AGGREGATE, version);
    }),
  );
  if (json) printJsonLine(activation);
  else print(activation.ok ? `version ${version} decides from now on` : `${WHY[activation.why]}\n${describe(activation.state)}`);
  process.exitCode = activation.ok ? 0 : 1;
};

const adopt = async ({ dryRun = false, json = false }: Json & { readonly dryRun?: boolean }): Promise<void> => {
  const progress = progressLine(json);
  const result = await withTemporal((client) =>
    withStore(async (store) => {
      const { active: version } = await rulesState(store.db, AGGREGATE);
      const behind = version === 1 ? 0 : await countBehind(client, AGGREGATE, version);
      if (dryRun || behind === 0) return { version, behind, moved: 0, failed: [] };
      const { gateway, stop } = openGateway({ store, client, log: createLogger('cli', 'fatal'), inFlightPerNeed: 1 });
      try {
        return await journaled(store, async (journal) => {
          await journal.insist({ type: 'OperatorActed', data: { action: 'adopt-rules', on: `${AGGREGATE} ${version}` } });
          const onProgress = (moved: number, total: number): void => progress.show(`${moved} of ${total} needs`);
          return { version, behind, ...(await adoptRules(client, gateway, { aggregate: AGGREGATE, version, onProgress })) };
        });
      } finally {
        await stop();
      }
    }),
  );
  progress.end();
  if (json) printJsonLine(result);
  else print(`version ${result.version}: ${result.behind} open needs were behind, ${result.moved} moved, ${result.failed.length} gave no answer`);
  process.exitCode = result.failed.length === 0 ? 0 : 1;
};
