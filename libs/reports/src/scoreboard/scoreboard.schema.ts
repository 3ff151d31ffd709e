import { rule, wholeNumber, words } from '@qiyue/civic-contracts';
import { countsShown, moneyShown, stageShown } from '@qiyue/unit-year';
import { z } from 'zod';

const count = z.int().min(0);
const said = (description: string) => count.meta({ description });
const fen = (description: string) =>
  z
    .int()
    .min(0)
    .meta({ description: `${description}, in fen` });
const place = (description: string) => z.string().meta({ description });
const year = z.int().meta({ description: 'The calendar year of Shanghai' });

const led = {
  claimed: said('Led by the unit, claimed by it in that year'),
  done: said('Of these, accepted and not reopened since'),
  inTime: said('Of these, claimed, funded and done each within its deadline'),
  satisfied: said('Evaluated, and both sides are satisfied'),
};
const asked = {
  submitted: said('Submitted in that year'),
  claimed: said('Of these, a unit leads it'),
  done: said('Accepted, and not reopened since'),
  evaluated: said('Evaluated, or closed without an evaluation, and not reopened since'),
  inTime: said('Done, and claimed, funded and done each within its deadline'),
  satisfied: said('Evaluated, and both sides are satisfied'),
};
export const LED = Object.keys(led) as readonly (keyof typeof led)[];
export const ASKED = Object.keys(asked) as readonly (keyof typeof asked)[];

const byKind = <S extends z.ZodRawShape>(counts: S) => ({
  ...counts,
  tangible: z.object(counts).meta({ description: '实事 among them' }),
  service: z.object(counts).meta({ description: '好事 among them' }),
});

const common = {
  contracts: z
    .object({
      signed: said('For that year, signed by both sides'),
      items: said('Items in them'),
      itemsDone: said('Of these, finished'),
    })
    .meta({ description: 'Contracts between unit and community' }),
  projects: z
    .object({ planned: said('Of that year, whatever became of them'), finished: said('Finished'), cancelled: said('Cancelled') })
    .meta({ description: 'Projects; of a unit those that it leads' }),
};

export const unitRow = z.object({
  ...{ unit: place('The department'), year },
  stage: stageShown.nullable().meta({ description: 'Of its year; null where nobody has opened it' }),
  ...{
    tangible: countsShown.meta({ description: 'Pledges of 实事, by state' }),
    service: countsShown.meta({ description: 'Pledges of 好事, by state' }),
  },
  needs: z.object(byKind(led)).meta({ description: 'Needs that it leads' }),
  whistles: z
    .object({ called: said('Times that a whistle blown in that year named it'), answered: said('Of these, it reported in or claimed') })
    .meta({ description: 'Calls to it by name (吹哨)' }),
  ...common,
  money: z.object(moneyShown).nullable().meta({ description: 'In fen; null for those who may not see it, and where nobody has opened the year' }),
});

export const communityRow = z.object({
  ...{ community: place('The community'), year },
  needs: z.object(byKind(asked)).meta({ description: 'Its needs, each in the year in which it was submitted' }),
  whistles: z
    .object({ blown: said('Whistles that named units'), answered: said('Of these, a called unit reported in or claimed before the next') })
    .meta({ description: 'Whistles blown for these needs (吹哨)' }),
  ...common,
  resourcesUsed: said('Reservations of resources that were used in its projects'),
  spentFen: fen('What works for these needs that were accepted have cost, whoever paid'),
});

export const scoreboardAnswer = z.discriminatedUnion('of', [
  z.object({ of: z.literal('unit').meta({ description: 'Rows are of units' }), rows: z.array(unitRow).readonly() }),
  z.object({ of: z.literal('community').meta({ description: 'Rows are of communities' }), rows: z.array(communityRow).readonly() }),
]);

const SIDES = ['unit', 'community'] as const;
export const scoreboardQuery = z
  .strictObject({
    year: wholeNumber(2000, 2199).optional().meta({ description: 'The calendar year' }),
    unit: words.optional().meta({ description: 'One department alone' }),
    community: words.optional().meta({ description: 'One community alone' }),
    of: z.enum(SIDES).optional().meta({ description: 'Whose rows; left out: of communities where one is named, else of units' }),
  })
  .refine(
    ({ unit, community, of }) =>
      (unit === undefined || (community === undefined && of !== 'community')) && (community === undefined || of !== 'unit'),
    { ...rule('rows-of-one-side'), path: ['of'] },
  );

export type UnitRow = z.infer<typeof unitRow>;
export type CommunityRow = z.infer<typeof communityRow>;
export type Scoreboard = z.infer<typeof scoreboardAnswer>;
export type ScoreboardQuery = z.infer<typeof scoreboardQuery>;
