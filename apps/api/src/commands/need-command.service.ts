import type { Denials, Logger, NeedAnswer, NeedCommandRequest, NeedCommands, NeedStanding, Receipts } from '@qiyue/adapters';
import { CircuitBreaker, type LedgerStore, type RulesInForce } from '@qiyue/engine-runtime';
import { Problem } from '../http/problem';
import type { Metrics } from '../ops/metrics';
import type { CommandHandover } from './command-handover';

/** The outcome is not known yet; `GET /v1/commands/{commandId}` will tell. */
export interface Pending {
  readonly commandId: string;
  readonly state: 'pending';
}

export interface ServiceDeps {
  readonly metrics: Metrics;
  readonly log: Pick<Logger, 'warn'>;
  readonly denials: Pick<Denials, 'add'>;
  readonly receipts: Pick<Receipts, 'publish'>;
  readonly store: Pick<LedgerStore, 'hashAt'>;
  readonly rules: Pick<RulesInForce, 'active'>;
  /** How long an answer may take, ms. */
  readonly commandWaitMs: number;
}

type Request = Omit<NeedCommandRequest, 'deadlineMs'>;
const AGGREGATE = 'need';

/** How long an answer waits for its trace to reach the ledger, so that the history read after it shows it. */
const TRACE_WAIT_MS = 1_000;
/** One that is late is a slow disk; three are a ledger that is away. */
const TRACES_LATE_MAX = 3;

/** A service's key would lie on the topic for days, and a session has nothing to show there: such a sender asks again with the same id. */
const isToken = (authorization: string): boolean => /^Bearer (?!qk_)/i.test(authorization);

/** Commands over HTTP: what the one entry point for commands answers, as results and problems. */
export class NeedCommandService {
  private readonly trace = new CircuitBreaker(TRACE_WAIT_MS, TRACES_LATE_MAX);

  constructor(
    private readonly commands: Pick<NeedCommands, 'execute' | 'notePending' | 'sealedBody'>,
    private readonly handover: Pick<CommandHandover, 'handOver'>,
    private readonly deps: ServiceDeps,
  ) {}

  /** `authorization` goes along should the command be handed over, so that whoever takes it can check it again. */
  async execute(asked: Request, authorization: string): Promise<NeedStanding | Pending> {
    const request: Request = { ...asked, rules: this.deps.rules.active(AGGREGATE) }; // once: it stays with the command should it be handed over
    this.deps.metrics.commandsInFlight.inc();
    try {
      const answer = await this.commands.execute({ ...request, deadlineMs: this.deps.commandWaitMs });
      this.deps.metrics.commands.inc({ command: request.type, outcome: answer.kind === 'refused' ? answer.refusal.code : answer.kind });
      if (answer.kind === 'unknown') return await this.handOver(request, authorization);
      if (answer.kind !== 'accepted') await this.noteRefused(request, answer.kind === 'refused' ? answer.refusal.code : answer.kind);
      return await this.resultOf(answer, request.commandId);
    } finally {
      this.deps.metrics.commandsInFlight.dec();
    }
  }

  private async resultOf(answer: Exclude<NeedAnswer, { kind: 'unknown' }>, commandId: string): Promise<NeedStanding> {
    switch (answer.kind) {
      case 'accepted':
        await this.settle(answer, commandId);
        return { needId: answer.needId, seq: answer.seq, stage: answer.stage, status: answer.status };
      case 'refused':
        await this.trace.call(() => answer.appended);
        throw Problem.refused(answer.refusal, { commandId });
      case 'invalid':
        throw Problem.invalid(answer.error);
      case 'too-large':
        throw Problem.refused({ code: answer.kind, detail: { bytes: answer.bytes, max: answer.max } }, { commandId });
      case 'lost':
        throw Problem.edge('lost', { commandId });
      case 'plain-personal-data':
      case 'foreign-seal':
        throw new Error(`${answer.kind} over HTTP`);
      default:
        throw Problem.refused({ code: answer.kind }, { commandId });
    }
  }

  /**
   * An answer may overtake the ledger; then a receipt says so, so that nothing that was acknowledged can vanish unseen. What the ledger does not
   * take is never acknowledged.
   */
  private async settle({ appended, needId, seq, hash }: Extract<NeedAnswer, { kind: 'accepted' }>, commandId: string): Promise<void> {
    const result = await this.trace.call(() => appended);
    if (result?.status === 'appended') return;
    const stored = await this.trace.call(() => this.deps.store.hashAt(needId, seq));
    if (result?.status === 'fork' || (stored !== null && hash !== null && stored !== hash))
      throw Problem.refused({ code: 'diverged' }, { commandId });
    if (stored !== null) return;
    const isGiven = await this.deps.receipts.publish({ commandId, entity: needId, seq });
    this.deps.log.warn({ commandId, needId, seq, isGiven }, 'answered before the ledger had it');
  }

  private noteRefused({ commandId, type: command, needId, actor }: Request, code: string): Promise<void> {
    return this.deps.denials.add(actor, { type: 'CommandRefused', data: { commandId, command, needId, code, channel: 'http' } });
  }

  private async handOver(request: Request, authorization: string): Promise<Pending> {
    const { commandId } = request;
    const body = await this.commands.sealedBody({ ...request, deadlineMs: this.deps.commandWaitMs });
    const isTaken = body !== null && isToken(authorization) && (await this.handover.handOver({ ...request, body }, authorization));
    this.deps.log.warn({ commandId, isTaken }, 'no outcome in time');
    if (!isTaken) throw Problem.edge('outcome-unknown', { commandId });
    await this.commands.notePending({ ...request, deadlineMs: this.deps.commandWaitMs });
    return { commandId, state: 'pending' };
  }
}
