import { instantMsOf, isEntityId, toShanghaiIso } from '@qiyue/engine';
import type { ActiveModel, LedgerDocument, LedgerStore, ModelDocument } from '@qiyue/engine-runtime';
import type { AnyAggregate, AnyView } from '@qiyue/aggregate';
import type { Clock } from '@qiyue/platform';
import { behindItsEnd } from '../http/edge-problems';
import { Problem } from '../http/problem';
import { viewOf } from './history';

const VISIBLE_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 20;
/** A moment in an entity's life: by seq, or by time (ISO 8601). */
export type Moment = { readonly seq: number } | { readonly time: string };

/** What can be asked about the entities of one aggregate. Documents come from the read model, histories from the ledger; lists are `EntityLists`'. */
export class EntityQueries {
  constructor(
    readonly aggregate: AnyAggregate,
    private readonly store: LedgerStore,
    private readonly model: Pick<ActiveModel<AnyView>, 'collection'>,
    private readonly clock: Pick<Clock, 'nowMs'>,
  ) {}

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
    if ('seq' in moment && moment.seq > records.length) throw Problem.edge('no-such-state', { detail: behindItsEnd(records.length) });
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

  private notFound(): never {
    throw Problem.refused({ code: 'not-found' }, {}, this.aggregate.refusals);
  }
}
