import { aboutEntity, type Denials, type Receipts } from '@qiyue/audit';
import type { CommandRequest, EntityAnswer, EntityCommands, UnlistedUnit } from '@qiyue/edge';
import type { Logger } from '@qiyue/platform';
import type { AnyAggregate } from '@qiyue/aggregate';
import type { Refusal, Summary } from '@qiyue/engine';
import { CircuitBreaker, type Command, type LedgerStore, type RulesInForce } from '@qiyue/engine-runtime';
import { Problem } from '../http/problem';
import type { Metrics } from '../ops/metrics';
import type { CommandHandover } from './command-handover';

/** The outcome is not known yet; `GET /v1/commands/{commandId}` will tell. */
export interface Pending {
  readonly commandId: string;
  readonly state: 'pending';
}

/** Where the entity stands: its id under the aggregate's own name, `seq`, and what its summary says. */
export type ShownStanding = { readonly seq: number; readonly unlistedUnits?: readonly UnlistedUnit[] } & Summary & Readonly<Record<string, unknown>>;

export interface Executed {
  readonly standing: ShownStanding | Pending;
  /** The command made the entity. */
  readonly isNew: boolean;
}

export interface ServiceDeps {
  readonly aggregates: readonly AnyAggregate[];
  readonly metrics: Metrics;
  readonly log: Pick<Logger, 'warn'>;
  readonly denials: Pick<Denials, 'add'>;
  readonly receipts: Pick<Receipts, 'publish'>;
  readonly store: Pick<LedgerStore, 'hashAt' | 'ledger'>;
  readonly rules: Pick<RulesInForce, 'active'>;
  /** How long an answer may take, ms. */
  readonly commandWaitMs: number;
}

type Request = Omit<CommandRequest, 'deadlineMs' | 'aggregate'>;
type Asked = Omit<CommandRequest, 'deadlineMs'>;

/** How long an answer waits for its trace to reach the ledger, so that the history read after it shows it. */
const TRACE_WAIT_MS = 1_000;
/** One that is late is a slow disk; three are a ledger that is away. */
const TRACES_LATE_MAX = 3;

/** A service's key would lie on the topic for days, and a session has nothing to show there: such a sender asks again with the same id. */
const isToken = (authorization: string): boolean => /^Bearer (?!qk_)/i.test(authorization);

/** Commands over HTTP: what the one entry point for commands answers, as results and problems. */
export class EntityCommandService {
  private readonly trace = new CircuitBreaker(TRACE_WAIT_MS, TRACES_LATE_MAX);

  constructor(
    private readonly commands: Pick<EntityCommands, 'execute' | 'notePending'>,
    private readonly handover: Pick<CommandHandover, 'handOver'>,
    private readonly deps: ServiceDeps,
  ) {}

  /** `authorization` goes along should the command be handed over, so that whoever takes it can check it again. */
  async execute(asked: Request, aggregate: AnyAggregate, authorization: string): Promise<Executed> {
    const name = aggregate.decider.aggregate;
    const request: Asked = { ...asked, aggregate: name, rules: this.deps.rules.active(name) }; // once: it stays with the command should it be handed over
    this.deps.metrics.commandsInFlight.inc();
    try {
      const answer = await this.commands.execute({ ...request, deadlineMs: this.deps.commandWaitMs });
      const outcome = answer.kind === 'refused' ? answer.refusal.code : answer.kind;
      this.deps.metrics.commands.inc({ ...this.labelOf(name), command: request.type, outcome });
      if (answer.kind === 'unknown') return { standing: await this.handOver(request, answer.sealed, aggregate, authorization), isNew: false };
      if (answer.kind !== 'accepted') await this.noteRefused(request, aggregate, outcome);
      return await this.resultOf(answer, request, aggregate);
    } finally {
      this.deps.metrics.commandsInFlight.dec();
    }
  }

  /** Commands of the first kind are counted as before there was a second one, so that what watches them goes on. */
  private labelOf(aggregate: string): { readonly aggregate?: string } {
    return aggregate === this.deps.aggregates[0]?.decider.aggregate ? {} : { aggregate };
  }

  private async resultOf(answer: Exclude<EntityAnswer, { kind: 'unknown' }>, { commandId, type }: Asked, aggregate: AnyAggregate): Promise<Executed> {
    const refused = (refusal: Refusal): Problem => Problem.refused(refusal, { commandId }, aggregate.refusals);
    switch (answer.kind) {
      case 'accepted': {
        await this.settle(answer, commandId, aggregate);
        const { entity, seq, summary, unlistedUnits } = answer;
        const isNew = type === aggregate.decider.startsWith && (await this.hasBegun(entity, commandId, aggregate));
        return { standing: { [aggregate.idName]: entity, seq, ...summary, ...(unlistedUnits && { unlistedUnits }) } as ShownStanding, isNew };
      }
      case 'refused':
        await this.trace.call(() => answer.appended);
        throw refused(answer.refusal);
      case 'invalid':
        throw Problem.invalid(answer.error);
      case 'unknown-community':
        throw Problem.edge('unknown-community', { suggestions: answer.suggestions, field: answer.field });
      case 'too-large':
        throw refused({ code: answer.kind, detail: { bytes: answer.bytes, max: answer.max } });
      case 'lost':
        throw Problem.edge('lost', { commandId });
      case 'plain-personal-data':
      case 'foreign-seal':
        throw new Error(`${answer.kind} over HTTP`);
      default:
        throw refused({ code: answer.kind });
    }
  }

  /** Whether the entity came to be by this command. One whose id comes from what was asked may have been there. */
  private async hasBegun(entity: string, commandId: string, { idOf }: AnyAggregate): Promise<boolean> {
    if (idOf === undefined) return true;
    const first = await this.trace.call(() => this.deps.store.ledger.findOne({ _id: `${entity}:1` }, { projection: { commandId: 1 } }));
    return first === null || first.commandId === commandId;
  }

  /**
   * An answer may overtake the ledger; then a receipt says so, so that nothing that was acknowledged can vanish unseen. What the ledger does not
   * take is never acknowledged.
   */
  private async settle(
    { appended, entity, seq, hash }: Extract<EntityAnswer, { kind: 'accepted' }>,
    commandId: string,
    aggregate: AnyAggregate,
  ): Promise<void> {
    const result = await this.trace.call(() => appended);
    if (result?.status === 'appended') return;
    const stored = await this.trace.call(() => this.deps.store.hashAt(entity, seq));
    if (result?.status === 'fork' || (stored !== null && hash !== null && stored !== hash))
      throw Problem.refused({ code: 'diverged' }, { commandId }, aggregate.refusals);
    if (stored !== null) return;
    const isGiven = await this.deps.receipts.publish(aggregate.decider.aggregate, { commandId, entity, seq });
    this.deps.log.warn({ commandId, entity, seq, isGiven }, 'answered before the ledger had it');
  }

  private noteRefused({ commandId, type: command, entity, actor }: Asked, { idName }: AnyAggregate, code: string): Promise<void> {
    return this.deps.denials.add(actor, {
      type: 'CommandRefused',
      data: { commandId, command, ...aboutEntity(idName, entity), code, channel: 'http' },
    });
  }

  private async handOver(request: Asked, sealed: Command | undefined, aggregate: AnyAggregate, authorization: string): Promise<Pending> {
    const { commandId } = request;
    const isTaken =
      sealed !== undefined && isToken(authorization) && (await this.handover.handOver({ ...request, body: sealed.data }, aggregate, authorization));
    this.deps.log.warn({ commandId, isTaken }, 'no outcome in time');
    if (sealed === undefined || !isTaken) throw Problem.edge('outcome-unknown', { commandId });
    await this.commands.notePending(sealed);
    return { commandId, state: 'pending' };
  }
}
