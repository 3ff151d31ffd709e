import { type Client, WithStartWorkflowOperation, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { MongoError } from 'mongodb';
import {
  COMMAND_UPDATE_NAME,
  TASK_QUEUE,
  workflowIdOf,
  workflowTypeOf,
  type AppendResult,
  type CommandAnswer,
  type CommandEnvelope,
  type Confirmation,
  type Outcome,
  type Pace,
  type ShellInput,
} from '@qiyue/engine';
import type { Appender } from '../ledger/appender';
import { KeyedSemaphore } from '../keyed-semaphore';
import { LruMap } from '../lru-map';
import type { CommandLog } from './command-log';
import type { EndedEntities } from './ended-entities';
import { isPassing, turnedAwayWith } from './gateway-errors';

/**
 * What became of a command, as far as this call knows.
 * `unknown`: Temporal or a worker did not answer in time; the command may still take effect, and asking again with the
 * same id tells. `lost`: the ledger knows the entity but no workflow runs: an operator has to bring it back.
 */
export type GatewayAnswer =
  | { readonly kind: 'outcome'; readonly outcome: Outcome; readonly appended: Promise<AppendResult | null> }
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'lost' };

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
  readonly onAppendFailure?: (entity: string, error: unknown) => void;
}

const ATTEMPT_MS = 10_000;
const RETRY_PAUSE_MS = 200;
/** How long what a killed worker held waits for another; Temporal's own default is 10. A task of ours takes milliseconds. */
export const WORKFLOW_TASK_TIMEOUT = '2500 milliseconds';
const CONFIRMATIONS_REMEMBERED = 50_000;
const NOTHING_APPENDED = Promise.resolve(null);

type EntityWorkflow = (input: ShellInput<unknown>) => Promise<void>;

/** A command before the gateway adds what it knows to be confirmed. */
export type Command = Omit<CommandEnvelope, 'confirmed'> & { readonly aggregate: string; readonly starts: boolean };

/**
 * The way of every command into its entity, whichever channel it came by.
 *
 * Contract:
 * 1. The same id gives the same answer: from the workflow while it remembers, else from the command log.
 * 2. Only a starting command may start a workflow; all others meet a running one or the ledger.
 * 3. What the answer hands over is appended in the background; `appended` tells when. Nothing depends on it.
 */
export class CommandGateway {
  private readonly slots: KeyedSemaphore;
  private readonly confirmed = new LruMap<string, Confirmation>(CONFIRMATIONS_REMEMBERED);

  constructor(
    private readonly client: Client,
    private readonly appender: Appender,
    private readonly log: CommandLog,
    private readonly ended: EndedEntities,
    private readonly options: GatewayOptions,
  ) {
    this.slots = new KeyedSemaphore(options.inFlightPerEntity);
  }

  /** Answers within about `deadlineMs` from now; `unknown` when that was not enough. */
  async execute(command: Command, deadlineMs: number): Promise<GatewayAnswer> {
    const giveUpAtMs = Date.now() + deadlineMs;
    const known = await (command.starts ? this.log.reserve(command) : this.log.find(command.commandId));
    if (known && known.fingerprint !== command.fingerprint) return { kind: 'key-reused' };
    if (known?.outcome) return answered(known.outcome);
    return this.slots.run(command.entity, () => this.attemptUntil(command, giveUpAtMs));
  }

  private async attemptUntil(command: Command, giveUpAtMs: number): Promise<GatewayAnswer> {
    for (;;) {
      const leftMs = giveUpAtMs - Date.now();
      if (leftMs <= 0) return { kind: 'unknown' };
      const answer = await this.attempt(command, Math.min(leftMs, this.options.attemptMs ?? ATTEMPT_MS));
      if (answer !== 'again') return answer;
      await pause(Math.min(RETRY_PAUSE_MS, Math.max(0, giveUpAtMs - Date.now())));
    }
  }

  private async attempt(command: Command, attemptMs: number): Promise<GatewayAnswer | 'again'> {
    try {
      const answer = await this.client.withDeadline(Date.now() + attemptMs, () => this.update(command));
      return this.settle(command, answer);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError || error instanceof WorkflowExecutionAlreadyStartedError) return this.fromLedger(command);
      const turnedAway = turnedAwayWith(error);
      if (turnedAway) return answered({ status: 'refused', entity: command.entity, seq: 0, summary: {}, refusal: { code: turnedAway } });
      if (isPassing(error)) return 'again';
      throw error;
    }
  }

  private async fromLedger(command: Command): Promise<GatewayAnswer | 'again'> {
    try {
      return await this.ended.answer(command);
    } catch (error) {
      if (error instanceof MongoError) return 'again';
      throw error;
    }
  }

  private update(command: Command): Promise<CommandAnswer> {
    const { aggregate, starts, ...rest } = command;
    const confirmed = this.confirmed.get(command.entity);
    const envelope: CommandEnvelope = confirmed ? { ...rest, confirmed } : rest;
    const options = { updateId: command.commandId, args: [envelope] as [CommandEnvelope] };
    if (!starts) {
      return this.client.workflow
        .getHandle(workflowIdOf(aggregate, command.entity))
        .executeUpdate<CommandAnswer, [CommandEnvelope]>(COMMAND_UPDATE_NAME, options);
    }
    return this.client.workflow.executeUpdateWithStart<EntityWorkflow, CommandAnswer, [CommandEnvelope]>(COMMAND_UPDATE_NAME, {
      ...options,
      startWorkflowOperation: this.startOperation(command),
    });
  }

  /** Single use, so a new one for each attempt. A run that failed as never submitted may be started again; no other may. */
  private startOperation({ aggregate, entity }: Command): WithStartWorkflowOperation<EntityWorkflow> {
    const { continueAfterUpdates, pace, taskQueue } = this.options;
    return new WithStartWorkflowOperation(workflowTypeOf(aggregate), {
      workflowId: workflowIdOf(aggregate, entity),
      taskQueue: taskQueue ?? TASK_QUEUE,
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      args: [{ entity, ...(continueAfterUpdates === undefined ? {} : { continueAfterUpdates }), ...(pace === undefined ? {} : { pace }) }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    });
  }

  private settle(command: Command, { outcome, unconfirmed, fingerprint }: CommandAnswer): GatewayAnswer {
    if (fingerprint !== command.fingerprint) return { kind: 'key-reused' }; // Temporal itself answers a repeated update id
    if (outcome.status === 'refused' && outcome.refusal.code === 'key-reused') return { kind: 'key-reused' };
    if (unconfirmed.length === 0) return answered(outcome);
    const appended = this.append(command, unconfirmed);
    return { kind: 'outcome', outcome, appended };
  }

  /** Null when it failed: the workflow's own flush brings it, so nothing is lost. */
  private async append({ aggregate, entity }: Command, entries: CommandAnswer['unconfirmed']): Promise<AppendResult | null> {
    try {
      const result = await this.appender.append({ aggregate, entity, entries });
      if (result.status === 'appended') this.confirmed.set(entity, result.confirmation);
      return result;
    } catch (error) {
      this.options.onAppendFailure?.(entity, error);
      return null;
    }
  }
}

const answered = (outcome: Outcome): GatewayAnswer => ({ kind: 'outcome', outcome, appended: NOTHING_APPENDED });

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
