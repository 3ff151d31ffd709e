import { TROUBLE_KINDS } from '@qiyue/notices';
import { namesOf, noticeTypesOf, type AnyAggregate } from '@qiyue/aggregate';
import { eventEnvelopeOf, sourceOf } from '@qiyue/civic-contracts';
import type { Actor } from '@qiyue/engine';
import { z } from 'zod';
import type { Pending } from '../commands/entity-command.service';
import type { HistoryEvent } from '../entities/history';
import { EDGE_PROBLEMS } from '../http/edge-problems';
import { BASE_REFUSALS } from '../http/problem';
import type { Readiness } from '../ops/readiness';
import { auditResponses } from './audit-schemas';
import { noticeResponsesOf } from './notice-schemas';

const id = z.string();
const text = z.string();
const maybe = text.nullable();
const instant = z.string().meta({ format: 'date-time' });
const seq = z.int().min(0);
const round = z.int().min(1);
const list = <S extends z.ZodType>(schema: S) => z.array(schema).readonly();
const actor = z.object({ id, role: text, unit: maybe });

/** What stands in it is the event's own: see the asynchronous interface. */
const anyObject = z.looseObject({});
export const historyEvent = z.object({
  seq: round,
  type: text,
  time: instant,
  actor,
  commandId: id,
  data: anyObject,
  prevHash: text,
  hash: text,
  rules: round.exactOptional(),
  typeVersion: round.exactOptional(),
  suite: text.exactOptional(),
  stored: anyObject.exactOptional().meta({ description: '`data` as the hash covers it' }),
  storedActor: actor
    .extend({ person: text })
    .exactOptional()
    .meta({ description: '`actor` as the hash covers it: a pseudonym, and whom it stands for, sealed' }),
  redacted: list(text).exactOptional(),
  erased: list(text).exactOptional(),
});

export const change = z.object({ path: text.meta({ description: 'Names and places, with dots' }), before: z.unknown(), after: z.unknown() });
/** With the entity's id beside, under the name that its aggregate has for it. */
export const attachedFile = z.object({
  ...{ fileId: text, url: text.meta({ description: 'How fields that hold files name it' }), mediaType: text, bytes: z.int().min(0) },
  ...{ by: text.meta({ description: 'Who attached it' }), at: text.meta({ format: 'date-time' }) },
});

/** With no entity yet. */
const uploadedFile = attachedFile.omit({ by: true });

const responses = {
  UploadedFile: uploadedFile,
  PendingCommand: z.object({ commandId: id, state: z.literal('pending') }),
  CommandState: z
    .object({ commandId: id, state: z.enum(['pending', 'accepted', 'refused', 'dead']), code: text.exactOptional(), seq: seq.exactOptional() })
    .catchall(z.union([z.string(), z.number()]))
    .meta({ description: 'With the entity’s id, under the name that its aggregate has for it: `needId`' }),
  Readiness: z.object({
    status: z.enum(['ready', 'not-ready']),
    degraded: z.boolean().meta({ description: 'Something should be looked at; it does not change the status' }),
    troubled: list(z.enum(TROUBLE_KINDS)),
    troubles: z
      .record(z.enum(TROUBLE_KINDS), z.object({ count: seq.nullable(), help: maybe }))
      .meta({ description: 'A number per kind, null when it is not known now, and the command that helps' }),
    lag: z.object({
      relay: z.object({ records: seq, seconds: seq, next: z.object({ entity: id, seq }).nullable() }).nullable(),
      consumers: list(z.object({ group: text, topic: text, messages: seq, oldestSeconds: z.number().min(0), foreign: list(text) })).nullable(),
    }),
    dependencies: z.record(z.enum(['temporal', 'mongodb', 'kafka']), z.enum(['up', 'down'])),
    quarantined: z
      .object({
        count: z.int(),
        entities: list(z.object({ aggregate: text, entity: id, seq: seq.nullable(), why: text })),
        needs: list(z.object({ needId: id, seq: seq.nullable(), why: text })),
      })
      .nullable(),
    deadlines: z.object({ calendar: text, coveredTo: text, coverage: z.enum(['good', 'ends-within-60-days', 'uncovered']), policy: text }).nullable(),
  }),
  ...auditResponses,
};

/** Every code that an answer can have, of edge, engine and entities: what a program may tell apart. */
const codesOf = (aggregates: readonly AnyAggregate[]): readonly string[] =>
  [...new Set([EDGE_PROBLEMS, BASE_REFUSALS, ...aggregates.map(({ refusals }) => refusals)].flatMap((infos) => Object.keys(infos)))].sort();

const problemOf = (aggregates: readonly AnyAggregate[]) =>
  z.object({
    type: text,
    title: text,
    status: z.int(),
    detail: text,
    code: z.enum(codesOf(aggregates)),
    commandId: id.exactOptional(),
    facts: z.record(text, z.union([text, z.number()])).exactOptional(),
    suggestions: list(text).exactOptional(),
    field: text.exactOptional(),
    errors: list(z.object({ path: text, message: text })).exactOptional(),
  });

/** An event of any kind as the feed gives it: what stands in `data` is the event's own, as the asynchronous interface has it. */
const feedEventOf = (aggregates: readonly AnyAggregate[]) =>
  z.object({
    ...eventEnvelopeOf(''),
    source: z.enum(namesOf(aggregates).map(sourceOf)),
    type: z.enum(aggregates.flatMap(({ decider, events }) => Object.keys(events).map((type) => `qiyue.${decider.aggregate}.${type}.v1`))),
    position: round,
    data: anyObject,
    redacted: text.exactOptional(),
  });

export const responsesOf = (aggregates: readonly AnyAggregate[]): Readonly<Record<string, z.ZodType>> => ({
  ...responses,
  Problem: problemOf(aggregates),
  FeedEvent: feedEventOf(aggregates),
  ...noticeResponsesOf(noticeTypesOf(aggregates)),
});

type AnyObject = z.infer<typeof anyObject>;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
type Of<K extends keyof typeof responses> = z.infer<(typeof responses)[K]>;
/** Two-way checks: what is documented and what is answered may not drift apart. */
export const documented: readonly true[] = [
  true satisfies Same<Of<'PendingCommand'>, Pending>,
  true satisfies Same<
    z.infer<typeof historyEvent>,
    Omit<HistoryEvent, 'data' | 'stored' | 'actor'> & { readonly actor: Actor; readonly data: AnyObject; readonly stored?: AnyObject }
  >,
  true satisfies Same<Of<'Readiness'>, Readiness>,
];
