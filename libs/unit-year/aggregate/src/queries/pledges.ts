import { CSV, csvForm, wordOf, wordSheet, type AggregateQuery, type Sheet, type WordColumn } from '@qiyue/aggregate';
import { DEED_KIND_NAMES, DEED_KINDS, type DeedKind, type Language } from '@qiyue/civic-domain';
import { PLEDGE_STATES } from '@qiyue/unit-year-contracts';
import type { PledgeState } from '@qiyue/unit-year-domain';
import { z } from 'zod';
import { whichYear } from '../unit-year.listing';
import { PLEDGE_STATE_TEXTS, UNIT_YEAR_STAGE_TEXTS } from '../unit-year.stages';
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

const PLEDGES_OF: Readonly<Record<DeedKind, string>> = { tangible: 'Works', service: 'Services' };

const pledgeColumn = (kind: DeedKind, state: PledgeState): WordColumn<PledgeRow> => {
  const { 'zh-CN': zh, en } = PLEDGE_STATE_TEXTS[state];
  return [
    `${DEED_KIND_NAMES['zh-CN'][kind]}：${zh}`,
    `${PLEDGES_OF[kind]}: ${en}`,
    10,
    (row) => row[kind][state],
    state === 'fulfilled' ? 'brief' : undefined,
  ];
};

const COLUMNS: readonly WordColumn<PledgeRow>[] = [
  ['单位', 'Unit', 20, ({ unit }) => unit, 'brief'],
  ['年度', 'Year', 8, ({ year }) => year, 'brief'],
  ['阶段', 'Stage', 14, ({ stage }, language) => wordOf(UNIT_YEAR_STAGE_TEXTS, stage, language), 'brief'],
  ...DEED_KINDS.flatMap((kind) => PLEDGE_STATES.map((state) => pledgeColumn(kind, state))),
  ['认领需求', 'Needs claimed', 10, ({ needs }) => needs.claimed, 'brief'],
  ['办结需求', 'Needs done', 10, ({ needs }) => needs.done, 'brief'],
  ['按时办结', 'Needs in time', 10, ({ needs }) => needs.inTime],
  ['满意', 'Needs satisfied', 10, ({ needs }) => needs.satisfied],
];

export const pledgesSheet = ({ rows }: Pledges, language: Language): Sheet => wordSheet({ 'zh-CN': '承诺', en: 'Pledges' }, COLUMNS, rows, language);

/** What departments promised, and what became of it. */
export const pledges: AggregateQuery<PledgesQuery, Pledges> = {
  path: 'stats/pledges',
  title: { 'zh-CN': '部门承诺及其办理', en: 'Pledges of departments' },
  summary: 'Pledges of departments by year, kind and state, and the needs that they lead',
  description:
    '`tangible` is 实事, `service` is 好事. Each pledge is counted once, in the state that it is in now; each need for its lead, in the year in which that unit claimed it.',
  parameters: pledgesQuery,
  answer: pledgesAnswer,
  forms: { [CSV]: csvForm(pledgesSheet) },
  sheets: (answer, language) => [pledgesSheet(answer, language)],
  read: async (query, ports) => ({ rows: (await scoresOf(query, ports)).map(pledgeRowOf) }),
};
