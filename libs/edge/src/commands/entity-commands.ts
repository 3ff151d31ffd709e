import { instantMsOf, isEntityId, toShanghaiIso, UnknownRules, type CommandShape, type Outcome } from '@qiyue/engine';
import { hasSecrets, type AnyAggregate } from '@qiyue/aggregate';
import {
  CircuitBreaker,
  UnsoundStream,
  type AsideOf,
  type Command,
  type CommandGateway,
  type CommandLog,
  type LedgerStore,
  NO_KEYS,
  type OpenSealed,
  type RulesInForce,
  type SagaRunner,
} from '@qiyue/engine-runtime';
import { unknownFiles, type NamedFile } from '@qiyue/civic-contracts';
import { MongoError } from 'mongodb';
import { isDuplicateKey, systemClock, type Clock } from '@qiyue/platform';
import type { StartingTables } from '../tables/starting-tables';
import { FollowUp } from './follow-up';
import { hopelessOn } from './hopeless';
import { nonexistent, refusedOn, tryOn } from './ledger-entity';
import { answerOfOutcome, entityAnswerOf, type EntityAnswer } from './entity-answer';
import { prepareRequest, type CommandRequest, type Prepared } from './command-request';
import type { FileStore } from '../files/file-store';
import type { z } from 'zod';
import type { KnownPlaces, UnknownCommunity } from '../notices/known-places';
import { type Aliases, type PersonalSeal, KeysUnavailable } from '@qiyue/privacy';

/** For what is only looked at to spare the entity. */
const LOOK_WITHIN_MS = 300;

export interface CommandDependencies {
  readonly aggregates: readonly AnyAggregate[];
  readonly seal: PersonalSeal;
  /** Left out: records name persons by their ids. */
  readonly aliases?: Aliases;
  readonly clock?: Clock;
  /** What new entities run on. */
  readonly tablesFor: StartingTables;
  readonly rules?: RulesInForce;
  /** Left out: no command needs another entity. */
  readonly sagas?: Pick<SagaRunner, 'takes' | 'execute'>;
  /** What the directory lists. Left out: every name is taken. */
  readonly places?: Pick<KnownPlaces, 'unknownIn' | 'unlistedUnitsIn'>;
  /** Left out: whatever files are named is taken. */
  readonly files?: Pick<FileStore, 'take' | 'giveBack'>;
  /** Left out: what is sealed is opened elsewhere, and so is what needs it. */
  readonly open?: OpenSealed;
}

/**
 * The one entry point for commands of every aggregate, so that they mean the same over every channel.
 *
 * Contract:
 * 1. A body that does not fit, or an id that cannot be one, is answered without asking anybody.
 * 2. A starting command that the rules refuse starts no workflow; its refusal is kept like any other.
 * 3. The same id gives the same answer, whatever a command takes: one that needs other entities is a saga.
 * 4. Does not throw when a server is away: that is `unknown`; without the keys to seal with nothing happens: `busy`.
 * 5. What people wrote goes no further than here in the open.
 * 6. What its sender may never do is refused here, before it costs the entity an update; its refusal is kept like any other.
 * 7. No command counts as received later than this process's clock says it is.
 * 8. What follows from a command at its own entity and is part of its answer is given at once; what does not get through is the reactions'.
 * 9. A person's command says how records of the entity name that person; under which rules they do is the entity's to know.
 * 10. A file that was sent here is named at its entity, or by whoever sent it and named it nowhere yet: it is the entity's from then on.
 * 11. Once the directory lists communities, none is named that it does not list; what was taken before stays as it is. Units that it does not list are taken, and
 *     the answer says so.
 */
export class EntityCommands {
  private readonly breaker = new CircuitBreaker(LOOK_WITHIN_MS);
  private readonly aggregates: ReadonlyMap<string, AnyAggregate>;
  private readonly followUp: FollowUp;

  constructor(
    private readonly gateway: CommandGateway,
    private readonly store: LedgerStore,
    private readonly log: CommandLog,
    private readonly dependencies: CommandDependencies,
  ) {
    this.aggregates = new Map(dependencies.aggregates.map((aggregate) => [aggregate.decider.aggregate, aggregate]));
    this.followUp = new FollowUp(this.aggregates, { gateway, store, open: dependencies.open ?? NO_KEYS });
  }

  async execute(request: CommandRequest): Promise<EntityAnswer> {
    if (request.entity !== null && !isEntityId(request.entity)) return { kind: 'not-found' };
    let sealed: Command | undefined;
    try {
      const clock = this.dependencies.clock ?? systemClock;
      const prepared = await this.prepare({ ...request, receivedAt: clock.businessTimeOf(notAhead(request.receivedAt)) });
      if (!prepared.ok) return answerOfUnfit(prepared);
      sealed = prepared.command;
      if (this.isAhead(sealed)) return { kind: 'rules-unknown' };
      const unknown = await this.unknownCommunityIn(sealed);
      if (unknown !== null) return { kind: 'unknown-community', ...unknown };
      const answer = await this.withFiles(prepared.files, sealed, (command) => this.run(command, request.deadlineMs));
      if (answer.kind === 'unknown') return { kind: 'unknown', sealed };
      return answer.kind === 'accepted' ? await this.withUnlisted(answer, sealed) : answer;
    } catch (error) {
      if (error instanceof MongoError) return { kind: 'unknown', ...(sealed === undefined ? {} : { sealed }) };
      if (error instanceof KeysUnavailable) return { kind: 'busy' };
      if (error instanceof UnknownRules) return { kind: 'rules-unknown' };
      if (error instanceof UnsoundStream) return { kind: 'quarantined' };
      throw error;
    }
  }

  /** Notes that the command's outcome is not known yet, so that asking for it finds something. */
  notePending(sealed: Command): Promise<void> {
    return this.log.notePending(sealed);
  }

  /** As it may lie on a topic or beside one; null when it does not fit, or when there is no key to seal it with. */
  async sealed(request: CommandRequest): Promise<Command | null> {
    try {
      const prepared = await this.prepare(request);
      return prepared.ok ? prepared.command : null;
    } catch (error) {
      if (error instanceof KeysUnavailable) return null;
      throw error;
    }
  }

  /** Stamped once, with what is active here, unless the command was stamped before it was handed over. */
  private async prepare(request: CommandRequest): Promise<Prepared> {
    const isThere = async (entity: string): Promise<boolean> => (await this.store.head(entity)) !== null;
    const prepared = await prepareRequest(request, this.aggregateOf(request), this.dependencies.seal, isThere);
    if (!prepared.ok) return prepared;
    const { rules: inForce } = this.dependencies;
    const command = await this.aliased(prepared.command);
    const { files } = prepared;
    if (inForce === undefined) return { ok: true, command, files };
    const { aggregate } = request;
    const rules = Math.min(request.rules ?? inForce.active(aggregate), inForce.known(aggregate));
    return { ok: true, command: rules === 1 ? command : { ...command, rules }, files };
  }

  private aggregateOf({ aggregate }: Pick<CommandRequest, 'aggregate'>): AnyAggregate {
    const found = this.aggregates.get(aggregate);
    if (found === undefined) throw new Error(`no aggregate ${aggregate}`);
    return found;
  }

  /** Whatever is active here: the entity may be further, and then knows its author by the alias alone. */
  private async aliased(command: Command): Promise<Command> {
    const alias = await this.dependencies.aliases?.of(command);
    return alias === undefined ? command : { ...command, alias };
  }

  /** A command that came with rules which are not active yet: a process of before could not decide it. */
  private isAhead(command: Command): boolean {
    const { type, rules = 1 } = command;
    return this.dependencies.rules !== undefined && rules < (this.aggregateOf(command).commands[type]?.since ?? 1);
  }

  /** Not asked of what was answered before the directory was another. */
  private async unknownCommunityIn(command: Command): Promise<UnknownCommunity | null> {
    const schema = this.schemaOf(command);
    const unknown = schema === undefined ? null : ((await this.dependencies.places?.unknownIn(schema, command.data)) ?? null);
    return unknown !== null && (await this.log.find(command)) === null ? unknown : null;
  }

  /** Said and not refused: a unit may be one that the directory has not heard of yet. */
  private async withUnlisted(answer: Extract<EntityAnswer, { kind: 'accepted' }>, command: Command): Promise<EntityAnswer> {
    const schema = this.schemaOf(command);
    const unlistedUnits = schema === undefined ? [] : ((await this.dependencies.places?.unlistedUnitsIn(schema, command.data)) ?? []);
    return unlistedUnits.length === 0 ? answer : { ...answer, unlistedUnits };
  }

  private schemaOf(command: Command): z.ZodType | undefined {
    return this.aggregateOf(command).commands[command.type]?.schema;
  }

  /** Files are the entity's before anything can be accepted: one that nobody named in the end is lost more easily than one that a record names. */
  private async withFiles(named: readonly NamedFile[], command: Command, run: (command: Command) => Promise<EntityAnswer>): Promise<EntityAnswer> {
    const { files } = this.dependencies;
    if (files === undefined || named.length === 0) return run(command);
    const { entity, actor } = command;
    const { taken, unknown } = await files.take([...new Set(named.map(({ fileId }) => fileId))], { entity, by: actor.id });
    // not asked of what was answered while they were there
    if (unknown.length > 0 && (await this.log.find(command)) === null)
      return { kind: 'invalid', error: unknownFiles(named.filter(({ fileId }) => unknown.includes(fileId)).map(({ path }) => path)) };
    const answer = await run(command);
    if (answer.kind !== 'accepted' && answer.kind !== 'unknown') await files.giveBack(taken, entity);
    return answer;
  }

  private async run(command: Command, deadlineMs: number): Promise<EntityAnswer> {
    if (!command.starts) {
      const refused = await this.refusedAsHopeless(command);
      if (refused !== null) return refused;
    }
    return command.starts ? this.start(command, deadlineMs) : this.give(command, deadlineMs);
  }

  private async give(command: Command, deadlineMs: number): Promise<EntityAnswer> {
    const { sagas } = this.dependencies;
    const giveUpAtMs = Date.now() + deadlineMs;
    const isSaga = sagas?.takes(command) === true;
    const answer = isSaga ? await sagas.execute(command, deadlineMs, this.asideOf(command)) : await this.gateway.execute(command, deadlineMs);
    return this.followUp.behind(command, entityAnswerOf(answer), giveUpAtMs);
  }

  private asideOf(command: Command): AsideOf {
    const { type, data } = command;
    const definition = this.aggregateOf(command).sagas?.find(({ saga }) => saga.type === type);
    const names = this.dependencies.aliases ?? null;
    return async (state, context) => (await definition?.aside?.({ type, data } satisfies CommandShape, state, context, names)) ?? null;
  }

  /** An entity runs on the calendar and the policy of its beginning. */
  private async start(command: Command, deadlineMs: number): Promise<EntityAnswer> {
    const current = this.dependencies.tablesFor(command.aggregate);
    const starting: Command = current === undefined ? command : { ...command, tables: current };
    const refused = await this.refusedAtStart(starting);
    if (refused !== null) return refused;
    if (hasSecrets(this.aggregateOf(command))) await this.dependencies.seal.begin(command.entity);
    return this.give(starting, deadlineMs);
  }

  private async refusedAtStart(command: Command): Promise<EntityAnswer | null> {
    const { decider, idOf } = this.aggregateOf(command);
    const nothing = nonexistent(decider);
    const decision = tryOn(decider, nothing, command);
    if (decision.ok) return null;
    // One whose id comes from what was asked may be there already, and then it is asked itself.
    if (idOf !== undefined && (await this.store.head(command.entity)) !== null) return this.refusedAsHopeless(command);
    return this.refusedUnlessKnown(command, refusedOn(decider, nothing, command, decision.refusal));
  }

  private async refusedAsHopeless(command: Command): Promise<EntityAnswer | null> {
    const refused = await hopelessOn(this.store, this.aggregateOf(command), command, this.breaker);
    return refused && this.refusedUnlessKnown(command, refused);
  }

  private async refusedUnlessKnown(command: Command, refused: Outcome & { readonly status: 'refused' }): Promise<EntityAnswer> {
    const known = await this.log.find(command);
    if (known && known.fingerprint !== command.fingerprint) return { kind: 'key-reused' };
    if (known?.outcome) return answerOfOutcome(known.outcome);
    return this.noteRefused(command, refused);
  }

  private async noteRefused(command: Command, outcome: Outcome & { readonly status: 'refused' }): Promise<EntityAnswer> {
    try {
      return answerOfOutcome(await this.log.noteOutcome(command, outcome));
    } catch (error) {
      if (isDuplicateKey(error)) return { kind: 'key-reused' };
      throw error;
    }
  }
}

/** Nothing was received later than now, whatever a channel says: else it would let fall due what is not. */
const notAhead = (receivedAt: string, nowMs = Date.now()): string => (instantMsOf(receivedAt) > nowMs ? toShanghaiIso(nowMs) : receivedAt);

const answerOfUnfit = (unfit: Exclude<Prepared, { readonly ok: true }>): EntityAnswer => {
  if (unfit.why === 'not-found') return { kind: unfit.why };
  if (unfit.why === 'invalid') return { kind: 'invalid', error: unfit.error };
  if (unfit.why === 'too-large') return { kind: unfit.why, bytes: unfit.bytes, max: unfit.max };
  return { kind: unfit.why === 'plain' ? 'plain-personal-data' : 'foreign-seal', fields: unfit.fields };
};
