import { knownRulesOf } from '@qiyue/engine';
import type { KeyedModel, KeyedSource } from '@qiyue/engine-runtime';
import { needDecider } from '@qiyue/need-domain';
import { foldUnitRecord, recordRowsOf, type RecordOf, type RecordRow, type RecordSums, type UnitRecord } from '@qiyue/need-views';
import type { QueryPorts } from '@qiyue/aggregate';

const ledNeeds: KeyedSource<UnitRecord> = {
  aggregate: needDecider.aggregate,
  rules: knownRulesOf(needDecider),
  fold: foldUnitRecord,
  partsOf: (state) => recordRowsOf(state).map(({ unit, of, name, ...sums }) => ({ key: { unit, of, name }, sums })),
};

/** What departments have done, by topic, category, community and kind, and how much they have open. Words of topics changed: raise the version. */
export const unitRecords: KeyedModel = {
  name: 'unitRecords',
  version: 2,
  indexes: [{ 'key.of': 1, 'key.name': 1 }],
  sources: [ledNeeds],
};

/** A county has some hundred departments, and a need a handful of lines in the record of each. */
const ROWS_MAX = 10_000;
const NONE: RecordSums = { claimed: 0, open: 0, done: 0, inTime: 0, satisfied: 0 };

/** These lines of the records of all departments. */
export const recordRows = async (
  wanted: readonly { readonly of: RecordOf; readonly names: readonly string[] }[],
  { keys }: Pick<QueryPorts, 'keys'>,
): Promise<readonly RecordRow[]> => {
  const asked = wanted.filter(({ names }) => names.length > 0).map(({ of, names }) => ({ 'key.of': of, 'key.name': { $in: [...names] } }));
  const found = await (await keys(unitRecords).collection()).find({ $or: asked }).limit(ROWS_MAX).toArray();
  return found.map(({ key, sums }) => ({ ...NONE, ...sums, unit: String(key['unit']), of: key['of'] as RecordOf, name: String(key['name']) }));
};

/** In which categories and communities departments have claimed. */
export const recordRowsOfUnits = async ({ keys }: Pick<QueryPorts, 'keys'>): Promise<readonly Pick<RecordRow, 'unit' | 'of' | 'name'>[]> => {
  const wanted = { 'key.of': { $in: ['category', 'community'] }, 'sums.claimed': { $gt: 0 } };
  const found = await (await keys(unitRecords).collection()).find(wanted).limit(ROWS_MAX).toArray();
  return found.map(({ key }) => ({ unit: String(key['unit']), of: key['of'] as RecordOf, name: String(key['name']) }));
};
