import type { Command } from 'commander';
import { forgetDiffering, keepCheckpoint, lossOf, type Kept, type Loss, type Witness, type Witnessed } from '@qiyue/audit';
import type { Texts } from '@qiyue/civic-domain';
import { CliError, print, printJsonLine } from '../context';
import { counted } from '../show/counted';
import { kafkaWitness, ledgersOf, signingKey, withJournal } from './audit-dependencies';
import { keptLines } from './checkpoint.command';
import { AS_JSON } from '../show/options';
import { inWords } from '../show/language';

interface Options {
  readonly why?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}
interface Settled {
  readonly ledger: string;
  readonly loss: Extract<Loss, { ok: true }>;
  /** Null: nothing was to be given up, or it was only looked at. */
  readonly kept: Kept | null;
}

export const addSettleCommand = (audit: Command): void => {
  audit
    .command('settle')
    .description(
      inWords({
        'zh-CN': '放弃恢复时丢失的内容：已签名或已发布、而台账没有的记录，写入一个已签名的检查点',
        en: 'give up what a restore lost: records that were signed or published and that the ledger does not hold, named in a signed checkpoint',
      }),
    )
    .option('--why <text>', inWords({ 'zh-CN': '理由，一并签名', en: 'the reason, which is signed with it' }))
    .option('--dry-run', inWords({ 'zh-CN': '只列出将放弃的内容，不改动', en: 'name what would be given up, and change nothing' }))
    .option('--json', inWords(AS_JSON))
    .action(run);
};

const run = async ({ why = '', dryRun = false, json = false }: Options): Promise<void> => {
  if (!dryRun && why.trim() === '')
    throw new CliError(
      inWords({
        'zh-CN': '--why：请写明放弃的理由；用 --dry-run 则只列出',
        en: '--why: say why it is given up; with --dry-run it is only named',
      }),
    );
  const witness = kafkaWitness();
  if (witness === null)
    throw new CliError(
      inWords({
        'zh-CN': '没有 Kafka：放弃之前必须知道主题中有什么',
        en: 'no Kafka: what the topics hold has to be known before anything is given up',
      }),
    );
  const all = await withJournal(async (store, journal) => {
    const done: Settled[] = [];
    for (const ledger of [...ledgersOf(store)].reverse()) {
      const loss = await must(ledger, witness);
      const name = ledger.store.namespace || 'needs';
      const records = loss.lost.length + loss.checkpoints.length;
      if (dryRun || records === 0) done.push({ ledger: name, loss, kept: null });
      else {
        await journal.insist({ type: 'LossSettled', data: { ledger: name, records, why } });
        const settled = { why, lost: loss.lost, checkpoints: loss.checkpoints };
        const kept = await keepCheckpoint({ ...ledger, key: await signingKey(), witness, settled });
        if (kept.ok) await forgetDiffering(ledger.store, loss.lost);
        done.push({ ledger: name, loss, kept });
      }
    }
    return done;
  });
  const ok = all.every(({ kept }) => kept?.ok ?? true);
  if (json)
    printJsonLine({ ok, ledgers: all.map(({ ledger, loss, kept }) => ({ ledger, ...given(loss), checkpoint: numberOf(kept), why: whyOf(kept) })) });
  else print(all.flatMap(linesOf).join('\n'));
  process.exitCode = ok ? 0 : 1;
};

const must = async (ledger: Witnessed, witness: Witness): Promise<Extract<Loss, { ok: true }>> => {
  const loss = await lossOf(ledger, witness);
  if (loss.ok) return loss;
  throw new CliError(inWords(WORDS[loss.why]));
};

const WORDS: Readonly<Record<Extract<Loss, { ok: false }>['why'], Texts>> = {
  'no-chain': {
    'zh-CN': '文件夹是空的，而此前有过检查点：先运行 `npx qiyue audit recover-checkpoints`',
    en: 'the folder is empty, and there were checkpoints: `npx qiyue audit recover-checkpoints` first',
  },
  broken: {
    'zh-CN': '检查点不成立：先予修复，见 `npx qiyue audit verify`',
    en: 'the checkpoints do not hold: mend that first, see `npx qiyue audit verify`',
  },
  'topic-away': {
    'zh-CN': '主题无法读取：放弃之前必须知道其中有什么',
    en: 'the topics cannot be read: what they hold has to be known before anything is given up',
  },
  'too-many': {
    'zh-CN': '丢失的记录超过 20,000 条，不是小规模恢复：请换用较新的数据库备份',
    en: 'more than 20,000 records are lost: that is no small restore; bring a newer copy of the database',
  },
};

const given = ({ lost, checkpoints }: Extract<Loss, { ok: true }>): object => ({ lost, checkpoints });
const numberOf = (kept: Kept | null): number | null => (kept?.ok === true ? kept.checkpoint.n : null);
const whyOf = (kept: Kept | null): string | null => (kept === null || kept.ok ? null : kept.why);

const linesOf = ({ ledger, loss, kept }: Settled): readonly string[] => [
  ...loss.lost.map(({ entity, seq, hash }) => `${entity} seq ${seq}: ${hash}`),
  ...loss.checkpoints.map(({ n, hash }) => inWords({ 'zh-CN': `检查点 ${n}：${hash}`, en: `checkpoint ${n}: ${hash}` })),
  inWords({
    'zh-CN': `${ledger}：台账所没有的记录 ${loss.lost.length} 条，检查点 ${loss.checkpoints.length} 个`,
    en: `${ledger}: ${counted(loss.lost.length, 'record')} and ${counted(loss.checkpoints.length, 'checkpoint')} that the ledger does not hold`,
  }),
  ...(kept === null ? [] : keptLines(kept)),
];
