import { CSV, csvForm, type AggregateQuery, type AskedPorts } from '@qiyue/aggregate';
import { MONEY_READERS, scoresOf } from '@qiyue/unit-year';
import { communityScoreboard } from './scoreboard.models';
import { communityRowOf, unitRowOf } from './scoreboard.rows';
import { scoreboardAnswer, scoreboardQuery, type CommunityRow, type Scoreboard, type ScoreboardQuery } from './scoreboard.schema';
import { scoreboardSheet } from './scoreboard.sheet';

/** A county has some ten communities: this is far more than a hundred of its years. */
const ROWS_MAX = 10_000;

/** What became of pledges, needs, whistles, contracts and projects, and of the money: of units, or of communities. */
export const scoreboard: AggregateQuery<ScoreboardQuery, Scoreboard> = {
  path: 'stats/scoreboard',
  title: { 'zh-CN': '记分板：单位或社区各年情况', en: 'Scoreboard of units or communities' },
  verb: 'scoreboard',
  summary: 'Units or communities by year: pledges, needs by kind, whistles, contracts, projects, money',
  description:
    'Newest years first, then by name. `tangible` is 实事, `service` is 好事. A need counts for its lead in the year in which that unit claimed it, and for its community in the year in which it was submitted.',
  parameters: scoreboardQuery,
  answer: scoreboardAnswer,
  forms: { [CSV]: csvForm(scoreboardSheet) },
  sheets: (answer, language) => [scoreboardSheet(answer, language)],
  read: async (query, ports) =>
    query.of === 'community' || query.community !== undefined
      ? { of: 'community', rows: await communityRows(query, ports) }
      : {
          of: 'unit',
          rows: (await scoresOf(query, ports)).map((score) =>
            unitRowOf(
              score,
              MONEY_READERS.some((role) => role === ports.reader.role),
            ),
          ),
        },
};

const communityRows = async (query: ScoreboardQuery, { keys }: AskedPorts): Promise<readonly CommunityRow[]> => {
  const asked = (['community', 'year'] as const).flatMap((name) => (query[name] === undefined ? [] : [[`key.${name}`, query[name]] as const]));
  const collection = await keys(communityScoreboard).collection();
  const found = await collection.find(Object.fromEntries(asked)).sort({ 'key.year': -1, 'key.community': 1 }).limit(ROWS_MAX).toArray();
  return found.map(communityRowOf);
};
