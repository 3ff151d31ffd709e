import { calendarDay, line, name, namesCommunity, namesUnit, opaqueId, personal, spanEnd, spanStart, text, type Same } from '@qiyue/civic-contracts';
import { AMOUNT_FEN_MAX, type Texts } from '@qiyue/civic-domain';
import type { Do, OfReservation, PublicProjectCommandType } from '@qiyue/project-domain';
import { z } from 'zod';

const PUBLIC_WORDS = 'Public, and never erased: no names, numbers or addresses of persons in it';
const unitName = name(100);
const title = line(200).meta({ description: PUBLIC_WORDS });
const privateWords = personal(text(1000));

/**
 * The body of each public command. Strict: an unknown field is refused, so a misspelt one is never lost. Text is
 * trimmed, everything else comes out as it went in.
 */
export const projectCommandSchemas = {
  plan: z.strictObject({
    title,
    unit: namesUnit(unitName.meta({ description: 'The department that leads: the first that takes it on' })),
    community: namesCommunity(name(100)),
    contractId: opaqueId.exactOptional(),
    itemId: opaqueId.exactOptional(),
    startsOn: calendarDay.exactOptional(),
    endsOn: calendarDay.exactOptional(),
    budgetFen: z.int().min(1).max(AMOUNT_FEN_MAX).exactOptional(),
  }),
  join: z.strictObject({}),
  'add-need': z.strictObject({ needId: opaqueId }),
  'add-resource': z.strictObject({
    resourceId: opaqueId,
    quantity: z.int().min(1).max(AMOUNT_FEN_MAX).exactOptional(),
    from: spanStart.meta({ description: 'A day, or an instant' }),
    to: spanEnd.meta({ description: 'A day, which is part of it, or an instant' }),
  }),
  start: z.strictObject({}),
  milestone: z.strictObject({
    title,
    note: privateWords.exactOptional(),
    dueOn: calendarDay.meta({ description: 'By which day it is to be reached; left out: it is reached' }).exactOptional(),
  }),
  finish: z.strictObject({}),
  cancel: z.strictObject({ reason: privateWords }),
} satisfies Readonly<Record<PublicProjectCommandType, z.ZodType>>;

export const PUBLIC_PROJECT_COMMANDS = Object.keys(projectCommandSchemas) as readonly PublicProjectCommandType[];

type Wire = { readonly [T in PublicProjectCommandType]: z.infer<(typeof projectCommandSchemas)[T]> };
/** Without what processes of ours add to a public one. */
type Sent<T extends PublicProjectCommandType> = Exclude<Do<T>['data'], Pick<OfReservation, 'reservationId'>>;
type Domain = { readonly [T in PublicProjectCommandType]: Sent<T> };
/** Two-way check: bodies on the wire and commands of the domain may not drift apart. */
export const commandsMatchDomain: Same<Wire, Domain> = true;

/** What each command does, in half a sentence: for the command line's help and for the API's pages. */
export const COMMAND_SUMMARIES: Readonly<Record<PublicProjectCommandType, Texts>> = {
  plan: { 'zh-CN': '立项；契约的一项只立一个项目', en: 'plan a project; of an item of a contract there is one' },
  join: { 'zh-CN': '协助另一单位牵头的项目', en: 'help in a project that another unit leads' },
  'add-need': { 'zh-CN': '将需求列入项目办理；不得同时列入其他项目', en: 'have a need met by the project; it is in no other' },
  'add-resource': { 'zh-CN': '为项目预留资源', en: 'reserve a resource for the project' },
  start: { 'zh-CN': '启动项目，不必等到需求开工时自动启动', en: 'begin with it, before the works of a need do so by themselves' },
  milestone: { 'zh-CN': '设定某日要达到的节点，或报告已达到', en: 'name what is to be reached by a day, or say that it is reached' },
  finish: { 'zh-CN': '全部需求完工后结束项目', en: 'end it, once the works of all its needs are done' },
  cancel: { 'zh-CN': '放弃项目，写明理由；需求和资源随之放开', en: 'give it up, with a reason; needs and resources are let go' },
};
