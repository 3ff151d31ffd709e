import type { Command } from 'commander';
import { lostReceipts, reconcile, unknownAggregates, type Mismatch } from '@qiyue/audit';
import { tablesFor, TableStore } from '@qiyue/edge';
import { kafkaSecurityOf, securityIn } from '@qiyue/platform';
import { namesOf, type AnyAggregate } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { Appender, type LedgerStore } from '@qiyue/engine-runtime';
import { print, printJsonLine } from '../context';
import { replayCode } from '../replay-code';
import { progressLine } from '../show/progress-line';
import { brokers, withJournal } from './audit-dependencies';
import { withTemporal } from './with-temporal';
import { AS_JSON } from '../show/options';
import { inWords } from '../show/language';

interface Options {
  readonly entity?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export const addReconcileCommand = (audit: Command): void => {
  audit
    .command('reconcile')
    .description(
      inWords({
        'zh-CN': '对照 Temporal 与账本，能修复的予以修复',
        en: 'hold Temporal and the ledger against each other, and mend what can be mended',
      }),
    )
    .option('--entity <id>', inWords({ 'zh-CN': '只查一个事项', en: 'one entity only' }))
    .option('--dry-run', inWords({ 'zh-CN': '只查看，不改动', en: 'look, and change nothing' }))
    .option('--json', inWords(AS_JSON))
    .action(run);
};

const run = async ({ entity, dryRun = false, json = false }: Options): Promise<void> => {
  const security = securityIn(process.env);
  const progress = progressLine(json);
  const which = entity === undefined ? {} : { entity };
  const { entities, mismatches } = await withTemporal((client) =>
    withJournal(async (store, journal) => {
      if (!dryRun) await journal.insist({ type: 'OperatorActed', data: { action: 'reconcile', on: entity ?? null } });
      const code = await replayCode();
      const deps = { client, store, appender: new Appender(store), bundle: { code }, tablesOf: tablesFor(new TableStore(store.db)) };
      const found: Mismatch[] = [];
      let looked = 0;
      const named = brokers();
      for (const { decider } of await kindsFor(store, entity)) {
        const before = looked;
        const onProgress = (count: number): void => progress.show(`${before + count} entities`);
        const result = await reconcile({ ...deps, decider }, { ...which, dryRun, onProgress });
        found.push(...result.mismatches);
        looked += result.entities;
        if (named !== null) found.push(...(await lostReceipts(named, decider.aggregate, store, { ...which, security: kafkaSecurityOf(security) })));
      }
      if (entity === undefined) found.push(...(await unknownAggregates(store, namesOf(AGGREGATES))));
      return { entities: looked, mismatches: found };
    }),
  );
  progress.end();
  const isOpen = mismatches.some(needsSomebody);
  if (json) printJsonLine({ ok: mismatches.length === 0, entities, findings: mismatches });
  else print(lines(entities, mismatches).join('\n'));
  process.exitCode = isOpen ? 1 : 0;
};

/** All kinds of entities; of one entity, the kind that the ledger says it is of. */
const kindsFor = async (store: LedgerStore, entity: string | undefined): Promise<readonly AnyAggregate[]> => {
  if (entity === undefined) return AGGREGATES;
  const aggregate = (await store.ledger.findOne({ entity }, { projection: { aggregate: 1 } }))?.aggregate;
  return aggregate === undefined ? AGGREGATES : AGGREGATES.filter(({ decider }) => decider.aggregate === aggregate);
};

const needsSomebody = ({ done }: Mismatch): boolean => done === null || done === 'quarantined';

const lines = (entities: number, mismatches: readonly Mismatch[]): readonly string[] => [
  ...mismatches.map(({ stream, seq, kind, detail, done }) => `${stream} seq ${seq}: ${kind}: ${detail}${done === null ? '' : ` → ${done}`}`),
  `${entities} entities looked at: ${mismatches.length === 0 ? 'nothing wrong' : `${mismatches.length} findings, ${mismatches.filter(needsSomebody).length} for a person`}`,
];
