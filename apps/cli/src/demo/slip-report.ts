import type { Language } from '../context';
import { firstKind } from '../show/entity-in';
import { timelineOf } from '../show/timeline';
import { stageWord } from './report';
import type { ReaderName, Slipped } from './slip';

type Words = Readonly<Record<Language, string>>;

const READERS: Readonly<Record<ReaderName, Words>> = {
  resident: { 'zh-CN': '提出人', en: 'author' },
  community: { 'zh-CN': '社区', en: 'community' },
  lead: { 'zh-CN': '住建局', en: 'housing department' },
  otherDepartment: { 'zh-CN': '水利局', en: 'water department' },
  centre: { 'zh-CN': '服务中心', en: 'service centre' },
  supervisor: { 'zh-CN': '督查', en: 'supervisor' },
};
const GROUPS: Readonly<Record<string, Words>> = {
  community: READERS.community,
  department: READERS.lead,
  centre: READERS.centre,
  supervisor: READERS.supervisor,
  county: { 'zh-CN': '县', en: 'county' },
};

/** What one event told whom: the names of inboxes, and of the groups whose robots were sent for. */
interface Told {
  readonly inboxes: readonly string[];
  readonly groups: readonly string[];
}

export const toldOf = ({ readers, notices }: Pick<Slipped, 'readers' | 'notices'>, seq: number, language: Language): Told => ({
  inboxes: readers.filter(({ entries }) => entries.some((entry) => entry.seq === seq)).map(({ who }) => READERS[who][language]),
  groups: notices.filter((notice) => notice.seq === seq).map(({ recipient }) => groupName(recipient, language)),
});

/** `post/<role>/<unit>` as the API names a recipient. */
const groupName = (recipient: string, language: Language): string => {
  const role = recipient.split('/')[1] ?? '';
  return GROUPS[role]?.[language] ?? role;
};

const COLON: Words = { 'zh-CN': '：', en: ': ' };
const COMMA: Words = { 'zh-CN': '、', en: ', ' };
const INBOX: Words = { 'zh-CN': '站内信', en: 'inbox' };
const GROUP: Words = { 'zh-CN': '工作群', en: 'group chat' };

const toldLine = ({ inboxes, groups }: Told, language: Language): readonly string[] => {
  const part = (name: Words, list: readonly string[]): readonly string[] =>
    list.length === 0 ? [] : [`${name[language]}${COLON[language]}${list.join(COMMA[language])}`];
  const parts = [...part(INBOX, inboxes), ...part(GROUP, groups)];
  return parts.length === 0 ? [] : [`                    ↳ ${parts.join('  ')}`];
};

/** The need's life, each event followed by whom it told. */
export const slipLines = (slipped: Slipped, language: Language): readonly string[] => {
  const { need, events } = slipped;
  const rows = timelineOf(events, language, firstKind());
  const told = events.flatMap(({ seq }, index) => [rows[index] ?? '', ...toldLine(toldOf(slipped, seq, language), language)]);
  return [`■ ${need.title}  ${need.community}  [${stageWord(need.stage, language)}]  ${need.needId}`, ...told, ''];
};

export interface SlipReport {
  readonly needId: string;
  readonly stage: string;
  readonly steps: readonly {
    readonly seq: number;
    readonly type: string;
    readonly stage: unknown;
    readonly level: number | null;
    readonly at: string;
  }[];
  readonly told: readonly ({ readonly seq: number; readonly type: string } & Told)[];
  readonly inboxNotices: number;
  readonly groupNotices: number;
  readonly groupMessages: number;
  readonly businessDays: number;
  readonly wallMs: number;
}

const STEPS = new Set(['DeadlineApproaching', 'DeadlineMissed', 'Escalated', 'WhistleBlown']);
const DAY_MS = 86_400_000;

export const slipReport = (slipped: Slipped, wallMs: number): SlipReport => {
  const { needId, need, events, readers, notices, messages } = slipped;
  const [first, last] = [events[0]?.time ?? '', events.at(-1)?.time ?? ''];
  return {
    ...{ needId, stage: need.stage },
    steps: events
      .filter(({ type }) => STEPS.has(type))
      .map(({ seq, type, data, time }) => ({
        seq,
        type,
        stage: data['stage'] ?? null,
        level: (data['level'] as number | undefined) ?? null,
        at: time,
      })),
    told: events.map(({ seq, type }) => ({ seq, type, ...toldOf(slipped, seq, 'en') })),
    inboxNotices: new Set(readers.flatMap(({ entries }) => entries.map(({ noticeId }) => noticeId))).size,
    ...{ groupNotices: notices.length, groupMessages: messages },
    businessDays: Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS),
    wallMs: Math.round(wallMs),
  };
};

export const slipClosing = (report: SlipReport, language: Language): string => {
  const { steps, inboxNotices, groupNotices, groupMessages, businessDays } = report;
  const [missed, levels] = ['DeadlineMissed', 'Escalated'].map((type) => steps.filter((step) => step.type === type).length);
  const seconds = (report.wallMs / 1000).toFixed(1);
  return language === 'zh-CN'
    ? `${businessDays} 天：逾期 ${missed} 次，升级 ${levels} 次；站内信 ${inboxNotices} 条，工作群通知 ${groupNotices} 条（合并为 ${groupMessages} 条消息）；共 ${seconds} 秒`
    : `${businessDays} days: ${missed} deadlines missed, ${levels} escalations; ${inboxNotices} inbox notices, ${groupNotices} for group chats (as ${groupMessages} messages); ${seconds} s in all`;
};
