import type { Command } from 'commander';
import { print, printJsonLine } from '../context';
import { answerOf } from '../notices/notices.api';
import { pad, width } from '../show/timeline';
import { inWords, language } from '../show/language';
import { MORE, NOTHING_FOUND } from '../show/sentences';
import { AS_JSON, AT_MOST, BEFORE_TIME, FROM_TIME, GO_ON, OF_ACTOR, OF_NEED, OF_UNIT } from '../show/options';

interface FactsOptions {
  readonly actor?: string;
  readonly unit?: string;
  readonly type?: string;
  readonly entity?: string;
  readonly need?: string;
  readonly subject?: string;
  readonly code?: string;
  readonly way?: string;
  readonly address?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly json?: boolean;
  readonly lang?: string;
}
interface Fact {
  readonly at: string;
  readonly type: string;
  readonly actor: { readonly id: string; readonly role: string; readonly unit: string | null };
  readonly entity: string | null;
  readonly subject: string | null;
  readonly code: string | null;
  readonly way: string | null;
  readonly address: string | null;
}
interface Page {
  readonly items: readonly Fact[];
  readonly nextCursor: string | null;
}

export const addFactsCommand = (audit: Command): void => {
  audit
    .command('facts')
    .description(
      inWords({
        'zh-CN': '谁被拒绝、谁看过或取走什么、谁登录过、运维人员做过什么，新的在前',
        en: 'who was refused, who saw or took away what, who came in, what operators did, newest first',
      }),
    )
    .option('--actor <id>', inWords(OF_ACTOR))
    .option('--unit <name>', inWords(OF_UNIT))
    .option(
      '--type <type>',
      inWords({
        'zh-CN': '类型：PersonalDataSeen、Exported、CommandRefused、OperatorActed……',
        en: 'PersonalDataSeen, Exported, CommandRefused, OperatorActed, …',
      }),
    )
    .option('--entity <id>', inWords({ 'zh-CN': '关于某一事项', en: 'about one entity' }))
    .option('--need <needId>', inWords(OF_NEED))
    .option('--subject <subject>', inWords({ 'zh-CN': '关于某一人或某一物', en: 'about one person or thing' }))
    .option('--code <code>', inWords({ 'zh-CN': '原因为此代码', en: 'for this reason' }))
    .option(
      '--way <way>',
      inWords({ 'zh-CN': '登录方式：token、key、session、login、kafka 或 cli', en: 'who came in by token, key, session, login, kafka or cli' }),
    )
    .option('--address <address>', inWords({ 'zh-CN': '来自某一地址', en: 'from one address' }))
    .option('--from <time>', inWords(FROM_TIME))
    .option('--to <time>', inWords(BEFORE_TIME))
    .option('--limit <count>', inWords(AT_MOST))
    .option('--cursor <cursor>', inWords(GO_ON))
    .option('--json', inWords(AS_JSON))
    .action(facts);
};

const facts = async ({ json = false, need, entity = need, lang: _, ...asked }: FactsOptions): Promise<void> => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...asked, entity })) if (value !== undefined) query.set(name, value);
  const page = await answerOf<Page>('GET', `/v1/audit/facts?${query.toString()}`, { lang: language() });
  if (json) printJsonLine(page);
  else print(factLines(page).join('\n'));
};

export const factLines = ({ items, nextCursor }: Page): readonly string[] => {
  const rows = items.map(({ at, type, actor, entity, subject, code, way, address }) => [
    at.slice(0, 19).replace('T', ' '),
    `${actor.id} (${[actor.role, actor.unit].filter((part) => part !== null).join(', ')})`,
    type,
    [code, entity, subject, way, address].filter((part) => part !== null).join('  '),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => width(row[column] ?? ''))));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...(lines.length === 0 ? [inWords(NOTHING_FOUND)] : lines), ...(nextCursor === null ? [] : [inWords(MORE(nextCursor))])];
};
