import { CSV, csvOf, type AggregateQuery } from '@qiyue/aggregate';
import { DEED_KINDS, type DeedKind } from '@qiyue/civic-domain';
import { PLEDGE_STATES } from '@qiyue/unit-year-contracts';
import type { PledgeState } from '@qiyue/unit-year-domain';
import type { UnitYearView } from '@qiyue/unit-year-views';
import { z } from 'zod';
import { whichYear } from '../unit-year.listing';
import { stageShown } from '../unit-year.shown';
import { yearsOf } from './years';

const counts = z.record(z.enum(PLEDGE_STATES as readonly [PledgeState, ...PledgeState[]]), z.int().min(0));
const pledgeRow = z.object({ unit: z.string(), year: z.int(), stage: stageShown, tangible: counts, service: counts });
const pledgesAnswer = z.object({ rows: z.array(pledgeRow).readonly() });
const pledgesQuery = z.strictObject(whichYear);
export type Pledges = z.infer<typeof pledgesAnswer>;
export type PledgeRow = Pledges['rows'][number];
type PledgesQuery = z.infer<typeof pledgesQuery>;

const countOf = (pledges: UnitYearView['pledges'], kind: DeedKind): Record<PledgeState, number> => {
  const states = pledges.filter((pledge) => pledge.kind === kind).map(({ state }) => state);
  return Object.fromEntries(PLEDGE_STATES.map((state) => [state, states.filter((one) => one === state).length])) as Record<PledgeState, number>;
};

export const pledgeRowOf = ({ unit, year, stage, pledges: all }: Pick<UnitYearView, 'unit' | 'year' | 'stage' | 'pledges'>): PledgeRow => ({
  ...{ unit, year, stage },
  ...{ tangible: countOf(all, 'tangible'), service: countOf(all, 'service') },
});

const COLUMNS = DEED_KINDS.flatMap((kind) => PLEDGE_STATES.map((state) => [kind, state] as const));

export const pledgesCsv = ({ rows }: Pledges): string =>
  csvOf(
    ['unit', 'year', 'stage', ...COLUMNS.map(([kind, state]) => `${kind} ${state}`)],
    rows.map((row) => [row.unit, row.year, row.stage, ...COLUMNS.map(([kind, state]) => row[kind][state])]),
  );

/** What departments promised, and what became of it. */
export const pledges: AggregateQuery<PledgesQuery, Pledges> = {
  path: 'stats/pledges',
  summary: 'Pledges of departments by year, kind and state',
  description: '`tangible` is 实事, `service` is 好事. Each pledge is counted once, in the state that it is in now.',
  parameters: pledgesQuery,
  answer: pledgesAnswer,
  forms: { [CSV]: pledgesCsv },
  looksAtAll: true,
  read: async (query, ports) => ({ rows: (await yearsOf(query, ports, ['pledges'])).map(pledgeRowOf) }),
};
