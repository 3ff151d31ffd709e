import type { AnyAggregate, AnyView } from '@qiyue/aggregate';
import { rule, words } from '@qiyue/civic-contracts';
import { openRecord } from '@qiyue/engine';
import type { LedgerDocument, LedgerStore } from '@qiyue/engine-runtime';
import { LRUCache } from 'lru-cache';
import { isEntityId } from '@qiyue/engine';
import { z } from 'zod';

const REMEMBERED = 2_000;
const NAMES_MAX = 100;

/** Names with commas between. */
const namesAmong = (known: ReadonlySet<string>) =>
  z
    .string()
    .max(5_000)
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(
      z
        .array(z.string().refine((name) => known.has(name), rule('known-name')))
        .min(1)
        .max(NAMES_MAX),
    );

/** What of the feed is asked for; all of it when nothing is. */
export interface EventFilters {
  /** As in records, or as in CloudEvents. */
  readonly types?: readonly string[] | undefined;
  readonly aggregates?: readonly string[] | undefined;
  readonly entity?: string | undefined;
  readonly unit?: string | undefined;
  readonly community?: string | undefined;
}

export const eventFilters = (aggregates: readonly AnyAggregate[]) => {
  const types = aggregates.flatMap(({ decider, events }) => Object.keys(events).flatMap((type) => [type, `qiyue.${decider.aggregate}.${type}.v1`]));
  return {
    types: namesAmong(new Set(types)).optional(),
    aggregates: namesAmong(new Set(aggregates.map(({ decider }) => decider.aggregate))).optional(),
    entity: z.string().refine(isEntityId, rule('entity-id')).optional(),
    unit: words.optional(),
    community: words.optional(),
  };
};

/**
 * Tells whether an event was asked for. Whose unit or community it is follows from what the entity was just before and just after it, folded from the
 * ledger, so that it is the same whenever the feed is read.
 */
export class EventFilter {
  private readonly byName: ReadonlyMap<string, AnyAggregate>;
  private readonly known = new LRUCache<string, { readonly seq: number; readonly view: AnyView }>({ max: REMEMBERED });

  constructor(
    private readonly asked: EventFilters,
    aggregates: readonly AnyAggregate[],
    private readonly store: Pick<LedgerStore, 'stream'>,
  ) {
    this.byName = new Map(aggregates.map((aggregate) => [aggregate.decider.aggregate, aggregate]));
  }

  get isOpen(): boolean {
    return Object.values(this.asked).every((value) => value === undefined);
  }

  async passes(document: LedgerDocument): Promise<boolean> {
    const { types, aggregates, entity, unit, community } = this.asked;
    const { aggregate, type, entity: of } = document;
    if (aggregates !== undefined && !aggregates.includes(aggregate)) return false;
    if (types !== undefined && !types.includes(type) && !types.includes(`qiyue.${aggregate}.${type}.v1`)) return false;
    if (entity !== undefined && entity !== of) return false;
    return (unit === undefined && community === undefined) || this.isOfParty(document);
  }

  private async isOfParty(document: LedgerDocument): Promise<boolean> {
    const definition = this.byName.get(document.aggregate);
    if (definition === undefined) return false;
    const { unitsOf, communitiesOf } = definition.access;
    const { unit, community } = this.asked;
    const views = await this.viewsAround(document, definition);
    return (
      (unit === undefined || views.some((view) => unitsOf(view).includes(unit))) &&
      (community === undefined || views.some((view) => communitiesOf(view).includes(community)))
    );
  }

  /** Just before and just after it. One whose history does not fit is nobody's. */
  private async viewsAround({ entity, seq }: LedgerDocument, { model }: AnyAggregate): Promise<readonly AnyView[]> {
    const kept = this.known.get(entity);
    let view = kept !== undefined && kept.seq < seq ? kept.view : null;
    let before: AnyView | null = view;
    try {
      for (const record of await this.store.stream(entity, (view === null ? 0 : (kept?.seq ?? 0)) + 1, seq)) {
        before = view;
        view = model.fold(view, openRecord(record), record.hash);
      }
    } catch {
      return [];
    }
    if (view !== null) this.known.set(entity, { seq, view });
    return [before, view].filter((one) => one !== null);
  }
}
