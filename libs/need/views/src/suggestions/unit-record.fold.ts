import { eventOf, type RecordBody } from '@qiyue/engine';
import { needUpcasters, type NeedContent, type NeedEvent } from '@qiyue/need-domain';
import { contentChangedBy } from '../changed-content';
import { foldNeedScore, type NeedScore } from '../need-score.fold';
import { topicsIn } from './text-features';

/** What of a need counts for the record of whoever leads it. Of its public words alone, and of these no more than what they are about. */
export interface UnitRecord extends About {
  readonly score: NeedScore;
}
interface About {
  readonly community: string;
  readonly kind: string;
  readonly category: string | null;
  readonly title: string;
  readonly names: readonly string[];
}

/** By what a department's record is counted. */
export type RecordOf = 'all' | 'topic' | 'category' | 'community' | 'kind';

export interface RecordSums {
  readonly claimed: number;
  readonly open: number;
  readonly done: number;
  readonly inTime: number;
  readonly satisfied: number;
}

/** One line of a record: what the department has to do with needs of that topic, category, community or kind. `name` is empty for `all`. */
export interface RecordRow extends RecordSums {
  readonly unit: string;
  readonly of: RecordOf;
  readonly name: string;
}

/** One record more. Trusts its order: whoever folds has checked it. */
export const foldUnitRecord = (state: UnitRecord | null, record: RecordBody): UnitRecord => ({
  ...aboutOf(state, eventOf<NeedEvent>(record, needUpcasters)),
  score: foldNeedScore(state?.score ?? null, record),
});

const aboutOf = (state: UnitRecord | null, event: NeedEvent): About => {
  if (event.type === 'NeedSubmitted') return { ...NO_CATEGORY, ...aboutIn(event.data) };
  if (state === null) throw new Error(`corrupt stream: ${event.type} before NeedSubmitted`);
  const { community, kind, category, title, names } = state;
  return { community, kind, category, title, names, ...aboutIn(contentChangedBy(event)) };
};

const NO_CATEGORY = { category: null };

/** What an event says of it; of one that amends, only what changed. */
const aboutIn = <C extends Partial<NeedContent>>({ community, kind, category, title, items }: C) =>
  ({
    ...(community === undefined ? {} : { community }),
    ...(kind === undefined ? {} : { kind }),
    ...(category === undefined ? {} : { category }),
    ...(title === undefined ? {} : { title }),
    ...(items === undefined ? {} : { names: items.map(({ name }) => name) }),
  }) as C extends NeedContent ? Omit<About, 'category'> : Partial<About>;

/** The lines of its lead's record in which a need counts; none while nobody leads it. */
export const recordRowsOf = ({ score, community, kind, category, title, names }: UnitRecord): readonly RecordRow[] => {
  const { lead, isDone, isLate, isSatisfied } = score;
  if (lead === null) return [];
  const sums = {
    ...{ claimed: 1, open: Number(!isDone), done: Number(isDone) },
    ...{ inTime: Number(isDone && !isLate), satisfied: Number(isDone && isSatisfied) },
  };
  const lines: readonly (readonly [RecordOf, string])[] = [
    ['all', ''],
    ...topicsIn([title, ...names].join(' ')).map((topic) => ['topic', topic] as const),
    ...(category === null ? [] : [['category', category] as const]),
    ['community', community],
    ['kind', kind],
  ];
  return lines.map(([of, name]) => ({ unit: lead.unit, of, name, ...sums }));
};

/** Rows by what a key says, in the order in which they came. */
export const rowsBy = (rows: readonly RecordRow[], keyOf: (row: RecordRow) => string): ReadonlyMap<string, readonly RecordRow[]> => {
  const groups = new Map<string, RecordRow[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row)) ?? [];
    group.push(row);
    groups.set(keyOf(row), group);
  }
  return groups;
};
