import { expect, it } from '@jest/globals';
import { projectLabels } from './project.labels';
import type { ProjectState } from './project.state';

const AT = '2024-07-02T08:00:00.000+08:00';
const clock = { schedule: { dueAt: '2024-07-03T18:00:00.000+08:00' } };
const state = {
  stage: 'under-way',
  deadlines: [
    { name: 'end', clock },
    { name: 'm1', clock },
  ],
} as unknown as ProjectState;
const said = (step: string) => projectLabels.dueOf?.({ at: AT, command: { type: 'tick', data: { step } } }, state);

it('timers of a project say which milestone they are for, or the whole', () => {
  expect(['m1/missed', 'end/approaching'].map(said)).toEqual(['reach m1 by 2024-07-03 18:00: missed, 催办', 'finish by 2024-07-03 18:00: reminder']);
  expect(projectLabels.dueOf?.({ at: AT, command: { type: 'close', data: {} } }, state)).toBe('end of the time to reopen');
});
