import {
  NO_SEQ,
  nextEffect,
  plannedCommandOf,
  progressBehind,
  sagaIdOf,
  stepOf,
  type CommandShape,
  type Refusal,
  type Saga,
  type SagaActivities,
  type SagaCommand,
  type SagaEffect,
  type SagaInput,
  type SagaProgress,
  type SagaResult,
  type StoppedBy,
  type Tables,
} from '@qiyue/engine';
import type { CommandGateway } from '../commands/command-gateway';
import type { Command, GatewayAnswer } from '../commands/gateway-answer';
import { isTurnedAway } from '../commands/gateway-errors';
import type { KeptPlans } from './kept-plans';

/** A saga whose state and commands are nobody's business here. */
export type AnySaga = Saga<unknown, CommandShape>;

/** Forgets a saga's types, for tables of sagas. Sound because it is only given states of its own decider. */
export const anySaga = <S, C extends CommandShape>(saga: Saga<S, C>): AnySaga => saga as unknown as AnySaga;

/** What the activities of sagas need. */
export interface SagaActivityPorts {
  readonly gateway: Pick<CommandGateway, 'execute' | 'ask'>;
  readonly plans: Pick<KeptPlans, 'keep' | 'forget'>;
  readonly sagas: readonly AnySaga[];
  /** What an entity runs on that a step starts. Left out: nothing. */
  readonly tablesFor?: (aggregate: string) => Tables | undefined;
}

/** One attempt, so that a saga which waits lets go of its workflow task. */
const ATTEMPT_MS = 1_500;
const IN_LEDGER_WITHIN_MS = 500;

/** What a saga does outside of its workflow, for the worker. */
export const sagaActivities = (ports: SagaActivityPorts): SagaActivities => {
  const performer = new SagaPerformer(ports);
  const perform = (input: SagaInput, progress: SagaProgress): Promise<SagaResult> => performer.perform(input, progress);
  return { sagaStep: perform, sagaCommand: perform, sagaUndo: perform, sagaNote: perform };
};

/** Does what a saga does to entities. All of it may be done again, and by several at once: the ids are the same, and so are the answers. */
export class SagaPerformer {
  constructor(private readonly ports: SagaActivityPorts) {}

  /** The next effect behind this progress, one attempt, which gives up after `withinMs`. */
  async perform(input: SagaInput, progress: SagaProgress, withinMs = ATTEMPT_MS): Promise<SagaResult> {
    const effect = nextEffect(input.plan, progress);
    const sagaId = sagaIdOf(input.command.commandId);
    const isFirst = effect.kind === 'step' && effect.index === 0;
    const attemptMs = Math.min(withinMs, ATTEMPT_MS);
    const [result] = await Promise.all([this.doEffect(input, effect, attemptMs), isFirst ? this.ports.plans.keep(sagaId, input) : undefined]);
    // Nobody waits for it: a plan that stays behind says what is done already.
    if (nextEffect(input.plan, progressBehind(progress, effect, result)).kind === 'answer') void this.ports.plans.forget(sagaId);
    return result;
  }

  private async doEffect(input: SagaInput, effect: SagaEffect, attemptMs: number): Promise<SagaResult> {
    const { command, plan } = input;
    switch (effect.kind) {
      case 'answer':
        return effect;
      case 'note':
        return this.giveOwn(refusedFor(command, this.refusalOf(input, effect.stopped)), plan, attemptMs);
      case 'command':
        return this.giveOwn(plannedCommandOf(command, plan), plan, attemptMs);
      case 'step':
      case 'undo': {
        const step = stepOf(command, effect);
        return step === null ? { kind: 'accepted' } : stepResultOf(step, await this.give(step, plan, attemptMs));
      }
    }
  }

  private async giveOwn(asked: SagaCommand, plan: SagaInput['plan'], attemptMs: number): Promise<SagaResult> {
    const { begins, ...rest } = asked;
    const command = { ...rest, starts: begins === true };
    const given = await this.give(command, plan, attemptMs);
    const answer = given.kind === 'key-reused' ? await this.refuseReused(command, attemptMs) : given;
    if (answer.kind === 'key-reused') return { kind: 'answer', answer };
    if (answer.kind !== 'outcome') return waitsFor(command, answer.kind);
    const { outcome, hash } = answer;
    if (outcome.status === 'refused' && isTurnedAway(outcome.refusal.code)) return waitsFor(command, outcome.refusal.code);
    return { kind: 'answer', answer: { kind: 'outcome', outcome, hash } };
  }

  /**
   * The log may know another use of the id before it knows what became of this one, so the entity is asked; and it has to have it on record that it did not take
   * the command, and never will, before anything is taken back: whoever does all this again may find a log that is away.
   */
  private refuseReused(command: Command, attemptMs: number): Promise<GatewayAnswer> {
    return this.ports.gateway.ask(refusedFor(command, { code: 'key-reused' }), attemptMs);
  }

  private async give(
    command: SagaCommand & { readonly starts: boolean },
    { inLedgerOrder }: SagaInput['plan'],
    attemptMs: number,
  ): Promise<GatewayAnswer> {
    const tables = command.starts ? this.ports.tablesFor?.(command.aggregate) : undefined;
    const answer = await this.ports.gateway.execute(tables === undefined ? command : { ...command, tables }, attemptMs);
    if (answer.kind === 'outcome' && inLedgerOrder === true) await within(IN_LEDGER_WITHIN_MS, answer.appended);
    return answer;
  }

  private refusalOf({ command, plan }: SagaInput, stopped: StoppedBy): Refusal {
    const saga = this.ports.sagas.find(({ aggregate, type }) => aggregate === command.aggregate && type === command.type);
    return saga?.refusalOf?.(stopped, plan.before[stopped.index]) ?? stopped.refusal;
  }
}

/** The command, refused by its own entity for what was found elsewhere: one memory has all the answers of an id. */
export const refusedFor = <T extends SagaCommand>(command: T, refusal: Refusal): T & { readonly refusedFor: Refusal } => ({
  ...command,
  refusedFor: refusal,
  expectedSeq: NO_SEQ,
});

const waitsFor = ({ aggregate, entity }: SagaCommand, why: string): SagaResult => ({ kind: 'waits', aggregate, entity, why });

/** An id that is taken by other data was given by a plan that nobody knows any more: a person has to look, and until then it waits. */
const stepResultOf = (step: SagaCommand, answer: GatewayAnswer): SagaResult => {
  if (answer.kind === 'not-found') return { kind: 'refused', refusal: { code: 'not-found' }, summary: {}, isUnrecorded: true };
  if (answer.kind !== 'outcome') return waitsFor(step, answer.kind);
  const { outcome } = answer;
  if (outcome.status === 'accepted') return { kind: 'accepted' };
  if (isTurnedAway(outcome.refusal.code)) return waitsFor(step, outcome.refusal.code);
  return { kind: 'refused', refusal: outcome.refusal, summary: outcome.summary };
};

const within = async (ms: number, done: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([done, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
};
