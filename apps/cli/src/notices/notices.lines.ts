import type { Language } from '../context';
import { eventWord } from '../show/words';
import { entityIn } from '../show/entity-in';
import { pad, width } from '../show/timeline';
import type { DirectoryDocument, NoticePage, NoticeRow, Person, Place, Robot } from './notices.api';

type Words = Readonly<Record<Language, string>>;

const STATES: Readonly<Record<string, Words>> = {
  waiting: { 'zh-CN': '待发', en: 'waiting' },
  claimed: { 'zh-CN': '发送中', en: 'being sent' },
  sent: { 'zh-CN': '已发', en: 'sent' },
  refused: { 'zh-CN': '被拒', en: 'refused' },
  hanging: { 'zh-CN': '悬而未决', en: 'hanging' },
};
const CHANNELS: Readonly<Record<string, Words>> = {
  email: { 'zh-CN': '邮件', en: 'e-mail' },
  sms: { 'zh-CN': '短信', en: 'SMS' },
  wecom: { 'zh-CN': '企业微信', en: 'WeCom' },
  dingtalk: { 'zh-CN': '钉钉', en: 'DingTalk' },
  inbox: { 'zh-CN': '站内信', en: 'inbox' },
};

export const stateWord = (state: string, language: Language): string => STATES[state]?.[language] ?? state;
export const channelWord = (channel: string, language: Language): string => CHANNELS[channel]?.[language] ?? channel;

/** Why one was not sent, as we say it ourselves; what a mail server or a gateway says stays as it is. */
const REASONS: Readonly<Record<string, string>> = {
  'the channel is off': '该方式未启用',
  'the directory does not answer': '通讯录没有应答',
  'not in the directory': '通讯录中没有',
  'the budget cannot be read': '短信额度无法读取',
  'over the budget of short messages': '超出短信额度',
  'the channel failed': '该方式发生故障',
  'private-host': '地址在内网',
  'address of the robot: private-host': '机器人地址在内网',
  'address of the robot: not-a-url': '机器人地址不是网址',
  'address of the robot: not-https': '机器人地址不是 https',
  'address of the robot: has-credentials': '机器人地址含有用户名或密码',
};
const reasonWord = (reason: string, language: Language): string => (language === 'zh-CN' ? (REASONS[reason] ?? reason) : reason);

/** How far notices have come, a line each; the id comes last, to be copied into `retry`. */
export const noticeLines = ({ items, nextCursor }: NoticePage, language: Language): readonly string[] => {
  const zh = language === 'zh-CN';
  if (items.length === 0) return [zh ? '没有这样的通知' : 'no such notices'];
  const more = zh ? `还有更多：加 --cursor ${nextCursor}` : `more of them: add --cursor ${nextCursor}`;
  return [...columns(items.map((row) => noticeCells(row, language))), ...(nextCursor === null ? [] : [more])];
};

const noticeCells = ({ state, channel, type, seq, reason, noticeId, ...row }: NoticeRow, language: Language): readonly string[] => {
  const about = entityIn(row);
  return [
    stateWord(state, language),
    channelWord(channel, language),
    eventWord(type, language, about?.aggregate ?? {}),
    `${about?.id ?? ''} seq ${seq}`.trim(),
    reasonWord(reason ?? '', language),
    noticeId,
  ];
};

/** Who can be reached how, and what places are called. Addresses and numbers are not shown: those who look only need to know that they are there. */
export const directoryLines = (directory: DirectoryDocument, language: Language): readonly string[] => {
  const { persons, robots, communities = [], units = [] } = directory;
  return [
    countLine(directory, language),
    ...columns([...persons.map((person) => personCells(person, language)), ...robots.map((robot) => robotCells(robot, language))]),
    ...columns([...communities, ...units].map(placeCells)),
  ];
};

const placeCells = ({ name, shortNames = [], compounds = [] }: Place): readonly string[] => [
  name,
  shortNames.join(' '),
  compounds.map((compound) => compound.name).join(' '),
];

/** How many there are of each; of places only where there are some. */
export const countLine = ({ persons, robots, communities = [], units = [] }: DirectoryDocument, language: Language): string => {
  const zh = language === 'zh-CN';
  const counts: readonly (readonly [zh: string, en: string, count: number])[] = [
    ['人员', 'persons', persons.length],
    ['机器人', 'robots', robots.length],
    ...([
      ['社区', 'communities', communities.length],
      ['小区', 'compounds', communities.reduce((sum, { compounds = [] }) => sum + compounds.length, 0)],
      ['单位', 'units', units.length],
    ].filter(([, , count]) => count !== 0) as [string, string, number][]),
  ];
  return counts.map(([inChinese, inEnglish, count]) => `${zh ? inChinese : inEnglish} ${count}`).join(zh ? '，' : ', ');
};

const personCells = ({ id, role, unit, email, phone }: Person, language: Language): readonly string[] => {
  const reach = [...(email === undefined ? [] : ['email']), ...(phone === undefined ? [] : ['sms'])];
  return [id, role, unit ?? '–', reach.map((channel) => channelWord(channel, language)).join(' ') || '–'];
};

const robotCells = ({ id, role, unit, kind }: Robot, language: Language): readonly string[] => [
  id,
  role ?? '–',
  unit ?? '–',
  channelWord(kind, language),
];

const columns = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))));
  return rows.map((row) => `  ${row.map((text, column) => pad(text, widths[column] ?? 0)).join('  ')}`.trimEnd());
};
