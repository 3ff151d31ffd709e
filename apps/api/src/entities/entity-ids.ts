import type { AnyAggregate } from '@qiyue/aggregate';

export const ENTITY_IDS = Symbol('EntityIds');
/** Every aggregate that this process serves. */
export const ALL_AGGREGATES = Symbol('Aggregates');

/** Ids under the names that answers have for them: `needId` for a need. */
export class EntityIds {
  private readonly names: ReadonlyMap<string, string>;
  private readonly first: string;

  constructor(aggregates: readonly AnyAggregate[]) {
    this.names = new Map(aggregates.map(({ decider, idName }) => [decider.aggregate, idName]));
    this.first = aggregates[0]?.idName ?? 'id';
  }

  /** `aggregate` undefined: of before there was a second one. */
  of(aggregate: string | undefined, entity: string): Readonly<Record<string, string>> {
    return { [(aggregate === undefined ? undefined : this.names.get(aggregate)) ?? this.first]: entity };
  }
}
