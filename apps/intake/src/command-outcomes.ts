import { aboutEntity, sourceOfMessage, type Denials } from '@qiyue/audit';
import type { DeadLetters, EntityAnswer } from '@qiyue/edge';
import type { IncomingMessage } from '@qiyue/platform';
import type { AnyAggregate } from '@qiyue/aggregate';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import type { CommandLog } from '@qiyue/engine-runtime';
import type { ReadCommand } from './read-command';

/** Why a command can never be taken: the reason in the dead letter's header. `failed`: handling it broke, several times. */
export type DeadReason =
  | 'malformed'
  | 'unauthenticated'
  | 'invalid'
  | 'unknown-community'
  | 'too-large'
  | 'plain-personal-data'
  | 'foreign-seal'
  | 'key-reused'
  | 'not-found'
  | 'failed';

export interface OutcomePorts {
  readonly letters: Pick<DeadLetters, 'send'>;
  readonly commandLog: Pick<CommandLog, 'noteDead'>;
  readonly denials: Pick<Denials, 'add'>;
}

/** What is left to do once a command has its outcome, or can never have one. */
export class CommandOutcomes {
  constructor(
    private readonly ports: OutcomePorts,
    private readonly aggregate: Pick<AnyAggregate, 'decider' | 'idName'>,
  ) {}

  /** `hash`: of the message's value, should `message` be only what is left of it. */
  async settle(command: ReadCommand, actor: Actor, answer: EntityAnswer, message: IncomingMessage, hash?: string): Promise<void> {
    const dead = deadReasonOf(answer);
    const code = answer.kind === 'refused' ? answer.refusal.code : dead;
    if (code !== null) await this.noteRefused(command, code, actor, message);
    if (dead === null) return;
    await this.isDead(message, dead, detailOf(answer, dead), command.commandId, actor, command.entity, hash);
  }

  /**
   * A dead letter; and its id says `dead`, if it has one and somebody is known to have sent it (`actor`): what nobody is known to have sent
   * claims no id and changes no row.
   */
  async isDead(
    message: IncomingMessage,
    reason: DeadReason,
    detail: string,
    commandId: string | null,
    actor: Actor | null,
    entity: string | null = null,
    hash?: string,
  ): Promise<void> {
    const known = actor === null ? {} : { commandId, entity };
    await this.ports.letters.send(message, { reason, detail, ...known, ...(hash === undefined ? {} : { hash }) });
    if (actor !== null && commandId !== null && reason !== 'key-reused') await this.noteDead(message, reason, commandId, actor);
  }

  async noteDead({ timestampMs }: IncomingMessage, code: DeadReason, commandId: string, actor: Actor): Promise<void> {
    const empty = { aggregate: this.aggregate.decider.aggregate, entity: '', type: '', fingerprint: '' };
    const row = { _id: commandId, ...empty, actor, channel: 'kafka' as const, receivedAt: toShanghaiIso(timestampMs), code };
    await this.ports.commandLog.noteDead(row).catch(() => undefined); // the dead letter itself is the record; MongoDB may be away
  }

  private noteRefused({ commandId, type: command, entity }: ReadCommand, code: string, actor: Actor, message: IncomingMessage): Promise<void> {
    const fact = {
      type: 'CommandRefused',
      data: { commandId, command, ...aboutEntity(this.aggregate.idName, entity), code, channel: 'kafka' },
    } as const;
    return this.ports.denials.add(actor, fact, sourceOfMessage(message));
  }
}

const detailOf = (answer: EntityAnswer, reason: DeadReason): string => {
  if (answer.kind === 'unknown-community') return [`${reason}: ${answer.field}`, ...answer.suggestions].join(', ');
  return 'fields' in answer ? `${reason}: ${answer.fields.join(', ')}` : reason;
};

const deadReasonOf = (answer: EntityAnswer): DeadReason | null => {
  switch (answer.kind) {
    case 'invalid':
    case 'unknown-community':
    case 'too-large':
    case 'plain-personal-data':
    case 'foreign-seal':
    case 'key-reused':
    case 'not-found':
      return answer.kind;
    default:
      return null;
  }
};

const WITHOUT_OUTCOME: ReadonlySet<string> = new Set(['unknown', 'busy', 'diverged', 'rules-unknown', 'lost', 'quarantined']);

/** Nothing was decided, or nobody knows: the same command is to be given again. */
export const isWithoutOutcome = (answer: Pick<EntityAnswer, 'kind'>): boolean => WITHOUT_OUTCOME.has(answer.kind);
