import type { PaperDocument, PaperPart, Sheet } from '@qiyue/aggregate';
import type { Language } from '@qiyue/civic-domain';
import { column, day, money, sheetOf, tablePart, type Column, type TableWords } from '../tables';
import type { Lists, NeedRow, ProjectRow, ResourceRow } from './lists.schema';
import { LIST_TEXTS, type ListTexts } from './texts';

interface Table<R> {
  readonly name: 'needs' | 'resources' | 'projects';
  readonly head: 'needHead' | 'resourceHead' | 'projectHead';
  readonly columns: readonly Column<R, ListTexts>[];
}

const itemsIn = ({ items }: NeedRow, { between }: ListTexts): string =>
  items.map(({ name, quantity, unit }) => `${name} ${quantity} ${unit}`).join(between);

const NEEDS: Table<NeedRow> = {
  name: 'needs',
  head: 'needHead',
  columns: [
    column(6, 1.3, ({ number }) => number),
    column(30, 0, ({ needId }) => needId),
    column(36, 6, ({ title }) => title),
    column(30, 5, itemsIn),
    column(8, 1.6, ({ kindName }) => kindName),
    column(16, 3, ({ compound }) => compound),
    column(20, 3.4, ({ unit }) => unit),
    column(20, 0, ({ helpers }, { between }) => (helpers.length === 0 ? null : helpers.join(between))),
    money(({ amountFen }) => amountFen),
    column(12, 2.4, ({ stageName }) => stageName),
    day(({ submittedAt }) => submittedAt),
    day(({ claimedAt }) => claimedAt),
    day(({ promisedBy }) => promisedBy),
    day(({ doneAt }) => doneAt),
    day(({ evaluatedAt }) => evaluatedAt),
    column(10, 2, ({ satisfied }, { yes, no }) => (satisfied === null ? null : satisfied ? yes : no)),
  ],
};

/** Money is counted in yuan where people read it. */
const isMoney = ({ kind }: ResourceRow): boolean => kind === 'money';

const RESOURCES: Table<ResourceRow> = {
  name: 'resources',
  head: 'resourceHead',
  columns: [
    column(6, 1, ({ number }) => number),
    column(30, 0, ({ resourceId }) => resourceId),
    column(24, 4, ({ unit }) => unit),
    column(10, 2, ({ kindName }) => kindName),
    column(36, 7, ({ name }) => name),
    column(12, 2, (row) => (isMoney(row) ? row.quantity / 100 : row.quantity)),
    column(10, 1.6, (row, { yuan }) => (isMoney(row) ? yuan : row.quantityUnit)),
    day(({ from }) => from),
    day(({ to }) => to),
    column(18, 3, ({ stateName }) => stateName),
  ],
};

const PROJECTS: Table<ProjectRow> = {
  name: 'projects',
  head: 'projectHead',
  columns: [
    column(6, 1.2, ({ number }) => number),
    column(30, 0, ({ projectId }) => projectId),
    column(36, 6, ({ title }) => title),
    column(20, 3.4, ({ unit }) => unit),
    column(40, 7, ({ needs }, { between }) => (needs.length === 0 ? null : needs.map(({ title }) => title).join(between))),
    money(({ budgetFen }) => budgetFen),
    money(({ amountFen }) => amountFen),
    column(10, 2.2, ({ stateName }) => stateName),
    day(({ startsOn }) => startsOn),
    day(({ endsOn }) => endsOn),
    day(({ startedAt }) => startedAt),
    day(({ finishedAt }) => finishedAt),
  ],
};

const wordsOf = <R>({ name, head }: Table<R>, texts: ListTexts): TableWords => ({ name: texts[name], head: texts[head] });

/** The three lists as sheets of a workbook, in the columns that counties keep. */
export const listSheets = ({ needs, resources, projects }: Lists, language: Language): readonly Sheet[] => {
  const texts = LIST_TEXTS[language];
  const sheet = <R>(table: Table<R>, rows: readonly R[]): Sheet => sheetOf(table.columns, wordsOf(table, texts), rows, texts);
  return [sheet(NEEDS, needs), sheet(RESOURCES, resources), sheet(PROJECTS, projects)];
};

const partsOf = <R>(table: Table<R>, rows: readonly R[], texts: ListTexts, isFirst = false): readonly PaperPart[] => {
  const words = wordsOf(table, texts);
  return [
    { kind: 'heading', text: `${words.name}${texts.counted(rows.length)}`, ...(isFirst ? {} : { onNewPage: true as const }) },
    rows.length === 0 ? { kind: 'text', text: texts.none } : tablePart(table.columns, words, rows, texts),
  ];
};

/** The same to be printed, a page for each list; ids and helpers stand in the workbook alone. */
export const listsPaper = ({ community, year, needs, resources, projects }: Lists, language: Language): PaperDocument => {
  const texts = LIST_TEXTS[language];
  return {
    title: texts.title(community, year),
    orientation: 'landscape',
    parts: [...partsOf(NEEDS, needs, texts, true), ...partsOf(RESOURCES, resources, texts), ...partsOf(PROJECTS, projects, texts)],
  };
};
