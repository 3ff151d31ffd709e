import type { DailyNotice, DailyTold } from '@qiyue/aggregate';
import { spokenNumberOf, type Language } from '@qiyue/civic-domain';
import type { NeedView, RecordRow } from '@qiyue/need-views';
import { dateInWords, post, type Words } from '@qiyue/notices';
import { needsModel } from '../needs-model';
import { recordRowsOfUnits } from '../unit-records';

/** As many as somebody reads; the rest is on the list. */
const NAMED_MAX = 20;
/** Far more than a county has on a day. */
const NEW_MAX = 1_000;

type Offered = Pick<NeedView, 'needId' | 'title' | 'category' | 'community' | 'dueAt' | 'createdAt'>;
type Known = Pick<RecordRow, 'unit' | 'of' | 'name'>;

/** Whether a unit hears of it: it has claimed in this category or community before, or has claimed nothing yet. */
const isFor = ({ category, community }: Offered, known: readonly Known[]): boolean =>
  known.length === 0 || known.some(({ of, name }) => (of === 'category' && name === category) || (of === 'community' && name === community));

/** What each unit is told of the needs that are new since then (ISO 8601 with +08:00); those for which there is nothing are not told. Pure. */
export const newNeedsFor = (needs: readonly Offered[], units: readonly string[], records: readonly Known[], since: string): readonly DailyTold[] => {
  const all = [...new Set([...units, ...records.map(({ unit }) => unit)])].sort();
  return all.flatMap((unit) => {
    const known = records.filter((row) => row.unit === unit);
    const offered = needs.filter((need) => isFor(need, known));
    if (offered.length === 0) return [];
    const list = listOf(offered, since);
    return [{ recipient: post('department', unit), list, words: (language: Language, base: string) => wordsOf(offered, list, language, base) }];
  });
};

/** As far as one value of a filter says it: of the one category that they have, else of the one community; else of all. */
const listOf = (needs: readonly Offered[], since: string): string => {
  const only = (values: readonly (string | null)[]): string | null => (new Set(values).size === 1 ? (values[0] ?? null) : null);
  const category = only(needs.map((need) => need.category));
  const community = category === null ? only(needs.map((need) => need.community)) : null;
  const filters = {
    ...(category === null ? {} : { category }),
    ...(community === null ? {} : { community }),
    ...{ from: since.slice(0, 'YYYY-MM-DD'.length), stage: 'submitted' },
  };
  return `/v1/needs?${new URLSearchParams(filters).toString()}`;
};

const wordsOf = (needs: readonly Offered[], list: string, language: Language, base: string): Words => {
  const zh = language === 'zh-CN';
  const lines = needs.slice(0, NAMED_MAX).map(({ needId, title, community, dueAt, createdAt }, i) => {
    const facts = [
      spokenNumberOf(needId, createdAt),
      community,
      zh ? `认领期限${dateInWords(dueAt, language)}` : `to be claimed by ${dateInWords(dueAt, language)}`,
    ];
    return `${i + 1}. ${title}${zh ? `（${facts.join('，')}）` : ` (${facts.join(', ')})`}\n${base}/needs/${needId}`;
  });
  const rest = needs.length - lines.length;
  const more = rest <= 0 ? [] : [zh ? `另有 ${rest} 项，见列表。` : `${rest} more are on the list.`];
  return {
    subject: zh ? `可认领的新需求 ${needs.length} 项` : `New needs that you could claim: ${needs.length}`,
    text: [...lines, ...more, zh ? '列表：' : 'The list:', `${base}${list}`].join('\n'),
  };
};

/** Departments hear once a working day of what is new and still waits, by what they have done before. */
export const newNeeds: DailyNotice = {
  type: 'NewNeeds',
  read: async ({ from, until }, units, ports) => {
    const collection = await ports.model(needsModel).collection();
    const filter = { 'view.stage': 'submitted', 'view.createdAt': { $gte: from, $lt: until } };
    const found = await collection
      .find(filter as object)
      .sort({ 'view.createdAt': 1, _id: 1 })
      .limit(NEW_MAX)
      .toArray();
    if (found.length === 0) return [];
    return newNeedsFor(
      found.map(({ view }) => view as NeedView),
      units,
      await recordRowsOfUnits(ports),
      from,
    );
  },
};
