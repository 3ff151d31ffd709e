import type { AggregateQuery, AskedPorts, QueryPorts } from '@qiyue/aggregate';
import { isSameUnit } from '@qiyue/civic-domain';
import { contractAggregate } from '@qiyue/contract';
import { needAggregate } from '@qiyue/need';
import type { NeedView } from '@qiyue/need-views';
import { projectAggregate } from '@qiyue/project';
import type { ProjectView } from '@qiyue/project-views';
import { resourceAggregate } from '@qiyue/resource';
import type { ResourceView } from '@qiyue/resource-views';
import { listsAnswer, listsQuery, type Lists, type ListsQuery } from './lists.schema';
import { NEED_FIELDS, needRowOf, PROJECT_FIELDS, projectRowOf, RESOURCE_FIELDS, resourceRowOf } from './rows';
import { listSheets, listsPaper } from './tables';
import { LIST_TEXTS } from './texts';

/** A county has some hundred needs a year, of ten communities. */
const ROWS_MAX = 5_000;
const OLDEST_FIRST = { 'view.createdAt': 1, _id: 1 } as const;
/** What grows with a need and stands in no list. */
const LIGHT = { 'view.progress': 0, 'view.evidence': 0, 'view.adopted': 0, 'view.inspection': 0 } as const;

type Models = Pick<QueryPorts, 'model'>;

/** Departments that a contract for the year pairs with the community, signed by both. */
const pairedUnits = async ({ community, year }: ListsQuery, { model }: Models): Promise<readonly string[]> => {
  const contracts = await model(contractAggregate.model).collection();
  return contracts.distinct('view.unit', { 'view.year': year, 'view.community': community, 'view.inForceAt': { $ne: null } });
};

/** What records say of a year begins with it, in days and in instants, so that both are compared as texts. */
const within = (year: number) => ({ $gte: `${year}-`, $lt: `${year + 1}-` });

const submitted = async ({ community, year }: ListsQuery, { model }: Models): Promise<readonly NeedView[]> => {
  const needs = await model(needAggregate.model).collection();
  const found = needs.find({ 'view.community': community, 'view.createdAt': within(year) }, { projection: LIGHT });
  return (await found.sort(OLDEST_FIRST).limit(ROWS_MAX).toArray()).map(({ view }) => view);
};

const needsWith = async (ids: readonly string[], { model }: Models): Promise<readonly NeedView[]> => {
  const needs = await model(needAggregate.model).collection();
  return (await needs.find({ _id: { $in: [...ids] } }, { projection: LIGHT }).toArray()).map(({ view }) => view);
};

/** As `yearOfProject` says it. */
const projectsOf = async ({ community, year }: ListsQuery, { model }: Models): Promise<readonly ProjectView[]> => {
  const days = [
    { 'view.startsOn': within(year) },
    { 'view.startsOn': null, 'view.endsOn': within(year) },
    { 'view.startsOn': null, 'view.endsOn': null, 'view.createdAt': within(year) },
  ];
  const found = (await model(projectAggregate.model).collection()).find({ 'view.community': community, $or: days });
  return (await found.sort(OLDEST_FIRST).limit(ROWS_MAX).toArray()).map(({ view }) => view);
};

/** Those that can be had in some part of the year. */
const inYear = (year: number): object => {
  const { $gte, $lt } = within(year);
  const [begins, ends] = ['createdAt', 'from'].map((name) => ({ $or: [{ [`view.${name}`]: null }, { [`view.${name}`]: { $lt } }] }));
  const over = ['to', 'withdrawnAt'].map((name) => ({ $or: [{ [`view.${name}`]: null }, { [`view.${name}`]: { $gte } }] }));
  return { $and: [begins, ends, ...over] };
};

const resourcesOf = async (
  { community, year }: ListsQuery,
  { units, ids }: { readonly units: readonly string[]; readonly ids: readonly string[] },
  { model }: Models,
): Promise<readonly ResourceView[]> => {
  const offered = { 'view.giverRole': 'department', 'view.giver': { $in: units }, 'view.community': { $in: [community, null] }, ...inYear(year) };
  const found = (await model(resourceAggregate.model).collection()).find({ $or: [offered, { _id: { $in: [...ids] } }] });
  return (await found.sort(OLDEST_FIRST).limit(ROWS_MAX).toArray()).map(({ view }) => view);
};

const read = async (query: ListsQuery, ports: AskedPorts): Promise<Lists> => {
  const texts = LIST_TEXTS[ports.language];
  const [own, projectViews, units] = await Promise.all([submitted(query, ports), projectsOf(query, ports), pairedUnits(query, ports)]);
  const known = new Set(own.map(({ needId }) => needId));
  const joined = projectViews.flatMap(({ needs }) => needs.map(({ needId }) => needId));
  const ids = projectViews.flatMap(({ resources }) => resources.flatMap(({ resourceId, state }) => (state === 'freed' ? [] : [resourceId])));
  const [others, resourceViews] = await Promise.all([
    needsWith(
      joined.filter((needId) => !known.has(needId)),
      ports,
    ),
    resourcesOf(query, { units, ids }, ports),
  ]);
  const needs = await ports.shownOf(needAggregate, [...own, ...others], NEED_FIELDS);
  const resources = await ports.shownOf(resourceAggregate, resourceViews, RESOURCE_FIELDS);
  const projects = await ports.shownOf(projectAggregate, projectViews, PROJECT_FIELDS);
  const needOf = new Map(needs.map((need) => [need.needId, need]));
  return {
    ...{ ...query, madeAt: ports.now },
    needs: needs.slice(0, own.length).map((need, i) => needRowOf(need, i + 1, texts)),
    resources: resources.map((resource, i) => resourceRowOf(resource, i + 1, texts)),
    projects: projects.map((project, i) => {
      const its = project.needs.flatMap(({ needId }) => needOf.get(needId) ?? []);
      return projectRowOf(project, i + 1, its, texts);
    }),
  };
};

/** Needs, resources and projects of a community and a year, as counties keep them: as JSON, as a workbook, or to be printed. */
export const lists: AggregateQuery<ListsQuery, Lists> = {
  path: 'lists',
  title: { 'zh-CN': '需求、资源、项目清单：某社区某年', en: 'Needs, resources and projects of a community and year' },
  verb: 'lists',
  summary: 'The three lists of a community and year: needs, resources, projects (需求、资源、项目清单)',
  description: `At most ${ROWS_MAX} rows each. Of communities and departments for the community itself, and for units that a signed contract for that year pairs with it. It goes on record who took it away.`,
  parameters: listsQuery,
  answer: listsAnswer,
  sheets: listSheets,
  paper: listsPaper,
  looksAtAll: true,
  roles: ['community', 'department', 'centre', 'supervisor'],
  mayAsk: async (query, ports) => {
    const { role, unit } = ports.reader;
    if (role === 'community') return isSameUnit(query.community, unit);
    return role !== 'department' || (await pairedUnits(query, ports)).some((paired) => isSameUnit(paired, unit));
  },
  exported: ({ community }) => ({ what: 'lists', subject: community }),
  read,
};
