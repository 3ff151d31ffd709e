import { eventOf, openRecord, reactsTo, type Reaction } from '@qiyue/engine';
import { reactionsOf, type AnyAggregate } from '@qiyue/aggregate';
import {
  asideOf,
  CircuitBreaker,
  commandsOf,
  reactingAggregates,
  type Command,
  type CommandGateway,
  type LedgerStore,
  type OpenSealed,
  type ReactingAggregate,
} from '@qiyue/engine-runtime';
import { entityAnswerOf, type EntityAnswer } from './entity-answer';

export interface FollowUpPorts {
  readonly gateway: Pick<CommandGateway, 'execute'>;
  readonly store: Pick<LedgerStore, 'stream'>;
  readonly open: OpenSealed;
}

type Accepted = Extract<EntityAnswer, { readonly kind: 'accepted' }>;

/** For what has to be in the ledger first, and for what has to be opened in it. */
const PREPARED_WITHIN_MS = 1_500;

/**
 * Gives at once what follows from a command at its own entity, so that its sender is answered behind it. It is what the reactions give too, under the same ids: who
 * comes second meets the answer of whoever came first. What does not get through here, for whatever reason, is theirs.
 */
export class FollowUp {
  private readonly breaker = new CircuitBreaker(PREPARED_WITHIN_MS);
  private readonly known: ReadonlyMap<string, ReactingAggregate>;

  constructor(
    private readonly aggregates: ReadonlyMap<string, AnyAggregate>,
    private readonly ports: FollowUpPorts,
  ) {
    this.known = reactingAggregates(reactionsOf([...aggregates.values()]));
  }

  /** The answer to a command; where something follows at its entity and is accepted in time (`giveUpAtMs`, Unix ms), with the standing behind that. */
  async behind(command: Command, answer: EntityAnswer, giveUpAtMs: number): Promise<EntityAnswer> {
    const reaction = this.reactionTo(command);
    if (reaction === null || answer.kind !== 'accepted') return answer;
    const following = (await this.breaker.call(() => this.following(reaction, command, answer))) ?? [];
    let last: EntityAnswer = answer;
    for (const next of following) {
      const given = entityAnswerOf(await this.ports.gateway.execute(next, Math.max(0, giveUpAtMs - Date.now())));
      if (given.kind !== 'accepted') return last;
      last = given;
    }
    return last;
  }

  private reactionTo({ aggregate, type }: Command): Reaction | null {
    const { commands, reactions = [] } = this.aggregates.get(aggregate) ?? {};
    const name = commands?.[type]?.answeredBehind;
    return reactions.find((reaction) => reaction.name === name) ?? null;
  }

  private async following(reaction: Reaction, { aggregate, entity }: Command, { seq, appended }: Accepted): Promise<readonly Command[]> {
    await appended;
    const [document] = await this.ports.store.stream(entity, seq, seq);
    if (document === undefined) return [];
    const record = openRecord(document);
    if (!reactsTo(reaction, record)) return [];
    const aside = await asideOf(reaction, record, { ledger: this.ports.store, open: this.ports.open });
    const event = eventOf(record, this.known.get(aggregate)?.decider.upcasters);
    return commandsOf(reaction, event, record, this.known, aside).flatMap(({ command }) => (command.entity === entity ? [command] : []));
  }
}
