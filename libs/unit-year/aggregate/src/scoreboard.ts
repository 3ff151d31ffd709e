import type { QueryPorts } from '@qiyue/aggregate';
import { DEED_KINDS, type DeedKind } from '@qiyue/civic-domain';
import { knownRulesOf } from '@qiyue/engine';
import type { KeyedModel, KeyedSource, ModelSums } from '@qiyue/engine-runtime';
import { PLEDGE_STATES, UNIT_YEAR_STAGES } from '@qiyue/unit-year-contracts';
import { unitYearDecider, type PledgeState, type UnitYearStage } from '@qiyue/unit-year-domain';
import { foldUnitYearScore, type UnitYearScore } from '@qiyue/unit-year-views';

const pledgesIn = ({ pledges }: UnitYearScore, kind: DeedKind, state: PledgeState): number =>
  Object.values(pledges).filter((pledge) => pledge.kind === kind && pledge.state === state).length;

const unitYears: KeyedSource<UnitYearScore> = {
  aggregate: unitYearDecider.aggregate,
  rules: knownRulesOf(unitYearDecider),
  fold: foldUnitYearScore,
  partsOf: (score) => {
    const { unit, year, stage, grantedFen, reservedFen, committedFen } = score;
    const pledges = DEED_KINDS.flatMap((kind) => PLEDGE_STATES.map((state) => [`${kind}-${state}`, pledgesIn(score, kind, state)] as const));
    const budget = grantedFen === null ? {} : { budgets: 1, grantedFen };
    return [{ key: { unit, year }, sums: { [stage]: 1, ...budget, reservedFen, committedFen, ...Object.fromEntries(pledges) } }];
  },
};

/**
 * Departments by year: what they promised and may spend; with the source that needs are, also what became of those that they lead. One document for each
 * unit and year.
 */
export const scoreboardModel: KeyedModel = {
  name: 'scoreboard',
  version: 3,
  indexes: [
    { 'key.year': -1, 'key.unit': 1 },
    { 'key.unit': 1, 'key.year': -1 },
  ],
  sources: [unitYears],
};

/** One line of the scoreboard. */
export interface Score {
  readonly unit: string;
  readonly year: number;
  /** Null where nobody has opened the year: the unit leads needs, and no more. */
  readonly stage: UnitYearStage | null;
  readonly sums: ModelSums;
}

/** A county has some hundred departments: this is far more than ten of its years. */
const ROWS_MAX = 10_000;

/** The newest years first, units in the order of their names. */
export const scoresOf = async (
  which: { readonly unit?: string | undefined; readonly year?: number | undefined },
  { keys }: Pick<QueryPorts, 'keys'>,
): Promise<readonly Score[]> => {
  const asked = (['unit', 'year'] as const).flatMap((name) => (which[name] === undefined ? [] : [[`key.${name}`, which[name]] as const]));
  const collection = await keys(scoreboardModel).collection();
  const found = await collection.find(Object.fromEntries(asked)).sort({ 'key.year': -1, 'key.unit': 1 }).limit(ROWS_MAX).toArray();
  return found.map(({ key, sums }) => scoreOf(key, sums));
};

export const scoreOf = ({ unit, year }: Readonly<Record<string, string | number>>, sums: ModelSums): Score => ({
  unit: String(unit),
  year: Number(year),
  stage: UNIT_YEAR_STAGES.find((stage) => sums[stage] !== undefined) ?? null,
  sums,
});
