import { describe, expect, it } from '@jest/globals';
import { needLabels } from './need.labels';
import type { NeedState } from './need.state';

const AT = '2024-07-02T08:00:00.000+08:00';
const tick = (step: string) => ({ at: AT, command: { type: 'tick' as const, data: { step } } });
const submitted = { stage: 'submitted', claimBy: '2024-07-03T18:00:00.000+08:00' } as unknown as NeedState;
const said = (step: string, state = submitted) => needLabels.dueOf?.(tick(step), state);

describe('a need in Temporal’s own pages', () => {
  it('is called by its number and title', () => {
    const submit = { type: 'submit' as const, data: { title: '加装扶手' } };
    expect(needLabels.titleOf(submit as never, { entity: 'n1', now: '2024-06-30T17:00:00.000Z' })).toMatch(/^240701-\w{6}-\w 加装扶手$/);
  });

  it('has timers that say which deadline they are for, and which step', () => {
    expect(['approaching', 'missed', 'escalated:2', 'whistle'].map((step) => said(step))).toEqual([
      'claim by 2024-07-03 18:00: reminder',
      'claim by 2024-07-03 18:00: missed, 催办',
      'claim by 2024-07-03 18:00: told upwards, rung 2',
      'claim by 2024-07-03 18:00: answer to the whistle',
    ]);
    expect(said('lapsed', { stage: 'done', evaluateBy: null } as unknown as NeedState)).toBe('closed without');
    expect(needLabels.dueOf?.({ at: AT, command: { type: 'close', data: {} } }, submitted)).toBe('end of the time to reopen');
  });
});
