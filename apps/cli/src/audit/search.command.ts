import type { Command } from 'commander';
import { print, printJsonLine } from '../context';
import { answerOf } from '../notices/notices.api';
import { entityIn } from '../show/entity-in';
import { pad, width } from '../show/timeline';
import { inWords, language } from '../show/language';
import { MORE, NOTHING_FOUND } from '../show/sentences';
import { AS_JSON, AT_MOST, BEFORE_TIME, FROM_TIME, GO_ON, OF_ACTOR, OF_NEED, OF_UNIT } from '../show/options';

interface SearchOptions {
  readonly actor?: string;
  readonly unit?: string;
  readonly command?: string;
  readonly entity?: string;
  readonly need?: string;
  readonly outcome?: string;
  readonly code?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly json?: boolean;
  readonly lang?: string;
}
interface Row {
  readonly aggregate: string;
  readonly [idName: string]: unknown;
  readonly at: string;
  readonly command: string;
  readonly actor: { readonly id: string; readonly role: string; readonly unit: string | null };
  readonly outcome: string;
  readonly code: string | null;
}
interface Page {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
}

export const addSearchCommand = (audit: Command): void => {
  audit
    .command('search')
    .description(inWords({ 'zh-CN': '谁做过或试图做什么，新的在前', en: 'what actors did or tried to do, newest first' }))
    .option('--actor <id>', inWords(OF_ACTOR))
    .option('--unit <name>', inWords(OF_UNIT))
    .option('--command <name>', inWords({ 'zh-CN': '某一种命令：claim、fund……', en: 'of one kind: claim, fund, …' }))
    .option('--entity <id>', inWords({ 'zh-CN': '对某一事项', en: 'on one entity' }))
    .option('--need <needId>', inWords(OF_NEED))
    .option('--outcome <outcome>', inWords({ 'zh-CN': '结果：pending、accepted、refused 或 dead', en: 'pending, accepted, refused or dead' }))
    .option('--code <code>', inWords({ 'zh-CN': '因此代码被拒', en: 'refused for this reason' }))
    .option('--from <time>', inWords(FROM_TIME))
    .option('--to <time>', inWords(BEFORE_TIME))
    .option('--limit <count>', inWords(AT_MOST))
    .option('--cursor <cursor>', inWords(GO_ON))
    .option('--json', inWords(AS_JSON))
    .action(search);
};

const search = async ({ json = false, need, entity = need, lang: _, ...asked }: SearchOptions): Promise<void> => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...asked, entity })) if (value !== undefined) query.set(name, value);
  const page = await answerOf<Page>('GET', `/v1/audit/commands?${query.toString()}`, { lang: language() });
  if (json) printJsonLine(page);
  else print(trailLines(page).join('\n'));
};

const OUTCOMES: Readonly<Record<string, string>> = { pending: '处理中', accepted: '已接受', refused: '被拒', dead: '死信' };

const outcomeWords = (outcome: string, code: string | null): string =>
  inWords({
    'zh-CN': `${OUTCOMES[outcome] ?? outcome}${code === null ? '' : `：${code}`}`,
    en: code === null ? outcome : `${outcome}: ${code}`,
  });

export const trailLines = ({ items, nextCursor }: Page): readonly string[] => {
  const rows = items.map(({ at, command, actor, outcome, code, ...row }) => [
    at.slice(0, 19).replace('T', ' '),
    `${actor.id} (${[actor.role, actor.unit].filter((part) => part !== null).join(', ')})`,
    command,
    outcomeWords(outcome, code),
    entityIn(row)?.id ?? '',
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => width(row[column] ?? ''))));
  const lines = rows.map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0)).join('  '));
  return [...(lines.length === 0 ? [inWords(NOTHING_FOUND)] : lines), ...(nextCursor === null ? [] : [inWords(MORE(nextCursor))])];
};
