import type { AggregateQuery, AskedPorts } from '@qiyue/aggregate';
import { pageOf } from '@qiyue/civic-contracts';
import { factIn, needAggregate, needFigures, type ClosingFact } from '@qiyue/need';
import { EVALUATED_PATHS, satisfactionRowOf, type EvaluatedNeed } from './satisfaction-list.rows';
import { satisfactionAnswer, satisfactionQuery, type SatisfactionList, type SatisfactionQuery } from './satisfaction-list.schema';
import { satisfactionPaper, satisfactionSheets } from './satisfaction-list.tables';
import { SATISFACTION_TEXTS } from './texts';

/** Every evaluated need of a year: what was asked, who did it, how long it took, how it was scored. */
export const satisfactionList: AggregateQuery<SatisfactionQuery, SatisfactionList> = {
  path: 'stats/satisfaction-list',
  title: { 'zh-CN': '满意清单', en: 'The satisfaction list' },
  verb: 'satisfaction-list',
  summary: 'The satisfaction list (满意清单): what was asked, who did it, how long it took and how it was scored',
  description:
    'A row for each need that stands evaluated by one side at least, those that were evaluated first in front. The year is that in which the evaluation ended. Nobody is named in it: who asked is told by what they are, and of the place no more than the community.',
  parameters: satisfactionQuery,
  answer: satisfactionAnswer,
  sheets: satisfactionSheets,
  paper: satisfactionPaper,
  looksAtAll: true,
  read: async (query, ports) => {
    const [closings, total] = await closingsFor(query, ports);
    const { items, nextCursor } = pageOf(
      closings,
      query.limit,
      ({ at, need }) => ({ at, id: need }),
      (closing) => closing,
    );
    return { madeAt: ports.now, total, items: await rowsOf(items, ports), nextCursor };
  },
};

/** The page, with one more, and how many there are of all pages; found and ordered by the index. */
const closingsFor = async (query: SatisfactionQuery, { keys }: AskedPorts): Promise<readonly [readonly ClosingFact[], number]> => {
  const collection = await keys(needFigures).collection();
  const wanted = conditionsOf(query);
  const found = collection
    .find(wanted.page)
    .sort({ 'key.at': 1, 'key.need': 1 })
    .limit(query.limit + 1);
  return [(await found.toArray()).map((document) => factIn(document) as ClosingFact), await collection.countDocuments(wanted.all)];
};

const conditionsOf = ({ year, unit, community, category, kind, cursor }: SatisfactionQuery) => {
  const keys = Object.entries({ lead: unit, community, category, kind }).filter(([, value]) => value !== undefined);
  const all = {
    ...{ 'key.of': 'closing', 'key.state': 'stands', 'sums.sides': { $gte: 1 } },
    ...Object.fromEntries(keys.map(([name, value]) => [`key.${name}`, value])),
    ...(year === undefined ? {} : { 'key.at': { $gte: `${year}-`, $lt: `${year + 1}-` } }),
  };
  if (cursor === undefined) return { all, page: all };
  const { at, id } = cursor;
  const behind = [{ 'key.at': { $gt: at } }, { 'key.at': at, 'key.need': { $gt: id } }];
  return { all, page: { $and: [all, { $or: behind }] } };
};

/** In the order of the closings; one that was opened again meanwhile has none. */
const rowsOf = async (closings: readonly ClosingFact[], { model, workingDaysBetween, language }: AskedPorts): Promise<SatisfactionList['items']> => {
  const needs = await model(needAggregate.model).collection();
  const projection = Object.fromEntries(EVALUATED_PATHS.map((path) => [`view.${path}`, 1]));
  const found = await needs.find({ _id: { $in: closings.map(({ need }) => need) } }, { projection }).toArray();
  const byId = new Map(found.map(({ view }) => [view.needId, view as EvaluatedNeed]));
  return closings.flatMap(({ need, at }) => {
    const view = byId.get(need);
    return view?.stage === 'evaluated' ? [satisfactionRowOf(view, at, workingDaysBetween, SATISFACTION_TEXTS[language])] : [];
  });
};
