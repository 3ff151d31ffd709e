import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { Entity, fingerprintOf, instantMsOf, laterOf, toShanghaiIso, type Actor, type CommandEnvelope, type EventRecord } from '@qiyue/engine';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { needDecider, type NeedCommand } from '@qiyue/need-domain';

export const RESIDENT: Actor = { id: 'ann', role: 'resident', unit: '城南社区' };
export const COMMUNITY: Actor = { id: 'cora', role: 'community', unit: '城南社区' };
export const HOUSING: Actor = { id: 'hu', role: 'department', unit: '住建局' };

const TABLES = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
/** Long ago: whatever may be sent may be sent now, at whatever hour a test runs. */
const BIRTH = '2024-07-01T09:00:00.000+08:00';

export const submit = (changes: object = {}): NeedCommand => ({
  type: 'submit',
  data: {
    ...{ title: '加装扶手', kind: 'tangible' as const, community: '城南社区', contact: '13800000000' },
    items: [{ name: '扶手', quantity: 1, unit: '米' }],
    ...changes,
  },
});
export const claim: NeedCommand = { type: 'claim', data: { unit: '住建局', plan: 'p' } };
export const fund: NeedCommand = { type: 'fund', data: { amountFen: 7, source: 'donation', reference: 'r' } };

/** A need's life in the engine's own entity; what has happened since the last `take` is a list of records. */
export class Story {
  private readonly entity;
  private commands = 0;
  private now: string;

  constructor(
    readonly needId: string,
    birth = BIRTH,
    /** Whose commands these are: what an older version does not know is refused by it. */
    private readonly rules = 1,
  ) {
    this.entity = new Entity(needDecider, needId);
    this.now = birth;
  }

  does(actor: Actor, command: NeedCommand): this {
    const base = { entity: this.needId, type: command.type, data: command.data as unknown as CommandEnvelope['data'], actor };
    this.commands += 1;
    const receivedAt = laterOf(toShanghaiIso(instantMsOf(this.now) + 1_000), this.now);
    const once = {
      commandId: `${this.needId}-${this.commands}`,
      fingerprint: fingerprintOf(base),
      channel: 'http' as const,
      receivedAt,
      rules: this.rules,
    };
    const { outcome } = this.entity.handle({ ...base, ...once, tables: TABLES });
    if (outcome.status === 'refused') throw new Error(`${command.type}: ${outcome.refusal.code}`);
    this.now = receivedAt;
    return this;
  }

  waits(times: number): this {
    for (let i = 0; i < times; i += 1) {
      this.now = this.entity.due()?.at ?? this.now;
      this.entity.fire();
    }
    return this;
  }

  take(): readonly EventRecord[] {
    const records = this.entity.unconfirmed.flatMap((entry) => entry.records);
    this.entity.confirm(this.entity.confirmationOfAll());
    return records;
  }
}
