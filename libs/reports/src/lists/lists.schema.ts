import { instantShown } from '@qiyue/aggregate';
import { wholeNumber, words } from '@qiyue/civic-contracts';
import { DEED_KINDS } from '@qiyue/civic-domain';
import { NEED_STAGES } from '@qiyue/need-contracts';
import type { NeedStage } from '@qiyue/need-domain';
import { PROJECT_STAGES } from '@qiyue/project-domain';
import { RESOURCE_KINDS, RESOURCE_STATUSES } from '@qiyue/resource-domain';
import { z } from 'zod';

const text = (description: string) => z.string().meta({ description });
const maybe = (description: string) => z.string().nullable().meta({ description });
const at = (description: string) => instantShown.nullable().meta({ description });
const day = (description: string) => z.string().nullable().meta({ format: 'date', description });
const list = <S extends z.ZodType>(schema: S, description: string) => z.array(schema).readonly().meta({ description });
const fen = z.int().min(0);
const number = z.int().min(1).meta({ description: 'Its number in this list, from 1' });
const inWords = (what: string) => text(`${what}, in the reader’s language`);

const item = z.object({
  name: text('What is wanted'),
  quantity: z.number().meta({ description: 'How many' }),
  unit: text('What is counted'),
});

export const needRow = z.object({
  number,
  needId: text('Id of the need; opaque'),
  title: text('What is wrong, in a line'),
  items: list(item, 'What is wanted, with quantities'),
  kind: z.enum(DEED_KINDS).meta({ description: '`tangible` is 实事, `service` is 好事' }),
  kindName: inWords('The kind'),
  compound: maybe('Where in the community; null for those who may not see it'),
  unit: maybe('The department that claimed it'),
  helpers: list(z.string(), 'Departments that it named as helpers'),
  amountFen: fen.meta({ description: 'What its works may cost or have cost, of all rounds, in fen' }),
  stage: z.enum(NEED_STAGES as readonly [NeedStage, ...NeedStage[]]).meta({ description: 'Where it is' }),
  stageName: inWords('The stage'),
  submittedAt: instantShown.meta({ description: 'When it was submitted' }),
  claimedAt: at('When the department that leads it claimed it'),
  promisedBy: at('Until when that promised to be done'),
  doneAt: at('When the works were accepted'),
  evaluatedAt: at('When it was evaluated'),
  satisfied: z.boolean().nullable().meta({ description: 'Whether both sides are satisfied; null until it is evaluated' }),
});

export const resourceRow = z.object({
  number,
  resourceId: text('Id of the resource; opaque'),
  unit: text('Who gives it'),
  kind: z.enum(RESOURCE_KINDS).meta({ description: 'What it is' }),
  kindName: inWords('The kind'),
  name: text('What is given, in words'),
  quantity: fen.meta({ description: 'How many; money in fen' }),
  quantityUnit: text('What is counted'),
  from: at('From when it can be had; null: at once'),
  to: at('Until when; null: without end'),
  state: z.enum(RESOURCE_STATUSES).meta({ description: 'How it stands' }),
  stateName: inWords('How it stands'),
});

export const projectRow = z.object({
  number,
  projectId: text('Id of the project; opaque'),
  title: text('What is done'),
  unit: text('The department that leads it'),
  needs: list(z.object({ needId: text('Id of the need; opaque'), title: text('What is wrong, in a line') }), 'Needs that it joins'),
  budgetFen: fen.nullable().meta({ description: 'What was planned for it, in fen; null for those who may not see it' }),
  amountFen: fen.meta({ description: 'What the works of its needs may cost or have cost, in fen' }),
  state: z.enum(PROJECT_STAGES).meta({ description: 'Where it is' }),
  stateName: inWords('The state'),
  startsOn: day('The first day that was planned'),
  endsOn: day('The last day that was planned'),
  startedAt: at('When works began'),
  finishedAt: at('When it was finished'),
});

export const listsAnswer = z.object({
  community: text('The community'),
  year: z.int().meta({ description: 'The calendar year of Shanghai' }),
  madeAt: instantShown.meta({ description: 'When this was put together' }),
  needs: list(needRow, 'Needs that were submitted in the year, oldest first (需求清单)'),
  resources: list(resourceRow, 'What can be had from units that are paired by contract, or is part of its projects (资源清单)'),
  projects: list(projectRow, 'Projects of the year (项目清单)'),
});

export const listsQuery = z.strictObject({
  community: words.meta({ description: 'The community' }),
  year: wholeNumber(2000, 2199).meta({ description: 'The calendar year' }),
});

export type NeedRow = z.infer<typeof needRow>;
export type ResourceRow = z.infer<typeof resourceRow>;
export type ProjectRow = z.infer<typeof projectRow>;
export type Lists = z.infer<typeof listsAnswer>;
export type ListsQuery = z.infer<typeof listsQuery>;
