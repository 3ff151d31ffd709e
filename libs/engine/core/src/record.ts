import canonicalize from 'canonicalize';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Actor, EventShape, RecordedActor, Upcasters } from './decider';
import { suiteOf } from './suite';

/** `prevHash` of an entity's first record. */
export const GENESIS_HASH = '0'.repeat(64);

/** What is hashed: every field that means something, in RFC 8785 canonical form. `v` is the version of this format. */
export interface RecordBody {
  readonly v: 1;
  readonly aggregate: string;
  readonly entity: string;
  /** 1, 2, 3 … per entity, without gaps. */
  readonly seq: number;
  readonly type: string;
  /** ISO 8601 with +08:00; never before the time of the record in front. */
  readonly time: string;
  readonly actor: RecordedActor;
  readonly commandId: string;
  readonly data: object;
  /** Hash of the record in front; `GENESIS_HASH` for the first. */
  readonly prevHash: string;
  /** Rules version under which it was made; absent means 1. */
  readonly rules?: number;
  /** Version of the form of `data`; absent means 1. */
  readonly typeVersion?: number;
  /** Cryptographic suite of its hash; absent means the first. */
  readonly suite?: string;
}

/**
 * A record as it is stored and handed on: the canonical bytes exactly as they were hashed, and their SHA-256 in hex.
 * Everything else is read out of `canonical`, so nothing can differ from what the hash covers.
 */
export interface EventRecord {
  readonly entity: string;
  readonly seq: number;
  readonly prevHash: string;
  readonly hash: string;
  readonly canonical: string;
}

/** RFC 8785: the same value gives the same text on every machine. Throws a `TypeError` for what has no JSON form. */
export const canonicalJson = (value: unknown): string => {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return text;
};

/** Hex SHA-256 of the UTF-8 bytes. In pure JavaScript, because the workflow sandbox has no `node:crypto`. */
export const sha256Hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/** Throws for a suite that this code does not know. */
export const sealRecord = (body: RecordBody): EventRecord => {
  if (suiteOf(body.suite) === null) throw new Error(`the suite ${body.suite} is not known to this code`);
  const canonical = canonicalJson(body);
  return { entity: body.entity, seq: body.seq, prevHash: body.prevHash, hash: sha256Hex(canonical), canonical };
};

/** Reads a record's body. Throws `SyntaxError` on bytes that are no JSON. */
export const openRecord = (record: Pick<EventRecord, 'canonical'>): RecordBody => JSON.parse(record.canonical) as RecordBody;

/** The event inside a record in its newest form, for `evolve` and every other fold. Throws on a form that this code does not know yet. */
export const eventOf = <E extends EventShape>(body: Pick<RecordBody, 'type' | 'data' | 'typeVersion'>, upcasters: Upcasters = {}): E =>
  ({ type: body.type, data: upcast(body.type, body.data, body.typeVersion ?? 1, upcasters) }) as E;

/** Data of a type and version, lifted to the newest. Throws on a version that this code does not know yet. */
export const upcast = (type: string, data: object, version: number, upcasters: Upcasters): object => {
  const steps = Object.hasOwn(upcasters, type) ? (upcasters[type] ?? []) : [];
  if (version > steps.length + 1) throw new Error(`${type} of version ${version} is not known to this code`);
  return steps.slice(version - 1).reduce((lifted, step) => step(lifted), data);
};

/** Rules version of a record. */
export const rulesOf = ({ rules }: Pick<RecordBody, 'rules'>): number => rules ?? 1;

/** Tells a retry of a command from another use of its id: SHA-256 over what the sender chose. */
export const fingerprintOf = (command: { readonly entity: string; readonly type: string; readonly data: object; readonly actor: Actor }): string =>
  sha256Hex(canonicalJson([command.actor.id, command.actor.role, command.actor.unit, command.entity, command.type, command.data]));

/**
 * Id of an entity from who asked for it and under which key, so that a retried submit is the same entity. Opaque:
 * 26 characters of lower-case base 32, 130 bits of the hash.
 */
export const entityIdOf = (aggregate: string, actorId: string, key: string): string => {
  const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
  const digest = sha256(utf8ToBytes(canonicalJson([aggregate, actorId, key])));
  let id = '';
  let bits = 0;
  let buffer = 0;
  for (const byte of digest) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5 && id.length < 26) {
      bits -= 5;
      id += ALPHABET[(buffer >> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  return id;
};

/** Whether a text has the form that `entityIdOf` gives. */
export const isEntityId = (text: string): boolean => /^[0-9a-hjkmnp-tv-z]{26}$/.test(text);

/** Workflow id on Temporal. */
export const workflowIdOf = (aggregate: string, entity: string): string => `${aggregate}-${entity}`;
/** Topic of an aggregate's events. */
export const eventTopicOf = (aggregate: string): string => `qiyue.${aggregate}.events`;
/** Topic of an aggregate's commands. */
export const commandTopicOf = (aggregate: string): string => `qiyue.${aggregate}.commands`;
/** Topic for commands that can never be taken. */
export const deadLetterTopicOf = (aggregate: string): string => `qiyue.${aggregate}.commands.dead`;
/** CloudEvents `type` of an event: `qiyue.need.NeedSubmitted.v1`, the last part being the version of its form. */
export const eventTypeOf = (aggregate: string, type: string, version = 1): string => `qiyue.${aggregate}.${type}.v${version}`;
/** CloudEvents `type` of a command: `qiyue.need.claim.v1`. */
export const commandTypeNameOf = (aggregate: string, type: string): string => `qiyue.${aggregate}.${type}.v1`;
