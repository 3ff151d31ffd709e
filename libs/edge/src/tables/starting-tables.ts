import type { AnyAggregate } from '@qiyue/aggregate';
import type { Tables } from '@qiyue/engine';
import type { CurrentTables } from './current-tables';

/** What a new entity of this kind runs on: calendar and policy in force, for a kind whose deadlines run. Undefined: nothing. */
export type StartingTables = (aggregate: string) => Tables | undefined;

/** Without `tables` nothing is lent: plain hours, without a ladder. */
export const startingTables = (
  aggregates: readonly Pick<AnyAggregate, 'decider' | 'deadlines'>[],
  tables: Pick<CurrentTables, 'tables'> | undefined,
): StartingTables => {
  const timed = new Set(aggregates.flatMap(({ decider, deadlines }) => (deadlines === undefined ? [] : [decider.aggregate])));
  return (aggregate) => (timed.has(aggregate) ? tables?.tables() : undefined);
};
