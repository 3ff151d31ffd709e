import { yearOf } from '@qiyue/civic-domain';
import { isPending, type CommandResult, type QiyueClient } from '@qiyue/client';
import { toShanghaiIso } from '@qiyue/engine';
import type { Language } from '../context';
import type { Case } from './cases';

/** In Shanghai, as budgets go. */
export const YEAR = yearOf(toShanghaiIso(Date.now()));
export const AMOUNT_FEN = 3_000_000;
/** More than is left beside the works of one need. */
export const TOO_MUCH_FEN = 5_000_000;
const SPARE_FEN = 500_000;

export interface Budget {
  readonly unit: string;
  readonly grantedFen: number | null;
  readonly reservedFen: number;
  readonly committedFen: number;
  readonly availableFen: number | null;
}
export interface Score {
  readonly unit: string;
  readonly tangible: Readonly<Record<string, number>>;
  readonly service: Readonly<Record<string, number>>;
  readonly needs: Readonly<Record<'claimed' | 'done' | 'inTime' | 'satisfied', number>>;
}

/** A unit's year as the demo found or made it. */
export interface DemoYear {
  readonly unit: string;
  readonly unitYearId: string;
  /** Spent when the demo began: it may not be the first. */
  readonly spentFen: number;
  readonly fulfilled: number;
  /** By the title of its case; none when they were made by a demo of before. */
  readonly pledges: ReadonlyMap<string, string>;
}

interface Opening {
  readonly centre: QiyueClient;
  readonly departmentOf: (unit: string) => Promise<QiyueClient>;
  readonly nextKey: () => string;
  readonly language: Language;
}

/** Opens the year of each unit, with what its cases cost and a little more, and promises them. */
export const openYears = (cases: readonly Case[], opening: Opening): Promise<readonly DemoYear[]> => {
  const units = [...new Set(cases.map(({ unit }) => unit))];
  return Promise.all(
    units.map((unit) =>
      openYear(
        unit,
        cases.filter((one) => one.unit === unit),
        opening,
      ),
    ),
  );
};

const openYear = async (unit: string, cases: readonly Case[], opening: Opening): Promise<DemoYear> => {
  const { centre, nextKey } = opening;
  const opened = standing(await centre.start('unit-years', { unit, year: YEAR }, { key: nextKey() }));
  const { budget, score } = await scoreOf(centre, unit);
  const spentFen = (budget?.committedFen ?? 0) + (budget?.reservedFen ?? 0);
  const ownFen = cases.filter(({ fundedBy }) => fundedBy === 'department').length * AMOUNT_FEN;
  const granted = { amountFen: spentFen + ownFen + SPARE_FEN, reference: REFERENCE[opening.language] };
  standing(await centre.commandOn('unit-years', opened.unitYearId, 'set-budget', granted, { key: nextKey() }));
  const pledges = opened.seq === 1 ? await promise(opened.unitYearId, unit, cases, opening) : new Map<string, string>();
  return { unit, unitYearId: opened.unitYearId, spentFen: budget?.committedFen ?? 0, fulfilled: score?.tangible['fulfilled'] ?? 0, pledges };
};

/** Two or three 实事 and a 好事, as the policy wants it, in the order of their ids. */
const promise = async (unitYearId: string, unit: string, cases: readonly Case[], opening: Opening): Promise<ReadonlyMap<string, string>> => {
  const { centre, departmentOf, nextKey, language } = opening;
  const [more, service] = MORE[language];
  const titles = cases.map(({ title }) => title).slice(0, 3);
  const tangible = titles.length < 2 ? [...titles, more] : titles;
  const department = await departmentOf(unit);
  const give = async (by: QiyueClient, command: string, body: object): Promise<void> =>
    void standing(await by.commandOn('unit-years', unitYearId, command, body, { key: nextKey() }));
  for (const title of tangible) await give(department, 'pledge', { kind: 'tangible', title });
  await give(department, 'pledge', { kind: 'service', title: service });
  await give(centre, 'publish', {});
  return new Map(titles.map((title, i) => [title, `p${i + 1}`]));
};

/** The scoreboard's rows of a unit; none when it has not seen it yet. */
export const scoreOf = async (
  reader: QiyueClient,
  unit: string,
): Promise<{ readonly budget: Budget | undefined; readonly score: Score | undefined }> => {
  const of = { unit, year: YEAR };
  const [{ rows: budgets }, { rows: scores }] = await Promise.all([
    reader.ask<{ readonly rows: readonly Budget[] }>('stats/budgets', of),
    reader.ask<{ readonly rows: readonly Score[] }>('stats/pledges', of),
  ]);
  return { budget: budgets[0], score: scores[0] };
};

const standing = (result: CommandResult): { readonly unitYearId: string; readonly seq: number } => {
  if (isPending(result)) throw new Error('the story stops: a command had no outcome in time');
  return result as unknown as { readonly unitYearId: string; readonly seq: number };
};

const REFERENCE: Readonly<Record<Language, string>> = { 'zh-CN': '年度为民办实事经费', en: 'budget for works of the year' };
const MORE: Readonly<Record<Language, readonly [tangible: string, service: string]>> = {
  'zh-CN': ['再办一件实事', '健康知识讲座'],
  en: ['one more work', 'a talk on health'],
};
