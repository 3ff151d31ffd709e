import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { contractDecider, type ContractCommand, type ContractEvent, type ContractRefusal, type ContractState } from '@qiyue/contract-domain';
import { entityIdOf, type Actor } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';

export const water: Actor = { id: 'wes', role: 'department', unit: 'Water' };
export const cora: Actor = { id: 'cora', role: 'community', unit: 'Lakeside' };
export const retimer: Actor = { id: 'retime', role: 'system', unit: null };
export const TABLES = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
export const CONTRACT_ID = entityIdOf('contract', 'wes', 'life');

export type Life = EntityLife<ContractState, ContractCommand, ContractEvent, ContractRefusal>;

const items = [
  { title: 'Street lights', kind: 'tangible', quantity: 20, unit: 'piece', dueOn: '2024-09-30' },
  { title: 'Lectures', kind: 'service' },
] as const;

/** Proposed by the unit, and nothing else. */
export const proposedLife = (): Life => {
  const life = new EntityLife(contractDecider, { entity: CONTRACT_ID, bornAt: '2024-01-08T09:00:00.000+08:00', tables: TABLES });
  life.does(water, {
    type: 'propose',
    data: {
      ...{ unit: 'Water', community: 'Lakeside', year: 2024, items, startsOn: '2024-01-08', endsOn: '2024-12-31' },
      duties: { community: ['find a room'], unit: [] },
    },
  });
  return life;
};

/** The same, signed by both. */
export const signedLife = (): Life => {
  const life = proposedLife();
  for (const actor of [water, cora]) life.does(actor, { type: 'sign', data: {} });
  return life;
};
