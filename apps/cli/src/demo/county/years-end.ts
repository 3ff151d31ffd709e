import type { Lists, QiyueClient, Scoreboard } from '@qiyue/client';
import { eventually } from '../eventually';

type Board<Of extends string> = Extract<Scoreboard, { readonly of: Of }>['rows'];
export type UnitRow = Board<'unit'>[number];
export type CommunityRow = Board<'community'>[number];

/** What the county's offices read when all is done. */
export interface YearsEnd {
  readonly lists: readonly Lists[];
  readonly units: readonly UnitRow[];
  readonly communities: readonly CommunityRow[];
}

interface Expected {
  readonly year: number;
  readonly communities: readonly string[];
  readonly needs: number;
  readonly paidFen: number;
}

/** The lists and the scoreboard, once they have seen the whole year. */
export const atYearsEnd = async (reader: QiyueClient, { year, communities, needs, paidFen }: Expected): Promise<YearsEnd> => {
  const communityRows = await eventually('every evaluation to be on the scoreboard', async () => {
    const board = await reader.scoreboard({ year, of: 'community' });
    return board.of === 'community' && sumOf(board.rows, (row) => row.needs.evaluated) === needs ? board.rows : null;
  });
  const unitRows = await eventually('all that was spent to be on the scoreboard', async () => {
    const board = await reader.scoreboard({ year, of: 'unit' });
    const isSeen = board.of === 'unit' && sumOf(board.rows, (row) => row.money?.committedFen ?? 0) === paidFen;
    return isSeen && board.rows.every((row) => (row.money?.reservedFen ?? 0) === 0) ? board.rows : null;
  });
  const lists = await Promise.all(communities.map((community) => reader.lists({ community, year })));
  return { lists, units: unitRows, communities: communityRows };
};

export const sumOf = <T>(rows: readonly T[], of: (row: T) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
