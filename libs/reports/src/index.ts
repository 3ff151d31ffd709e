import { anyQuery, type AggregateQuery } from '@qiyue/aggregate';
import { lists } from './lists/lists.query';
import { satisfactionList } from './satisfaction-list/satisfaction-list.query';
import { scoreboard } from './scoreboard/scoreboard.query';

export { communityScoreboard, unitScoreboard } from './scoreboard/scoreboard.models';
export { satisfactionList, scoreboard };
export { satisfactionAnswer, satisfactionQuery, type SatisfactionList, type SatisfactionRow } from './satisfaction-list/satisfaction-list.schema';
export { listsAnswer, type Lists, type NeedRow, type ProjectRow, type ResourceRow } from './lists/lists.schema';
export { communityRow, scoreboardAnswer, unitRow, type Scoreboard } from './scoreboard/scoreboard.schema';

/** What is asked of several kinds of entities together, and belongs to none of them. */
export const REPORTS: readonly AggregateQuery[] = [anyQuery(lists), anyQuery(scoreboard), anyQuery(satisfactionList)];
