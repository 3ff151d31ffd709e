import { line, listOf, name, namesCommunity, opaqueId, personal, spanEnd, spanStart, text, type Same } from '@qiyue/civic-contracts';
import { AMOUNT_FEN_MAX, type Texts } from '@qiyue/civic-domain';
import { RESOURCE_KINDS, type PublicResourceCommand, type PublicResourceCommandType } from '@qiyue/resource-domain';
import { z } from 'zod';

const PUBLIC_WORDS = 'Public, and never erased: no names, numbers or addresses of persons in it';
const SKILLS_MAX = 20;

const fields = {
  name: line(200).meta({ description: PUBLIC_WORDS }),
  quantity: z.int().min(1).max(AMOUNT_FEN_MAX).meta({ description: 'Whole, of `unit`; money in fen. Left out: 1' }),
  unit: line(20).meta({ description: 'What is counted, as in the items of a need: 台, 人, 袋; left out with money' }),
  from: spanStart.meta({ description: 'From when on it can be had: a day, or an instant' }),
  to: spanEnd.meta({ description: 'Until when it can be had: a day, which is part of it, or an instant' }),
  community: namesCommunity(name(100).meta({ description: 'Where it can be had; left out: in the whole county' })),
  compound: line(100).meta({ description: PUBLIC_WORDS }),
  conditions: text(1000).meta({ description: PUBLIC_WORDS }),
  skills: listOf(line(50), { min: 1, max: SKILLS_MAX }).meta({ description: PUBLIC_WORDS }),
  contact: personal(line(100)),
};
const optional = {
  quantity: fields.quantity.exactOptional(),
  unit: fields.unit.exactOptional(),
  from: fields.from.exactOptional(),
  to: fields.to.exactOptional(),
  community: fields.community.exactOptional(),
  compound: fields.compound.exactOptional(),
  conditions: fields.conditions.exactOptional(),
  skills: fields.skills.exactOptional(),
  contact: fields.contact.exactOptional(),
};
const reason = personal(text(1000));

/**
 * The body of each public command. Strict: an unknown field is refused, so a misspelt one is never lost. Text is
 * trimmed and days become instants, everything else comes out as it went in.
 */
export const resourceCommandSchemas = {
  offer: z.strictObject({ kind: z.enum(RESOURCE_KINDS), name: fields.name, ...optional }),
  /** Without any field it passes here and is refused by the rules (`nothing-to-change`). */
  change: z.strictObject({ name: fields.name.exactOptional(), ...optional }),
  withdraw: z.strictObject({ reason }),
  reserve: z.strictObject({
    quantity: fields.quantity.exactOptional(),
    from: spanStart.meta({ description: 'A day, or an instant' }),
    to: spanEnd.meta({ description: 'A day, which is part of it, or an instant' }),
    projectId: opaqueId.exactOptional(),
    needId: opaqueId.exactOptional(),
  }),
  use: z.strictObject({
    reservationId: opaqueId,
    quantity: z.int().min(0).max(AMOUNT_FEN_MAX).meta({ description: 'How much was used of what is used up; left out: all of it' }).exactOptional(),
  }),
  free: z.strictObject({ reservationId: opaqueId, reason: reason.exactOptional() }),
} satisfies Readonly<Record<PublicResourceCommandType, z.ZodType>>;

export const PUBLIC_RESOURCE_COMMANDS = Object.keys(resourceCommandSchemas) as readonly PublicResourceCommandType[];

type Wire = { readonly [T in PublicResourceCommandType]: z.infer<(typeof resourceCommandSchemas)[T]> };
type Domain = { readonly [T in PublicResourceCommandType]: Extract<PublicResourceCommand, { type: T }>['data'] };
/** Two-way check: bodies on the wire and commands of the domain may not drift apart. */
export const commandsMatchDomain: Same<Wire, Domain> = true;

/** What each command does, in half a sentence: for the command line's help and for the API's pages. */
export const COMMAND_SUMMARIES: Readonly<Record<PublicResourceCommandType, Texts>> = {
  offer: { 'zh-CN': '登记本单位或社区可提供的资源', en: 'offer what your unit or community can give' },
  change: { 'zh-CN': '修改登记的资源；不得少于已许诺的', en: 'change an offer; never to less than is promised of it' },
  withdraw: { 'zh-CN': '不再接受新的预约，写明理由', en: 'promise nothing new of it, with a reason' },
  reserve: { 'zh-CN': '预约一段时间的若干数量；不超过现有的', en: 'have some of it for a time; never more than there is' },
  use: { 'zh-CN': '报告预约的已经使用', en: 'say that what was reserved was used' },
  free: { 'zh-CN': '退回预约', en: 'give back what was reserved' },
};
