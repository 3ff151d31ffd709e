import { instantMsOf, isEntityId, toShanghaiIso } from '@qiyue/engine';
import type { ActiveModel, LedgerDocument, LedgerStore, ModelDocument } from '@qiyue/engine-runtime';
import type { Clock } from '@qiyue/adapters';
import { lightOf, toListItem, type Light, type NeedListItem, type NeedView } from '@qiyue/need-views';
import { Problem } from '../http/problem';
import { encodeCursor } from './cursor';
import { viewOf } from './history';
import { filterOf, mentions, type ListQuery } from './list-query';
import type { ReadNeed } from './visible';

const VISIBLE_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 50;
/** How far back a search for words goes, in needs that fit the other filters. */
const SEARCHED_MAX = 5_000;
/** What a need gathers is most of its document, and no list shows it. */
const WITHOUT_GATHERED = { 'view.progress': 0, 'view.evidence': 0, 'view.funding': 0, 'view.adopted': 0, 'view.inspection': 0 };

/** What this reader may read, and so search, of a need's description; and what came of it. */
export interface Searching {
  descriptionOf(need: NeedView): Promise<string | null>;
  /** `looked`: whose descriptions were opened; `found`: those in which the words stand. */
  done(looked: readonly NeedView[], found: readonly NeedView[]): Promise<void>;
}

export interface NeedPage {
  readonly items: readonly NeedListItem[];
  readonly nextCursor: string | null;
}

/** The exact place, if it may be seen, stands in `location`. */
export type ShownNeed = Omit<NeedView, 'exactLocation'> & { readonly light: Light };

/** A moment in a need's life: by seq, or by time (ISO 8601). */
export type Moment = { readonly seq: number } | { readonly time: string };

/** What can be asked about needs. Lists and pages come from the read model, histories from the ledger. */
export class NeedQueries {
  constructor(
    private readonly store: LedgerStore,
    private readonly model: Pick<ActiveModel<NeedView>, 'collection'>,
    private readonly clock: Pick<Clock, 'nowMs'>,
  ) {}

  async list(query: ListQuery, searching: Searching): Promise<NeedPage> {
    const now = toShanghaiIso(this.clock.nowMs());
    const cursor = (await this.model.collection())
      .find(filterOf(query, now), { projection: WITHOUT_GATHERED })
      .sort({ 'view.createdAt': -1, _id: -1 });
    if (query.q === undefined) return pageOf((await cursor.limit(query.limit + 1).toArray()).map(viewIn), query.limit, now);
    return this.search(cursor.limit(SEARCHED_MAX), query.q, query.limit, now, searching);
  }

  /** Descriptions are sealed, so that no index can find words in them: needs are opened one by one, the newest ones only, where the list's own words do not do. */
  private async search(
    needs: AsyncIterable<ModelDocument<NeedView>>,
    q: string,
    limit: number,
    now: string,
    searching: Searching,
  ): Promise<NeedPage> {
    const [found, looked, foundByLooking]: [NeedView[], NeedView[], NeedView[]] = [[], [], []];
    for await (const document of needs) {
      const view = viewIn(document);
      const isListed = mentions([view.title, ...view.items.map(({ name }) => name), view.plan], q);
      const description = isListed ? null : await searching.descriptionOf(view);
      if (description !== null) looked.push(view);
      if (mentions([description], q)) foundByLooking.push(view);
      if (isListed || mentions([description], q)) found.push(view);
      if (found.length > limit) break;
    }
    await searching.done(looked, foundByLooking);
    return pageOf(found, limit, now);
  }

  /** The need with its traffic light as of now, or as of the moment it is shown at. */
  shown(view: ReadNeed, at: string = toShanghaiIso(this.clock.nowMs())): ShownNeed {
    return { ...view, light: lightOf(view, at) };
  }

  /** The read model's document, or, before it has one, what the ledger says. */
  async need(needId: string): Promise<NeedView> {
    return (await this.seen(needId)) ?? viewOf(await this.records(needId)) ?? notFound();
  }

  /** As the ledger has it now. */
  async standing(needId: string): Promise<NeedView> {
    return viewOf(await this.records(needId)) ?? notFound();
  }

  /** Waits until the read model has seen `minSeq`, at most 5 s. */
  async needAt(needId: string, minSeq: number): Promise<NeedView> {
    const untilMs = Date.now() + VISIBLE_WITHIN_MS;
    for (;;) {
      const view = await this.seen(needId);
      if (view !== null && view.seq >= minSeq) return view;
      if (Date.now() >= untilMs) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    await this.records(needId);
    throw Problem.edge('not-yet-visible');
  }

  /** All records of a need, in order. Throws `UnsoundStream`, which is the edge's `history-unsound`. */
  async records(needId: string): Promise<readonly LedgerDocument[]> {
    const documents = isEntityId(needId) ? await this.store.soundStream(needId) : [];
    return documents[0]?.aggregate === 'need' ? documents : notFound();
  }

  /** The need as it was, and as it is. */
  async asOf(needId: string, moment: Moment): Promise<{ readonly then: NeedView; readonly now: NeedView }> {
    const records = await this.records(needId);
    if ('seq' in moment && moment.seq > records.length) throw Problem.edge('no-such-state');
    const until = records.filter(({ seq, time }) => ('seq' in moment ? seq <= moment.seq : instantMsOf(time) <= instantMsOf(moment.time)));
    const [then, now] = [viewOf(until), viewOf(records)];
    if (then === null || now === null) throw Problem.edge('no-such-state');
    return { then, now };
  }

  private async seen(needId: string): Promise<NeedView | null> {
    if (!isEntityId(needId)) return notFound();
    const document = await (await this.model.collection()).findOne({ _id: needId });
    return document === null ? null : viewIn(document);
  }
}

/** While a read model of before is made anew, its documents lack what came since. */
const SINCE: Pick<NeedView, 'exactLocation' | 'joined' | 'contactSharedWith'> = { exactLocation: null, joined: [], contactSharedWith: [] };

const viewIn = ({ view }: ModelDocument<NeedView>): NeedView => ({ ...SINCE, ...(view as NeedView) });

const pageOf = (found: readonly NeedView[], limit: number, now: string): NeedPage => {
  const items = found.slice(0, limit).map((view) => toListItem(view, now));
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : encodeCursor(last) };
};

const notFound = (): never => {
  throw Problem.refused({ code: 'not-found' });
};
