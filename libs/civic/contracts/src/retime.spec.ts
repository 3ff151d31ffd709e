import { describe, expect, it } from '@jest/globals';
import { toldProgress, type RetimeProgress } from './retime';

const running: RetimeProgress = { serial: 3, total: 137, done: 132, moved: 100, unchanged: 32, unanswered: 0, failed: [], state: 'running' };

describe('the progress of a re-timing, as it is told', () => {
  it('is on its way as it is', () => {
    expect(toldProgress(running)).toEqual(running);
  });

  it('reaches its end when it is finished, and says how many it did not have to ask', () => {
    expect(toldProgress({ ...running, state: 'finished' })).toMatchObject({ total: 132, done: 132, leftOut: 5 });
    expect(toldProgress({ ...running, total: 132, state: 'finished' })).toMatchObject({ total: 132, done: 132, leftOut: 0 });
  });

  it('does not pass over those that gave no answer', () => {
    expect(toldProgress({ ...running, unanswered: 2, failed: ['a', 'b'], state: 'finished' })).toMatchObject({ total: 134, done: 132, leftOut: 3 });
  });
});
