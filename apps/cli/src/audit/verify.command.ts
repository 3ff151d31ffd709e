import {
  findingsOf,
  noteUnsoundEntities,
  noteVerification,
  verifyEvidence,
  type CheckpointFolder,
  type EvidenceResult,
  type ReadChain,
  type Strange,
} from '@qiyue/audit';
import { verifyBundle } from '@qiyue/engine-runtime';
import { CliError, bytesOf, print, printJsonLine, textOf } from '../context';
import { counted } from '../show/counted';
import { inWords } from '../show/language';
import { NOTHING_WRONG } from '../show/sentences';
import { progressLine } from '../show/progress-line';
import { kafkaWitness, ledgersOf, withStore } from './audit-dependencies';
import { bundleLines } from './bundle-lines';
import { detailWords, findingLine, foundWords } from './finding-lines';

export interface VerifyOptions {
  readonly json?: boolean;
  readonly entity?: string;
  /** Number of a checkpoint: what it covers is taken on its word. */
  readonly from?: string;
  readonly bundle?: string;
  readonly trust?: string;
  /** The whole topic; left out, what came since the last checkpoint; false: nothing. */
  readonly topic?: 'whole' | false;
}

export const verify = (options: VerifyOptions): Promise<void> =>
  options.bundle === undefined ? verifyLedgers(options) : verifyFile(options.bundle, options);

const verifyLedgers = async (options: VerifyOptions): Promise<void> => {
  const { json = false, topic, entity, from } = options;
  const progress = progressLine(json);
  const common = {
    ...(entity === undefined ? {} : { entity }),
    ...(topic === false ? {} : { topics: topic ?? ('new' as const) }),
    onProgress: (records: number) => progress.show(inWords({ 'zh-CN': `${records} 条记录`, en: `${records} records` })),
  };
  const witness = kafkaWitness();
  const [needs, facts] = await withStore(async (store) => {
    const [ofNeeds, ofFacts] = ledgersOf(store);
    const since = from === undefined ? {} : { from: await chainAt(ofNeeds.folder, from) };
    const results = [
      await verifyEvidence(ofNeeds, witness, { ...common, ...since }),
      await verifyEvidence(ofFacts, witness, common), // its checkpoints are counted apart
    ] as const;
    // A verification by hand says as much as the night's, good or bad; one of a part only what it found. Whoever may only read leaves no trace of it.
    await noteUnsoundEntities(store, results[0], { ...common, ...since }).catch(() => undefined);
    const says = findingsOf(results).length > 0 || !results.some(({ isPartial }) => isPartial);
    if (entity === undefined && from === undefined && says) await noteVerification(store, results).catch(() => undefined);
    return results;
  });
  progress.end();
  if (json) printJsonLine(asJson(needs, facts));
  else print(linesOf(needs, facts, topic).join('\n'));
  process.exitCode = isGood(needs, facts) ? 0 : 1;
};

const isGood = (...results: readonly EvidenceResult[]): boolean => findingsOf(results).length === 0 && !results.some(({ isPartial }) => isPartial);

const asJson = (needs: EvidenceResult, facts: EvidenceResult): object => {
  const findings = findingsOf([needs, facts]);
  const audit = { records: facts.records, streams: facts.streams };
  return {
    ok: isGood(needs, facts),
    records: needs.records,
    findings,
    checkpoint: checkpointOf(needs),
    audit,
    copies: needs.compared?.copies ?? null,
    strange: strangeIn(needs, facts),
  };
};

const linesOf = (needs: EvidenceResult, facts: EvidenceResult, topic: VerifyOptions['topic']): readonly string[] => {
  const findings = findingsOf([needs, facts]);
  const checkpoint = checkpointOf(needs);
  const copies = needs.compared?.copies ?? null;
  const verdict = findings.length === 0 ? inWords(NOTHING_WRONG) : foundWords(findings.length);
  const unreached = inWords({
    'zh-CN': '有主题未能读到末尾：上一检查点之后的内容没有对照，证明力不足',
    en: 'a topic could not be read to its end: what is newer than the last checkpoint has been held against nothing, and this proves less than it should',
  });
  return [
    ...findings.map(findingLine),
    inWords({
      'zh-CN': `${needs.streams} 条记录流共 ${needs.records} 条记录，${facts.streams} 份审计日志共 ${facts.records} 条事实：${verdict}`,
      en: `${held(needs, 'record', 'stream')}, ${held(facts, 'fact', 'journal')}: ${verdict}`,
    }),
    checkpoint === null
      ? inWords({
          'zh-CN': '没有检查点：用 `npx qiyue audit checkpoint` 生成',
          en: 'no checkpoint: make one with `npx qiyue audit checkpoint`',
        })
      : inWords({
          'zh-CN': `检查点 ${checkpoint.n}（${checkpoint.time}）涵盖 ${checkpoint.records} 条记录`,
          en: `checkpoint ${checkpoint.n} of ${checkpoint.time} covers ${counted(checkpoint.records, 'record')}`,
        }),
    ...(copies === null
      ? []
      : [
          inWords({ 'zh-CN': `已与事件主题上的 ${copies} 份副本对照`, en: `compared with ${counted(copies, 'copy', 'copies')} on the events topic` }),
        ]),
    ...strangeLines(strangeIn(needs, facts)),
    ...(topic !== false && (copies === null || needs.isPartial || facts.isPartial) ? [unreached] : []),
  ];
};

/** Messages of the topics that are no records; null: nothing was compared. */
const strangeIn = (...results: readonly EvidenceResult[]): Strange | null => {
  const found = results.flatMap(({ compared }) => compared?.strange ?? []);
  if (found.length === 0) return null;
  return { count: found.reduce((sum, { count }) => sum + count, 0), first: found.flatMap(({ first }) => first) };
};

/** Whoever may write to a topic can put them there, and every reader sets them aside: no fault of the ledger, and worth a look. */
export const strangeLines = (strange: Strange | null): readonly string[] => {
  if (strange === null || strange.count === 0) return [];
  const { count, first } = strange;
  return [
    inWords({
      'zh-CN': `主题上有 ${count} 条消息不被任何读取者当作记录：有他人在写入（npx qiyue messages list）`,
      en: `${counted(count, 'message')} on the topics that no reader takes for a record: somebody else writes there (npx qiyue messages list)`,
    }),
    ...first.map(({ topic, partition, offset, why }) => `  ${topic}:${partition}:${offset}: ${detailWords(why)}`),
    ...(count > first.length ? ['  …'] : []),
  ];
};

const checkpointOf = ({ read }: EvidenceResult): { readonly n: number; readonly time: string; readonly records: number } | null => {
  const head = read?.chain.head ?? null;
  return head === null ? null : { n: head.n, time: head.time, records: head.records };
};

const held = ({ records, streams }: EvidenceResult, record: string, stream: string): string =>
  `${counted(records, record)} in ${counted(streams, stream)}`;

const chainAt = async (folder: CheckpointFolder, from: string): Promise<ReadChain> => {
  const n = Number(from);
  const at = Number.isSafeInteger(n) && n >= 1 ? await folder.read(n) : null;
  if (at?.chain.head?.n === n) return at;
  const last = (await folder.read())?.chain.head?.n;
  throw new CliError(
    inWords({
      'zh-CN': `没有检查点 ${from}；最后一个是 ${last ?? '（无）'}`,
      en: `there is no checkpoint ${from}; the last one is ${last ?? 'none'}`,
    }),
  );
};

const verifyFile = async (path: string, { trust, json = false }: VerifyOptions): Promise<void> => {
  const bytes = await bytesOf(path);
  const verdict = verifyBundle(jsonOf(textOf(bytes, path)), trust);
  if (verdict === null) throw new CliError(inWords({ 'zh-CN': `${path} 不是导出的证据文件`, en: `${path}: is no bundle of evidence` }));
  if (json) printJsonLine(verdict);
  else print(bundleLines(verdict, trust).join('\n'));
  process.exitCode = verdict.ok ? 0 : 1;
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
