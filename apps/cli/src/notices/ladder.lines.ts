import type { Language } from '../context';
import { dateWord, stageWord } from '../show/deadline.words';
import type { Ladder, ToldRow } from './notices.api';
import { channelWord } from './notices.lines';

type Words = Readonly<Record<Language, string>>;
type Step = Ladder['deadlines'][number]['steps'][number];

const KINDS: Readonly<Record<string, Words>> = {
  approaching: { 'zh-CN': '临期提醒', en: 'reminder' },
  missed: { 'zh-CN': '逾期', en: 'overdue' },
};
const DELIVERIES: Readonly<Record<string, Words>> = {
  sent: { 'zh-CN': '已送达', en: 'sent' },
  failed: { 'zh-CN': '未送达', en: 'failed' },
  unknown: { 'zh-CN': '是否送达不明', en: 'nobody knows whether it came' },
  waiting: { 'zh-CN': '待发', en: 'waiting' },
};
const PERSONS: Readonly<Record<string, Words>> = {
  author: { 'zh-CN': '提出人', en: 'the author' },
  follower: { 'zh-CN': '关注人', en: 'a follower' },
  person: { 'zh-CN': '个人', en: 'a person' },
};
const ROLES: Readonly<Record<string, Words>> = {
  community: { 'zh-CN': '社区', en: 'community' },
  department: { 'zh-CN': '部门', en: 'department' },
  centre: { 'zh-CN': '服务中心', en: 'the centre' },
  supervisor: { 'zh-CN': '督查', en: 'the supervisor' },
  county: { 'zh-CN': '县里', en: 'the county' },
};
const wordOf = (of: Readonly<Record<string, Words>>, name: string, language: Language): string => of[name]?.[language] ?? name;

/** Each deadline that came near or slipped, its steps below it, and below each step who was told, on which way, when, and whether they read it; last, in which zone the times are. */
export const ladderLines = ({ deadlines }: Ladder, language: Language): readonly string[] => {
  const zh = language === 'zh-CN';
  if (deadlines.length === 0) return [zh ? '没有临期或逾期的期限' : 'no deadline has come near or slipped'];
  return [
    ...deadlines.flatMap(({ stage, dueAt, steps }) => [
      zh ? `${stageWord(stage, language)}期限 ${dateWord(dueAt, zh)}` : `${stageWord(stage, language)}, due ${dateWord(dueAt, zh)}`,
      ...steps.flatMap((step) => stepLines(step, language)),
    ]),
    zh ? '时间均为北京时间' : 'all times are Beijing time',
  ];
};

const stepLines = (step: Step, language: Language): readonly string[] => {
  const zh = language === 'zh-CN';
  const told = step.told.map((one) => `      ${toldWords(one, language)}`);
  return [
    `  ${dateWord(step.firedAt, zh)}  ${stepWord(step, language)}`,
    ...(told.length === 0 ? [zh ? '      没有告知任何人' : '      nobody was told'] : told),
  ];
};

const stepWord = ({ kind, level, name }: Step, language: Language): string => {
  if (kind !== 'escalated') return wordOf(KINDS, kind, language);
  return language === 'zh-CN' ? `${name}（第${level}级）` : `escalated to ${name}, level ${level}`;
};

const toldWords = ({ to, channel, delivery, toldAt, readAt }: ToldRow, language: Language): string => {
  const zh = language === 'zh-CN';
  const when = toldAt === null ? '' : ` ${dateWord(toldAt, zh)}`;
  const sent = `${channelWord(channel, language)} ${wordOf(DELIVERIES, delivery, language)}${when}`;
  const isInInbox = channel === 'inbox' && delivery === 'sent';
  const unread = zh ? '未读' : 'not read';
  const read = readAt === null ? unread : `${zh ? '已读' : 'read'} ${dateWord(readAt, zh)}`;
  return [whom(to, language), sent, ...(isInInbox ? [read] : [])].join(zh ? '，' : ', ');
};

const whom = ({ as, role, unit, id }: ToldRow['to'], language: Language): string => {
  const zh = language === 'zh-CN';
  if (as !== 'post') return `${wordOf(PERSONS, as, language)}${id === null ? '' : zh ? `（${id}）` : ` (${id})`}`;
  const post = wordOf(ROLES, role ?? '', language);
  if (unit !== null) return unit;
  return role === 'department' ? (zh ? '各部门' : 'all departments') : post;
};
