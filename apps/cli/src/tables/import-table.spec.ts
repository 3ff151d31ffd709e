import { expect, it } from '@jest/globals';
import { progressWords } from './import-table';

const finished = { serial: 3, total: 132, done: 132, moved: 100, unchanged: 32, unanswered: 0, failed: [], leftOut: 5, state: 'finished' } as const;

it('says that a re-timing has come to its end, and of those that it left out why', () => {
  expect(progressWords(finished, false)).toEqual([
    'finished: 132 of 132 entities, 100 deadlines moved, 32 unchanged',
    '5 more had ended or had no deadline when their turn came: nothing to move',
  ]);
  expect(progressWords(finished, true)).toEqual(['已完成：132 / 132 件，100 件期限调整，32 件不变', '另有 5 件在轮到之前已办结或已无期限，无需调整']);
});

it('names those that gave no answer, and says nothing of those left out where there are none', () => {
  expect(progressWords({ ...finished, total: 134, unanswered: 2, failed: ['a', 'b'], leftOut: 0 }, false)).toEqual([
    'finished: 132 of 134 entities, 100 deadlines moved, 32 unchanged',
    'no answer yet: a, b',
  ]);
});
