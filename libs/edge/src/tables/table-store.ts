import { CHINA_2024_2026, compileTable, type CalendarDocument, type CalendarTable } from '@qiyue/calendar';
import { canonicalJson } from '@qiyue/engine';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT, type PolicyDocument, type PolicyTable } from '@qiyue/civic-domain';
import type { Collection, Db } from 'mongodb';
import { isDuplicateKey } from '@qiyue/platform';

export interface TableDocuments {
  readonly calendar: CalendarDocument;
  readonly policy: PolicyDocument;
}
export type TableKind = keyof TableDocuments;

interface VersionDoc<K extends TableKind = TableKind> {
  /** `<kind>:<version>`. */
  readonly _id: string;
  readonly kind: K;
  readonly version: string;
  readonly document: TableDocuments[K];
  /** ISO 8601 with +08:00. */
  readonly importedAt: string;
  readonly importedBy: string;
}
interface PointerDoc {
  readonly _id: string;
  readonly calendar: string;
  readonly policy: string;
  /** One more with each change. */
  readonly serial: number;
  /** The last serial for which a re-timing was begun. */
  readonly retimed: number;
  /** The last one that came to every open entity; left out by older versions, which knew only that it was begun. */
  readonly finished?: number;
}

/** Calendar and policy that new needs run on, as people read them and as `decide` gets them. */
export interface Current {
  readonly serial: number;
  readonly documents: TableDocuments;
  readonly tables: { readonly calendar: CalendarTable; readonly policy: PolicyTable };
}

export interface Import<K extends TableKind> {
  readonly kind: K;
  /** One that has been checked. */
  readonly document: TableDocuments[K];
  /** ISO 8601 with +08:00: the day there decides whether a policy takes effect yet. */
  readonly at: string;
  readonly by: string;
}
/** `version-taken`: the version is known with another content. `not-yet`: a policy that takes effect on a later day. */
export type Imported = { readonly ok: true; readonly serial: number; readonly isCurrentAnyway: boolean } | Refused;
interface Refused {
  readonly ok: false;
  readonly why: 'version-taken' | 'not-yet';
}

const CURRENT = 'current';
const DATE_LENGTH = 'YYYY-MM-DD'.length;
const BUILT_IN: TableDocuments = { calendar: CHINA_2024_2026, policy: DEFAULT_POLICY_DOCUMENT };
const idOf = (kind: TableKind, version: string): string => `${kind}:${version}`;

/**
 * Versions of calendar and policy, and which of each is current.
 *
 * Contract:
 * 1. A version never changes: another content under its name is refused.
 * 2. One pointer names both current versions and is changed by a compare on its serial: of two imports at once neither is lost.
 * 3. What is built in is there without an import, and is current until there is one.
 */
export class TableStore {
  private readonly versions: Collection<VersionDoc>;
  private readonly pointers: Collection<PointerDoc>;

  constructor(db: Db) {
    this.versions = db.collection('tables');
    this.pointers = db.collection('currentTables');
  }

  async current(): Promise<Current> {
    const { calendar, policy, serial } = await this.pointer();
    const documents = { calendar: await this.must('calendar', calendar), policy: await this.must('policy', policy) };
    return { serial, documents, tables: { calendar: compileTable(documents.calendar), policy: compilePolicy(documents.policy) } };
  }

  async serial(): Promise<number> {
    return (await this.pointer()).serial;
  }

  /** The serial that was imported and not yet brought to the open entities; null when there is none. */
  async awaitsRetiming(): Promise<number | null> {
    const { serial, retimed } = await this.pointer();
    return serial > retimed ? serial : null;
  }

  /** The serial that did not come to every open entity yet, as far as is noted; null when it did. */
  async unfinishedRetiming(): Promise<number | null> {
    const { serial, retimed, finished = retimed } = await this.pointer();
    return serial > finished ? serial : null;
  }

  async noteFinished(serial: number): Promise<void> {
    await this.pointers.updateOne({ _id: CURRENT }, { $max: { finished: serial } });
  }

  async noteRetiming(serial: number): Promise<void> {
    await this.pointers.updateOne({ _id: CURRENT }, { $max: { retimed: serial } });
  }

  /** Null for a version that nobody imported. */
  async find<K extends TableKind>(kind: K, version: string): Promise<TableDocuments[K] | null> {
    if (BUILT_IN[kind].version === version) return BUILT_IN[kind];
    const found = await this.versions.findOne({ _id: idOf(kind, version) });
    return found === null ? null : (found.document as TableDocuments[K]);
  }

  /** What is current, with this document in its place; nothing is stored. */
  async with<K extends TableKind>(kind: K, document: TableDocuments[K]): Promise<Current['tables']> {
    const { calendar, policy }: TableDocuments = { ...(await this.current()).documents, [kind]: document };
    return { calendar: compileTable(calendar), policy: compilePolicy(policy) };
  }

  /** Why a version cannot be imported; null where it can. */
  async refusal<K extends TableKind>({ kind, document, at }: Omit<Import<K>, 'by'>): Promise<Refused['why'] | null> {
    if ('effectiveFrom' in document && document.effectiveFrom > at.slice(0, DATE_LENGTH)) return 'not-yet';
    const known = await this.find(kind, document.version);
    return known !== null && canonicalJson(known) !== canonicalJson(document) ? 'version-taken' : null;
  }

  /** Stores the version and makes it the current one. The same again changes nothing. */
  async import<K extends TableKind>({ kind, document, at, by }: Import<K>): Promise<Imported> {
    const { version } = document;
    const why = await this.refusal({ kind, document, at });
    if (why !== null) return { ok: false, why };
    const known =
      (await this.find(kind, version)) ?? (await this.insert({ _id: idOf(kind, version), kind, version, document, importedAt: at, importedBy: by }));
    if (canonicalJson(known) !== canonicalJson(document)) return { ok: false, why: 'version-taken' };
    return this.pointAt(kind, version);
  }

  /** What is stored under the id in the end, which another import may have put there first. */
  private async insert<K extends TableKind>(version: VersionDoc<K>): Promise<TableDocuments[K]> {
    try {
      await this.versions.insertOne(version);
      return version.document;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return this.must(version.kind, version.version);
    }
  }

  private async pointAt(kind: TableKind, version: string): Promise<Imported> {
    for (;;) {
      const { calendar, policy, serial, retimed, finished = retimed } = await this.pointer();
      const pointed = { calendar, policy, [kind]: version };
      if (pointed.calendar === calendar && pointed.policy === policy) return { ok: true, serial, isCurrentAnyway: true };
      const { modifiedCount } = await this.pointers.updateOne({ _id: CURRENT, serial }, { $set: { ...pointed, serial: serial + 1, finished } });
      if (modifiedCount === 1) return { ok: true, serial: serial + 1, isCurrentAnyway: false };
    }
  }

  private async pointer(): Promise<PointerDoc> {
    const found = await this.pointers.findOne({ _id: CURRENT });
    if (found !== null) return found;
    const first: PointerDoc = { _id: CURRENT, calendar: BUILT_IN.calendar.version, policy: BUILT_IN.policy.version, serial: 1, retimed: 1 };
    try {
      await this.pointers.insertOne(first);
      return first;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return this.pointer();
    }
  }

  private async must<K extends TableKind>(kind: K, version: string): Promise<TableDocuments[K]> {
    const document = await this.find(kind, version);
    if (document === null) throw new Error(`${kind} ${version} is current but not stored`);
    return document;
  }
}
