import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Candidate } from '../suggestions/similar-needs';
import { recordRowsOf, rowsBy, type RecordRow } from '../suggestions/unit-record.fold';

/** A need of the labelled set, with what people say is right for it. */
export interface LabelledNeed extends Candidate {
  readonly set: 'dev' | 'held';
  /** Those of one group mean the same thing at the same place. */
  readonly group: string;
  /** Units that a person would ask, the first one first. */
  readonly units: readonly string[];
  readonly community: string;
}

/** Where the compounds lie, to a hundredth of a degree; the places are made up. */
const PLACES: Readonly<Record<string, readonly [lat: number, lng: number]>> = {
  泽强苑小区: [35.6, 110.97],
  锦绣花园: [35.61, 110.97],
  康宁小区: [35.6, 110.99],
  第三居民组: [35.62, 110.98],
  涧东新村: [35.63, 111.0],
  农机公司家属院: [35.62, 110.99],
  稷王花园: [35.59, 110.98],
  振兴小区: [35.59, 111.0],
  化肥厂家属院: [35.58, 110.98],
  金谷苑小区: [35.6, 110.95],
  新世纪小区: [35.61, 110.95],
  粮食局家属院: [35.6, 110.94],
};

const nullIfEmpty = (text: string): string | null => (text === '' ? null : text);

const needOf = (row: string): LabelledNeed => {
  const [id = '', set, group = '', units = '', community = '', compound = '', day = '', kind, category = '', items = '', title = '', words = ''] =
    row.split('|');
  const place = PLACES[compound];
  return {
    ...{ needId: id, set: set as 'dev' | 'held', group, units: units.split(';'), community, title, stage: 'submitted' },
    ...{ compound: nullIfEmpty(compound), kind: kind as 'tangible' | 'service', category: nullIfEmpty(category), description: nullIfEmpty(words) },
    items: items === '' ? [] : items.split(';').map((item) => ({ name: item.split(' ')[0] ?? item })),
    location: place === undefined ? null : { lat: place[0], lng: place[1] },
    createdAt: `${day}T09:00:00.000+08:00`,
  };
};

const rowsIn = (name: string): readonly string[] => readFileSync(join(__dirname, name), 'utf8').trim().split('\n').slice(1);

export const LABELLED_NEEDS: readonly LabelledNeed[] = rowsIn('labelled-needs.tsv').map(needOf);

/** One need that a department did before any of these, as its record counts it: every fifth late, every seventh without satisfying. */
const rowsOf = (row: string, i: number): readonly RecordRow[] => {
  const [unit = '', community = '', kind = '', category = '', items = '', title = ''] = row.split('|');
  return recordRowsOf({
    ...{ community, kind, category: nullIfEmpty(category), title, names: items === '' ? [] : [items.split(' ')[0] ?? items] },
    score: { ...{ lead: { unit, year: 2023 }, isDone: true, isLate: i % 5 === 0, isSatisfied: i % 7 !== 0 }, ...{ dueAt: null, pausedSince: null } },
  });
};

const added = (rows: readonly RecordRow[]): RecordRow => {
  const [first, ...others] = rows as readonly [RecordRow, ...RecordRow[]];
  return others.reduce(
    (sum, row) => ({
      ...sum,
      ...{ claimed: sum.claimed + row.claimed, open: sum.open + row.open, done: sum.done + row.done },
      ...{ inTime: sum.inTime + row.inTime, satisfied: sum.satisfied + row.satisfied },
    }),
    first,
  );
};

/** The records of departments as they stand before the labelled needs come. */
export const LABELLED_RECORD: readonly RecordRow[] = [
  ...rowsBy(rowsIn('labelled-history.tsv').flatMap(rowsOf), ({ unit, of, name }) => `${unit} ${of} ${name}`).values(),
].map((rows) => added(rows));
