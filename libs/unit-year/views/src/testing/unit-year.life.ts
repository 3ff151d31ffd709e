import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import type { Actor } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';
import {
  unitYearDecider,
  unitYearIdOf,
  type UnitYearCommand,
  type UnitYearEvent,
  type UnitYearRefusal,
  type UnitYearState,
} from '@qiyue/unit-year-domain';

export const water: Actor = { id: 'wes', role: 'department', unit: 'Water' };
export const centre: Actor = { id: 'cen', role: 'centre', unit: 'Service centre' };
export const cora: Actor = { id: 'cora', role: 'community', unit: 'Lakeside' };
export const funding: Actor = { id: 'funding', role: 'system', unit: null };
export const TABLES = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
export const BIRTH = '2024-01-08T09:00:00.000+08:00';
export const WATERS = { unit: 'Water', year: 2024 } as const;
export const UNIT_YEAR_ID = unitYearIdOf(WATERS);

export type Life = EntityLife<UnitYearState, UnitYearCommand, UnitYearEvent, UnitYearRefusal>;

const pledge = (kind: 'tangible' | 'service', title: string): UnitYearCommand => ({ type: 'pledge', data: { kind, title } });

/** Opened, and nothing else. */
export const openedLife = (): Life => {
  const life = new EntityLife(unitYearDecider, { entity: UNIT_YEAR_ID, bornAt: BIRTH, tables: TABLES });
  life.does(centre, { type: 'open', data: WATERS });
  return life;
};

/** With a budget and as many pledges as may be published. */
export const pledgedLife = (): Life => {
  const life = openedLife();
  life.does(centre, { type: 'set-budget', data: { amountFen: 1_000, reference: 'F-1' } });
  for (const command of [pledge('tangible', 'Street lights'), pledge('tangible', 'A bicycle shed'), pledge('service', 'Lectures')])
    life.does(water, command);
  return life;
};

/** The same, published. */
export const publishedLife = (): Life => {
  const life = pledgedLife();
  life.does(centre, { type: 'publish', data: {} });
  return life;
};

/** The same with a need for each pledge. */
export const workingLife = (): Life => {
  const life = publishedLife();
  for (const n of [1, 2, 3]) life.does(water, { type: 'link', data: { pledgeId: `p${n}`, needId: `n${n}` } });
  return life;
};
