import { NOTHING_PRINTED, printedHundredths, type PaperDocument, type PaperPart, type Sheet, type SheetCell } from '@qiyue/aggregate';
import type { Language } from '@qiyue/civic-domain';
import type { Lists, NeedRow, ProjectRow, ResourceRow } from './lists.schema';
import { LIST_TEXTS, type ListTexts } from './texts';

/** One column of a list: how wide it is, on a sheet in letters, on paper beside the others; 0: not printed. `fen` is shown as yuan. */
interface Column<R> {
  readonly width: number;
  readonly printed: number;
  readonly cell: (row: R, texts: ListTexts) => SheetCell;
  readonly isFen?: true;
}
interface Table<R> {
  readonly name: 'needs' | 'resources' | 'projects';
  readonly head: 'needHead' | 'resourceHead' | 'projectHead';
  readonly columns: readonly Column<R>[];
}

const column = <R>(width: number, printed: number, cell: Column<R>['cell']): Column<R> => ({ width, printed, cell });
const money = <R>(fenOf: (row: R) => number | null): Column<R> => ({ width: 14, printed: 3, cell: fenOf, isFen: true });
const dayOf = (at: string | null): string | null => at?.slice(0, 10) ?? null;
const day = <R>(of: (row: R) => string | null): Column<R> => column(12, 2.8, (row) => dayOf(of(row)));

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

const MONEY_FORMAT = '#,##0.00';

const sheetOf = <R>({ name, head, columns }: Table<R>, rows: readonly R[], texts: ListTexts): Sheet => ({
  name: texts[name],
  columns: columns.map(({ width, isFen }, i) => ({ heading: texts[head][i] ?? '', width, ...(isFen === true ? { format: MONEY_FORMAT } : {}) })),
  rows: rows.map((row) => columns.map((one) => sheetCellOf(one, one.cell(row, texts)))),
});
const sheetCellOf = ({ isFen }: Pick<Column<never>, 'isFen'>, cell: SheetCell): SheetCell =>
  isFen === true && typeof cell === 'number' ? cell / 100 : cell;

/** The three lists as sheets of a workbook, in the columns that counties keep. */
export const listSheets = ({ needs, resources, projects }: Lists, language: Language): readonly Sheet[] => {
  const texts = LIST_TEXTS[language];
  return [sheetOf(NEEDS, needs, texts), sheetOf(RESOURCES, resources, texts), sheetOf(PROJECTS, projects, texts)];
};

const partsOf = <R>({ name, head, columns }: Table<R>, rows: readonly R[], texts: ListTexts, isFirst = false): readonly PaperPart[] => {
  const printed = columns.flatMap((one, i) => (one.printed === 0 ? [] : [{ ...one, heading: texts[head][i] ?? '' }]));
  const heading = `${texts[name]}${texts.counted(rows.length)}`;
  return [
    { kind: 'heading', text: heading, ...(isFirst ? {} : { onNewPage: true as const }) },
    rows.length === 0
      ? { kind: 'text', text: texts.none }
      : {
          kind: 'table',
          small: true,
          head: printed.map((one) => one.heading),
          widths: printed.map((one) => one.printed),
          rows: rows.map((row) => printed.map((one) => printedCell(one, one.cell(row, texts)))),
        },
  ];
};
const printedCell = ({ isFen }: Pick<Column<never>, 'isFen'>, cell: SheetCell): string => {
  if (cell === null) return NOTHING_PRINTED;
  return isFen === true && typeof cell === 'number' ? printedHundredths(cell) : String(cell);
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
