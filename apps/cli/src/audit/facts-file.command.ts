import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { exportFacts, verifyFactsFile } from '@qiyue/audit';
import { kafkaSecurityOf, securityIn } from '@qiyue/platform';
import { instantMsOf, toShanghaiIso } from '@qiyue/engine';
import { CliError, print, printJsonLine } from '../context';
import { counted } from '../show/counted';
import { NOTHING_WRONG } from '../show/sentences';
import { detailWords, foundWords } from './finding-lines';
import { neededBrokers, withJournal } from './audit-dependencies';
import { AS_JSON, BEFORE_TIME, FROM_TIME } from '../show/options';
import { inWords } from '../show/language';
import { unreadable } from '../unreached';

interface ExportOptions {
  readonly out: string;
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

export const addFactsFileCommands = (audit: Command): void => {
  audit
    .command('export-facts')
    .description(
      inWords({
        'zh-CN': '从审计主题导出谁被拒绝、谁看过什么、谁登录过，供另处保存',
        en: 'who was refused, who saw what, who came in, as a file to be kept elsewhere, from the audit topic',
      }),
    )
    .requiredOption('--out <file>', inWords({ 'zh-CN': '写入的文件', en: 'where to' }))
    .option('--from <time>', inWords(FROM_TIME))
    .option('--to <time>', inWords(BEFORE_TIME))
    .option('--json', inWords(AS_JSON))
    .action(exported);
  audit
    .command('verify-facts')
    .description(
      inWords({ 'zh-CN': '核验 `audit export-facts` 导出的文件，无需任何服务器', en: 'check a file of `audit export-facts`, without any server' }),
    )
    .argument('<file>')
    .option('--json', inWords(AS_JSON))
    .action(verified);
};

const exported = async ({ out, from, to, json = false }: ExportOptions): Promise<void> => {
  const named = neededBrokers();
  const head = { from: instantIn(from), to: instantIn(to), exportedAt: toShanghaiIso(Date.now()) };
  const result = await withJournal(async (_, journal) => {
    await journal.insist({ type: 'Exported', data: { what: 'facts', subject: `${head.from ?? 'the beginning'} to ${head.to ?? 'the end'}` } });
    return exportFacts({ brokers: named, security: kafkaSecurityOf(securityIn(process.env)) }, out, head);
  });
  if (json) printJsonLine(result);
  else print(inWords({ 'zh-CN': `${out} 中有 ${result.records} 条事实`, en: `${counted(result.records, 'fact')} in ${out}` }));
  if (result.left > 0)
    print(
      inWords({
        'zh-CN': `主题中有 ${result.left} 条消息未导出：请运行 npx qiyue audit verify --topic`,
        en: `${counted(result.left, 'message')} of the topic left out: run npx qiyue audit verify --topic`,
      }),
    );
  process.exitCode = result.left === 0 ? 0 : 1;
};

const verified = async (file: string, { json = false }: { readonly json?: boolean }): Promise<void> => {
  const verdict = await verifyFactsFile(createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  if (json) printJsonLine(verdict);
  else {
    for (const { line, why } of verdict.findings) print(inWords({ 'zh-CN': `第 ${line} 行：${detailWords(why)}`, en: `line ${line}: ${why}` }));
    const found = verdict.ok ? inWords(NOTHING_WRONG) : foundWords(verdict.findings.length);
    print(
      inWords({
        'zh-CN': `${verdict.streams} 份审计日志共 ${verdict.records} 条事实：${found}`,
        en: `${counted(verdict.records, 'fact')} of ${counted(verdict.streams, 'journal')}: ${found}`,
      }),
    );
  }
  process.exitCode = verdict.ok ? 0 : 1;
};

/** As records write it. */
const instantIn = (text: string | undefined): string | null => {
  if (text === undefined) return null;
  const ms = instantMsOf(text);
  if (Number.isNaN(ms))
    throw new CliError(
      inWords({
        'zh-CN': `${text} 不是时间：请写成 2024-07-01T08:00:00+08:00`,
        en: `${text} is no instant: write it as 2024-07-01T08:00:00+08:00`,
      }),
    );
  return toShanghaiIso(ms);
};
