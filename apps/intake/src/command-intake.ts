import { PROCESS_ACTOR } from '@qiyue/adapters';
import { deadLetterTopicOf, toShanghaiIso, type Actor } from '@qiyue/engine';
import type { CommandLog } from '@qiyue/engine-runtime';
import type { Credentials, IncomingMessage, Journal, Logger, NeedAnswer, NeedCommands, Publisher } from '@qiyue/adapters';
import { readCommand, type ReadCommand } from './read-command';
import { withoutPersonal } from './without-personal';

const KEYS_AT_ONCE = 20;
const ATTEMPT_MS = 3_000; // below the group session, which is kept alive between attempts
const BUSY_PAUSE_MS = 500;

/** Why a command can never be taken: the reason in the dead letter's header. */
type DeadReason =
  | 'malformed'
  | 'unauthenticated'
  | 'invalid'
  | 'too-large'
  | 'plain-personal-data'
  | 'foreign-seal'
  | 'key-reused'
  | 'not-found'
  | 'lost'
  | 'quarantined';

/**
 * Takes commands off the topic and gives each to its need.
 *
 * Contract:
 * 1. Strictly one after another per key, many keys side by side; the batch is done when each of them has an outcome.
 * 2. A server that is away is waited for: nothing is skipped.
 * 3. What can never be taken becomes a dead letter with its reason, without the token and without what people wrote in the
 *    open, and its id says `dead`.
 */
export class CommandIntake {
  constructor(
    private readonly commands: Pick<NeedCommands, 'execute'>,
    private readonly tokens: Pick<Credentials, 'verify'>,
    private readonly commandLog: Pick<CommandLog, 'noteDead'>,
    private readonly log: Logger,
    private readonly journal: Pick<Journal, 'record'>,
  ) {}

  async take(messages: readonly IncomingMessage[], alive: () => Promise<void>, publisher: Publisher): Promise<void> {
    const lanes = lanesOf(messages);
    const worker = async (): Promise<void> => {
      for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
        for (const message of lane) await this.takeOne(message, alive, publisher);
      }
    };
    await Promise.all(Array.from({ length: Math.min(KEYS_AT_ONCE, lanes.length) }, worker));
  }

  private async takeOne(message: IncomingMessage, alive: () => Promise<void>, publisher: Publisher): Promise<void> {
    await alive();
    const read = readCommand(message.value);
    if (!read.ok) return this.bury(message, 'malformed', read.why, read.commandId, publisher);
    const verified = await this.tokens.verify(message.headers['authorization'], new Date(message.timestampMs));
    if (!verified.ok || verified.scopes?.includes('commands') === false) {
      await this.journal.record(PROCESS_ACTOR, { type: 'TokensRefused', data: { why: verified.ok ? 'scope' : verified.why, times: 1 } });
      return this.bury(
        message,
        'unauthenticated',
        verified.ok ? 'the key’s scopes do not allow commands' : `token ${verified.why}`,
        read.command.commandId,
        publisher,
      );
    }
    const answer = await this.untilAnswered(read.command, verified.actor, message, alive);
    const dead = deadReasonOf(answer);
    const code = answer.kind === 'refused' ? answer.refusal.code : dead;
    if (code !== null) await this.noteRefused(read.command, code, verified.actor);
    if (dead)
      await this.bury(
        message,
        dead,
        'fields' in answer ? `${dead}: ${answer.fields.join(', ')}` : dead,
        read.command.commandId,
        publisher,
        verified.actor,
      );
  }

  private noteRefused({ commandId, type: command, needId }: ReadCommand, code: string, actor: Actor): Promise<void> {
    return this.journal.record(actor, { type: 'CommandRefused', data: { commandId, command, needId, code, channel: 'kafka' } });
  }

  private async untilAnswered(command: ReadCommand, actor: Actor, message: IncomingMessage, alive: () => Promise<void>): Promise<NeedAnswer> {
    for (;;) {
      await alive();
      const receivedAt = toShanghaiIso(message.timestampMs);
      const answer = await this.commands.execute({ ...command, actor, channel: 'kafka', receivedAt, deadlineMs: ATTEMPT_MS });
      if (answer.kind !== 'unknown' && answer.kind !== 'busy') return answer;
      this.log.warn({ commandId: command.commandId, kind: answer.kind }, 'no outcome yet');
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
    }
  }

  private async bury(
    message: IncomingMessage,
    reason: DeadReason,
    detail: string,
    commandId: string | null,
    publisher: Publisher,
    actor: Actor = { id: 'unknown', role: 'unknown', unit: null },
  ): Promise<void> {
    this.log.warn({ partition: message.partition, offset: message.offset, reason }, 'dead letter');
    const headers = { reason, detail, 'source-topic': message.topic, 'source-partition': String(message.partition), 'source-offset': message.offset };
    await publisher.send(deadLetterTopicOf('need'), [{ key: message.key ?? '', value: withoutPersonal(message.value ?? ''), headers }]);
    if (commandId === null || reason === 'key-reused') return;
    const receivedAt = toShanghaiIso(message.timestampMs);
    const row = {
      _id: commandId,
      aggregate: 'need',
      entity: '',
      type: '',
      fingerprint: '',
      actor,
      channel: 'kafka' as const,
      receivedAt,
      code: reason,
    };
    await this.commandLog.noteDead(row).catch(() => undefined); // the dead letter itself is the record; MongoDB may be away
  }
}

const deadReasonOf = (answer: NeedAnswer): DeadReason | null => {
  switch (answer.kind) {
    case 'invalid':
    case 'too-large':
    case 'plain-personal-data':
    case 'foreign-seal':
    case 'key-reused':
    case 'not-found':
    case 'lost':
    case 'quarantined':
      return answer.kind;
    default:
      return null;
  }
};

/** Messages of one key in their order; messages without a key each on their own. */
const lanesOf = (messages: readonly IncomingMessage[]): IncomingMessage[][] => {
  const lanes = new Map<string, IncomingMessage[]>();
  for (const message of messages) {
    const key = message.key ?? `offset ${message.offset}`;
    const lane = lanes.get(key);
    if (lane) lane.push(message);
    else lanes.set(key, [message]);
  }
  return [...lanes.values()];
};
