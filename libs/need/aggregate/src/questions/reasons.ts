import type { Language } from '@qiyue/civic-domain';
import { TOPICS, type RecordSums, type ResourceReason, type SimilarityReason, type UnitReason } from '@qiyue/need-views';
import { z } from 'zod';

export type Reason = SimilarityReason | UnitReason | ResourceReason;
type Of<C extends Reason['code'], R = Reason> = R extends { readonly code: infer D } ? (C extends D ? R : never) : never;
type Sayings = { readonly [C in Reason['code']]: (reason: Of<C>) => string };

const nameIn = (language: Language, code: string): string => TOPICS[code]?.name[language] ?? code;
const topicsIn = (language: Language, codes: readonly string[]): string =>
  codes.map((code) => nameIn(language, code)).join(language === 'en' ? ', ' : '、');
const KINDS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  tangible: { 'zh-CN': '实事', en: 'tangible needs' },
  service: { 'zh-CN': '好事', en: 'services' },
};

type Numbers = RecordSums;
const numbersZh = ({ claimed, done, inTime, satisfied, open }: Numbers): string =>
  `承办 ${claimed} 件，办结 ${done} 件，其中按时 ${inTime} 件、满意 ${satisfied} 件，在办 ${open} 件`;
const numbersEn = ({ claimed, done, inTime, satisfied, open }: Numbers): string =>
  `${claimed} claimed, ${done} done, of them ${inTime} in time and ${satisfied} to satisfaction; ${open} under way`;

const ZH: Sayings = {
  'same-topic': ({ topics }) => `同类事项：${topicsIn('zh-CN', topics)}`,
  'same-words': ({ words }) => `相同字词：${words.join('、')}`,
  'same-category': () => '类别相同',
  'same-compound': () => '同一小区',
  'other-compound': () => '不是同一小区',
  'same-spot': ({ words }) => `同一楼栋或巷道：${words.join('、')}`,
  'other-spot': ({ words }) => `楼栋或巷道不同：${words.join('、')}`,
  'other-works': () => '一个是新建，一个是维修',
  'other-kind': () => '一个是实事，一个是好事',
  'near-place': ({ km }) => `相距约 ${km} 公里`,
  'near-time': ({ days }) => `相隔 ${days} 天`,
  'topic-record': (reason) => `${nameIn('zh-CN', reason.name)}：${numbersZh(reason)}`,
  'category-record': (reason) => `类别“${reason.name}”：${numbersZh(reason)}`,
  'community-record': (reason) => `在${reason.name}：${numbersZh(reason)}`,
  'kind-record': (reason) => `${KINDS[reason.name]?.['zh-CN'] ?? reason.name}：${numbersZh(reason)}`,
  load: ({ open }) => `目前在办 ${open} 件`,
  'same-community': () => '面向本社区',
  'other-community': () => '面向其他社区',
  quantity: ({ offered, asked, of }) => `可提供 ${offered} ${of}，需要 ${asked} ${of}`,
  available: ({ from, to }) => `可用时间：${from ?? '即日'} 至 ${to ?? '不限'}`,
};

const EN: Sayings = {
  'same-topic': ({ topics }) => `The same sort of thing: ${topicsIn('en', topics)}`,
  'same-words': ({ words }) => `The same words: ${words.join(', ')}`,
  'same-category': () => 'The same category',
  'same-compound': () => 'The same compound',
  'other-compound': () => 'Another compound',
  'same-spot': ({ words }) => `The same building or lane: ${words.join(', ')}`,
  'other-spot': ({ words }) => `Different buildings or lanes: ${words.join(', ')}`,
  'other-works': () => 'One is for something new, the other for a repair',
  'other-kind': () => 'One is tangible, the other a service',
  'near-place': ({ km }) => `About ${km} km apart`,
  'near-time': ({ days }) => `${days} days apart`,
  'topic-record': (reason) => `${nameIn('en', reason.name)}: ${numbersEn(reason)}`,
  'category-record': (reason) => `Category ${reason.name}: ${numbersEn(reason)}`,
  'community-record': (reason) => `In ${reason.name}: ${numbersEn(reason)}`,
  'kind-record': (reason) => `${KINDS[reason.name]?.en ?? reason.name}: ${numbersEn(reason)}`,
  load: ({ open }) => `${open} needs under way now`,
  'same-community': () => 'For this community',
  'other-community': () => 'For another community',
  quantity: ({ offered, asked, of }) => `${offered} ${of} offered, ${asked} ${of} asked for`,
  available: ({ from, to }) => `Available from ${from ?? 'now'} to ${to ?? 'any time'}`,
};

const SAYINGS: Readonly<Record<Language, Sayings>> = { 'zh-CN': ZH, en: EN };
export const REASON_CODES = Object.keys(ZH) as readonly Reason['code'][];

/** The reason with a text for people beside what it was made of. */
export const told = <R extends Reason>(language: Language, reason: R): R & { readonly text: string } => ({
  ...reason,
  text: (SAYINGS[language][reason.code] as (reason: Reason) => string)(reason),
});

const words = z.array(z.string()).readonly();
const count = z.int().min(0);
const code = <C extends Reason['code']>(codes: readonly [C, ...C[]]) => ({ code: z.enum(codes), text: z.string() });

const SIMILARITY_CODES = [
  'same-topic',
  'same-words',
  'same-compound',
  'other-compound',
  'same-category',
  'other-works',
  'other-kind',
  'same-spot',
  'other-spot',
  'near-place',
  'near-time',
] as const;
const UNIT_CODES = ['topic-record', 'category-record', 'community-record', 'kind-record', 'load'] as const;
const RESOURCE_CODES = ['same-topic', 'same-words', 'same-community', 'other-community', 'quantity', 'available'] as const;
const alike = { topics: words.exactOptional(), words: words.exactOptional() };

export const similarityReason = z.object({
  ...code(SIMILARITY_CODES),
  ...alike,
  km: z.number().min(0).exactOptional(),
  days: count.exactOptional(),
});
export const unitReason = z.object({
  ...code(UNIT_CODES),
  name: z.string().exactOptional(),
  open: count,
  ...{ claimed: count.exactOptional(), done: count.exactOptional(), inTime: count.exactOptional(), satisfied: count.exactOptional() },
});
export const resourceReason = z.object({
  ...code(RESOURCE_CODES),
  ...alike,
  offered: z.number().exactOptional(),
  asked: z.number().exactOptional(),
  of: z.string().exactOptional(),
  from: z.string().nullable().exactOptional(),
  to: z.string().nullable().exactOptional(),
});
