import { Entity, fingerprintOf, openRecord, toShanghaiIso, instantMsOf, type Actor, type CommandEnvelope, type RecordBody } from '@qiyue/engine';
import { needDecider, type NeedCommand } from '@qiyue/need-domain';

export const ann: Actor = { id: 'ann', role: 'resident', unit: 'Lakeside' };
export const cora: Actor = { id: 'cora', role: 'community', unit: 'Lakeside' };
export const water: Actor = { id: 'wes', role: 'department', unit: 'Water' };
export const BIRTH = '2024-07-01T08:00:00.000+08:00';
export const NEED_ID = '0123456789abcdefghjkmnpqrs';

/** A need that lives in the engine's entity, so that its records are those of a real one. One minute passes per command. */
export class Life {
  readonly records: RecordBody[] = [];
  private readonly entity = new Entity(needDecider, NEED_ID);
  private commands = 0;

  /** Gives a command; returns the refusal's code or null. */
  does(actor: Actor, command: NeedCommand): string | null {
    const base = { entity: NEED_ID, type: command.type, data: command.data as unknown as CommandEnvelope['data'], actor };
    const receivedAt = toShanghaiIso(instantMsOf(BIRTH) + this.commands * 60_000);
    this.commands += 1;
    const commandId = `c-${this.commands}`;
    const { outcome, unconfirmed } = this.entity.handle({ ...base, commandId, channel: 'http', receivedAt, fingerprint: fingerprintOf(base) });
    this.take(unconfirmed.flatMap((entry) => entry.records.map(openRecord)));
    return outcome.status === 'refused' ? outcome.refusal.code : null;
  }

  /** Lets the next timer fire. */
  waits(): void {
    this.entity.fire();
    this.take(this.entity.unconfirmed.flatMap((entry) => entry.records.map(openRecord)));
  }

  get state() {
    return this.entity.currentState;
  }

  private take(records: readonly RecordBody[]): void {
    this.records.push(...records);
    this.entity.confirm(this.entity.confirmationOfAll());
  }
}
