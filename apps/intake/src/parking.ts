import { createHash } from 'node:crypto';
import { IN_A_CROWD, parkedSubjectOf, parkingKeyOf, type CommandRequest, type EntityCommands, type ParkedCommands } from '@qiyue/edge';
import type { IncomingMessage } from '@qiyue/platform';
import type { Incidents } from '@qiyue/engine-runtime';

export interface ParkingPorts {
  readonly commands: Pick<EntityCommands, 'sealed' | 'notePending'>;
  readonly parked: Pick<ParkedCommands, 'park' | 'keysAmong' | 'hasEntity'>;
  readonly incidents: Pick<Incidents, 'note'>;
  /** Resolves while Temporal answers. */
  readonly askTemporal: () => Promise<unknown>;
}

/** How many times longer a command waits when nothing else gets through either: it is then hardly the entity. */
const ALONE_FACTOR = 3;
const ASK_WITHIN_MS = 3_000;

/** Decides when a command has waited long enough on the topic, and parks it. */
export class Parking {
  private lastOutcomeMs = 0;

  constructor(
    private readonly ports: ParkingPorts,
    private readonly parkAfterMs: number,
  ) {}

  /** Some command got its outcome: whoever gets none meanwhile has a trouble of its own. */
  noteOutcome(): void {
    this.lastOutcomeMs = Date.now();
  }

  /** What is parked of these messages' keys; later ones of a key are to be parked behind it. */
  async look(messages: readonly IncomingMessage[]): Promise<ParkedKeys> {
    const keys = await this.ports.parked.keysAmong([...new Set(messages.map(parkingKeyOf))]);
    return new ParkedKeys(keys, this.ports.parked);
  }

  /** Only Temporal itself is waited for, and the keys to seal with: `answer` is what the last attempt gave. */
  async isDue(answer: string, sinceMs: number): Promise<boolean> {
    const waitedMs = Date.now() - sinceMs;
    if (waitedMs < this.parkAfterMs) return false;
    const isTheEntity = answer !== 'unknown' || this.lastOutcomeMs > sinceMs;
    return isTheEntity || (waitedMs >= ALONE_FACTOR * this.parkAfterMs && (await this.temporalAnswers()));
  }

  /** False: there is no key to seal it with, and it may lie nowhere in the open. Rejects while MongoDB is away. */
  async park(request: CommandRequest, message: IncomingMessage, why: string): Promise<boolean> {
    const sealed = await this.ports.commands.sealed(request);
    if (sealed === null) return false;
    const { commandId, type, entity: needId, actor, receivedAt } = request;
    const { topic, partition, offset } = message;
    const key = parkingKeyOf(message);
    const hash = createHash('sha256')
      .update(message.bytes ?? Buffer.from(message.value ?? '', 'utf8'))
      .digest('hex');
    await this.ports.parked.park({
      ...{ topic, partition, offset: Number(offset), key, hash, why },
      ...{ commandId, type, needId, actor, body: sealed.data, receivedAt, attempts: 0 },
    });
    await this.ports.commands.notePending(sealed);
    if (why === IN_A_CROWD) return true; // nothing is wrong with it
    void this.ports.incidents.note({
      ...{ kind: 'command-parked', subject: parkedSubjectOf(key), place: { topic, partition, offset }, why },
      ...(needId === null ? {} : { entity: needId }),
    });
    return true;
  }

  private async temporalAnswers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ASK_WITHIN_MS)));
    const answered = this.ports.askTemporal().then(
      () => true,
      () => false,
    );
    const does = await Promise.race([answered, late]);
    clearTimeout(timer);
    return does;
  }
}

/** What was parked when a batch came, and what has been parked out of it since. */
export class ParkedKeys {
  private readonly added = new Set<string>();

  constructor(
    private readonly keys: ReadonlySet<string> | null,
    private readonly parked: Pick<ParkedCommands, 'hasEntity'>,
  ) {}

  add(message: IncomingMessage): void {
    this.added.add(parkingKeyOf(message));
  }

  /** Something of the same key, or of the same entity, stands before it. */
  async holds(message: IncomingMessage, entity: string | null): Promise<boolean> {
    const key = parkingKeyOf(message);
    if (this.added.has(key) || this.keys?.has(key) === true) return true;
    if (this.keys === null && this.added.size === 0) return false;
    return entity !== null && (await this.parked.hasEntity(entity));
  }
}
