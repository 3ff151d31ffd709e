import { heartbeat } from '@temporalio/activity';
import type { TableStore } from '@qiyue/adapters';
import { fingerprintOf, plusMs, type Actor, type Tables } from '@qiyue/engine';
import type { ActiveModel, Command, CommandGateway, LedgerStore } from '@qiyue/engine-runtime';
import { DEADLINE_STAGES } from '@qiyue/need-domain';
import type { NeedView } from '@qiyue/need-views';
import type { Batch, BatchResult, RetimeActivities } from '@qiyue/workflows-retime';

const BATCH = 200;
const AT_ONCE = 8;
const ANSWER_MS = 20_000;
/** How far behind the read model may be when it is asked who was born beside an import, ms. */
const MARGIN_MS = 3_600_000;
const RETIMER: Actor = { id: 'retime', role: 'system', unit: null };

export interface RetimeParts {
  readonly store: LedgerStore;
  readonly model: ActiveModel<NeedView>;
  readonly tables: TableStore;
  readonly gateway: CommandGateway;
  /** ISO 8601 with +08:00. */
  readonly now: () => string;
}

/** The hands of the workflow that brings another calendar or policy to the open needs. */
export const retimeActivities = ({ store, model, tables, gateway, now }: RetimeParts): RetimeActivities => {
  const open = (createdSince: string | null) => ({
    'view.stage': { $in: DEADLINE_STAGES },
    ...(createdSince === null ? {} : { 'view.createdAt': { $gte: plusMs(createdSince, -MARGIN_MS) } }),
  });

  const idOf = (serial: number, entity: string): string => `retime:${serial}:${entity}`;

  const isAnswered = async (serial: number, entity: string, current: Tables): Promise<boolean> => {
    const [type, data, actor] = ['retime', {}, RETIMER];
    const command: Command = {
      ...{ commandId: idOf(serial, entity), entity, type, data, actor, channel: 'system', receivedAt: now() },
      ...{ fingerprint: fingerprintOf({ entity, type, data, actor }), tables: current, replaceTables: true },
      ...{ aggregate: 'need', starts: false },
    };
    const answer = await gateway.execute(command, ANSWER_MS);
    if (answer.kind !== 'outcome') return answer.kind === 'not-found';
    await answer.appended;
    const { outcome } = answer;
    return outcome.status === 'accepted' || outcome.refusal.code === 'wrong-stage'; // it has ended meanwhile
  };

  const answeredBefore = async (ids: readonly string[]): Promise<ReadonlySet<string>> => {
    const known = store.commands.find({ _id: { $in: [...ids] }, state: { $ne: 'pending' } }).project<{ readonly _id: string }>({ _id: 1 });
    return new Set((await known.toArray()).map(({ _id }) => _id));
  };

  const movedAmong = (serial: number, entities: readonly string[]): Promise<number> =>
    store.ledger.countDocuments({ entity: { $in: [...entities] }, commandId: { $in: entities.map((entity) => idOf(serial, entity)) } });

  /** `isAgain`: those that have answered before were counted then. */
  const retimeAll = async (serial: number, entities: readonly string[], isAgain: boolean): Promise<Omit<BatchResult, 'after'>> => {
    const current: Tables = { ...(await tables.current()).tables };
    const before = await answeredBefore(entities.map((entity) => idOf(serial, entity)));
    const fresh = entities.filter((entity) => !before.has(idOf(serial, entity)));
    const failed: string[] = [];
    const waiting = [...fresh];
    const work = async (): Promise<void> => {
      for (let entity = waiting.shift(); entity !== undefined; entity = waiting.shift()) {
        if (!(await isAnswered(serial, entity, current))) failed.push(entity);
        heartbeat(waiting.length);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const counted = isAgain ? fresh : entities;
    return { done: counted.length - failed.length, moved: await movedAmong(serial, counted), failed };
  };

  return {
    countOpenNeeds: async () => (await model.collection()).countDocuments(open(null) as object),
    retimeBatch: async ({ serial, after, createdSince }: Batch): Promise<BatchResult> => {
      const collection = await model.collection();
      const filter = { ...open(createdSince), ...(after === null ? {} : { _id: { $gt: after } }) };
      const found = await collection
        .find(filter as object)
        .project<{ readonly _id: string }>({ _id: 1 })
        .sort({ _id: 1 })
        .limit(BATCH)
        .toArray();
      const entities = found.map(({ _id }) => _id);
      return { ...(await retimeAll(serial, entities, createdSince !== null)), after: entities.length < BATCH ? null : (entities.at(-1) ?? null) };
    },
    retimeNeeds: async (serial, needs) => ({ ...(await retimeAll(serial, needs, true)), after: null }),
  };
};
