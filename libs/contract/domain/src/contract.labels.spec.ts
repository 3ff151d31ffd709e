import { expect, it } from '@jest/globals';
import { contractLabels } from './contract.labels';
import type { ContractState } from './contract.state';

const AT = '2024-07-02T08:00:00.000+08:00';
const clock = { schedule: { dueAt: '2024-07-03T18:00:00.000+08:00' } };
const said = (type: string, step: string | null, state: object) =>
  contractLabels.dueOf?.({ at: AT, command: { type, data: step === null ? {} : { step } } as never }, state as unknown as ContractState);

it('timers of a contract say which deadline they are for, of an item too', () => {
  expect(said('tick', 'approaching', { stage: 'proposed', clock })).toBe('sign by 2024-07-03 18:00: reminder');
  const running = { stage: 'in-force', clock: null, itemClocks: [{ itemId: 'i2', clock }] };
  expect(said('tick', 'i2/escalated:1', running)).toBe('evaluate i2 by 2024-07-03 18:00: told upwards, rung 1');
  expect(said('tick', 'missed', running)).toBe('missed, 催办');
  expect([said('take-effect', null, running), said('end', null, running)]).toEqual(['the termination takes effect', 'the contract ends']);
});
