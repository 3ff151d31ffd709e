import { instantMsOf, isEntityId, toShanghaiIso, UnknownRules, type Outcome } from '@qiyue/engine';
import { COMMAND_SINCE, needDecider, type NeedCommandType } from '@qiyue/need-domain';
import {
  CircuitBreaker,
  UnsoundStream,
  type Command,
  type CommandGateway,
  type CommandLog,
  type LedgerStore,
  type RulesInForce,
} from '@qiyue/engine-runtime';
import { MongoError, MongoServerError } from 'mongodb';
import { systemClock, type Clock } from '../clock/clock';
import type { CurrentTables } from '../tables/current-tables';
import { hopelessOn } from './hopeless';
import { refusedOn, tryOn, UNBORN } from './ledger-need';
import { answerOfOutcome, needAnswerOf, type NeedAnswer } from './need-answer';
import { prepareRequest, type NeedCommandRequest, type Prepared } from './need-command-request';
import { NeedMerger } from './need-merger';
import type { Aliases } from '../privacy/aliases';
import type { PersonalSeal } from '../privacy/personal-seal';
import { KeysUnavailable } from '../privacy/subject-keys';

const DUPLICATE_KEY = 11000;
/** For what is only looked at to spare the need. */
const LOOK_WITHIN_MS = 300;

export interface NeedCommandDependencies {
  readonly seal: PersonalSeal;
  /** Left out: records name persons by their ids. */
  readonly aliases?: Aliases;
  readonly clock?: Clock;
  readonly tables?: Pick<CurrentTables, 'tables'>;
  readonly rules?: RulesInForce;
}

/**
 * The one entry point for commands of needs, so that they mean the same over every channel.
 *
 * Contract:
 * 1. A body that does not fit, or an id that cannot be one, is answered without asking anybody.
 * 2. A submit that the rules refuse starts no workflow; its refusal is kept like any other.
 * 3. The same id gives the same answer, whatever a command takes: a merge is three commands with derived ids.
 * 4. Does not throw when a server is away: that is `unknown`; without the keys to seal with nothing happens: `busy`.
 * 5. What people wrote goes no further than here in the open.
 * 6. What its sender may never do is refused here, before it costs the need an update; its refusal is kept like any other.
 * 7. No command counts as received later than this process's clock says it is.
 * 8. A person's command says how records of the need name that person; under which rules they do is the need's to know.
 */
export class NeedCommands {
  private readonly merger: NeedMerger;
  private readonly breaker = new CircuitBreaker(LOOK_WITHIN_MS);

  constructor(
    private readonly gateway: CommandGateway,
    private readonly store: LedgerStore,
    private readonly log: CommandLog,
    private readonly dependencies: NeedCommandDependencies,
  ) {
    this.merger = new NeedMerger(gateway, store, log, dependencies.aliases);
  }

  async execute(request: NeedCommandRequest): Promise<NeedAnswer> {
    if (request.needId !== null && !isEntityId(request.needId)) return { kind: 'not-found' };
    try {
      const clock = this.dependencies.clock ?? systemClock;
      const prepared = await this.prepare({ ...request, receivedAt: clock.businessTimeOf(notAhead(request.receivedAt)) });
      if (!prepared.ok) return answerOfUnfit(prepared);
      if (this.isAhead(prepared.command)) return { kind: 'rules-unknown' };
      return await this.run(prepared.command, request.deadlineMs);
    } catch (error) {
      if (error instanceof MongoError) return { kind: 'unknown' };
      if (error instanceof KeysUnavailable) return { kind: 'busy' };
      if (error instanceof UnknownRules) return { kind: 'rules-unknown' };
      if (error instanceof UnsoundStream) return { kind: 'quarantined' };
      throw error;
    }
  }

  /** Notes that the command's outcome is not known yet, so that asking for it finds something. */
  async notePending(request: NeedCommandRequest): Promise<void> {
    const prepared = await this.prepare(request);
    if (prepared.ok) await this.log.notePending(prepared.command);
  }

  /** The body as it may lie on a topic; null when it does not fit, or when there is no key to seal it with. */
  async sealedBody(request: NeedCommandRequest): Promise<object | null> {
    try {
      const prepared = await this.prepare(request);
      return prepared.ok ? prepared.command.data : null;
    } catch (error) {
      if (error instanceof KeysUnavailable) return null;
      throw error;
    }
  }

  /** Stamped once, with what is active here, unless the command was stamped before it was handed over. */
  private async prepare(request: NeedCommandRequest): Promise<Prepared> {
    const prepared = await prepareRequest(request, this.dependencies.seal);
    if (!prepared.ok) return prepared;
    const { rules: inForce } = this.dependencies;
    const command = await this.aliased(prepared.command);
    if (inForce === undefined) return { ok: true, command };
    const { aggregate } = needDecider;
    const rules = Math.min(request.rules ?? inForce.active(aggregate), inForce.known(aggregate));
    return { ok: true, command: rules === 1 ? command : { ...command, rules } };
  }

  /** Whatever is active here: the need may be further, and then knows its author by the alias alone. */
  private async aliased(command: Command): Promise<Command> {
    const alias = await this.dependencies.aliases?.of(command);
    return alias === undefined ? command : { ...command, alias };
  }

  /** A command that came with rules which are not active yet: a process of before could not decide it. */
  private isAhead({ type, rules = 1 }: Command): boolean {
    return this.dependencies.rules !== undefined && rules < (COMMAND_SINCE[type as NeedCommandType] ?? 1);
  }

  private async run(command: Command, deadlineMs: number): Promise<NeedAnswer> {
    if (!command.starts) {
      const refused = await this.refusedAsHopeless(command);
      if (refused !== null) return refused;
    }
    if (command.type === 'merge') return this.merger.merge(command, deadlineMs);
    return command.starts ? this.give(command, deadlineMs) : needAnswerOf(await this.gateway.execute(command, deadlineMs));
  }

  /** A need runs on the calendar and the policy of its birth. */
  private async give(command: Command, deadlineMs: number): Promise<NeedAnswer> {
    const current = this.dependencies.tables?.tables();
    const submit: Command = current === undefined ? command : { ...command, tables: current };
    return (await this.refusedAtBirth(submit)) ?? needAnswerOf(await this.gateway.execute(submit, deadlineMs));
  }

  private async refusedAtBirth(command: Command): Promise<NeedAnswer | null> {
    const decision = tryOn(UNBORN, command);
    return decision.ok ? null : this.refusedUnlessKnown(command, refusedOn(UNBORN, command, decision.refusal));
  }

  private async refusedAsHopeless(command: Command): Promise<NeedAnswer | null> {
    const refused = await hopelessOn(this.store, command, this.breaker);
    return refused && this.refusedUnlessKnown(command, refused);
  }

  private async refusedUnlessKnown(command: Command, refused: Outcome & { readonly status: 'refused' }): Promise<NeedAnswer> {
    const known = await this.log.find(command);
    if (known && known.fingerprint !== command.fingerprint) return { kind: 'key-reused' };
    if (known?.outcome) return answerOfOutcome(known.outcome);
    return this.noteRefused(command, refused);
  }

  private async noteRefused(command: Command, outcome: Outcome & { readonly status: 'refused' }): Promise<NeedAnswer> {
    try {
      return answerOfOutcome(await this.log.noteOutcome(command, outcome));
    } catch (error) {
      if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return { kind: 'key-reused' };
      throw error;
    }
  }
}

/** Nothing was received later than now, whatever a channel says: else it would let fall due what is not. */
const notAhead = (receivedAt: string, nowMs = Date.now()): string => (instantMsOf(receivedAt) > nowMs ? toShanghaiIso(nowMs) : receivedAt);

const answerOfUnfit = (unfit: Exclude<Prepared, { readonly ok: true }>): NeedAnswer => {
  if (unfit.why === 'invalid') return { kind: 'invalid', error: unfit.error };
  if (unfit.why === 'too-large') return { kind: unfit.why, bytes: unfit.bytes, max: unfit.max };
  return { kind: unfit.why === 'plain' ? 'plain-personal-data' : 'foreign-seal', fields: unfit.fields };
};
