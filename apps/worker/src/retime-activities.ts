import { heartbeat } from '@temporalio/activity';
import { fingerprintOf, openRecord, type Tables } from '@qiyue/engine';
import type { AnyAggregate } from '@qiyue/aggregate';
import type { Command, CommandGateway, LedgerStore } from '@qiyue/engine-runtime';
import { EntityWalk, movesAmong, RETIME, RETIMER, type DeadlineMoves, type TableStore, type WalkedEntity } from '@qiyue/edge';
import type { Batch, BatchResult, RetimeActivities } from '@qiyue/workflows-retime';

const AT_ONCE = 8;
const ANSWER_MS = 20_000;

export interface RetimeParts {
  readonly store: LedgerStore;
  readonly aggregates: readonly AnyAggregate[];
  readonly tables: Pick<TableStore, 'current' | 'serial' | 'noteRetiming'>;
  readonly gateway: Pick<CommandGateway, 'execute'>;
  /** ISO 8601 with +08:00. */
  readonly now: () => string;
}

/** The hands of the workflow that brings another calendar or policy to what is open. */
export const retimeActivities = (parts: RetimeParts): RetimeActivities => {
  const walk = new EntityWalk(parts.store, parts.aggregates);
  return {
    begin: async (serial) => {
      await parts.tables.noteRetiming(serial);
      return walk.countOpen();
    },
    retimeBatch: async (batch): Promise<BatchResult> => {
      const { entities, after } = batch.walks === 'open' ? await walk.open(batch.after) : await walk.born(batch.after, Date.parse(batch.importedAt));
      return { ...(await new Retiming(parts, batch).retime(entities)), after, endedMs: Date.parse(parts.now()) };
    },
  };
};

const idOf = (serial: number, entity: string): string => `retime:${serial}:${entity}`;

/** One batch. */
class Retiming {
  private held: { readonly serial: number; readonly tables: Tables } | null = null;

  constructor(
    private readonly parts: RetimeParts,
    private readonly batch: Batch,
  ) {}

  async retime(walked: readonly WalkedEntity[]): Promise<Omit<BatchResult, 'after' | 'endedMs'>> {
    const failedBefore = new Set(this.batch.failedBefore);
    const entities = this.batch.walks === 'open' ? walked : walked.filter(({ entity }) => !failedBefore.has(entity)); // whose turn comes among the open ones
    const answered = await this.answeredAmong(entities);
    const isCounted = ({ entity }: WalkedEntity): boolean =>
      failedBefore.has(entity) || (answered.get(entity) ?? Infinity) >= this.batch.countedBeforeMs;
    const waiting = entities.filter(({ entity }) => !answered.has(entity));
    const late: WalkedEntity[] = [];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (!(await this.isAnswered(next))) late.push(next);
        heartbeat(waiting.length);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const landed = late.length === 0 ? answered : await this.answeredAmong(late); // when nobody waited for it any more
    const failed = late.flatMap(({ entity }) => (landed.has(entity) ? [] : [entity]));
    const done = entities.filter((one) => isCounted(one) && !failed.includes(one.entity));
    return { done: done.length, ...(await this.movesOf(done)), failed };
  }

  private async isAnswered({ aggregate, entity }: WalkedEntity): Promise<boolean> {
    const { type, data, actor } = { ...RETIME, actor: RETIMER };
    const command: Command = {
      ...{ commandId: idOf(this.batch.serial, entity), entity, type, data, actor, channel: 'system', receivedAt: this.parts.now() },
      ...{ fingerprint: fingerprintOf({ entity, type, data, actor }), tables: await this.tables(), replaceTables: true },
      ...{ aggregate, starts: false },
    };
    const answer = await this.parts.gateway.execute(command, ANSWER_MS);
    if (answer.kind !== 'outcome') return answer.kind === 'not-found'; // one that was never begun
    await answer.appended;
    const { outcome } = answer;
    return outcome.status === 'accepted' || outcome.refusal.code === 'wrong-stage'; // it has ended meanwhile
  }

  /** Those that are current at this moment: an import in the middle of a batch must not be undone by the rest of it. */
  private async tables(): Promise<Tables> {
    const { tables } = this.parts;
    const serial = await tables.serial();
    if (this.held?.serial !== serial) {
      const current = await tables.current();
      this.held = { serial: current.serial, tables: { ...current.tables } };
    }
    return this.held.tables;
  }

  /** When each was asked, ms since 1970. */
  private async answeredAmong(entities: readonly WalkedEntity[]): Promise<ReadonlyMap<string, number>> {
    const ids = entities.map(({ entity }) => idOf(this.batch.serial, entity));
    const rows = this.parts.store.commands.find({ _id: { $in: ids }, state: { $ne: 'pending' } }, { projection: { entity: 1, receivedAt: 1 } });
    return new Map((await rows.toArray()).map(({ entity, receivedAt }) => [entity, Date.parse(receivedAt)]));
  }

  private async movesOf(entities: readonly WalkedEntity[]): Promise<DeadlineMoves> {
    const commandId = { $in: entities.map(({ entity }) => idOf(this.batch.serial, entity)) };
    const written = { entity: { $in: entities.map(({ entity }) => entity) }, commandId };
    return movesAmong((await this.parts.store.ledger.find(written, { projection: { _id: 0, canonical: 1 } }).toArray()).map(openRecord));
  }
}
