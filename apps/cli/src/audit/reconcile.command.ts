import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { kafkaSecurityOf, lostReceipts, securityIn, reconcile, tablesFor, TableStore, type Mismatch } from '@qiyue/adapters';
import { anyDecider, Appender } from '@qiyue/engine-runtime';
import { needDecider } from '@qiyue/need-domain';
import { print, printJsonLine, ROOT } from '../context';
import { progressLine } from '../show/progress-line';
import { brokers, withJournal } from './audit-place';
import { withTemporal } from './temporal-place';

interface Options {
  readonly entity?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export const addReconcileCommand = (audit: Command): void => {
  audit
    .command('reconcile')
    .description('hold Temporal and the ledger against each other, and mend what can be mended')
    .option('--entity <id>', 'one need only')
    .option('--dry-run', 'look, and change nothing')
    .option('--json', 'print as JSON')
    .action(run);
};

const run = async ({ entity, dryRun = false, json = false }: Options): Promise<void> => {
  const security = securityIn(process.env);
  const progress = progressLine(json);
  const which = entity === undefined ? {} : { entity };
  const { entities, mismatches } = await withTemporal((client) =>
    withJournal(async (store, journal) => {
      if (!dryRun) await journal.insist({ type: 'OperatorActed', data: { action: 'reconcile', on: entity ?? null } });
      const code = await readFile(join(ROOT, 'apps/worker/dist/replay-bundle.js'), 'utf8');
      const deps = {
        client,
        store,
        appender: new Appender(store),
        decider: anyDecider(needDecider),
        bundle: { code },
        tablesOf: tablesFor(new TableStore(store.db)),
      };
      const result = await reconcile(deps, { ...which, dryRun, onProgress: (count) => progress.show(`${count} needs`) });
      const named = brokers();
      const lost = named === null ? [] : await lostReceipts(named, store, { ...which, security: kafkaSecurityOf(security) });
      return { entities: result.entities, mismatches: [...result.mismatches, ...lost] };
    }),
  );
  progress.end();
  const isOpen = mismatches.some(needsSomebody);
  if (json) printJsonLine({ ok: mismatches.length === 0, entities, findings: mismatches });
  else print(lines(entities, mismatches).join('\n'));
  process.exitCode = isOpen ? 1 : 0;
};

const needsSomebody = ({ done }: Mismatch): boolean => done === null || done === 'quarantined';

const lines = (entities: number, mismatches: readonly Mismatch[]): readonly string[] => [
  ...mismatches.map(({ stream, seq, kind, detail, done }) => `${stream} seq ${seq}: ${kind}: ${detail}${done === null ? '' : ` → ${done}`}`),
  `${entities} needs looked at: ${mismatches.length === 0 ? 'nothing wrong' : `${mismatches.length} findings, ${mismatches.filter(needsSomebody).length} for a person`}`,
];
