import type { InboxStore, NoticeProgress, NoticeStore } from '@qiyue/adapters';
import { eventOf, openRecord, type RecordBody } from '@qiyue/engine';
import { soundStreamOrNull, type LedgerDocument, type LedgerStore, type ReceivedRecord } from '@qiyue/engine-runtime';
import { needUpcasters, type NeedEvent } from '@qiyue/need-domain';
import { foldNeedView, type NeedView } from '@qiyue/need-views';
import {
  byPerson,
  calledInboxKeys,
  isCallOpen,
  isUnconfirmedCall,
  noticesFor,
  sealedPersonsOf,
  withPersons,
  type KnownPersons,
  type Notices,
} from '@qiyue/notices';
import type { NoticeDependencyReader, NoticeDependenciesOf } from './notice-dependencies';

export interface PlannerPorts {
  readonly ledger: Pick<LedgerStore, 'soundStream'>;
  readonly progress: Pick<NoticeProgress, 'of' | 'note'>;
  readonly inbox: Pick<InboxStore, 'insert' | 'callOff'>;
  readonly notices: Pick<NoticeStore, 'insert' | 'callOff'>;
  readonly dependencies: Pick<NoticeDependencyReader, 'read'>;
  /** Whom a pseudonym stands for; null once nobody can know. Rejects while the keys cannot be reached. */
  readonly openPerson: (sealed: string) => Promise<string | null>;
}

/** What a need's events cannot be told of, and from which one on. */
export interface Untold {
  readonly record: ReceivedRecord;
  readonly why: string;
}

const AT_ONCE = 8;

/**
 * Turns events into notices.
 *
 * Contract:
 * 1. Of one need in order of seq, each event once: what progress says is done is not looked at again, a gap is filled from the
 *    ledger, and progress is noted when all notices are stored.
 * 2. Need, before and after an event, are folded from the ledger, so that the same event always finds the same need.
 * 3. What waits for an office's word is called off by it, whichever of both is met first here.
 * 4. Persons whom the records name by a pseudonym are told under their ids; nobody is, once their key is erased.
 * 5. A history that cannot be told, a fork or a gap in the ledger, is answered, not thrown; the other needs go on.
 */
export class NoticePlanner {
  constructor(private readonly ports: PlannerPorts) {}

  /** `alive` is called between needs. Rejects when the stores are away: then nothing of this is done for good. */
  async plan(records: readonly ReceivedRecord[], alive: () => Promise<void>): Promise<readonly Untold[]> {
    const pending = await this.pending(records);
    if (pending.length === 0) return [];
    const dependenciesOf = await this.ports.dependencies.read();
    const untold: Untold[] = [];
    for (let start = 0; start < pending.length; start += AT_ONCE) {
      const told = await Promise.all(pending.slice(start, start + AT_ONCE).map((need) => this.planNeed(need, dependenciesOf)));
      untold.push(...told.flat());
      await alive();
    }
    return untold;
  }

  /** Needs of which something is new. */
  private async pending(records: readonly ReceivedRecord[]): Promise<readonly Pending[]> {
    const needIds = [...new Set(records.map(({ body }) => body.entity))];
    const done = await this.ports.progress.of(needIds);
    return needIds.flatMap((needId) => {
      const doneSeq = done.get(needId) ?? 0;
      const fresh = records.filter(({ body }) => body.entity === needId && body.seq > doneSeq).sort((a, b) => a.body.seq - b.body.seq);
      return fresh.length === 0 ? [] : [{ needId, doneSeq, fresh }];
    });
  }

  private async planNeed({ needId, doneSeq, fresh }: Pending, dependenciesOf: NoticeDependenciesOf): Promise<readonly Untold[]> {
    const stream = await soundStreamOrNull(this.ports.ledger, needId); // unsound: told once it fits, with the need's next event
    if (stream === null) return fresh.map((record) => ({ record, why: 'the records of this need do not fit each other' }));
    const known = fresh.filter(({ body, hash }) => stream[body.seq - 1]?.hash === hash);
    const untold = fresh.filter((record) => !known.includes(record)).map((record) => ({ record, why: 'the ledger does not hold this record' }));
    const last = known.at(-1);
    if (last === undefined) return untold;
    const told = await this.tell(stream.slice(0, last.body.seq), doneSeq, dependenciesOf);
    if (told === null) return [...untold, { record: last, why: 'the need cannot be shown' }];
    await this.ports.inbox.insert(told.notices.flatMap(({ inbox }) => inbox));
    await this.ports.notices.insert(told.notices.flatMap(({ outward }) => outward));
    await this.callOff(needId, told);
    await this.ports.progress.note(needId, last.body.seq);
    return untold;
  }

  /** Null for a history that cannot have been. */
  private async tell(stream: readonly LedgerDocument[], doneSeq: number, dependenciesOf: NoticeDependenciesOf): Promise<ToldNeed | null> {
    const [notices, calls]: [Notices[], number[]] = [[], []];
    let view: NeedView | null = null;
    for (const document of stream) {
      const record = openRecord(document);
      const after = folded(view, record);
      if (after === null) return null;
      if (isUnconfirmedCall(eventOf<NeedEvent>(record, needUpcasters), view, after)) calls.push(record.seq);
      if (record.seq > doneSeq) notices.push(await this.noticesOf(record, view, after, dependenciesOf));
      view = after;
    }
    return { notices, calls, view };
  }

  private async noticesOf(record: RecordBody, before: NeedView | null, after: NeedView, dependenciesOf: NoticeDependenciesOf): Promise<Notices> {
    const known = await this.known(sealedPersonsOf(record, after));
    const dependencies = await dependenciesOf(record, after);
    return noticesFor(byPerson(record, known), before && withPersons(before, known), withPersons(after, known), dependencies);
  }

  private async known(sealed: readonly string[]): Promise<KnownPersons> {
    const persons = await Promise.all(sealed.map(async (text) => [text, await this.ports.openPerson(text)] as const));
    return new Map(persons.flatMap(([text, person]) => (person === null ? [] : [[text, person]])));
  }

  /** Behind the notices of the same events: a call and the word that answers it may come in one batch. */
  private async callOff(needId: string, { calls, view }: ToldNeed): Promise<void> {
    if (calls.length === 0 || view === null || isCallOpen(view)) return;
    const keys = calls.flatMap((seq) => calledInboxKeys(needId, seq));
    await this.ports.inbox.callOff(keys, view.updatedAt);
    await this.ports.notices.callOff(needId, view.updatedAt);
  }
}

interface ToldNeed {
  readonly notices: readonly Notices[];
  /** Events by which somebody who is no office called the need an emergency. */
  readonly calls: readonly number[];
  /** The need behind the last of them. */
  readonly view: NeedView | null;
}

interface Pending {
  readonly needId: string;
  readonly doneSeq: number;
  readonly fresh: readonly ReceivedRecord[];
}

/** Null when the history cannot have been: it is an operator's to look at. */
const folded = (view: NeedView | null, record: Parameters<typeof foldNeedView>[1]): NeedView | null => {
  try {
    return foldNeedView(view, record);
  } catch {
    return null;
  }
};
