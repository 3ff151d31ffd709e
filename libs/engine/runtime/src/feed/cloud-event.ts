import { canonicalJson, eventTypeOf, openRecord, SUITE_NAME, type RecordBody } from '@qiyue/engine';
import type { LedgerDocument } from '../ledger/documents';
import { recordHash } from '../ledger/record-hash';

/**
 * An event as other services see it: CloudEvents 1.0 in structured JSON, `data` being the event's own data. With the
 * extensions it holds all that the record's hash covers, so a consumer can check it.
 * `sequence` is text, as the CloudEvents sequence extension has it; `position` is the place in the feed.
 */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly partitionkey: string;
  readonly sequence: string;
  readonly sequencetype: 'Integer';
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: object;
  readonly actorid: string;
  readonly actorrole: string;
  readonly actorunit?: string;
  /** Who is meant where `actorid` does not tell, in a form that only some can read. */
  readonly actorperson?: string;
  readonly commandid: string;
  readonly prevhash: string;
  readonly hash: string;
  /** Version of the rules under which the record was made; left out for 1. */
  readonly rules?: number;
  /** Cryptographic suite of `hash`; left out for the first. */
  readonly suite?: string;
  readonly position?: number;
}

/** A record as the topic has it; `position` where the feed has given it a place. */
export const toCloudEvent = (document: LedgerDocument, position?: number): CloudEvent => {
  const { aggregate, entity, seq, type, time, actor, commandId, data, rules, typeVersion, suite } = openRecord(document);
  return {
    specversion: '1.0',
    id: `${entity}:${seq}`,
    source: `/qiyue/${aggregate}`,
    type: eventTypeOf(aggregate, type, typeVersion),
    subject: entity,
    partitionkey: entity,
    sequence: String(seq),
    sequencetype: 'Integer',
    time,
    datacontenttype: 'application/json',
    data,
    actorid: actor.id,
    actorrole: actor.role,
    ...(actor.unit === null ? {} : { actorunit: actor.unit }),
    ...(actor.person === undefined ? {} : { actorperson: actor.person }),
    commandid: commandId,
    prevhash: document.prevHash,
    hash: document.hash,
    ...(rules === undefined ? {} : { rules }),
    ...(suite === undefined ? {} : { suite }),
    ...(position === undefined ? {} : { position }),
  };
};

/** A record taken back out of a CloudEvent, with the hash it is known by. */
export interface ReceivedRecord {
  readonly body: RecordBody;
  readonly hash: string;
  /** Its place in the feed as the message says it, which no hash covers. */
  readonly position?: number;
}

/** A record, or why a message is none. */
export type Received = { readonly ok: true; readonly record: ReceivedRecord } | { readonly ok: false; readonly why: string };

/** Reads a message of an events topic. Whatever is wrong with it is a value: the topic is outside input. */
export const fromCloudEvent = (text: string | null): Received => {
  if (text === null) return { ok: false, why: 'empty message' };
  let event: Partial<CloudEvent>;
  try {
    event = JSON.parse(text) as Partial<CloudEvent>;
  } catch {
    return { ok: false, why: 'not JSON' };
  }
  const matched = typeof event?.type === 'string' ? /^qiyue\.([a-z-]+)\.([A-Za-z]+)\.v([1-9]\d{0,5})$/.exec(event.type) : null;
  const seq = Number(event?.sequence);
  if (!matched || event.specversion !== '1.0' || !Number.isSafeInteger(seq) || seq < 1 || !hasFields(event))
    return { ok: false, why: 'not an event of Qiyue' };
  const typed = { aggregate: matched[1] as string, type: matched[2] as string, typeVersion: Number(matched[3]) };
  const body = bodyOf(event as CloudEvent, typed, seq);
  try {
    const hash = recordHash(canonicalJson(body), body.suite);
    if (hash === null) return { ok: false, why: 'a cryptographic suite that is not known here' };
    if (hash !== event.hash) return { ok: false, why: 'hash does not cover the content' };
    return { ok: true, record: { body, hash, ...(Number.isSafeInteger(event.position) ? { position: event.position as number } : {}) } };
  } catch {
    return { ok: false, why: 'content has no canonical form' };
  }
};

const ENTITY = /^[\w.:@|-]{1,200}$/;
const TEXTS = ['subject', 'time', 'actorid', 'actorrole', 'commandid', 'prevhash', 'hash'] as const;

/** Whoever goes on with a record looks for its entity in a database: nothing but an id may stand there. */
const hasFields = (event: Partial<CloudEvent>): boolean =>
  TEXTS.every((name) => typeof event[name] === 'string') &&
  ENTITY.test(event.subject as string) &&
  typeof event.data === 'object' &&
  event.data !== null &&
  (event.actorunit === undefined || typeof event.actorunit === 'string') &&
  (event.actorperson === undefined || typeof event.actorperson === 'string') &&
  (event.rules === undefined || (Number.isSafeInteger(event.rules) && event.rules >= 1)) &&
  (event.suite === undefined || (typeof event.suite === 'string' && SUITE_NAME.test(event.suite)));

interface Typed {
  readonly aggregate: string;
  readonly type: string;
  readonly typeVersion: number;
}

const bodyOf = (event: CloudEvent, { aggregate, type, typeVersion }: Typed, seq: number): RecordBody => ({
  v: 1,
  aggregate,
  entity: event.subject,
  seq,
  type,
  time: event.time,
  actor: {
    ...{ id: event.actorid, role: event.actorrole, unit: event.actorunit ?? null },
    ...(event.actorperson === undefined ? {} : { person: event.actorperson }),
  },
  commandId: event.commandid,
  data: event.data,
  prevHash: event.prevhash,
  ...(event.rules === undefined ? {} : { rules: event.rules }),
  ...(typeVersion === 1 ? {} : { typeVersion }),
  ...(event.suite === undefined ? {} : { suite: event.suite }),
});
