import type { Actor, Tables } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { needDecider, type NeedCommand, type NeedEvent, type NeedRefusal, type NeedState } from '@qiyue/need-domain';

export const ann: Actor = { id: 'ann', role: 'resident', unit: 'Lakeside' };
export const cora: Actor = { id: 'cora', role: 'community', unit: 'Lakeside' };
export const water: Actor = { id: 'wes', role: 'department', unit: 'Water' };
export const centre: Actor = { id: 'cen', role: 'centre', unit: 'Service centre' };
export const retimer: Actor = { id: 'retime', role: 'system', unit: null };
export const TABLES = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
export const BIRTH = '2024-07-01T08:00:00.000+08:00';
export const NEED_ID = '0123456789abcdefghjkmnpqrs';

/** A need that lives. One minute passes per command. */
export class Life extends EntityLife<NeedState, NeedCommand, NeedEvent, NeedRefusal> {
  /** With tables every deadline has its ladder. */
  constructor(private readonly tables?: Tables) {
    super(needDecider, { entity: NEED_ID, bornAt: BIRTH, ...(tables === undefined ? {} : { tables }) });
  }

  /** `tables`: what a re-timing brings. */
  override does(actor: Actor, command: NeedCommand, tables: Tables | undefined = this.tables): string | null {
    return command.type === 'retime' && tables !== undefined ? this.isBrought(tables, actor, command) : super.does(actor, command);
  }
}
