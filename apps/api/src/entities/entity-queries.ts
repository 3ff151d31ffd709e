import { instantMsOf, isEntityId, toShanghaiIso } from '@qiyue/engine';
import type { ActiveModel, LedgerDocument, LedgerStore, ModelDocument } from '@qiyue/engine-runtime';
import type { AnyAggregate, AnyView } from '@qiyue/aggregate';
import { encodeCursor, searchable, type PageCursor } from '@qiyue/civic-contracts';
import type { Clock } from '@qiyue/platform';
import { Problem } from '../http/problem';
import { viewOf } from './history';

const VISIBLE_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 50;
/** How far back a search for words goes, in entities that fit the other filters. */
const SEARCHED_MAX = 5_000;

/** What this reader may read, and so search, of an entity's sealed text; and what came of it. */
export interface Searching {
  textOf(view: AnyView): Promise<string | null>;
  /** `looked`: whose texts were opened; `found`: those in which the words stand. */
  done(looked: readonly AnyView[], found: readonly AnyView[]): Promise<void>;
}

/** Filters of the aggregate's own, with `q` and the page. */
export type ListQuery = Readonly<Record<string, unknown>> & {
  readonly q?: string | undefined;
  readonly limit: number;
  readonly cursor?: PageCursor | undefined;
};

export interface EntityPage {
  readonly items: readonly object[];
  readonly nextCursor: string | null;
}

/** A moment in an entity's life: by seq, or by time (ISO 8601). */
export type Moment = { readonly seq: number } | { readonly time: string };

/** What can be asked about the entities of one aggregate. Lists and pages come from the read model, histories from the ledger. */
export class EntityQueries {
  constructor(
    readonly aggregate: AnyAggregate,
    private readonly store: LedgerStore,
    private readonly model: Pick<ActiveModel<AnyView>, 'collection'>,
    private readonly clock: Pick<Clock, 'nowMs'>,
  ) {}

  async list(query: ListQuery, searching: Searching): Promise<EntityPage> {
    const now = toShanghaiIso(this.clock.nowMs());
    const { listing } = this.aggregate;
    const conditions = [...listing.conditionsOf(query, now), ...behind(query.cursor)];
    const cursor = (await this.model.collection())
      .find((conditions.length === 0 ? {} : { $and: conditions }) as object, { projection: { ...listing.without } })
      .sort({ 'view.createdAt': -1, _id: -1 });
    if (query.q === undefined) return this.pageOf(await cursor.limit(query.limit + 1).toArray(), query.limit, now);
    return this.search(cursor.limit(SEARCHED_MAX), query.q, query.limit, now, searching);
  }

  /** A sealed text has no index in which words could be found: entities are opened one by one, the newest ones only, where the list's own words do not do. */
  private async search(
    documents: AsyncIterable<ModelDocument<AnyView>>,
    q: string,
    limit: number,
    now: string,
    searching: Searching,
  ): Promise<EntityPage> {
    const { listing } = this.aggregate;
    const [found, looked, foundByLooking]: [ModelDocument<AnyView>[], AnyView[], AnyView[]] = [[], [], []];
    for await (const document of documents) {
      const view = this.upgraded(document.view);
      const isListed = mentions(listing.textsOf(view), q);
      const text = isListed ? null : await searching.textOf(view);
      if (text !== null) looked.push(view);
      if (mentions([text], q)) foundByLooking.push(view);
      if (isListed || mentions([text], q)) found.push(document);
      if (found.length > limit) break;
    }
    await searching.done(looked, foundByLooking);
    return this.pageOf(found, limit, now);
  }

  /** As it is shown as of now, or as of the moment it is shown at. */
  shown(view: object, at: string = toShanghaiIso(this.clock.nowMs())): object {
    return this.aggregate.shownOf(view as AnyView, at);
  }

  /** The read model's document, or, before it has one, what the ledger says. */
  async entity(id: string): Promise<AnyView> {
    return (await this.seen(id)) ?? (await this.standing(id));
  }

  /** Those that fit, soonest due first, and how many there are. */
  async soonest(conditions: object, limit: number): Promise<{ readonly views: readonly AnyView[]; readonly total: number }> {
    const collection = await this.model.collection();
    const found = await collection.find(conditions).sort({ 'view.dueAt': 1, _id: 1 }).limit(limit).toArray();
    const total = found.length < limit ? found.length : await collection.countDocuments(conditions);
    return { views: found.map(({ view }) => this.upgraded(view as AnyView)), total };
  }

  /** Null where there is none of this kind. */
  async known(id: string): Promise<AnyView | null> {
    if (!isEntityId(id)) return null;
    const seen = await this.seen(id);
    if (seen !== null) return seen;
    const documents = await this.store.soundStream(id);
    return documents[0]?.aggregate === this.aggregate.decider.aggregate ? viewOf(this.aggregate.model, documents) : null;
  }

  /** As the ledger has it now. */
  async standing(id: string): Promise<AnyView> {
    return viewOf(this.aggregate.model, await this.records(id)) ?? this.notFound();
  }

  /** Waits until the read model has seen `minSeq`, at most 5 s. */
  async entityAt(id: string, minSeq: number): Promise<AnyView> {
    const untilMs = Date.now() + VISIBLE_WITHIN_MS;
    for (;;) {
      const view = await this.seen(id);
      if (view !== null && view.seq >= minSeq) return view;
      if (Date.now() >= untilMs) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    await this.records(id);
    throw Problem.edge('not-yet-visible');
  }

  /** All records of an entity, in order. Throws `UnsoundStream`, which is the edge's `history-unsound`. */
  async records(id: string): Promise<readonly LedgerDocument[]> {
    const documents = isEntityId(id) ? await this.store.soundStream(id) : [];
    return documents[0]?.aggregate === this.aggregate.decider.aggregate ? documents : this.notFound();
  }

  /** The entity as it was, and as it is. */
  async asOf(id: string, moment: Moment): Promise<{ readonly then: AnyView; readonly now: AnyView }> {
    const records = await this.records(id);
    if ('seq' in moment && moment.seq > records.length) throw Problem.edge('no-such-state');
    const until = records.filter(({ seq, time }) => ('seq' in moment ? seq <= moment.seq : instantMsOf(time) <= instantMsOf(moment.time)));
    const [then, now] = [viewOf(this.aggregate.model, until), viewOf(this.aggregate.model, records)];
    if (then === null || now === null) throw Problem.edge('no-such-state');
    return { then, now };
  }

  private async seen(id: string): Promise<AnyView | null> {
    if (!isEntityId(id)) return this.notFound();
    const document = await (await this.model.collection()).findOne({ _id: id });
    return document === null ? null : this.upgraded((document as ModelDocument<AnyView>).view);
  }

  /** A document of a model that is being made anew may lack what came since. */
  upgraded(view: AnyView): AnyView {
    return this.aggregate.upgrade?.(view) ?? view;
  }

  private pageOf(found: readonly { readonly _id: unknown; readonly view: unknown }[], limit: number, now: string): EntityPage {
    const shown = found.slice(0, limit);
    const views = shown.map(({ view }) => this.upgraded(view as AnyView));
    const last = found.length > limit ? views.at(-1) : undefined;
    return {
      items: views.map((view) => this.aggregate.listing.itemOf(view, now)),
      nextCursor: last === undefined ? null : encodeCursor({ at: last.createdAt, id: String(shown.at(-1)?._id) }),
    };
  }

  private notFound(): never {
    throw Problem.refused({ code: 'not-found' }, {}, this.aggregate.refusals);
  }
}

const behind = (last: PageCursor | undefined): readonly object[] =>
  last === undefined ? [] : [{ $or: [{ 'view.createdAt': { $lt: last.at } }, { 'view.createdAt': last.at, _id: { $lt: last.id } }] }];

/** Whether one of the texts holds what is searched for, in letters large or small, full-width or half-width. */
export const mentions = (texts: readonly (string | null)[], q: string): boolean =>
  texts.some((text) => text !== null && searchable(text).includes(searchable(q)));
