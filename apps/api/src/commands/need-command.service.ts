import type { Logger, NeedAnswer, NeedCommandRequest, NeedCommands, NeedStanding } from '@qiyue/adapters';
import { Patience } from '@qiyue/engine-runtime';
import { Problem } from '../http/problem';
import type { Metrics } from '../ops/metrics';
import type { CommandHandover } from './command-handover';

/** The outcome is not known yet; `GET /v1/commands/{commandId}` will tell. */
export interface Pending {
  readonly commandId: string;
  readonly state: 'pending';
}

type Request = Omit<NeedCommandRequest, 'deadlineMs'>;

/** How long an answer waits for its trace to reach the ledger, so that the history read after it shows it. */
const TRACE_WAIT_MS = 1_000;
/** One that is late is a slow disk; three are a ledger that is away. */
const TRACES_LATE_MAX = 3;

/** Commands over HTTP: what the one door for commands answers, as results and problems. */
export class NeedCommandService {
  private readonly trace = new Patience(TRACE_WAIT_MS, TRACES_LATE_MAX);

  constructor(
    private readonly commands: Pick<NeedCommands, 'execute' | 'notePending'>,
    private readonly handover: Pick<CommandHandover, 'give'>,
    private readonly metrics: Metrics,
    private readonly log: Logger,
    private readonly waitMs: number,
  ) {}

  /** `authorization` goes along should the command be handed over, so that whoever takes it can check it again. */
  async execute(request: Request, authorization: string): Promise<NeedStanding | Pending> {
    this.metrics.commandsInFlight.inc();
    try {
      const answer = await this.commands.execute({ ...request, deadlineMs: this.waitMs });
      this.metrics.commands.inc({ command: request.type, outcome: answer.kind === 'refused' ? answer.refusal.code : answer.kind });
      return answer.kind === 'unknown' ? await this.handOver(request, authorization) : await this.resultOf(answer, request.commandId);
    } finally {
      this.metrics.commandsInFlight.dec();
    }
  }

  private async resultOf(answer: Exclude<NeedAnswer, { kind: 'unknown' }>, commandId: string): Promise<NeedStanding> {
    switch (answer.kind) {
      case 'accepted':
        await this.trace.wait(() => answer.appended);
        return { needId: answer.needId, seq: answer.seq, stage: answer.stage, status: answer.status };
      case 'refused':
        await this.trace.wait(() => answer.appended);
        throw Problem.refused(answer.refusal, { commandId });
      case 'invalid':
        throw Problem.invalid(answer.error);
      case 'lost':
        throw Problem.edge('lost', { commandId });
      default:
        throw Problem.refused({ code: answer.kind }, { commandId });
    }
  }

  private async handOver(request: Request, authorization: string): Promise<Pending> {
    const { commandId } = request;
    const isTaken = await this.handover.give(request, authorization);
    this.log.warn({ commandId, isTaken }, 'no outcome in time');
    if (!isTaken) throw Problem.edge('outcome-unknown', { commandId });
    await this.commands.notePending({ ...request, deadlineMs: this.waitMs });
    return { commandId, state: 'pending' };
  }
}
