import { CSV, csvOf, type AggregateQuery } from '@qiyue/aggregate';
import { DEED_KINDS, type DeedKind } from '@qiyue/civic-domain';
import { PLEDGE_STATES } from '@qiyue/unit-year-contracts';
import type { PledgeState } from '@qiyue/unit-year-domain';
import { z } from 'zod';
import { whichYear } from '../unit-year.listing';
import { stageShown } from '../unit-year.shown';
import { scoresOf, type Score } from '../scoreboard';

const count = z.int().min(0);
/** Pledges by state. */
export const countsShown = z.record(z.enum(PLEDGE_STATES as readonly [PledgeState, ...PledgeState[]]), count);
const needs = z.object({
  claimed: count.meta({ description: 'Led by the unit, claimed in that year' }),
  done: count.meta({ description: 'Of these, accepted and not reopened since' }),
  inTime: count.meta({ description: 'Of these, claimed, funded and done each within its deadline' }),
  satisfied: count.meta({ description: 'Evaluated, and both sides are satisfied' }),
});
const pledgeRow = z.object({
  ...{ unit: z.string(), year: z.int() },
  stage: stageShown.nullable().meta({ description: 'Null where nobody has opened the year: the unit leads needs, and no more' }),
  ...{ tangible: countsShown, service: countsShown, needs },
});
const pledgesAnswer = z.object({ rows: z.array(pledgeRow).readonly() });
const pledgesQuery = z.strictObject(whichYear);
export type Pledges = z.infer<typeof pledgesAnswer>;
export type PledgeRow = Pledges['rows'][number];
type PledgesQuery = z.infer<typeof pledgesQuery>;

const countsOf = ({ sums }: Score, kind: DeedKind): Record<PledgeState, number> =>
  Object.fromEntries(PLEDGE_STATES.map((state) => [state, sums[`${kind}-${state}`] ?? 0])) as Record<PledgeState, number>;

export const pledgeRowOf = (score: Score): PledgeRow => {
  const { unit, year, stage, sums } = score;
  const { claimed = 0, done = 0, inTime = 0, satisfied = 0 } = sums;
  return {
    ...{ unit, year, stage },
    ...{ tangible: countsOf(score, 'tangible'), service: countsOf(score, 'service') },
    needs: { claimed, done, inTime, satisfied },
  };
};

const NEEDS = ['claimed', 'done', 'inTime', 'satisfied'] as const satisfies readonly (keyof PledgeRow['needs'])[];
const COLUMNS = DEED_KINDS.flatMap((kind) => PLEDGE_STATES.map((state) => [kind, state] as const));

export const pledgesCsv = ({ rows }: Pledges): string =>
  csvOf(
    ['unit', 'year', 'stage', ...COLUMNS.map(([kind, state]) => `${kind} ${state}`), ...NEEDS.map((name) => `needs ${name}`)],
    rows.map((row) => [row.unit, row.year, row.stage, ...COLUMNS.map(([kind, state]) => row[kind][state]), ...NEEDS.map((name) => row.needs[name])]),
  );

/** What departments promised, and what became of it. */
export const pledges: AggregateQuery<PledgesQuery, Pledges> = {
  path: 'stats/pledges',
  summary: 'Pledges of departments by year, kind and state, and the needs that they lead',
  description:
    '`tangible` is 实事, `service` is 好事. Each pledge is counted once, in the state that it is in now; each need for its lead, in the year in which that unit claimed it.',
  parameters: pledgesQuery,
  answer: pledgesAnswer,
  forms: { [CSV]: pledgesCsv },
  read: async (query, ports) => ({ rows: (await scoresOf(query, ports)).map(pledgeRowOf) }),
};
