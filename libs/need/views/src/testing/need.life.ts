import {
  Entity,
  fingerprintOf,
  openRecord,
  toShanghaiIso,
  instantMsOf,
  laterOf,
  type Actor,
  type CommandEnvelope,
  type RecordBody,
  type Tables,
} from '@qiyue/engine';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { needDecider, type NeedCommand } from '@qiyue/need-domain';

export const ann: Actor = { id: 'ann', role: 'resident', unit: 'Lakeside' };
export const cora: Actor = { id: 'cora', role: 'community', unit: 'Lakeside' };
export const water: Actor = { id: 'wes', role: 'department', unit: 'Water' };
export const centre: Actor = { id: 'cen', role: 'centre', unit: 'Service centre' };
export const retimer: Actor = { id: 'retime', role: 'system', unit: null };
export const TABLES = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
export const BIRTH = '2024-07-01T08:00:00.000+08:00';
export const NEED_ID = '0123456789abcdefghjkmnpqrs';

/** A need that lives in the engine's entity, so that its records are those of a real one. One minute passes per command. */
export class Life {
  readonly records: RecordBody[] = [];
  private readonly entity = new Entity(needDecider, NEED_ID);
  private commands = 0;

  /** With tables every deadline has its ladder. */
  constructor(private readonly tables?: Tables) {}

  /** Gives a command; returns the refusal's code or null. */
  does(actor: Actor, command: NeedCommand, tables: Tables | undefined = this.tables): string | null {
    const base = { entity: NEED_ID, type: command.type, data: command.data as unknown as CommandEnvelope['data'], actor };
    const receivedAt = laterOf(toShanghaiIso(instantMsOf(BIRTH) + this.commands * 60_000), this.now);
    this.commands += 1;
    const commandId = `c-${this.commands}`;
    const brought = tables === undefined ? {} : { tables, ...(command.type === 'retime' ? { replaceTables: true as const } : {}) };
    const { outcome, unconfirmed } = this.entity.handle({
      ...base,
      commandId,
      channel: 'http',
      receivedAt,
      fingerprint: fingerprintOf(base),
      ...brought,
    });
    this.take(unconfirmed.flatMap((entry) => entry.records.map(openRecord)));
    return outcome.status === 'refused' ? outcome.refusal.code : null;
  }

  /** Lets the next timer fire. */
  waits(): void {
    this.entity.fire();
    this.take(this.entity.unconfirmed.flatMap((entry) => entry.records.map(openRecord)));
  }

  /** Time of the last thing that happened. */
  get now(): string {
    return this.records.at(-1)?.time ?? BIRTH;
  }

  get state() {
    return this.entity.currentState;
  }

  private take(records: readonly RecordBody[]): void {
    this.records.push(...records);
    this.entity.confirm(this.entity.confirmationOfAll());
  }
}
