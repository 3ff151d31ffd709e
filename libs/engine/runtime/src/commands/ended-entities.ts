import {
  ADOPT_RULES,
  aliasUnder,
  foldRecords,
  knownRulesOf,
  openRecord,
  UnknownRules,
  type AnyDecider,
  type CommandShape,
  type Context,
  type Folded,
  type Labels,
  type Outcome,
} from '@qiyue/engine';
import { besideOf, type LedgerDocument } from '../ledger/documents';
import type { LedgerStore } from '../ledger/ledger-store';
import { soundStreamOrNull } from '../ledger/sound-stream';
import type { CommandLog } from './command-log';
import { answered, turnedAway, type Command, type GatewayAnswer } from './gateway-answer';

/** How their workflows read in Temporal's own pages, by aggregate. */
export const labelsOf = (deciders: readonly AnyDecider[]): ReadonlyMap<string, Labels<unknown, CommandShape>> =>
  new Map(deciders.flatMap(({ aggregate, labels }) => (labels === undefined ? [] : [[aggregate, labels] as const])));

/** Answers commands to entities that no workflow runs any more, out of the command log and the ledger. */
export class EndedEntities {
  private readonly deciders: ReadonlyMap<string, AnyDecider>;

  constructor(
    private readonly store: LedgerStore,
    private readonly log: CommandLog,
    deciders: readonly AnyDecider[],
  ) {
    this.deciders = new Map(deciders.map((decider) => [decider.aggregate, decider]));
  }

  /**
   * The outcome that is kept, or the one that the rules of an ended entity give now, which is kept from then on. `not-found` without records,
   * `lost` where a workflow should run. Rejects when MongoDB is away.
   */
  async answer(command: Command): Promise<GatewayAnswer> {
    const rows = await this.store.commands.find({ _id: { $in: [command.commandId, besideOf(command.commandId, command.entity)] } }).toArray();
    const known = rows.find(({ commandId }) => commandId !== undefined) ?? rows[0];
    if (known && known.fingerprint !== command.fingerprint) return { kind: 'key-reused' };
    if (known?.outcome) return answered(known.outcome);
    return this.decideOnLedger(command);
  }

  /** An ended entity gives no events any more, and refuses or accepts by its own rules. One that has not ended is missing its workflow, whatever it would say. */
  private async decideOnLedger(command: Command): Promise<GatewayAnswer> {
    const decider = this.deciders.get(command.aggregate);
    if (!decider) throw new Error(`no decider for ${command.aggregate}`);
    const records = await soundStreamOrNull(this.store, command.entity);
    if (records === null) return turnedAway(command, 'quarantined');
    const last = records.at(-1);
    if (last === undefined || last.aggregate !== command.aggregate || command.type === ADOPT_RULES) return { kind: 'not-found' };
    const folded = foldOf(decider, records);
    if (folded === null || (command.rules ?? 1) > knownRulesOf(decider)) return turnedAway(command, 'rules-unknown');
    const { state } = folded;
    if (!decider.isFinal(state)) return { kind: 'lost' };
    const rules = Math.max(folded.rules, command.rules ?? 1);
    const context: Context = {
      now: command.receivedAt,
      actor: command.actor,
      entity: command.entity,
      commandId: command.commandId,
      ...aliasUnder(rules, decider, command),
      tables: command.tables ?? {},
      rules,
    };
    const { type, data, refusedFor: refusal } = command;
    const decision = refusal === undefined ? decider.decide({ type, data }, state, context) : { ok: false as const, refusal };
    if (decision.ok && decision.events.length > 0) throw new Error(`${command.aggregate}: an ended entity gives events to ${command.type}`);
    const place = { entity: command.entity, seq: last.seq, summary: decider.summary(state) };
    const outcome: Outcome = decision.ok ? { status: 'accepted', ...place } : { status: 'refused', ...place, refusal: decision.refusal };
    return answered(await this.log.noteOutcome(command, outcome));
  }
}

/** Null when it needs newer code than this. */
const foldOf = (decider: AnyDecider, records: readonly LedgerDocument[]): Folded<unknown> | null => {
  try {
    return foldRecords(
      decider,
      records.map((record) => openRecord(record)),
    );
  } catch (error) {
    if (error instanceof UnknownRules) return null;
    throw error;
  }
};
