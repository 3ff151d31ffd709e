import type { InboxStore, NoticeProgress, NoticeStore } from '@qiyue/edge';
import type { AnyAggregate, AnyView } from '@qiyue/aggregate';
import { openRecord, type RecordBody } from '@qiyue/engine';
import { soundStreamOrNull, verifyRecord, type LedgerDocument, type LedgerStore, type ReceivedRecord } from '@qiyue/engine-runtime';
import { byPerson, noticesFor, type KnownPersons, type NoticeRules, type Notices } from '@qiyue/notices';
import { LRUCache } from 'lru-cache';
import type { NoticeDependencyReader, NoticeDependenciesOf } from './notice-dependencies';

export interface PlannerPorts {
  readonly aggregates: readonly AnyAggregate[];
  readonly ledger: Pick<LedgerStore, 'soundStream' | 'stream'>;
  readonly progress: Pick<NoticeProgress, 'of' | 'note'>;
  readonly inbox: Pick<InboxStore, 'insert' | 'callOff'>;
  readonly notices: Pick<NoticeStore, 'insert' | 'callOff'>;
  readonly dependencies: Pick<NoticeDependencyReader, 'read'>;
  /** Whom a pseudonym stands for; null once nobody can know. Rejects while the keys cannot be reached. */
  readonly openPerson: (sealed: string) => Promise<string | null>;
}

/** What an entity's events cannot be told of, and from which one on. */
export interface Untold {
  readonly record: ReceivedRecord;
  readonly why: string;
}

const AT_ONCE = 8;
const REMEMBERED = 5_000;

/** An entity as it was behind the last event that was told. */
interface Told {
  readonly seq: number;
  readonly hash: string;
  readonly view: AnyView;
  /** Something was to be told later, unless an office has its word before. */
  readonly hasLater: boolean;
}

/**
 * Turns events into notices.
 *
 * Contract:
 * 1. Of one entity in order of seq, each event once: what progress says is done is not looked at again, a gap is filled from the
 *    ledger, and progress is noted when all notices are stored.
 * 2. The entity, before and after an event, is folded from the ledger, so that the same event always finds the same one. What was folded for the
 *    events before is gone on with.
 * 3. What waits for an office's word is called off by it, whichever of both is met first here.
 * 4. Persons whom the records name by a pseudonym are told under their ids; nobody is, once their key is erased.
 * 5. A history that cannot be told, a fork or a gap in the ledger, is answered, not thrown; the other entities go on.
 */
export class NoticePlanner {
  private readonly aggregates: ReadonlyMap<string, AnyAggregate>;
  private readonly told = new LRUCache<string, Told>({ max: REMEMBERED });

  constructor(private readonly ports: PlannerPorts) {
    this.aggregates = new Map(ports.aggregates.map((aggregate) => [aggregate.decider.aggregate, aggregate]));
  }

  /** `alive` is called between entities. Rejects when the stores are away: then nothing of this is done for good. */
  async plan(records: readonly ReceivedRecord[], alive: () => Promise<void>): Promise<readonly Untold[]> {
    const pending = await this.pending(records);
    if (pending.length === 0) return [];
    const dependenciesOf = await this.ports.dependencies.read();
    const untold: Untold[] = [];
    for (let start = 0; start < pending.length; start += AT_ONCE) {
      const told = await Promise.all(pending.slice(start, start + AT_ONCE).map((one) => this.planOne(one, dependenciesOf)));
      untold.push(...told.flat());
      await alive();
    }
    return untold;
  }

  /** Entities of which something is new. */
  private async pending(records: readonly ReceivedRecord[]): Promise<readonly Pending[]> {
    const entities = [...new Set(records.map(({ body }) => body.entity))];
    const done = await this.ports.progress.of(entities);
    return entities.flatMap((entity) => {
      const doneSeq = done.get(entity) ?? 0;
      const fresh = records.filter(({ body }) => body.entity === entity && body.seq > doneSeq).sort((a, b) => a.body.seq - b.body.seq);
      const aggregate = this.aggregates.get(fresh[0]?.body.aggregate ?? '');
      return aggregate === undefined ? [] : [{ entity, aggregate, doneSeq, fresh }];
    });
  }

  private async planOne(pending: Pending, dependenciesOf: NoticeDependenciesOf): Promise<readonly Untold[]> {
    const { entity, doneSeq, fresh } = pending;
    const stream = await this.streamOf(entity, doneSeq); // unsound: told once it fits, with the entity's next event
    if (stream === null) return fresh.map((record) => ({ record, why: 'the records of this entity do not fit each other' }));
    const hashes = new Map(stream.records.map(({ seq, hash }) => [seq, hash]));
    const known = fresh.filter(({ body, hash }) => hashes.get(body.seq) === hash);
    const untold = fresh.filter((record) => !known.includes(record)).map((record) => ({ record, why: 'the ledger does not hold this record' }));
    const last = known.at(-1);
    if (last === undefined) return untold;
    const records = stream.records.filter(({ seq }) => seq <= last.body.seq);
    const told = await this.tell(records, stream.told, pending, dependenciesOf);
    if (told === null) return [...untold, { record: last, why: 'the entity cannot be shown' }];
    await this.ports.inbox.insert(told.notices.flatMap(({ inbox }) => inbox));
    await this.ports.notices.insert(told.notices.flatMap(({ outward }) => outward));
    await this.callOff(pending, told.now);
    await this.ports.progress.note(entity, last.body.seq);
    if (told.now !== null) this.told.set(entity, told.now);
    return untold;
  }

  /** The records to fold: those behind what is known of it, or all of them. Null where they do not fit. */
  private async streamOf(
    entity: string,
    doneSeq: number,
  ): Promise<{ readonly told: Told | null; readonly records: readonly LedgerDocument[] } | null> {
    const told = this.told.get(entity);
    if (told !== undefined && told.seq === doneSeq) {
      const records = await this.ports.ledger.stream(entity, doneSeq + 1);
      if (areLinked(told, records)) return { told, records };
    }
    const records = await soundStreamOrNull(this.ports.ledger, entity);
    return records === null ? null : { told: null, records };
  }

  /** Null for a history that cannot have been. */
  private async tell(
    records: readonly LedgerDocument[],
    before: Told | null,
    { aggregate, doneSeq }: Pending,
    dependenciesOf: NoticeDependenciesOf,
  ): Promise<{ readonly notices: readonly Notices[]; readonly now: Told | null } | null> {
    const notices: Notices[] = [];
    const { notices: rules } = aggregate;
    let now = before;
    for (const document of records) {
      const record = openRecord(document);
      const view = folded(aggregate, now?.view ?? null, record, document.hash);
      if (view === null) return null;
      const hasLater = rules !== undefined && isToldLater(rules, record, now?.view ?? null, view);
      if (rules !== undefined && record.seq > doneSeq)
        notices.push(await this.noticesOf(rules, aggregate, { record, before: now?.view ?? null, after: view }, dependenciesOf));
      now = { seq: record.seq, hash: document.hash, view, hasLater: hasLater || (now?.hasLater ?? false) };
    }
    return { notices, now };
  }

  private async noticesOf(
    rules: NoticeRules<AnyView>,
    { decider, path, listing }: AnyAggregate,
    { record, before, after }: Moment,
    dependenciesOf: NoticeDependenciesOf,
  ): Promise<Notices> {
    const known = await this.known(rules.sealedPersonsOf(record, after));
    const dependencies = await dependenciesOf(record, rules.policyOf(after));
    const told = { name: decider.aggregate, path, isNumbered: listing.isNumbered === true };
    return noticesFor(
      rules,
      told,
      byPerson(record, known),
      before && rules.withPersons(before, known),
      rules.withPersons(after, known),
      dependencies,
    );
  }

  private async known(sealed: readonly string[]): Promise<KnownPersons> {
    const persons = await Promise.all(sealed.map(async (text) => [text, await this.ports.openPerson(text)] as const));
    return new Map(persons.flatMap(([text, person]) => (person === null ? [] : [[text, person]])));
  }

  /** Behind the notices of the same events: a call and the word that answers it may come in one batch. */
  private async callOff({ entity, aggregate }: Pending, now: Told | null): Promise<void> {
    if (now === null || !now.hasLater || aggregate.notices?.isWordAwaited?.(now.view) === true) return;
    await this.ports.inbox.callOff(entity, now.view.updatedAt);
    await this.ports.notices.callOff(entity, now.view.updatedAt);
  }
}

interface Moment {
  readonly record: RecordBody;
  readonly before: AnyView | null;
  readonly after: AnyView;
}

interface Pending {
  readonly entity: string;
  readonly aggregate: AnyAggregate;
  readonly doneSeq: number;
  readonly fresh: readonly ReceivedRecord[];
}

const areLinked = (told: Told, records: readonly LedgerDocument[]): boolean =>
  records.every((record, i) => verifyRecord(record, records[i - 1] ?? told).length === 0);

const isToldLater = (rules: NoticeRules<AnyView>, record: RecordBody, before: AnyView | null, after: AnyView): boolean =>
  rules.laterFor !== undefined && rules.laterFor({ event: rules.eventOf(record), by: record.actor, before, after }) !== null;

/** Null when the history cannot have been: it is an operator's to look at. */
const folded = ({ model }: AnyAggregate, view: AnyView | null, record: RecordBody, hash: string): AnyView | null => {
  try {
    return model.fold(view, record, hash);
  } catch {
    return null;
  }
};
