import type { Command } from 'commander';
import { keepCheckpoint, loadSigningKey, type AuditFact, type Kept, type Witnessed } from '@qiyue/audit';
import type { SigningKey } from '@qiyue/engine-runtime';
import { CliError, print, printJsonLine } from '../context';
import { counted } from '../show/counted';
import { findingLine } from './finding-lines';
import { kafkaWitness, ledgersOf, signingKey, withJournal } from './audit-dependencies';
import { AS_JSON } from '../show/options';
import { inWords } from '../show/language';

interface Options {
  readonly handOver?: string;
  readonly restart?: string;
  readonly json?: boolean;
}

export const addCheckpointCommand = (audit: Command): void => {
  audit
    .command('checkpoint')
    .description(inWords({ 'zh-CN': '为台账现有内容签名，并保存在台账之外', en: 'sign what the ledger holds now, and keep that outside of it' }))
    .option('--hand-over <pem>', inWords({ 'zh-CN': '从下一检查点起由该文件中的密钥签名', en: 'the key in this file signs from the next one on' }))
    .option(
      '--restart <why>',
      inWords({
        'zh-CN': '检查点已无法找回：在空文件夹中另起一条链，并写明此事及原因',
        en: 'the checkpoints are lost for good: begin a new chain in an empty folder, which says so and why',
      }),
    )
    .option('--json', inWords(AS_JSON))
    .action(run);
};

const run = async ({ handOver, restart, json = false }: Options): Promise<void> => {
  const key = await signingKey();
  const next = handOver === undefined ? undefined : (await keyIn(handOver)).public;
  const witness = kafkaWitness();
  if (restart !== undefined && restart.trim() === '') throw new CliError(inWords({ 'zh-CN': '--restart：请写明原因', en: '--restart: say why' }));
  const common = { key, ...(witness === null ? {} : { witness }), ...(next === undefined ? {} : { nextKey: next }) };
  const kept = await withJournal(async (store, journal) => {
    await journal.insist({
      type: 'OperatorActed',
      data: { action: next === undefined ? 'checkpoint' : 'checkpoint-hand-over', on: next?.keyId ?? null },
    });
    const [needs, facts] = ledgersOf(store);
    const keep = async (ledger: Witnessed): Promise<Kept> => {
      if (restart === undefined || (await ledger.folder.size()) > 0) return keepCheckpoint({ ...common, ...ledger });
      await journal.insist(restarted(ledger, restart));
      return keepCheckpoint({ ...common, ...ledger, restart });
    };
    const ofFacts = await keep(facts);
    return ofFacts.ok ? keep(needs) : ofFacts;
  });
  if (json) printJsonLine(kept.ok ? { ok: true, published: kept.published, ...shown(kept) } : kept);
  else print(keptLines(kept).join('\n'));
  process.exitCode = kept.ok ? 0 : 1;
};

const keyIn = async (file: string): Promise<SigningKey> => {
  try {
    return await loadSigningKey(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(
      inWords({
        'zh-CN': `--hand-over：${file} 中没有 Ed25519 私钥（PKCS #8，PEM）：${why}`,
        en: `--hand-over: ${file} holds no Ed25519 private key (PKCS #8, PEM): ${why}`,
      }),
    );
  }
};

const restarted = ({ store }: Witnessed, why: string): AuditFact => ({ type: 'ChainRestarted', data: { ledger: store.namespace || 'needs', why } });

const shown = ({ checkpoint: { n, time, records, streams, root, keyId } }: Extract<Kept, { ok: true }>): object => ({
  ...{ n, time, records, streams, root, keyId },
});

export const keptLines = (kept: Kept): readonly string[] => {
  if (!kept.ok) return whyNot(kept);
  const { n, records, streams, root, keyId } = kept.checkpoint;
  return [
    inWords({
      'zh-CN': `检查点 ${n}：${streams} 条记录流共 ${records} 条记录，根 ${root}，密钥 ${keyId}`,
      en: `checkpoint ${n}: ${counted(records, 'record')} in ${counted(streams, 'stream')}, root ${root}, key ${keyId}`,
    }),
    ...(kept.published ? [] : [inWords({ 'zh-CN': '已存入文件夹；主题未能写入', en: 'it is kept in the folder; the topic could not be written' })]),
  ];
};

const whyNot = (kept: Extract<Kept, { ok: false }>): readonly string[] => {
  switch (kept.why) {
    case 'broken':
      return [
        inWords({
          'zh-CN': `所存检查点只到 ${kept.fault.n - 1} 为止成立（${kept.fault.why}）`,
          en: `the checkpoints that are kept hold no further than ${kept.fault.n - 1}: ${kept.fault.why}`,
        }),
      ];
    case 'other-key':
      return [inWords({ 'zh-CN': `轮到密钥 ${kept.expected} 签名`, en: `the turn is that of key ${kept.expected}` })];
    case 'chain-lost':
      return [
        inWords({
          'zh-CN': `文件夹是空的，而此前有过检查点${kept.n > 0 ? `，至少 ${kept.n} 个` : ''}：请从备份放回，或用 \`npx qiyue audit recover-checkpoints\``,
          en: `the folder is empty, and there were checkpoints before${kept.n > 0 ? `, ${kept.n} at least` : ''}: put them back from a copy, or with \`npx qiyue audit recover-checkpoints\``,
        }),
      ];
    case 'contradicts-topic':
      return [
        inWords({
          'zh-CN': `检查点 ${kept.n} 在主题与文件夹中不同：\`npx qiyue audit verify\` 会逐一列出`,
          en: `the topic has another checkpoint ${kept.n} than the folder: \`npx qiyue audit verify\` names all of them`,
        }),
      ];
    case 'topic-away':
      return [
        inWords({
          'zh-CN': '主题无法读取：未经对照的内容不签名',
          en: 'the topics cannot be read: nothing is signed that was held against nothing',
        }),
      ];
    case 'not-empty':
      return [
        inWords({
          'zh-CN': '文件夹不是空的：另起一条链之前，请将它移走并保存好',
          en: 'the folder is not empty: move it away, and keep it, before a new chain begins in its place',
        }),
      ];
    case 'findings':
      return [
        inWords({ 'zh-CN': '没有签名：台账已不是原来的内容', en: 'nothing was signed: the ledger is not what it was' }),
        ...kept.findings.map(findingLine),
      ];
  }
};
