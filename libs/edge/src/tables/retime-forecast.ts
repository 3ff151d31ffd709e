import type { AnyAggregate } from '@qiyue/aggregate';
import { foldRecords, knownRulesOf, openRecord, type AnyDecider, type RecordBody, type Tables } from '@qiyue/engine';
import type { LedgerStore } from '@qiyue/engine-runtime';
import type { ActivationStore } from '../rules/active-rules';
import { movesAmong, RETIME, RETIMER, type DeadlineMoves } from './deadline-moves';
import { EntityWalk, type Step, type WalkedEntity } from './entity-walk';

/** What another calendar or policy would do to the entities that are open. */
export interface RetimeForecast extends DeadlineMoves {
  readonly open: number;
  /** Those that end earlier, by kind and stage, where there are some; in the order of their names. */
  readonly shorterBy: readonly { readonly aggregate: string; readonly stage: string; readonly count: number }[];
  /** Entities whose records this code cannot fold: nothing is foretold of them. */
  readonly unknown: number;
}

export interface ForecastPorts {
  readonly store: LedgerStore;
  readonly aggregates: readonly AnyAggregate[];
  readonly rules: Pick<ActivationStore, 'all'>;
}

/**
 * Gives each open entity the command that a re-timing gives it, as its records stand in the ledger, and changes nothing. A few hundred entities
 * at a time. `now`: ISO 8601 with +08:00.
 */
export const forecastRetiming = async (
  { store, aggregates, rules }: ForecastPorts,
  tables: Tables,
  now: string,
  onProgress: (done: number, of: number) => void = () => undefined,
): Promise<RetimeForecast> => {
  const walk = new EntityWalk(store, aggregates);
  const [of, active] = [await walk.countOpen(), await rules.all()];
  const deciders = new Map(aggregates.map(({ decider }) => [decider.aggregate, decider]));
  let forecast: RetimeForecast = { open: 0, moved: 0, shorter: 0, shorterBy: [], unknown: 0 };
  let after: string | null = null;
  do {
    const step: Step = await walk.open(after);
    const streams = await streamsOf(store, step.entities);
    for (const { aggregate, entity } of step.entities) {
      const decider = deciders.get(aggregate) as AnyDecider;
      const context = { now, entity, tables, active: active.get(aggregate) ?? 1 };
      forecast = plus(forecast, aggregate, retimed(decider, streams.get(entity) ?? [], context));
    }
    onProgress(forecast.open, of);
    after = step.after;
  } while (after !== null);
  return forecast;
};

const streamsOf = async (store: LedgerStore, entities: readonly WalkedEntity[]): Promise<ReadonlyMap<string, readonly RecordBody[]>> => {
  const rows = store.ledger.find({ entity: { $in: entities.map(({ entity }) => entity) } }, { projection: { _id: 0, entity: 1, canonical: 1 } });
  const streams = new Map<string, RecordBody[]>(entities.map(({ entity }) => [entity, []]));
  for (const row of await rows.sort({ entity: 1, seq: 1 }).toArray()) streams.get(row.entity)?.push(openRecord(row));
  return streams;
};

interface Given {
  readonly now: string;
  readonly entity: string;
  readonly tables: Tables;
  /** Rules that the command brings. */
  readonly active: number;
}
interface Retimed extends DeadlineMoves {
  readonly stage: string;
}

/** Null where its records cannot be folded: one unsound stream, which a patrol tells of, keeps no county from its calendar. */
const retimed = (decider: AnyDecider, records: readonly RecordBody[], { active, ...given }: Given): Retimed | null => {
  try {
    const folded = foldRecords(decider, records);
    const rules = Math.max(folded.rules, Math.min(active, knownRulesOf(decider)));
    const decision = decider.decide(RETIME, folded.state, { ...given, actor: RETIMER, commandId: 'forecast', rules });
    return { stage: decider.summary(folded.state).stage ?? '', ...movesAmong(decision.ok ? decision.events : []) };
  } catch {
    return null;
  }
};

const plus = (forecast: RetimeForecast, aggregate: string, one: Retimed | null): RetimeForecast => {
  const open = forecast.open + 1;
  if (one === null) return { ...forecast, open, unknown: forecast.unknown + 1 };
  const [moved, shorter] = [forecast.moved + one.moved, forecast.shorter + one.shorter];
  return { ...forecast, open, moved, shorter, shorterBy: one.shorter === 0 ? forecast.shorterBy : withShorter(forecast.shorterBy, aggregate, one) };
};

const withShorter = (rows: RetimeForecast['shorterBy'], aggregate: string, { stage, shorter }: Retimed): RetimeForecast['shorterBy'] => {
  const isIt = (row: { readonly aggregate: string; readonly stage: string }): boolean => row.aggregate === aggregate && row.stage === stage;
  const count = (rows.find(isIt)?.count ?? 0) + shorter;
  const nameOf = (row: { readonly aggregate: string; readonly stage: string }): string => `${row.aggregate} ${row.stage}`;
  return [...rows.filter((row) => !isIt(row)), { aggregate, stage, count }].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
};
