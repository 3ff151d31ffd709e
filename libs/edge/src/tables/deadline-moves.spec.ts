import { expect, it } from '@jest/globals';
import { movesAmong } from './deadline-moves';

const [EARLY, LATE] = ['2024-07-01T18:00:00.000+08:00', '2024-07-02T18:00:00.000+08:00'];
const move = (oldDueAt: string | null, dueAt: string | null) => ({ data: { oldDueAt, dueAt } });

it('of deadlines that move, those end earlier that come from one date to an earlier one', () => {
  const moves = [move(LATE, EARLY), move(EARLY, LATE), move(EARLY, EARLY), move(null, EARLY), move(LATE, null), { data: {} }];
  expect(movesAmong(moves)).toEqual({ moved: 6, shorter: 1 });
  expect(movesAmong([])).toEqual({ moved: 0, shorter: 0 });
});
