import { PROCESS_ACTOR, sourceOfMessage, type Denials } from '@qiyue/audit';
import {
  IN_A_CROWD,
  isServerAway,
  parkingKeyOf,
  type Credentials,
  type HandedReceipts,
  type CommandRequest,
  type EntityAnswer,
  type EntityCommands,
} from '@qiyue/edge';
import type { IncomingMessage, Logger } from '@qiyue/platform';
import type { AnyAggregate } from '@qiyue/aggregate';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import { isPerson } from '@qiyue/civic-domain';
import { isWithoutOutcome, type CommandOutcomes, type DeadReason } from './command-outcomes';
import type { ParkedKeys, Parking } from './parking';
import { readCommand } from './read-command';

const KEYS_AT_ONCE = 20;
const ATTEMPT_MS = 3_000; // below the group session, which is kept alive between attempts
const BUSY_PAUSE_MS = 500;
/** Of one person and one batch; what is above it goes into a line of its own, so that others do not stand behind it. */
const PER_PERSON_MAX = 100;

type Verified = Awaited<ReturnType<Credentials['verify']>>;

export interface IntakePorts {
  readonly commands: Pick<EntityCommands, 'execute'>;
  readonly tokens: Pick<Credentials, 'verify'>;
  readonly receipts: Pick<HandedReceipts, 'of'>;
  readonly outcomes: Pick<CommandOutcomes, 'settle' | 'isDead' | 'noteDead'>;
  readonly parking: Pick<Parking, 'look' | 'isDue' | 'park' | 'noteOutcome'>;
  readonly denials: Pick<Denials, 'add'>;
  readonly log: Pick<Logger, 'warn'>;
}

/**
 * Takes commands off a topic and gives each to its entity.
 *
 * Contract:
 * 1. Strictly one after another per key, many keys side by side; the batch is done when each of them has an outcome or is parked.
 * 2. A server that is away is waited for: nothing is skipped. A command that has no outcome within its bound though others get
 *    through is parked, and what comes later of its key behind it. So is what one person sends beyond a hundred at once.
 * 3. What can never be taken becomes a dead letter with its reason, without the token and without what was written in the
 *    open; its id says `dead`, if whoever sent it is known. Who sent it is looked at first.
 * 4. It was received when the broker took it, or an API before that; what its sender says of the time counts for nothing.
 */
export class CommandIntake {
  constructor(
    private readonly ports: IntakePorts,
    private readonly aggregate: AnyAggregate,
  ) {}

  async take(messages: readonly IncomingMessage[], alive: () => Promise<void>): Promise<void> {
    const parked = await this.ports.parking.look(messages);
    const lanes = lanesOf(messages);
    const crowd = new Crowd();
    const worker = async (): Promise<void> => {
      for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
        for (const message of lane) await this.takeOne(message, { parked, crowd }, alive);
      }
    };
    await Promise.all(Array.from({ length: Math.min(KEYS_AT_ONCE, lanes.length) }, worker));
  }

  /** Beside the dead letter of a message that could not be read at all, or whose handling broke: its id says so. */
  async setAside(message: IncomingMessage, reason: DeadReason): Promise<void> {
    const verified = await this.verify(message, await this.ports.receipts.of(message));
    const read = readCommand(message, this.aggregate);
    const commandId = read.ok ? read.command.commandId : read.commandId;
    if (verified.ok && commandId !== null) await this.ports.outcomes.noteDead(message, reason, commandId, verified.actor);
  }

  private async takeOne(message: IncomingMessage, { parked, crowd }: OfBatch, alive: () => Promise<void>): Promise<void> {
    await alive();
    const receivedMs = await this.ports.receipts.of(message);
    const verified = await this.verify(message, receivedMs);
    if (!verified.ok || verified.scopes?.includes('commands') === false) return this.refuse(message, verified);
    const { actor } = verified;
    const read = readCommand(message, this.aggregate);
    if (!read.ok) return this.ports.outcomes.isDead(message, 'malformed', read.why, read.commandId, actor);
    const request = {
      ...read.command,
      aggregate: this.aggregate.decider.aggregate,
      actor,
      channel: 'kafka' as const,
      receivedAt: toShanghaiIso(receivedMs),
      deadlineMs: ATTEMPT_MS,
    };
    if ((await parked.holds(message, request.entity)) && (await this.ports.parking.park(request, message, 'behind another'))) {
      return parked.add(message);
    }
    if (crowd.isTooMuchOf(actor) && (await this.ports.parking.park(request, message, IN_A_CROWD))) return parked.add(message);
    const answer = await this.untilAnswered(request, message, alive);
    if (answer === null) return parked.add(message);
    await this.ports.outcomes.settle(read.command, actor, answer, message);
  }

  /** What cannot be looked at for any reason but an absent server is no token. */
  private async verify(message: IncomingMessage, receivedMs: number): Promise<Verified> {
    try {
      return await this.ports.tokens.verify(message.headers['authorization'], new Date(receivedMs));
    } catch (error) {
      if (isServerAway(error)) throw error;
      return { ok: false, why: 'invalid' };
    }
  }

  private async refuse(message: IncomingMessage, verified: Verified): Promise<void> {
    const why = verified.ok ? 'scope' : verified.why;
    await this.ports.denials.add(PROCESS_ACTOR, { type: 'TokensRefused', data: { why, times: 1 } }, sourceOfMessage(message));
    const detail = verified.ok ? 'the key’s scopes do not allow commands' : `token ${verified.why}`;
    await this.ports.outcomes.isDead(message, 'unauthenticated', detail, null, null);
  }

  /** Null when it was parked. */
  private async untilAnswered(request: CommandRequest, message: IncomingMessage, alive: () => Promise<void>): Promise<EntityAnswer | null> {
    const sinceMs = Date.now();
    for (;;) {
      await alive();
      const answer = await this.ports.commands.execute(request);
      if (!isWithoutOutcome(answer)) {
        this.ports.parking.noteOutcome();
        return answer;
      }
      const { commandId } = request;
      this.ports.log.warn({ commandId, kind: answer.kind }, 'no outcome yet');
      if ((await this.ports.parking.isDue(answer.kind, sinceMs)) && (await this.ports.parking.park(request, message, answer.kind))) {
        this.ports.log.warn({ commandId, partition: message.partition, offset: message.offset }, 'a command is parked');
        return null;
      }
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
    }
  }
}

interface OfBatch {
  readonly parked: ParkedKeys;
  readonly crowd: Crowd;
}

/** How many commands of each person a batch has held so far. Offices may have much to say at once. */
class Crowd {
  private readonly counts = new Map<string, number>();

  isTooMuchOf({ id, role }: Actor): boolean {
    if (!isPerson(role)) return false;
    const count = (this.counts.get(id) ?? 0) + 1;
    this.counts.set(id, count);
    return count > PER_PERSON_MAX;
  }
}

/** Messages of one key in their order; messages without a key each on their own. */
const lanesOf = (messages: readonly IncomingMessage[]): IncomingMessage[][] => {
  const lanes = new Map<string, IncomingMessage[]>();
  for (const message of messages) {
    const key = parkingKeyOf(message);
    const lane = lanes.get(key);
    if (lane) lane.push(message);
    else lanes.set(key, [message]);
  }
  return [...lanes.values()];
};
