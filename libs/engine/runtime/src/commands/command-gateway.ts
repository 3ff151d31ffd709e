import { type Client, WithStartWorkflowOperation, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { MongoError } from 'mongodb';
import {
  COMMAND_UPDATE_NAME,
  MOVED,
  TASK_QUEUE,
  titleIn,
  updateNameOf,
  workflowIdOf,
  workflowTypeOf,
  type AppendResult,
  type CommandAnswer,
  type CommandEnvelope,
  type CommandShape,
  type Labels,
  type Pace,
  type ShellInput,
} from '@qiyue/engine';
import type { Appender } from '../ledger/appender';
import { KeyedSemaphore } from '../keyed-semaphore';
import type { Incidents } from '../incidents/incidents';
import type { CommandLog } from './command-log';
import type { EndedEntities } from './ended-entities';
import { EntityTroubles } from './entity-troubles';
import { answered, turnedAway, type Command, type GatewayAnswer, type RulesInForce } from './gateway-answer';
import { expiredAtMs, isAhead, isMoved, isPassing, turnedAwayWith } from './gateway-errors';
import { KnownHeads, type KnownHead } from './known-heads';

/** How a gateway talks to its workflows. */
export interface GatewayOptions {
  /** Updates in flight per entity from this process; all processes together must stay below ten (Temporal's limit). */
  readonly inFlightPerEntity: number;
  /** Deadline of one attempt in ms. */
  readonly attemptMs?: number;
  readonly taskQueue?: string;
  /** Test setting: continue as new after so many updates. */
  readonly continueAfterUpdates?: number;
  /** Only in a rehearsal. */
  readonly pace?: Pace;
  /** Told when what an answer handed over could not be appended here: the workflow's own flush brings it. */
  readonly onAppendFailure?: (entity: string, error: unknown) => void;
  /** Rules versions per aggregate: what is active, and what the code of this process knows. Left out: version 1 and no bound. */
  readonly rules?: RulesInForce;
  /** Where an entity that cannot answer is noted. */
  readonly incidents?: Pick<Incidents, 'note' | 'clear'>;
  /** How workflows read in Temporal's own pages, by aggregate. Left out: they have no titles, and updates no names. */
  readonly labels?: ReadonlyMap<string, Labels<unknown, CommandShape>>;
  /** Largest record that can be published, bytes of its canonical form. */
  readonly recordBytesMax?: number;
}

const ATTEMPT_MS = 10_000;
const RETRY_PAUSE_MS = 200;
/** Below that, no outcome says nothing about the entity. */
const SLOW_MS = 2_000;
const CONTRADICTIONS_MAX = 3;
const NEVER: { readonly at: number | null; readonly times: number } = { at: null, times: 0 };
/** How long what a killed worker held waits for another; Temporal's own default is 10. A task of ours takes milliseconds. */
export const WORKFLOW_TASK_TIMEOUT = '2500 milliseconds';

/** The run turned the command away. `contradictedAt`: the head that was read for it, null when what was remembered went along. */
interface Contradicted {
  readonly contradictedAt: number | null;
}

type EntityWorkflow = (input: ShellInput<unknown>) => Promise<void>;

/**
 * The way of every command into its entity, whichever channel it came by.
 *
 * Contract:
 * 1. The same id gives the same answer: from the workflow while it remembers, else from the command log.
 * 2. Only a starting command may start a workflow, and only of an entity that the ledger does not hold; all others meet a running one or the ledger.
 * 3. What the answer hands over is appended in the background; `appended` tells when. Nothing depends on it.
 * 4. Each command carries where the ledger stands by this process's knowledge, read when it has none, and the active rules. `diverged` is answered only
 *    when what was read for the very command is contradicted too; then, and for `rules-unknown`, nothing was recorded.
 * 5. An entity whose workflow tasks fail is told from a server that is slow: it is `diverged`, and noted. What waits there is turned away by the
 *    entity itself once its time is up, so that it takes no effect behind that answer.
 */
export class CommandGateway {
  private readonly slots: KeyedSemaphore;
  private readonly heads: KnownHeads;
  private readonly troubles: EntityTroubles;
  /** By how much Temporal's clock is ahead of ours, as far as an answer has shown it. */
  private aheadMs = 0;

  constructor(
    private readonly client: Client,
    private readonly appender: Appender,
    private readonly log: CommandLog,
    private readonly ended: EndedEntities,
    private readonly options: GatewayOptions,
  ) {
    this.slots = new KeyedSemaphore(options.inFlightPerEntity);
    this.heads = new KnownHeads(appender.store, options.rules);
    this.troubles = new EntityTroubles(client, appender.store, options.incidents);
  }

  /** Answers within about `deadlineMs` from now; `unknown` when that was not enough. */
  async execute(command: Command, deadlineMs: number): Promise<GatewayAnswer> {
    const giveUpAtMs = Date.now() + deadlineMs;
    const known = await (command.starts ? this.log.reserve(command) : this.log.find(command));
    if (known && known.fingerprint !== command.fingerprint) return { kind: 'key-reused' };
    if (known?.outcome) return answered(known.outcome);
    return this.ask(command, giveUpAtMs - Date.now());
  }

  /** The same without the log, which may know another use of the id and nothing of this one: what became of it is for the entity to say. */
  ask(asked: Command, deadlineMs: number): Promise<GatewayAnswer> {
    const command: Command = { ...asked, ...this.rulesFor(asked) };
    const giveUpAtMs = Date.now() + deadlineMs;
    return this.slots.run(command.entity, () => this.attemptUntil(command, giveUpAtMs));
  }

  /** The rules that are active here, unless an edge has stamped it before. */
  private rulesFor({ rules, aggregate }: Command): Pick<Command, 'rules'> {
    const active = rules ?? this.options.rules?.active(aggregate) ?? 1;
    return active === 1 ? {} : { rules: active };
  }

  private async attemptUntil(command: Command, giveUpAtMs: number): Promise<GatewayAnswer> {
    const startedMs = Date.now();
    let contradicted = NEVER;
    for (;;) {
      if (Date.now() >= giveUpAtMs) return this.withoutOutcome(command, Date.now() - startedMs);
      const answer = await this.attempt(command, giveUpAtMs, contradicted.times > 0);
      if (typeof answer === 'object' && 'contradictedAt' in answer) {
        const isStill = answer.contradictedAt === contradicted.at; // a head that has moved on was only overtaken by other commands
        contradicted = { at: answer.contradictedAt, times: isStill ? contradicted.times + 1 : 1 };
        if (contradicted.times >= CONTRADICTIONS_MAX) return this.troubles.diverged(command, 'replay-differs');
      } else if (answer !== 'again') return this.troubles.passed(command, answer);
      await pause(Math.min(RETRY_PAUSE_MS, Math.max(0, giveUpAtMs - Date.now())));
    }
  }

  /** Not before the time is up: the code that can go on with it may just be starting. */
  private async withoutOutcome(command: Command, waitedMs: number): Promise<GatewayAnswer> {
    if (waitedMs > SLOW_MS && (await this.troubles.isStuck(command))) return this.troubles.diverged(command, 'task-fails');
    return { kind: 'unknown' };
  }

  private async attempt(command: Command, giveUpAtMs: number, isContradicted: boolean): Promise<GatewayAnswer | 'again' | Contradicted> {
    let head: KnownHead | 'rules-unknown' = {};
    try {
      head = await this.heads.of(command, isContradicted);
      if (head === 'rules-unknown') return turnedAway(command, head);
      const known = head;
      const untilMs = Math.min(giveUpAtMs, Date.now() + (this.options.attemptMs ?? ATTEMPT_MS));
      const answer = await this.client.withDeadline(untilMs, () => this.update(command, known, giveUpAtMs));
      return this.settle(command, answer);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError || error instanceof WorkflowExecutionAlreadyStartedError) return this.fromLedger(command);
      const expiredMs = expiredAtMs(error);
      if (expiredMs !== null) return this.learnTime(expiredMs);
      const code = turnedAwayWith(error);
      if (code === 'diverged') return { contradictedAt: head === 'rules-unknown' ? null : (head.head?.seq ?? null) };
      if (code !== null) return turnedAway(command, code);
      if (isMoved(error)) return turnedAway(command, MOVED);
      if (isPassing(error) || isAhead(error)) return 'again';
      throw error;
    }
  }

  private learnTime(temporalMs: number): 'again' {
    this.aheadMs = temporalMs - Date.now();
    return 'again';
  }

  private async fromLedger(command: Command): Promise<GatewayAnswer | 'again'> {
    try {
      return await this.ended.answer(command);
    } catch (error) {
      if (error instanceof MongoError) return 'again';
      throw error;
    }
  }

  private update(command: Command, { head, confirmed }: KnownHead, giveUpAtMs: number): Promise<CommandAnswer> {
    const { aggregate, starts: _, ...rest } = command;
    const starts = command.starts && head === undefined && confirmed === undefined;
    const { recordBytesMax } = this.options;
    const envelope: CommandEnvelope = {
      ...rest,
      notAfterMs: giveUpAtMs + this.aheadMs,
      ...(confirmed === undefined ? {} : { confirmed }),
      ...(head === undefined ? {} : { head }),
      ...(recordBytesMax === undefined ? {} : { recordBytesMax }),
    };
    const options = { updateId: command.commandId, args: [envelope] as [CommandEnvelope] };
    const name = updateNameOf(this.options.labels?.get(aggregate), command, COMMAND_UPDATE_NAME);
    if (!starts) {
      return this.client.workflow.getHandle(workflowIdOf(aggregate, command.entity)).executeUpdate<CommandAnswer, [CommandEnvelope]>(name, options);
    }
    return this.client.workflow.executeUpdateWithStart<EntityWorkflow, CommandAnswer, [CommandEnvelope]>(name, {
      ...options,
      startWorkflowOperation: this.startOperation(command),
    });
  }

  /** Single use, so a new one for each attempt. A run that failed as never submitted may be started again; no other may. */
  private startOperation({ aggregate, entity, type, data, receivedAt }: Command): WithStartWorkflowOperation<EntityWorkflow> {
    const { continueAfterUpdates, pace, taskQueue, labels } = this.options;
    const title = titleIn(labels?.get(aggregate), { type, data }, { entity, now: receivedAt });
    return new WithStartWorkflowOperation(workflowTypeOf(aggregate), {
      workflowId: workflowIdOf(aggregate, entity),
      taskQueue: taskQueue ?? TASK_QUEUE,
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      ...(title === undefined ? {} : { staticSummary: title }),
      args: [
        {
          entity,
          ...(title === undefined ? {} : { title }),
          ...(continueAfterUpdates === undefined ? {} : { continueAfterUpdates }),
          ...(pace === undefined ? {} : { pace }),
        },
      ],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    });
  }

  private settle(command: Command, { outcome, unconfirmed, fingerprint, at }: CommandAnswer): GatewayAnswer {
    if (fingerprint !== command.fingerprint) return { kind: 'key-reused' }; // Temporal itself answers a repeated update id
    const answer = answered(outcome);
    if (unconfirmed.length === 0) return answer;
    const own = unconfirmed.find(({ commandId }) => commandId === command.commandId)?.records.at(-1);
    const appended = this.append(command, unconfirmed, at);
    return answer.kind === 'outcome' ? { ...answer, appended, hash: own?.hash ?? null } : answer;
  }

  /** Null when it failed: the workflow's own flush brings it, so nothing is lost. */
  private async append({ aggregate, entity }: Command, entries: CommandAnswer['unconfirmed'], at: CommandAnswer['at']): Promise<AppendResult | null> {
    try {
      const result = await this.appender.append({ aggregate, entity, entries, ...(at === undefined ? {} : { at }) });
      if (result.status === 'appended') this.heads.confirmed(entity, result.confirmation);
      else this.heads.forget(entity);
      return result;
    } catch (error) {
      this.options.onAppendFailure?.(entity, error);
      return null;
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
