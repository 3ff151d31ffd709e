import type { QiyueClient } from '@qiyue/client';
import type { Language } from '../context';
import { yuan } from '../show/words';
import { scoreOf, YEAR, type Budget, type DemoYear, type Score } from './years';

const LOOK_EVERY_MS = 100;
const BOUND_MS = 30_000;

export interface UnitScore {
  readonly budget: Budget;
  readonly score: Score;
}

/** What of its year a unit has come to in this demo. */
export interface Came {
  readonly year: DemoYear;
  readonly spentFen: number;
  /** Linked needs that were evaluated. */
  readonly fulfilled: number;
}

/** The scoreboard, once it has seen all that the demo did. */
export const scoreboard = (reader: QiyueClient, came: readonly Came[]): Promise<readonly UnitScore[]> =>
  Promise.all(came.map((one) => seen(reader, one)));

const seen = async (reader: QiyueClient, { year, spentFen, fulfilled }: Came): Promise<UnitScore> => {
  for (const untilMs = performance.now() + BOUND_MS; ;) {
    const { budget, score } = await scoreOf(reader, year.unit);
    const isPaid = budget?.reservedFen === 0 && budget.committedFen === year.spentFen + spentFen;
    const isFulfilled = (score?.tangible['fulfilled'] ?? 0) >= year.fulfilled + fulfilled;
    if (isPaid && isFulfilled && score !== undefined) return { budget, score };
    if (performance.now() > untilMs) throw new Error(`the story stops: the scoreboard of ${year.unit} did not come within ${BOUND_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
};

export const scoreboardLines = (scores: readonly UnitScore[], language: Language): readonly string[] => [
  language === 'zh-CN' ? `■ ${YEAR} 年度台账` : `■ Scoreboard of ${YEAR}`,
  ...scores.map(({ budget, score }) => `  ${budget.unit}  ${moneyOf(budget, language)}  ${deedsOf(score, language)}`),
  '',
];

const moneyOf = ({ grantedFen, committedFen, reservedFen, availableFen }: Budget, language: Language): string =>
  language === 'zh-CN'
    ? `预算 ¥${yuan(grantedFen ?? 0)}，支出 ¥${yuan(committedFen)}，预留 ¥${yuan(reservedFen)}，可用 ¥${yuan(availableFen ?? 0)}`
    : `granted CNY ${yuan(grantedFen ?? 0)}, spent ${yuan(committedFen)}, reserved ${yuan(reservedFen)}, available ${yuan(availableFen ?? 0)}`;

const deedsOf = ({ tangible, service, needs }: Score, language: Language): string => {
  const all = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
  const [done, doneServices] = [tangible['fulfilled'] ?? 0, service['fulfilled'] ?? 0];
  return language === 'zh-CN'
    ? `实事 ${done}/${all(tangible)}，好事 ${doneServices}/${all(service)}；需求：认领 ${needs.claimed}，办结 ${needs.done}，满意 ${needs.satisfied}`
    : `实事 ${done}/${all(tangible)}, 好事 ${doneServices}/${all(service)}; needs: ${needs.claimed} claimed, ${needs.done} done, ${needs.satisfied} satisfied`;
};
