import { instantMsOf, isEntityId, toShanghaiIso } from '@qiyue/engine';
import type { ActiveModel, LedgerDocument, LedgerStore } from '@qiyue/engine-runtime';
import type { Clock } from '@qiyue/adapters';
import { lightOf, toListItem, type Light, type NeedListItem, type NeedView } from '@qiyue/need-views';
import { Problem } from '../http/problem';
import { encodeCursor } from './cursor';
import { viewOf } from './history';
import { filterOf, type ListQuery } from './list-query';

const VISIBLE_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 50;

export interface NeedPage {
  readonly items: readonly NeedListItem[];
  readonly nextCursor: string | null;
}

export type ShownNeed = NeedView & { readonly light: Light };

/** A moment in a need's life: by seq, or by time (ISO 8601). */
export type Moment = { readonly seq: number } | { readonly time: string };

/** What can be asked about needs. Lists and pages come from the read model, histories from the ledger. */
export class NeedQueries {
  constructor(
    private readonly store: LedgerStore,
    private readonly model: Pick<ActiveModel<NeedView>, 'collection'>,
    private readonly clock: Pick<Clock, 'nowMs'>,
  ) {}

  async list(query: ListQuery): Promise<NeedPage> {
    const collection = await this.model.collection();
    const now = toShanghaiIso(this.clock.nowMs());
    const found = await collection
      .find(filterOf(query, now))
      .sort({ 'view.createdAt': -1, _id: -1 })
      .limit(query.limit + 1)
      .toArray();
    const items = found.slice(0, query.limit).map(({ view }) => toListItem(view as NeedView, now));
    const last = found.length > query.limit ? items.at(-1) : undefined;
    return { items, nextCursor: last === undefined ? null : encodeCursor(last) };
  }

  /** The need with its traffic light as of now, or as of the moment it is shown at. */
  shown(view: NeedView, at: string = toShanghaiIso(this.clock.nowMs())): ShownNeed {
    return { ...view, light: lightOf(view, at) };
  }

  /** The read model's document, or, before it has one, what the ledger says. */
  async need(needId: string): Promise<NeedView> {
    return (await this.seen(needId)) ?? viewOf(await this.records(needId)) ?? notFound();
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

  /** All records of a need, in order. */
  async records(needId: string): Promise<readonly LedgerDocument[]> {
    const documents = isEntityId(needId) ? await this.store.stream(needId) : [];
    return documents[0]?.aggregate === 'need' ? documents : notFound();
  }

  async asOf(needId: string, moment: Moment): Promise<NeedView> {
    const records = await this.records(needId);
    if ('seq' in moment && moment.seq > records.length) throw Problem.edge('no-such-state');
    const until = records.filter(({ seq, time }) => ('seq' in moment ? seq <= moment.seq : instantMsOf(time) <= instantMsOf(moment.time)));
    const view = viewOf(until);
    if (view === null) throw Problem.edge('no-such-state');
    return view;
  }

  private async seen(needId: string): Promise<NeedView | null> {
    if (!isEntityId(needId)) return notFound();
    const document = await (await this.model.collection()).findOne({ _id: needId });
    return (document?.view as NeedView | undefined) ?? null;
  }
}

const notFound = (): never => {
  throw Problem.refused({ code: 'not-found' });
};
