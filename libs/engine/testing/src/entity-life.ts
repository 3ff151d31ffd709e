import {
  Entity,
  fingerprintOf,
  instantMsOf,
  laterOf,
  openRecord,
  toShanghaiIso,
  type Actor,
  type CommandEnvelope,
  type CommandShape,
  type Decider,
  type EventShape,
  type RecordBody,
  type Tables,
} from '@qiyue/engine';

const MINUTE_MS = 60_000;

/** Who lives, from when on, and by what calendar and policy. */
export interface LifeOptions {
  readonly entity: string;
  /** ISO 8601 with offset: when the first command comes in. */
  readonly bornAt: string;
  /** Come with every command that brings none of its own. */
  readonly tables?: Tables;
}

/** An entity that lives in the engine's own `Entity`, so that its records are those of a real one. One minute passes per command. */
export class EntityLife<S, C extends CommandShape, E extends EventShape, R extends string> {
  readonly records: RecordBody[] = [];
  private readonly entity: Entity<S, C, E, R>;
  private commands = 0;
  private minutes = 0;
  private rules = 1;

  constructor(
    decider: Decider<S, C, E, R>,
    private readonly options: LifeOptions,
  ) {
    this.entity = new Entity(decider, options.entity);
  }

  /** Commands bring this version from here on. */
  under(rules: number): void {
    this.rules = rules;
  }

  /** Gives a command; returns the refusal's code or null. */
  does(actor: Actor, command: C): string | null {
    return this.handles(actor, command, this.options.tables === undefined ? {} : { tables: this.options.tables });
  }

  /** The same with tables that take the place of those that it has. */
  isBrought(tables: Tables, actor: Actor, command: C): string | null {
    return this.handles(actor, command, { tables, replaceTables: true });
  }

  /** Lets the next timers fire. */
  waits(times = 1): void {
    for (let i = 0; i < times; i += 1) this.entity.fire();
    this.take();
  }

  /** So many minutes go by; what falls due in them happens with the next command. */
  passes(minutes: number): void {
    this.minutes += minutes;
  }

  /** Time of the last thing that happened. */
  get now(): string {
    return this.records.at(-1)?.time ?? this.options.bornAt;
  }

  get state(): S {
    return this.entity.currentState;
  }

  private handles(actor: Actor, { type, data }: C, brought: Pick<CommandEnvelope, 'tables' | 'replaceTables'>): string | null {
    const { entity, bornAt } = this.options;
    const asked = { entity, type, data: data as CommandEnvelope['data'], actor };
    const receivedAt = laterOf(toShanghaiIso(instantMsOf(bornAt) + this.minutes * MINUTE_MS), this.now);
    this.commands += 1;
    this.minutes += 1;
    const once = { commandId: `c-${this.commands}`, channel: 'http' as const, receivedAt, fingerprint: fingerprintOf(asked), rules: this.rules };
    const { outcome } = this.entity.handle({ ...asked, ...once, ...brought });
    this.take();
    return outcome.status === 'refused' ? outcome.refusal.code : null;
  }

  private take(): void {
    this.records.push(...this.entity.unconfirmed.flatMap(({ records }) => records.map(openRecord)));
    this.entity.confirm(this.entity.confirmationOfAll());
  }
}
