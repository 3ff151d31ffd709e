import { instantShown } from '@qiyue/aggregate';
import { pageCursor, wholeNumber } from '@qiyue/civic-contracts';
import { DEED_KINDS } from '@qiyue/civic-domain';
import { figureFilters } from '@qiyue/need';
import { z } from 'zod';

/** What a whole year of a county has; an answer is one table on paper and one sheet. */
const ROWS_MAX = 5_000;
const ROWS = 1_000;

const text = (description: string) => z.string().meta({ description });
const count = (description: string) => z.int().min(0).meta({ description });
const at = (description: string) => instantShown.nullable().meta({ description });
const list = <S extends z.ZodType>(schema: S, description: string) => z.array(schema).readonly().meta({ description });
const score = (side: string) =>
  z
    .int()
    .min(1)
    .max(5)
    .nullable()
    .meta({ description: `What the ${side} gave, 1 to 5; null where it said nothing` });
const content = (side: string) =>
  z
    .boolean()
    .nullable()
    .meta({ description: `Whether the ${side} is satisfied; null where it said nothing` });

const days = z.object({
  calendar: count('Days from the date on which it began to that on which it ended'),
  working: z.int().min(0).nullable().meta({ description: 'Working days among them, by the calendar as it is now; null where that does not reach' }),
});
const spent = (description: string) => days.nullable().meta({ description: `${description}, of all rounds; null where there was none` });

const item = z.object({ name: text('What was wanted'), quantity: z.number().meta({ description: 'How many' }), unit: text('What is counted') });

export const PHASES = ['claim', 'fund', 'works', 'evaluate', 'whole'] as const;

export const satisfactionRow = z.object({
  number: text('The number that people say, as `240701-7K3M9P-N`'),
  needId: text('Id of the need; opaque'),
  title: text('What was wrong, in a line'),
  items: list(item, 'What was asked for, with quantities'),
  kind: z.enum(DEED_KINDS).meta({ description: '`tangible` is 实事, `service` is 好事' }),
  kindName: text('The kind, in the reader’s language'),
  category: z.string().nullable().meta({ description: 'What sort of need it was; null where nobody said' }),
  community: text('The community that it is of'),
  askedBy: text('What those are that asked, as their role is called; nobody by name'),
  askedByName: text('The same in the reader’s language'),
  unit: text('The department that led it'),
  helpers: list(z.string(), 'Departments that it named as helpers'),
  submittedAt: instantShown.meta({ description: 'When it was submitted' }),
  doneAt: at('When the works were accepted'),
  evaluatedAt: instantShown.meta({ description: 'When its evaluation ended' }),
  days: z
    .object({
      claim: spent('On the list'),
      fund: spent('From the claim to the funding'),
      works: spent('From the funding to the acceptance'),
      evaluate: spent('From the acceptance to the end of the evaluation'),
      whole: spent('From the submission to the last acceptance'),
    })
    .meta({ description: 'How long it took' }),
  residentScore: score('side of those who asked'),
  residentSatisfied: content('side of those who asked'),
  communityScore: score('community'),
  communitySatisfied: content('community'),
  satisfied: z.boolean().nullable().meta({ description: 'Whether both sides are; null where one of them said nothing' }),
  reopened: count('How often it was opened again before'),
  amountFen: count('What its works may cost or have cost, of all rounds, in fen'),
});

export const satisfactionAnswer = z.object({
  madeAt: instantShown.meta({ description: 'When this was put together' }),
  total: count('How many there are on all pages'),
  items: list(satisfactionRow, 'Evaluated needs, those that were evaluated first in front (满意清单)'),
  nextCursor: z.string().nullable().meta({ description: 'Names the next page; null on the last' }),
});

export const satisfactionQuery = z.strictObject({
  ...figureFilters,
  limit: wholeNumber(1, ROWS_MAX)
    .default(ROWS)
    .meta({ description: `Rows on a page, on paper and on a sheet too: at most ${ROWS_MAX}` }),
  cursor: pageCursor.optional(),
});

export type SatisfactionRow = z.infer<typeof satisfactionRow>;
export type SatisfactionList = z.infer<typeof satisfactionAnswer>;
export type SatisfactionQuery = z.infer<typeof satisfactionQuery>;
