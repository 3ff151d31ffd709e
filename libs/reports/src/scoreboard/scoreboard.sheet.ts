import { wordOf, wordSheet, yuanOf, type Sheet, type SheetCell, type WordColumn } from '@qiyue/aggregate';
import { DEED_KIND_NAMES, type Language, type Texts } from '@qiyue/civic-domain';
import { PLEDGE_STATE_TEXTS, UNIT_YEAR_STAGE_TEXTS } from '@qiyue/unit-year';
import { z } from 'zod';
import { communityRow, unitRow, type CommunityRow, type Scoreboard, type UnitRow } from './scoreboard.schema';

type Row = UnitRow | CommunityRow;
type Path = readonly string[];

/** What the names in a row say, wherever they stand in it. */
const WORDS: Readonly<Record<string, Texts>> = {
  ...PLEDGE_STATE_TEXTS,
  unit: { 'zh-CN': '单位', en: 'unit' },
  community: { 'zh-CN': '社区', en: 'community' },
  year: { 'zh-CN': '年度', en: 'year' },
  stage: { 'zh-CN': '承诺阶段', en: 'stage' },
  tangible: { 'zh-CN': DEED_KIND_NAMES['zh-CN'].tangible, en: DEED_KIND_NAMES.en.tangible },
  service: { 'zh-CN': DEED_KIND_NAMES['zh-CN'].service, en: DEED_KIND_NAMES.en.service },
  needs: { 'zh-CN': '需求', en: 'needs' },
  submitted: { 'zh-CN': '提出', en: 'submitted' },
  claimed: { 'zh-CN': '认领', en: 'claimed' },
  done: { 'zh-CN': '办结', en: 'done' },
  evaluated: { 'zh-CN': '已评价', en: 'evaluated' },
  inTime: { 'zh-CN': '按时', en: 'in time' },
  satisfied: { 'zh-CN': '满意', en: 'satisfied' },
  whistles: { 'zh-CN': '吹哨', en: 'whistles' },
  called: { 'zh-CN': '点名', en: 'called' },
  blown: { 'zh-CN': '发起', en: 'blown' },
  answered: { 'zh-CN': '应答', en: 'answered' },
  contracts: { 'zh-CN': '契约', en: 'contracts' },
  signed: { 'zh-CN': '签订', en: 'signed' },
  items: { 'zh-CN': '条目', en: 'items' },
  itemsDone: { 'zh-CN': '完成条目', en: 'items finished' },
  projects: { 'zh-CN': '项目', en: 'projects' },
  planned: { 'zh-CN': '立项', en: 'planned' },
  finished: { 'zh-CN': '完成', en: 'finished' },
  cancelled: { 'zh-CN': '取消', en: 'cancelled' },
  resourcesUsed: { 'zh-CN': '使用资源', en: 'resources used' },
  spentFen: { 'zh-CN': '支出（元）', en: 'spent, yuan' },
  money: { 'zh-CN': '经费', en: 'money' },
  grantedFen: { 'zh-CN': '预算（元）', en: 'granted, yuan' },
  reservedFen: { 'zh-CN': '预留（元）', en: 'reserved, yuan' },
  committedFen: { 'zh-CN': '支出（元）', en: 'spent, yuan' },
  availableFen: { 'zh-CN': '可用（元）', en: 'available, yuan' },
};
/** In front of what a row has of pledges, which stand in it by their kind alone. */
const PLEDGES: Texts = { 'zh-CN': '承诺', en: 'pledges' };
const BRIEF: ReadonlySet<string> = new Set([
  ...['unit', 'community', 'year', 'needs submitted', 'needs claimed', 'needs done', 'needs satisfied'],
  ...['whistles answered', 'contracts signed', 'projects finished'],
]);
const WIDTH = 16;

/** Names of all that a row holds, however deep, in the order of its schema: `needs tangible done`. */
const pathsOf = (schema: z.ZodType): readonly Path[] => {
  if (schema instanceof z.ZodNullable) return pathsOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodRecord) return (schema.keyType as z.ZodEnum).options.map((name) => [String(name)]);
  if (!(schema instanceof z.ZodObject)) return [[]];
  return Object.entries(schema.shape).flatMap(([name, of]) => pathsOf(of as z.ZodType).map((inner) => [name, ...inner]));
};

const headingOf = (path: Path, language: Language): string => {
  const words = path.map((name) => WORDS[name]?.[language] ?? name);
  const [first = ''] = path;
  const all = first in DEED_KIND_NAMES[language] ? [PLEDGES[language], ...words] : words;
  return all.join(' ').replace(/^[a-z]/, (letter) => letter.toUpperCase());
};

const cellOf = (row: Row, path: Path, language: Language): SheetCell => {
  const value = path.reduce<unknown>((inner, name) => (inner === null ? null : (inner as Readonly<Record<string, unknown>>)[name]), row) as SheetCell;
  if (path[0] === 'stage') return wordOf(UNIT_YEAR_STAGE_TEXTS, value as UnitRow['stage'], language);
  return path.at(-1)?.endsWith('Fen') === true ? yuanOf(value as number | null) : value;
};

const columnOf = (path: Path): WordColumn<Row> => [
  headingOf(path, 'zh-CN'),
  headingOf(path, 'en'),
  WIDTH,
  (row, language) => cellOf(row, path, language),
  BRIEF.has(path.join(' ')) ? 'brief' : undefined,
];

/** A line for each row; a number in a part of a row is named by the part: "contracts signed". */
export const scoreboardSheet = ({ of, rows }: Scoreboard, language: Language): Sheet =>
  wordSheet<Row>({ 'zh-CN': '记分板', en: 'Scoreboard' }, pathsOf(of === 'unit' ? unitRow : communityRow).map(columnOf), rows, language);
