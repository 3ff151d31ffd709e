import { isPending, QiyueClient, type CommandResult, type HistoryEvent, type InboxEntry, type NoticeRow, type NeedView } from '@qiyue/client';
import { mintToken } from '@qiyue/stack';
import type { Language } from '../context';
import { eventually } from './eventually';
import { openGroupChats, type GroupChats } from './group-chats';
import type { Rehearsal } from './rehearsal';

/** Somebody who reads their inbox, by the name that the report gives them. */
export interface Reader {
  readonly who: ReaderName;
  readonly entries: readonly InboxEntry[];
}
export interface Slipped {
  readonly needId: string;
  readonly need: NeedView;
  readonly events: readonly HistoryEvent[];
  readonly readers: readonly Reader[];
  /** To the group chats, by their robots. */
  readonly notices: readonly NoticeRow[];
  /** Messages that arrived there: notices that wait together go as one. */
  readonly messages: number;
}

export type ReaderName = 'resident' | 'community' | 'lead' | 'otherDepartment' | 'centre' | 'supervisor';

const [COMMUNITY, LEAD, OTHER] = ['幸福社区', '住建局', '水利局'];
const LAST_LEVEL = 4;
const PAGE = 100;

const PEOPLE: Readonly<Record<ReaderName | 'operator', readonly [role: string, unit?: string]>> = {
  resident: ['resident', COMMUNITY],
  community: ['community', COMMUNITY],
  lead: ['department', LEAD],
  otherDepartment: ['department', OTHER],
  centre: ['centre'],
  supervisor: ['supervisor'],
  operator: ['operator'],
};
type Cast = Readonly<Record<keyof typeof PEOPLE, QiyueClient>>;
const READERS = Object.keys(PEOPLE).filter((who): who is ReaderName => who !== 'operator');

/** A need whose claim comes behind the last rung of the ladder, and whose works do too; then it is done and both sides are content. */
export const playSlip = async (rehearsal: Rehearsal, language: Language): Promise<Slipped> => {
  const cast = await castOf(rehearsal, language);
  const chats = await openGroupChats();
  try {
    await cast.operator.replaceDirectory({ persons: [], robots: robotsIn(chats) });
    const needId = await live(cast);
    const { events } = await cast.supervisor.history(needId);
    const need = await cast.supervisor.need(needId, { minSeq: events.at(-1)?.seq ?? 0 });
    return { needId, need, events, ...(await told(cast, needId, events)), messages: chats.messagesSaying(need.title) };
  } finally {
    await chats.close();
  }
};

const castOf = async ({ api, dataDir }: Rehearsal, language: Language): Promise<Cast> => {
  const people = Object.entries(PEOPLE).map(async ([name, [role, unit]]) => {
    const token = await mintToken({ dataDir, actor: `slip-${name}`, role, ...(unit === undefined ? {} : { unit }) });
    return [name, new QiyueClient({ baseUrl: api, token, language })] as const;
  });
  return Object.fromEntries(await Promise.all(people)) as Cast;
};

const robotsIn = ({ urlOf }: GroupChats): readonly object[] => [
  { id: 'community', kind: 'wecom', role: 'community', unit: COMMUNITY, url: urlOf('community') },
  { id: 'lead', kind: 'dingtalk', role: 'department', unit: LEAD, url: urlOf('lead'), secret: 'rehearsal' },
  { id: 'centre', kind: 'wecom', role: 'centre', unit: null, url: urlOf('centre') },
  { id: 'supervisor', kind: 'dingtalk', role: 'supervisor', unit: null, url: urlOf('supervisor'), secret: 'rehearsal' },
  { id: 'county', kind: 'wecom', role: 'county', unit: null, url: urlOf('county') },
];

const live = async ({ resident, community, lead, supervisor }: Cast): Promise<string> => {
  const items = [{ name: '扶手', quantity: 12, unit: '米' }];
  const needId = idOf(await resident.submit({ title: '三号楼楼道扶手', kind: 'tangible', items, community: COMMUNITY }));
  await lastRung(supervisor, needId, 'submitted');
  idOf(await lead.command(needId, 'claim', { unit: LEAD, plan: '现场勘查后采购安装' }));
  idOf(await lead.command(needId, 'fund', { amountFen: 860_000, source: 'department', reference: '住建2025-118' }));
  await lastRung(supervisor, needId, 'funded');
  idOf(await lead.command(needId, 'complete', { evidence: [{ kind: 'note', text: '已完工，照片存档' }] }));
  idOf(await community.command(needId, 'accept', {}));
  idOf(await resident.command(needId, 'evaluate', { side: 'resident', score: 3, satisfied: true }));
  idOf(await community.command(needId, 'evaluate', { side: 'community', score: 4, satisfied: true }));
  return needId;
};

const idOf = (result: CommandResult): string => {
  if (isPending(result)) throw new Error('the story stops: a command had no outcome in time');
  return result.needId;
};

const lastRung = (reader: QiyueClient, needId: string, stage: string): Promise<true> =>
  eventually(`the last rung of the ladder in ${stage}`, async () => {
    const { events } = await reader.history(needId);
    return events.some(({ type, data }) => type === 'Escalated' && data['stage'] === stage && data['level'] === LAST_LEVEL) ? true : null;
  });

/** Notices follow the events in their order: when the author was told of the last one, all are there. */
const told = async (cast: Cast, needId: string, events: readonly HistoryEvent[]): Promise<Pick<Slipped, 'readers' | 'notices'>> => {
  const last = events.find(({ type }) => type === 'NeedEvaluated')?.seq;
  await eventually('the last notice', async () => ((await cast.resident.inbox()).items.some(({ seq }) => seq === last) ? true : null));
  const notices = await eventually('the messages of the robots', async () => {
    const items = (await cast.operator.notices({ needId, limit: PAGE })).items.filter(({ channel }) => channel !== 'inbox');
    return items.every(({ state }) => state === 'sent') ? items : null;
  });
  const readers = await Promise.all(READERS.map(async (who) => ({ who, entries: (await cast[who].inbox({ limit: PAGE })).items })));
  return { readers, notices };
};
