import { fingerprintOf, laterOf, type Actor, type CommandEnvelope, type Json } from '@qiyue/engine';
import type { Command } from '@qiyue/engine-runtime';
import type { Senders } from '../saga/simulated-senders';
import type { Dice, Turns } from '../saga/simulated-turns';
import type { World } from '../saga/simulated-world';

export type Data = Readonly<Record<string, Json>>;
export type Asked = readonly [type: string, data: Data, actor: Actor];

export const actorOf = (role: string, unit: string | null): Actor => ({ id: `${role}-${unit ?? ''}`, role, unit });
export const [ANN, CORA, CENTRE] = [actorOf('resident', 'Lakeside'), actorOf('community', 'Lakeside'), actorOf('centre', null)];
export const AUTHORITY = actorOf('authority', null);

/** Some runs go on over the end of a year. */
export const [BEFORE, AFTER] = ['2024-12-20T09:00:00.000+08:00', '2025-01-01T00:30:00.000+08:00'];
/** So late a timer goes off at most. */
const TIMER_TURNS = 40;
const STARTING: ReadonlySet<string> = new Set(['open', 'submit', 'propose', 'offer', 'plan']);

/** What all who do something have: a time, somebody who sends for them, and what they have said. */
export class People {
  /** To be asked again. */
  readonly given: Command[] = [];

  constructor(
    readonly dice: Dice,
    readonly turns: Turns,
    readonly world: World,
    private readonly senders: Senders,
    /** The turn in which the year ends. */
    private readonly midnight: number,
  ) {}

  get now(): string {
    return this.turns.now < this.midnight ? BEFORE : AFTER;
  }

  isThere(aggregate: string, entity: string): boolean {
    return this.world.entitiesOf(aggregate).includes(entity);
  }

  /** Directly, before the storm. */
  give(aggregate: string, entity: string, asked: Asked): void {
    this.world.give(this.commandOf(aggregate, entity, asked, this.now));
  }

  /** After so many turns at most. `at`: the time of day, where it is later than that of everybody. */
  async say(aggregate: string, entity: string, asked: Asked, within: number, at = this.now): Promise<void> {
    await this.turns.sleep(this.dice.between(0, within));
    await this.send(aggregate, entity, asked, at);
  }

  async send(aggregate: string, entity: string, asked: Asked, at = this.now): Promise<void> {
    const command = this.commandOf(aggregate, entity, asked, laterOf(at, this.now));
    this.given.push(command);
    void this.turns.sleep(this.dice.between(0, TIMER_TURNS)).then(() => this.world.wake(command.entity, command.receivedAt));
    await this.senders.send(command, this.dice.between(1, 2), 10);
  }

  private commandOf(aggregate: string, entity: string, [type, data, actor]: Asked, receivedAt: string): Command {
    const asked: Pick<CommandEnvelope, 'entity' | 'type' | 'data' | 'actor'> = { entity, type, data, actor };
    const before = this.dice.chance(0.02) && this.given.length > 0 ? this.dice.pick(this.given) : undefined; // a key that is taken
    const commandId = before?.commandId ?? `c${this.given.length}-${entity}-${type}`;
    return {
      ...{ ...asked, commandId, aggregate, channel: 'http', receivedAt, fingerprint: fingerprintOf(asked) },
      starts: STARTING.has(type),
    };
  }
}
