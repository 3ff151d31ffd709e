import { heartbeat } from '@temporalio/activity';
import { fingerprintOf, type Actor, type Tables } from '@qiyue/engine';
import type { ActiveModel, Command, CommandGateway, LedgerStore } from '@qiyue/engine-runtime';
import type { TableStore } from '@qiyue/adapters';
import type { NeedView } from '@qiyue/need-views';
import type { Batch, BatchResult, RetimeActivities } from '@qiyue/workflows-retime';
import { NeedWalk } from './need-walk';

const AT_ONCE = 8;
const ANSWER_MS = 20_000;
const RETIMER: Actor = { id: 'retime', role: 'system', unit: null };

export interface RetimeParts {
  readonly store: LedgerStore;
  readonly model: ActiveModel<NeedView>;
  readonly tables: Pick<TableStore, 'current' | 'serial' | 'noteRetiming'>;
  readonly gateway: Pick<CommandGateway, 'execute'>;
  /** ISO 8601 with +08:00. */
  readonly now: () => string;
}

/** The hands of the workflow that brings another calendar or policy to the open needs. */
export const retimeActivities = (parts: RetimeParts): RetimeActivities => {
  const walk = new NeedWalk(parts.store, parts.model);
  return {
    begin: async (serial) => {
      await parts.tables.noteRetiming(serial);
      return walk.countOpen();
    },
    retimeBatch: async (batch): Promise<BatchResult> => {
      const { needs, after } = batch.walks === 'open' ? await walk.open(batch.after) : await walk.born(batch.after, Date.parse(batch.importedAt));
      return { ...(await new Retiming(parts, batch).retime(needs)), after, endedMs: Date.parse(parts.now()) };
    },
  };
};

const idOf = (serial: number, needId: string): string => `retime:${serial}:${needId}`;

/** One batch. */
class Retiming {
  private held: { readonly serial: number; readonly tables: Tables } | null = null;

  constructor(
    private readonly parts: RetimeParts,
    private readonly batch: Batch,
  ) {}

  async retime(needs: readonly string[]): Promise<Omit<BatchResult, 'after' | 'endedMs'>> {
    const answered = await this.answeredAmong(needs);
    const counted = needs.filter((needId) => (answered.get(needId) ?? Infinity) >= this.batch.countedBeforeMs);
    const waiting = needs.filter((needId) => !answered.has(needId));
    const failed: string[] = [];
    const work = async (): Promise<void> => {
      for (let needId = waiting.shift(); needId !== undefined; needId = waiting.shift()) {
        if (!(await this.isAnswered(needId))) failed.push(needId);
        heartbeat(waiting.length);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return { done: counted.length - failed.length, moved: await this.movedAmong(counted), failed };
  }

  private async isAnswered(needId: string): Promise<boolean> {
    const [type, data, actor] = ['retime', {}, RETIMER];
    const command: Command = {
      ...{ commandId: idOf(this.batch.serial, needId), entity: needId, type, data, actor, channel: 'system', receivedAt: this.parts.now() },
      ...{ fingerprint: fingerprintOf({ entity: needId, type, data, actor }), tables: await this.tables(), replaceTables: true },
      ...{ aggregate: 'need', starts: false },
    };
    const answer = await this.parts.gateway.execute(command, ANSWER_MS);
    if (answer.kind !== 'outcome') return answer.kind === 'not-found'; // a submit that was never accepted
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
  private async answeredAmong(needs: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const ids = needs.map((needId) => idOf(this.batch.serial, needId));
    const rows = this.parts.store.commands.find({ _id: { $in: ids }, state: { $ne: 'pending' } }, { projection: { entity: 1, receivedAt: 1 } });
    return new Map((await rows.toArray()).map(({ entity, receivedAt }) => [entity, Date.parse(receivedAt)]));
  }

  private movedAmong(needs: readonly string[]): Promise<number> {
    const commandId = { $in: needs.map((needId) => idOf(this.batch.serial, needId)) };
    return this.parts.store.ledger.countDocuments({ entity: { $in: [...needs] }, commandId });
  }
}
