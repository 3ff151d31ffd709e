import type { FactTrail } from '@qiyue/audit';
import type { DirectoryStore, FileFacts, FileStore, InboxStore, NoticeStore, PreferenceStore } from '@qiyue/edge';
import { openedLocation, type PersonalReader, type Pseudonyms } from '@qiyue/privacy';
import { openRecord, type Actor } from '@qiyue/engine';
import type { LedgerDocument, LedgerStore, Trail } from '@qiyue/engine-runtime';
import type { EntityIds } from '../entities/entity-ids';
import { recipientKey, type Directory, type Preferences } from '@qiyue/notices';
import { namesOf, reaches, type AnyAggregate } from '@qiyue/aggregate';

const RECORDS_MAX = 20_000;
const ROWS_MAX = 2_000;
const ASKED_AT_ONCE = 1_000;
const LOOKS_PER_ENTITY_MAX = 200;

/** An entity's id, under the name that its aggregate has for it. */
type Named = Readonly<Record<string, unknown>>;

/** What a person did, with their words opened. Null is what nobody can open any more. */
export interface OwnRecord extends Named {
  readonly seq: number;
  readonly type: string;
  readonly time: string;
  readonly role: string;
  readonly unit: string | null;
  readonly data: object;
}
/** Somebody was shown what this person wrote. An office, never who sat in it. */
export interface OwnLook extends Named {
  readonly at: string;
  readonly role: string;
  readonly unit: string | null;
  readonly fields: readonly string[];
}

/** All that is held about a person, for them (个人信息保护法 Art. 45). */
export interface PersonExport {
  /** For whom it was made, by whom and when: whoever finds a copy can read in it where it came from. */
  readonly watermark: string;
  readonly subject: string;
  readonly exportedAt: string;
  /** Needs that they wrote. */
  readonly needs: readonly string[];
  /** What they began of every kind, needs too. */
  readonly begun: readonly Named[];
  readonly records: readonly OwnRecord[];
  /** Every command that they gave, refused ones too. */
  readonly commands: readonly ({
    readonly at: string;
    readonly command: string;
    readonly outcome: string;
    readonly code: string | null;
  } & Named)[];
  /** Fetched at `/v1/needs/{needId}/files/{fileId}`. */
  readonly files: readonly FileFacts[];
  readonly inbox: readonly ({ readonly at: string; readonly type: string; readonly words: unknown } & Named)[];
  readonly notices: readonly ({
    readonly at: string;
    readonly type: string;
    readonly channel: string;
    readonly to: string;
    readonly state: string;
  } & Named)[];
  readonly preferences: Preferences;
  readonly directory: readonly Directory['persons'][number][];
  /** Who was shown what they wrote. */
  readonly looks: readonly OwnLook[];
  /** False where a list ends before all of it: the rest is in the histories of the needs. */
  readonly isComplete: boolean;
}

export interface ExportPorts {
  readonly store: Pick<LedgerStore, 'ledger' | 'commands'>;
  readonly personal: Pick<PersonalReader, 'show'>;
  readonly files: Pick<FileStore, 'listOf'>;
  readonly inbox: Pick<InboxStore, 'list'>;
  readonly notices: Pick<NoticeStore, 'listOf'>;
  readonly preferences: Pick<PreferenceStore, 'of'>;
  readonly directory: Pick<DirectoryStore, 'read'>;
  readonly trail: Pick<Trail, 'catchUp' | 'list' | 'entitiesOf'>;
  readonly pseudonyms: Pick<Pseudonyms, 'within'>;
  readonly facts: Pick<FactTrail, 'list'>;
  readonly aggregates: readonly AnyAggregate[];
  readonly ids: Pick<EntityIds, 'of'>;
}

/** Reads what is held about a person, out of every store that holds something. Records must say before that it is done. */
export const exportPerson = async (subject: string, by: Actor, now: string, ports: ExportPorts): Promise<PersonExport> => {
  const address = recipientKey({ kind: 'actor', id: subject });
  await ports.trail.catchUp(ports.store);
  const [documents, commands, files, inbox, notices, preferences, { persons }] = await Promise.all([
    recordsOf(subject, ports),
    ports.trail.list({ actorId: subject, limit: ROWS_MAX }),
    ports.files.listOf(subject),
    ports.inbox.list({ id: subject, addresses: [address], now }, { limit: ROWS_MAX }),
    ports.notices.listOf(address, ROWS_MAX),
    ports.preferences.of(subject),
    ports.directory.read(),
  ]);
  const [first] = ports.aggregates;
  const isFirst = ({ aggregate, seq }: LedgerDocument): boolean => seq === 1 && aggregate === first?.decider.aggregate;
  const needs = documents.filter(isFirst).map(({ entity }) => entity);
  const begun = documents.filter(({ seq }) => seq === 1);
  const { ids } = ports;
  return {
    watermark: `Qiyue 契约: ${subject}; ${by.id} (${by.role}) ${now}`,
    subject,
    exportedAt: now,
    needs,
    begun: begun.map(({ aggregate, entity }) => ids.of(aggregate, entity)),
    records: await Promise.all(documents.map((document) => ownRecordOf(document, ports))),
    commands: commands.map(({ at, command, aggregate, entity, state, code }) => ({
      at,
      command,
      ...ids.of(aggregate, entity),
      outcome: state,
      code,
    })),
    files,
    inbox: inbox.map(({ document: { at, aggregate, needId, type, words } }) => ({ at, ...ids.of(aggregate, needId), type, words })),
    notices: notices.map(({ at, aggregate, needId, type, channel, to, state }) => ({ at, ...ids.of(aggregate, needId), type, channel, to, state })),
    preferences,
    directory: persons.filter(({ id }) => id === subject),
    looks: (await Promise.all(begun.map((document) => looksAt(document, subject, ports)))).flat(),
    isComplete: documents.length < RECORDS_MAX && [commands, inbox, notices].every(({ length }) => length < ROWS_MAX),
  };
};

/** Under their id, and under the pseudonyms that they have in the needs in which they did something. */
const recordsOf = async (subject: string, { store, trail, pseudonyms, aggregates }: ExportPorts): Promise<readonly LedgerDocument[]> => {
  const aliases = await Promise.all((await trail.entitiesOf(subject)).map(async (entity) => (await pseudonyms.within(entity))(subject)));
  const names = [subject, ...aliases];
  const found: LedgerDocument[] = [];
  for (let from = 0; from < names.length && found.length < RECORDS_MAX; from += ASKED_AT_ONCE) {
    const asked = { actorId: { $in: names.slice(from, from + ASKED_AT_ONCE) }, aggregate: { $in: namesOf(aggregates) } };
    const limit = RECORDS_MAX - found.length;
    found.push(...(await store.ledger.find(asked).sort({ time: 1, _id: 1 }).limit(limit).toArray()));
  }
  return found.sort((a, b) => (a.time === b.time ? (a._id < b._id ? -1 : 1) : a.time < b.time ? -1 : 1));
};

const ownRecordOf = async (document: LedgerDocument, { personal, aggregates, ids }: ExportPorts): Promise<OwnRecord> => {
  const { entity, aggregate, seq, type, time, actor, data } = openRecord(document);
  const access = aggregates.find(({ decider }) => decider.aggregate === aggregate)?.access;
  const { value } = await personal.show(data, (path) => access !== undefined && reaches('contact', access.leastSightOf(path, type)));
  return { ...ids.of(aggregate, entity), seq, type, time, role: actor.role, unit: actor.unit, data: openedLocation(value) as object };
};

const looksAt = async ({ aggregate, entity }: LedgerDocument, subject: string, { facts, ids }: ExportPorts): Promise<readonly OwnLook[]> => {
  const found = await facts.list({ entity, type: 'PersonalDataSeen', limit: LOOKS_PER_ENTITY_MAX });
  return found
    .filter(({ actor }) => actor.id !== subject)
    .map(({ at, actor: { role, unit }, data }) => ({
      ...ids.of(aggregate, entity),
      at,
      role,
      unit,
      fields: (data as Pick<OwnLook, 'fields'>).fields,
    }));
};
