import type { NeedView } from '../need-view';
import { MATCHING } from './matching.weights';
import type { ComparedNeed } from './similarity';
import { SIMILARITY, SUGGESTED_MAX } from './similarity.weights';
import { weightedTopics, type Weighted } from './text-features';
import { rowsBy, type RecordOf, type RecordRow, type RecordSums } from './unit-record.fold';

/** The need that somebody is looked for, as its reader may see it. */
export type MatchedNeed = ComparedNeed & Pick<NeedView, 'community'>;

/** What of a department's record speaks for it: `name` is the topic's code, the category, the community or the kind; nothing of it for `load`. */
export type UnitReason =
  | ({ readonly code: 'topic-record' | 'category-record' | 'community-record' | 'kind-record'; readonly name: string } & RecordSums)
  | { readonly code: 'load'; readonly open: number };

export interface UnitMatch {
  readonly unit: string;
  /** 0 to 1, in hundredths: by it they are ordered, and no more. */
  readonly score: number;
  readonly reasons: readonly UnitReason[];
}

/** The lines of records that a need asks for. */
export const wantedRows = (need: MatchedNeed): readonly { readonly of: RecordOf; readonly names: readonly string[] }[] => [
  { of: 'topic', names: [...topicsOf(need).keys()] },
  { of: 'category', names: need.category === null ? [] : [need.category] },
  { of: 'community', names: [need.community] },
  { of: 'kind', names: [need.kind] },
  { of: 'all', names: [''] },
];

/** Departments by what they have done of the same, the best first; none without any record of it. Pure: rows in, matches out, in an order of its own. */
export const matchedUnits = (need: MatchedNeed, rows: readonly RecordRow[], most = SUGGESTED_MAX): readonly UnitMatch[] => {
  const topics = topicsOf(need);
  const wanted = new Set(wantedRows(need).flatMap(({ of, names }) => names.map((name) => keyOf({ of, name }))));
  const asked = rows.filter((row) => wanted.has(keyOf(row)));
  const totals = totalsOf(asked);
  return [...rowsBy(asked, ({ unit }) => unit)]
    .map(([unit, own]) => matchOf(unit, own, { topics, totals }))
    .filter(({ score, reasons }) => score >= MATCHING.floor && reasons.some(({ code }) => code !== 'kind-record' && code !== 'load'))
    .sort((a, b) => b.score - a.score || (a.unit < b.unit ? -1 : 1))
    .slice(0, most);
};

const topicsOf = ({ title, items, description }: MatchedNeed): Weighted =>
  weightedTopics([
    { text: [title, ...items.map(({ name }) => name)].join(' '), weight: SIMILARITY.fields.title },
    { text: description, weight: SIMILARITY.fields.description },
  ]);

const keyOf = ({ of, name }: Pick<RecordRow, 'of' | 'name'>): string => `${of} ${name}`;

/** How much all departments claimed of each. */
const totalsOf = (rows: readonly RecordRow[]): ReadonlyMap<string, number> => {
  const totals = new Map<string, number>();
  for (const row of rows) totals.set(keyOf(row), (totals.get(keyOf(row)) ?? 0) + row.claimed);
  return totals;
};

interface Asked {
  readonly topics: Weighted;
  readonly totals: ReadonlyMap<string, number>;
}

const matchOf = (unit: string, rows: readonly RecordRow[], asked: Asked): UnitMatch => {
  const speaking = rows.filter(({ of }) => of !== 'all');
  const fit = 1 - speaking.map((row) => 1 - partOf(row, asked)).reduce((left, part) => left * part, 1);
  const all = rows.find(({ of }) => of === 'all');
  const open = all?.open ?? 0;
  const score = fit * qualityOf(speaking) * (MATCHING.halfAtOpen / (MATCHING.halfAtOpen + open));
  return { unit, score: Math.round(score * 100) / 100, reasons: [...speaking.map(reasonOf).sort(byCode), { code: 'load', open }] };
};

/** How far one line speaks for the department: its share of what everybody claimed of the same. */
const partOf = (row: RecordRow, { topics, totals }: Asked): number => {
  if (row.of === 'all') return 0;
  const share = row.claimed / ((totals.get(keyOf(row)) ?? 0) + MATCHING.doubt);
  return MATCHING.shares[row.of] * share * (row.of === 'topic' ? (topics.get(row.name) ?? 0) : 1);
};

/** In time and satisfied, of what was done; who has done nothing yet is taken to be half good. */
const qualityOf = (rows: readonly RecordRow[]): number => {
  const done = rows.reduce((sum, row) => sum + row.done, 0);
  const good = rows.reduce((sum, row) => sum + row.inTime + row.satisfied, 0);
  return MATCHING.qualityFloor + (1 - MATCHING.qualityFloor) * ((good + 1) / (2 * done + 2));
};

const CODES = { topic: 'topic-record', category: 'category-record', community: 'community-record', kind: 'kind-record' } as const;
const ORDER: readonly string[] = Object.values(CODES);

const reasonOf = ({ of, name, claimed, open, done, inTime, satisfied }: RecordRow) =>
  ({ code: CODES[of as keyof typeof CODES], name, claimed, open, done, inTime, satisfied }) as const;

const byCode = (a: { readonly code: string; readonly name: string }, b: { readonly code: string; readonly name: string }): number =>
  ORDER.indexOf(a.code) - ORDER.indexOf(b.code) || (a.name < b.name ? -1 : 1);
