import { MongoError } from 'mongodb';
import {
  contextOn,
  knownRulesOf,
  MOVED,
  nextEffect,
  progressBehind,
  SAGA_BEGINNING,
  tryOn,
  type AnyDecider,
  type CommandShape,
  type Context,
  type Json,
  type LookedAt,
  type Refusal,
  type SagaAnswer,
  type SagaCommand,
  type SagaInput,
  type SagaPlan,
  type SagaRefusal,
} from '@qiyue/engine';
import type { CommandGateway } from '../commands/command-gateway';
import type { CommandLog } from '../commands/command-log';
import { answered, turnedAway, type Command, type GatewayAnswer, type RulesInForce } from '../commands/gateway-answer';
import { isPassing } from '../commands/gateway-errors';
import type { EntityLooks, Looked } from './entity-looks';
import { refusedFor, type AnySaga, type SagaPerformer } from './saga-activities';
import type { SagaRuns } from './saga-runs';

/** Time as a runner knows it. */
export interface RunnerClock {
  /** Unix ms. */
  now(): number;
  /** Resolves after so many ms. */
  pause(ms: number): Promise<void>;
}

/** What a runner of sagas needs. */
export interface SagaRunnerPorts {
  readonly gateway: Pick<CommandGateway, 'execute'>;
  readonly log: Pick<CommandLog, 'find'>;
  readonly looks: Pick<EntityLooks, 'of' | 'deciderOf'>;
  readonly runs: Pick<SagaRuns, 'find' | 'start' | 'end'>;
  readonly sagas: readonly AnySaga[];
  /** By which a saga is carried through here, with its workflow as backup. Left out: the workflow does all. */
  readonly performer?: Pick<SagaPerformer, 'perform'>;
  /** Left out: version 1. */
  readonly rules?: Pick<RulesInForce, 'active'>;
  /** For tests. */
  readonly clock?: RunnerClock;
}

/**
 * Works out what a plan needs beside command and state, and what is no business of either: see `Saga.plan`. Asked of the state that was looked at, just before the
 * plan is. What it rejects with is what the runner rejects with: nothing has happened then.
 */
export type AsideOf = (state: unknown, context: Context) => Promise<Json>;
const NO_ASIDE: AsideOf = () => Promise.resolve(null);

type LookedState = Extract<Looked, { readonly kind: 'state' }>;

const PAUSE_MS = 50;
const REAL_CLOCK: RunnerClock = { now: () => Date.now(), pause: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) };

/**
 * The way of a command over two streams from an edge: the own entity is looked at, what is needed of others is planned and is made durable as the input of a
 * workflow. Then it is carried through here, and that workflow ended; or by the workflow itself, which begins when this process has not come to an end.
 *
 * Contract:
 * 1. The same id gives the same answer, over any channel: of its commands one saga at most is under way, and what it answered is in the command log.
 * 2. Nothing happens anywhere before the plan is in Temporal's history. What is planned once is what happens, whoever asks again and whatever the
 *    entity has become: also after its workflow was terminated, or is gone with all of Temporal's data.
 * 3. What the own entity would refuse starts no saga. The entity itself records that refusal, as long as it still refuses; else it is looked at again.
 * 4. An own entity that does not answer, or turns commands away, is answered like for any other command: nothing has happened.
 * 5. Waits for the end of its saga within its deadline; then it is `unknown`, and the saga goes on.
 * 6. Only whoever has started the workflow carries a saga through beside it, by the same input: two plans for one id are never at work.
 */
export class SagaRunner {
  private readonly clock: RunnerClock;

  constructor(private readonly ports: SagaRunnerPorts) {
    this.clock = ports.clock ?? REAL_CLOCK;
  }

  /** Whether commands of this type are given here and not to the gateway. */
  takes({ aggregate, type }: Pick<Command, 'aggregate' | 'type'>): boolean {
    return this.sagaOf(aggregate, type) !== undefined;
  }

  /** As `CommandGateway.execute`. `aside`: for the plan alone. */
  async execute(asked: Command, deadlineMs: number, aside: AsideOf = NO_ASIDE): Promise<GatewayAnswer> {
    const giveUpAtMs = this.clock.now() + deadlineMs;
    const command = this.stamped(asked);
    const known = this.knownFor(command, await this.ports.log.find(command));
    if (known?.kind === 'outcome' && known.outcome.status === 'accepted') return known;
    for (;;) {
      const answer = await this.attemptOrAgain(command, known, giveUpAtMs, aside);
      if (answer !== 'again') return answer;
      if (this.clock.now() + PAUSE_MS >= giveUpAtMs) return { kind: 'unknown' };
      await this.clock.pause(PAUSE_MS);
    }
  }

  private knownFor({ fingerprint }: Command, row: Awaited<ReturnType<CommandLog['find']>>): GatewayAnswer | null {
    if (row && row.fingerprint !== fingerprint) return { kind: 'key-reused' };
    return row?.outcome ? answered(row.outcome) : null;
  }

  private async attemptOrAgain(command: Command, known: GatewayAnswer | null, giveUpAtMs: number, aside: AsideOf): Promise<GatewayAnswer | 'again'> {
    try {
      return await this.attempt(command, known, giveUpAtMs, aside);
    } catch (error) {
      if (isPassing(error) || error instanceof MongoError) return 'again';
      throw error;
    }
  }

  /** `known`: the answer, which is no, by the log. What was done before it may still have to be taken back, when its saga was cut off. */
  private async attempt(command: Command, known: GatewayAnswer | null, giveUpAtMs: number, aside: AsideOf): Promise<GatewayAnswer | 'again'> {
    const looking = known === null ? this.ports.looks.of(command, giveUpAtMs) : null;
    looking?.catch(() => undefined); // a saga that is under way is not in need of it
    const run = await this.ports.runs.find(command.commandId, giveUpAtMs);
    if (run.kind === 'broken') {
      if (run.input.command.fingerprint !== command.fingerprint) return { kind: 'key-reused' };
      await this.ports.runs.start(run.input, 'again', giveUpAtMs);
    }
    if (run.kind !== 'none') return this.endOf(command, giveUpAtMs, known);
    if (looking === null) return known ?? 'again';
    const looked = this.beginning(command, await looking);
    if (looked.kind !== 'state') return looked;
    const before = looked.at.answered; // the log may be behind
    if (before === undefined) return this.begin(command, looked, giveUpAtMs, aside);
    return before.fingerprint === command.fingerprint ? answered(before.outcome) : { kind: 'key-reused' };
  }

  /** What a command meets that starts its entity: there is none yet. */
  private beginning({ starts, aggregate, receivedAt }: Command, looked: Looked): Looked {
    if (!starts || looked.kind !== 'not-found') return looked;
    const { initial } = this.ports.looks.deciderOf(aggregate);
    return { kind: 'state', at: { seq: 0, time: receivedAt, state: initial, rules: 1, tables: {} }, mayLag: false };
  }

  private async begin(command: Command, looked: LookedState, giveUpAtMs: number, aside: AsideOf): Promise<GatewayAnswer | 'again'> {
    const { at, mayLag } = looked;
    const decider = this.ports.looks.deciderOf(command.aggregate);
    if ((command.rules ?? 1) > knownRulesOf(decider)) return turnedAway(command, 'rules-unknown');
    if (command.expectedSeq !== undefined && command.expectedSeq !== at.seq)
      return mayLag ? 'again' : this.refuse(command, { code: 'sequence-mismatch', detail: { seq: at.seq } }, giveUpAtMs);
    if (!accepts(decider, at, command)) return this.refusedByEntity(command, at.seq, giveUpAtMs);
    const context = contextOn(decider, at, command);
    const plan = this.plan(command, at, context, await aside(at.state, context));
    if (plan === null) return this.ports.gateway.execute(command, giveUpAtMs - this.clock.now());
    if ('refusal' in plan) return mayLag ? 'again' : this.refuse(command, plan.refusal, giveUpAtMs);
    const { starts, ...rest } = command;
    const own: SagaCommand = starts ? { ...rest, begins: true } : rest;
    const startedMs = this.clock.now();
    const started = await this.ports.runs.start({ command: own, plan }, this.ports.performer === undefined ? 'at-once' : 'backup', giveUpAtMs);
    if (started === 'exists') return 'again';
    const answer = await this.carryThrough(started.input, Math.min(startedMs + started.beginsInMs, giveUpAtMs));
    if (answer === null) return this.endOf(command, giveUpAtMs);
    started.end();
    return gatewayAnswerOf(answer);
  }

  /** Null: left to the workflow, which begins about then. */
  private async carryThrough(input: SagaInput, untilMs: number): Promise<SagaAnswer | null> {
    const { performer } = this.ports;
    for (let progress = SAGA_BEGINNING; ;) {
      const effect = nextEffect(input.plan, progress);
      if (effect.kind === 'answer') return effect.answer;
      const leftMs = untilMs - this.clock.now();
      if (performer === undefined || leftMs <= 0) return null;
      const result = await performer.perform(input, progress, leftMs);
      if (result.kind === 'waits') await this.clock.pause(PAUSE_MS);
      progress = progressBehind(progress, effect, result);
    }
  }

  private plan(command: Command, looked: LookedAt<unknown>, context: Context, aside: Json): SagaPlan | SagaRefusal | null {
    const { aggregate, type, data } = command;
    const saga = this.sagaOf(aggregate, type);
    if (saga === undefined) throw new Error(`no saga for ${aggregate}.${type}`);
    return saga.plan({ type, data } satisfies CommandShape, looked.state, context, aside);
  }

  /** By the entity's own word, for good; unless it has moved on, and would accept by now what has not been prepared. */
  private async refusedByEntity(command: Command, seq: number, giveUpAtMs: number): Promise<GatewayAnswer | 'again'> {
    const bound: Command = { ...command, onlyToRefuse: true, expectedSeq: seq };
    const answer = await this.ports.gateway.execute(bound, giveUpAtMs - this.clock.now());
    return answer.kind === 'outcome' && answer.outcome.status === 'refused' && answer.outcome.refusal.code === MOVED ? 'again' : answer;
  }

  private refuse(command: Command, refusal: Refusal, giveUpAtMs: number): Promise<GatewayAnswer> {
    return this.ports.gateway.execute(refusedFor(command, refusal), giveUpAtMs - this.clock.now());
  }

  private async endOf(command: Command, giveUpAtMs: number, known: GatewayAnswer | null = null): Promise<GatewayAnswer | 'again'> {
    const end = await this.ports.runs.end(command.commandId, giveUpAtMs);
    if (end === 'late') return known ?? { kind: 'unknown' };
    if (end === 'broken') return 'again';
    return end.fingerprint === command.fingerprint ? gatewayAnswerOf(end.answer) : { kind: 'key-reused' };
  }

  private stamped(command: Command): Command {
    const active = command.rules ?? this.ports.rules?.active(command.aggregate) ?? 1;
    return active === 1 ? command : { ...command, rules: active };
  }

  private sagaOf(aggregate: string, type: string): AnySaga | undefined {
    return this.ports.sagas.find((saga) => saga.aggregate === aggregate && saga.type === type);
  }
}

const gatewayAnswerOf = (answer: SagaAnswer): GatewayAnswer =>
  answer.kind === 'key-reused' ? answer : ({ ...answered(answer.outcome), hash: answer.hash } as GatewayAnswer);

/** A decider that throws is asked by its entity, which records that. */
const accepts = (decider: AnyDecider, looked: LookedAt<unknown>, command: Command): boolean => {
  try {
    return tryOn(decider, looked, command).ok;
  } catch {
    return false;
  }
};
