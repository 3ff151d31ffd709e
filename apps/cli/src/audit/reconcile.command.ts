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
import { counted } from '../show/counted';
import { NOTHING_WRONG } from '../show/sentences';
import { detailWords } from './finding-lines';
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
        'zh-CN': '对照 Temporal 与台账，能修复的予以修复',
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
        const onProgress = (count: number): void => progress.show(inWords({ 'zh-CN': `${before + count} 件事项`, en: `${before + count} entities` }));
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

export const lines = (entities: number, mismatches: readonly Mismatch[]): readonly string[] => [
  ...mismatches.map(mismatchLine),
  inWords({
    'zh-CN': `已查看 ${entities} 件事项：${foundBy(mismatches)}`,
    en: `${counted(entities, 'entity', 'entities')} looked at: ${foundBy(mismatches)}`,
  }),
];

const foundBy = (mismatches: readonly Mismatch[]): string => {
  if (mismatches.length === 0) return inWords(NOTHING_WRONG);
  const open = mismatches.filter(needsSomebody).length;
  return inWords({
    'zh-CN': `发现 ${mismatches.length} 处问题，其中 ${open} 处须人工处理`,
    en: `${counted(mismatches.length, 'finding')}, ${open} for a person`,
  });
};

const KINDS: Readonly<Record<Mismatch['kind'], string>> = {
  lagging: '台账落后',
  forked: '分叉',
  behind: '工作流落后',
  stopped: '工作流已停',
  gone: '工作流丢失',
  unreplayable: '无法重放',
  lost: '记录丢失',
  'unknown-aggregate': '事项类型不明',
};
const DONE: Readonly<Record<NonNullable<Mismatch['done']>, string>> = { appended: '已补记', restarted: '已重新启动', quarantined: '已隔离' };

/** The name of the kind stays: runbooks go by it. */
const mismatchLine = ({ stream, seq, kind, detail, done }: Mismatch): string =>
  inWords({
    'zh-CN': `${stream} seq ${seq}：${KINDS[kind]}（${kind}）：${detailWords(detail)}${done === null ? '' : ` → ${DONE[done]}`}`,
    en: `${stream} seq ${seq}: ${kind}: ${detail}${done === null ? '' : ` → ${done}`}`,
  });
