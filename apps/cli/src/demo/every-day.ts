import { AGGREGATES } from '@qiyue/aggregates';
import type { QiyueClient } from '@qiyue/client';
import { linesOf } from '../commands/list.commands';
import { CliError, type Language } from '../context';
import { sheetLines } from '../show/table';
import { eventually } from './eventually';
import type { Person } from './actors';

type Item = Readonly<Record<string, unknown>>;

/** What a department was waited for, at a moment. */
export interface TodoList {
  readonly unit: string;
  readonly page: { readonly items: readonly Item[]; readonly total: number };
}

/** Asked until the need that it has just claimed is on it. */
export const todoOf = (unit: string, { client }: Person, needId: string): Promise<TodoList> =>
  eventually(`${unit} to see what it has claimed`, async () => {
    const page = await client.ask<TodoList['page']>('needs', { waitingFor: 'me', sort: 'due' });
    return page.items.some((item) => item['needId'] === needId) ? { unit, page } : null;
  });

export const todoLines = ({ unit, page }: TodoList, language: Language): readonly string[] => {
  const [needs] = AGGREGATES;
  if (needs === undefined) return [];
  return [language === 'zh-CN' ? `■ ${unit}：今天要办` : `■ to do today: ${unit}`, ...linesOf(needs, page, language), ''];
};

const SATISFACTION = 'stats/satisfaction-list';
const ROWS_MAX = 1_000;

/** Asked until all of these needs are on it; the newest of them. */
export const satisfactionLines = (reader: QiyueClient, needIds: readonly string[], language: Language): Promise<readonly string[]> => {
  const question = AGGREGATES.flatMap(({ queries = [] }) => queries).find(({ path }) => path === SATISFACTION);
  const sheets = question?.sheets;
  if (sheets === undefined) throw new CliError('there is no satisfaction list');
  return eventually('the satisfaction list to hold every need of the demo', async () => {
    const answer = await reader.ask<{ readonly items: readonly Item[] }>(SATISFACTION, { limit: ROWS_MAX, year: new Date().getFullYear() });
    const items = answer.items.filter((item) => needIds.includes(String(item['needId'])));
    if (items.length < needIds.length) return null;
    return sheets({ ...answer, items } as never, language).flatMap((sheet) => sheetLines({ ...sheet, name: `■ ${sheet.name}` }));
  });
};
