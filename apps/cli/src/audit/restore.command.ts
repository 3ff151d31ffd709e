import type { Command } from 'commander';
import { aboutEntity, restoreFromTopic, restoreOutcomes, type RestoredOutcomes, type Restoration, type Witnessed } from '@qiyue/audit';
import { maySayNothingOf } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { eventTopicOf, STANDING_QUERY_NAME, workflowIdOf, type EntityStanding } from '@qiyue/engine';
import { feedHoles, fillFeedHoles, type FilledHoles } from '@qiyue/engine-runtime';
import type { Texts } from '@qiyue/civic-domain';
import { CliError, print, printJsonLine } from '../context';
import { aggregateOf, neededWitness, ledgersOf, withJournal } from './audit-dependencies';
import { withTemporal } from './with-temporal';
import { AS_JSON } from '../show/options';
import { inWords } from '../show/language';

interface Options {
  readonly fromTopic?: boolean;
  readonly outcomes?: boolean;
  readonly feed?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}
type Anchor = { readonly seq: number; readonly hash: string };

export const addRestoreCommand = (audit: Command): void => {
  audit
    .command('restore')
    .description(
      inWords({
        'zh-CN': '恢复数据库中被删改的内容：记录取自事件主题，结果和流中位置取自记录',
        en: 'put back what was deleted or changed in the database: records out of the events topic, outcomes and places in the feed out of the records',
      }),
    )
    .argument('<id>', inWords({ 'zh-CN': '事项，或审计日志的一条记录流', en: 'the entity, or a stream of the journals' }))
    .option(
      '--from-topic',
      inWords({
        'zh-CN': '恢复记录：逐条核对，只放回能接入链中的，直至流、检查点和工作流所知的末尾',
        en: 'records: only what fits, record by record, into the chain up to where feed, checkpoint and workflow know that it ends',
      }),
    )
    .option(
      '--outcomes',
      inWords({
        'zh-CN': '恢复结果：命令行中与记录不一致的重新写入',
        en: 'outcomes: what the rows of its commands say otherwise than its records is written anew',
      }),
    )
    .option(
      '--feed',
      inWords({
        'zh-CN': '恢复流中位置：失去位置的记录取前后记录之间的空位',
        en: 'places in the feed: records that have lost theirs get a free one between their neighbours',
      }),
    )
    .option('--dry-run', inWords({ 'zh-CN': '只列出将恢复的内容，不改动', en: 'say what would be put back, and change nothing' }))
    .option('--json', inWords(AS_JSON))
    .action(run);
};

const run = (entity: string, { fromTopic = false, outcomes = false, feed = false, ...how }: Options): Promise<void> => {
  if ([fromTopic, outcomes, feed].filter(Boolean).length !== 1)
    throw new CliError(inWords({ 'zh-CN': '须给出 --from-topic、--outcomes、--feed 之一', en: 'one of --from-topic, --outcomes and --feed' }));
  if (feed) return placesBack(entity, how);
  return outcomes ? outcomesAnew(entity, how) : recordsBack(entity, how);
};

const placesBack = async (entity: string, { dryRun = false, json = false }: Options): Promise<void> => {
  const all: FilledHoles = await withJournal(async (store, journal) => {
    for (const ledger of ledgersOf(store)) {
      for await (const hole of feedHoles(ledger.store, { entity })) {
        if (!dryRun) await journal.insist({ type: 'OperatorActed', data: { action: 'restore-feed', on: entity } });
        return fillFeedHoles(ledger.store, hole, { dryRun });
      }
    }
    return { filled: [], noPlace: [] };
  });
  if (json) printJsonLine({ entity, ...all });
  else print(placesLine(entity, all, dryRun));
  process.exitCode = all.noPlace.length === 0 ? 0 : 1;
};

export const placesLine = (entity: string, { filled, noPlace }: FilledHoles, dryRun: boolean): string => {
  if (filled.length + noPlace.length === 0)
    return inWords({
      'zh-CN': `${entity}：应在流中有位置的记录都有`,
      en: `${entity}: every record that should have a place in the feed has one`,
    });
  return [
    ...filled.map(({ seq, position }) =>
      inWords({
        'zh-CN': `${entity}：seq ${seq} ${dryRun ? '将恢复' : '已恢复'}位置 ${position}`,
        en: `${entity}: seq ${seq} ${dryRun ? 'would get' : 'has'} place ${position} again`,
      }),
    ),
    ...noPlace.map((seq) =>
      inWords({
        'zh-CN': `${entity}：seq ${seq} 已无位置：前后之间都已给了其他记录`,
        en: `${entity}: seq ${seq} has no place left: other records have been given all between its neighbours`,
      }),
    ),
  ].join('\n');
};

const outcomesAnew = async (entity: string, { dryRun = false, json = false }: Options): Promise<void> => {
  const restored = await withJournal(async (store, journal) => {
    const record = () => journal.insist({ type: 'OperatorActed', data: { action: 'restore-outcomes', on: entity } });
    const { decider } = await aggregateOf(store, entity);
    return restoreOutcomes({ store, decider, maySayNothing: maySayNothingOf(AGGREGATES), record }, entity, { dryRun });
  });
  if (json) printJsonLine({ entity, ...restored });
  else print(outcomesLine(entity, restored, dryRun));
  process.exitCode = restored.ok ? 0 : 1;
};

export const outcomesLine = (entity: string, restored: RestoredOutcomes, dryRun: boolean): string => {
  if (!restored.ok && restored.why === 'no-such-entity')
    throw new CliError(inWords({ 'zh-CN': `台账和命令中都没有 ${entity}`, en: `neither ledger nor commands know ${entity}` }));
  if (!restored.ok)
    return inWords({
      'zh-CN': `${entity} 保持原状：其记录在 seq ${restored.finding.seq} 处不吻合；见 \`audit verify\``,
      en: `${entity} stays as it is: its records do not fit each other at seq ${restored.finding.seq}; see \`audit verify\``,
    });
  const { written, removed } = restored;
  if (written.length + removed.length === 0)
    return inWords({
      'zh-CN': `${entity}：各结果与其记录一致，无需改写`,
      en: `${entity}: every outcome is what its records say; nothing was to be written`,
    });
  const head: Texts = { 'zh-CN': `${entity} ${dryRun ? '将修复' : '已修复'}：`, en: `${entity}${dryRun ? ' would be mended' : ' is mended'}:` };
  return [
    inWords(head),
    ...written.map((id) => inWords({ 'zh-CN': `${id} 按其记录改写`, en: `${id} as its records say` })),
    ...removed.map((id) => inWords({ 'zh-CN': `${id} 清除，因其没有记录`, en: `${id} taken out, since it gave no record` })),
  ].join('\n');
};

const recordsBack = async (entity: string, { dryRun = false, json = false }: Options): Promise<void> => {
  const witness = neededWitness();
  const restoration = await withJournal(async (store, journal) => {
    let last: Restoration = { ok: false, why: 'no-such-entity' };
    for (const ledger of ledgersOf(store)) {
      const deps = {
        store: ledger.store,
        copiesOf: (of: string) => witness.recordsOf(of, ledger.aggregates.map(eventTopicOf)),
        anchorsOf: (of: string) => anchorsOf(ledger, of),
        record: async (records: readonly Anchor[]) =>
          journal.insist({
            type: 'LedgerRestored',
            data: { ...aboutEntity((await aggregateOf(store, entity)).idName, entity), records: records.map(({ seq, hash }) => ({ seq, hash })) },
          }),
      };
      last = await restoreFromTopic(deps, entity, { dryRun });
      if (last.ok || last.why !== 'no-such-entity') return last;
    }
    return last;
  });
  if (json) printJsonLine({ entity, ...restoration });
  else print(recordsLine(entity, restoration, dryRun));
  process.exitCode = restoration.ok ? 0 : 1;
};

/** What was signed, and what the workflow itself says; one that cannot be asked says nothing. */
const anchorsOf = async ({ folder, aggregates }: Witnessed, entity: string): Promise<readonly Anchor[]> => {
  const end = (await folder.read())?.chain.ends.of(entity);
  const standings = await Promise.all(aggregates.map((aggregate) => standingOf(aggregate, entity)));
  return [...(end === undefined ? [] : [{ seq: end.seq, hash: end.hash }]), ...standings.flat()];
};

const standingOf = async (aggregate: string, entity: string): Promise<readonly Anchor[]> => {
  const asked = withTemporal((client) => client.workflow.getHandle(workflowIdOf(aggregate, entity)).query<EntityStanding, []>(STANDING_QUERY_NAME));
  const standing = await asked.catch(() => null);
  // What it has not handed over yet is nowhere else, and one that contradicts the ledger knows less than the ledger.
  if (standing === null || standing.seq === 0 || standing.unconfirmed > 0 || standing.isDiverged) return [];
  return [{ seq: standing.seq, hash: standing.hash }];
};

export const recordsLine = (entity: string, restoration: Restoration, dryRun: boolean): string => {
  if (restoration.ok) {
    const { seq, restored } = restoration;
    if (restored.length === 0)
      return inWords({
        'zh-CN': `${entity}：${seq} 条记录齐全且吻合，无需恢复`,
        en: `${entity}: all ${seq} records are there and fit; nothing was to be put back`,
      });
    return inWords({
      'zh-CN': `${entity}：共 ${seq} 条，seq ${restored.join('、')} ${dryRun ? '将恢复' : '已恢复'}；用 \`npx qiyue audit verify --entity ${entity}\` 查看`,
      en: `${entity}: seq ${restored.join(', ')} of ${seq} ${dryRun ? 'would be put back' : 'put back'}; \`npx qiyue audit verify --entity ${entity}\` shows it`,
    });
  }
  if (restoration.why === 'no-such-entity')
    throw new CliError(inWords({ 'zh-CN': `台账、流和检查点中都没有 ${entity}`, en: `neither ledger, feed nor a checkpoint knows ${entity}` }));
  if (restoration.why === 'topic-away') throw new CliError(inWords({ 'zh-CN': '事件主题无法读取', en: 'the events topic cannot be read' }));
  const { why, seq } = restoration;
  return inWords({
    'zh-CN': `${entity} 保持原状：seq ${seq} 处${WORDS[why]['zh-CN']}`,
    en: `${entity} stays as it is: ${WORDS[why].en} at seq ${seq}`,
  });
};

const WORDS = {
  'does-not-close': { 'zh-CN': '台账和主题都没有吻合的记录', en: 'neither ledger nor topic has a record that fits' },
  'contradicts-witness': { 'zh-CN': '吻合的不是检查点或工作流所指的', en: 'what fits is not what a checkpoint or the workflow names' },
  ambiguous: { 'zh-CN': '有两种历史吻合，没有见证能判定哪一种为真', en: 'two histories fit, and no witness tells which is true,' },
} as const satisfies Readonly<Record<string, Texts>>;
