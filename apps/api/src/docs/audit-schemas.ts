import { AUDIT_FACTS } from '@qiyue/audit';
import { KEY_ROLES, SCOPES } from '@qiyue/edge';
import type { PersonExport } from '../privacy/person-export';
import { z } from 'zod';
import type { CreatedKey, KeyList } from '../keys/keys.controller';
import type { Me } from '../login/login.controller';
import type { SessionList } from '../login/sessions.controller';

const text = z.string();
const maybe = text.nullable();
const seq = z.int().min(1);
const list = <S extends z.ZodType>(schema: S) => z.array(schema).readonly();

/** The entity's id stands beside, under the name that its aggregate has for it. */
const row = z.looseObject({
  commandId: text,
  aggregate: text,
  command: text,
  actor: z.object({ id: text, role: text, unit: maybe }),
  channel: z.enum(['http', 'kafka', 'timer', 'system']),
  at: text.meta({ format: 'date-time', description: 'Receipt, ISO 8601 with +08:00' }),
  outcome: z.enum(['pending', 'accepted', 'refused', 'dead']),
  code: maybe.meta({ description: 'Of a refusal' }),
});

const fact = z.looseObject({
  id: text.meta({ description: 'Stream and seq of its record in the ledger of facts' }),
  type: z.enum(AUDIT_FACTS),
  at: text.meta({ format: 'date-time' }),
  actor: z.object({ id: text, role: text, unit: maybe }),
  entity: maybe,
  needId: maybe,
  subject: maybe,
  code: maybe,
  way: maybe.meta({ description: 'How they came in: token, key, session, login, kafka, cli' }),
  address: maybe.meta({ description: 'From where: the client’s address; of a message its place on the topic' }),
  data: z.looseObject({}),
});
const removed = z.object({ inbox: z.int(), notices: z.int(), preferences: z.int(), directory: z.int(), files: z.int() });

const key = {
  ...{ keyId: text, name: text, role: z.enum(KEY_ROLES), unit: maybe, scopes: list(z.enum(SCOPES)), createdAt: text, createdBy: text },
  ...{
    state: z
      .enum(['pending', 'active', 'revoked', 'forged'])
      .meta({ description: '`pending`: another operator has to approve it; `forged`: not written by us' }),
  },
  ...{ approvedBy: maybe, approvedAt: maybe, expiresAt: text, revokedAt: maybe, lastUsedOn: maybe },
};
const erasure = z.object({
  ...{ erasureId: text, subject: text, state: z.enum(['pending', 'approved', 'done']), requestedBy: text, requestedAt: text },
  ...{ approvedBy: maybe, doneAt: maybe },
  holds: list(z.looseObject({ why: z.enum(['dispute', 'order']), reference: maybe })).meta({
    description: 'While there are any, nobody can approve it',
  }),
});

export const auditResponses = {
  SessionList: z.object({
    items: list(z.object({ sessionId: text, openedAt: text, lastSeenAt: text, expiresAt: text, isCurrent: z.boolean() })),
  }),
  EndedSessions: z.object({ ended: z.int().min(0) }),
  Me: z.object({ actor: z.object({ id: text, role: text, unit: maybe }), expiresAt: text, csrf: maybe }),
  Key: z.object(key),
  ErasureRequest: erasure,
  ErasureList: z.object({ items: list(erasure) }),
  KeyList: z.object({ items: list(z.object(key)) }),
  CreatedKey: z.object({ ...key, token: text }),
  FactPage: z.object({ items: list(fact), nextCursor: maybe }),
  SealedBody: z.object({ body: z.looseObject({}) }),
  Erased: z.object({ erasureId: text, subject: text, keyId: maybe.meta({ description: 'Null when there was no key, or none any more' }), removed }),
  Swept: z.object({ endedBefore: text.meta({ format: 'date-time' }), needs: z.int(), files: z.int() }),
  PersonExport: z.object({
    watermark: text.meta({ description: 'For whom, by whom and when it was made' }),
    ...{ subject: text, exportedAt: text.meta({ format: 'date-time' }), needs: list(text) },
    begun: list(z.looseObject({})).meta({ description: 'What the person began of every kind, each by its id' }),
    records: list(z.looseObject({ seq, type: text, time: text, role: text, unit: maybe, data: z.looseObject({}) })),
    commands: list(z.looseObject({ at: text, command: text, outcome: text, code: maybe })),
    files: list(z.looseObject({})),
    inbox: list(z.looseObject({})),
    notices: list(z.looseObject({})),
    preferences: z.looseObject({}),
    directory: list(z.looseObject({})),
    looks: list(z.looseObject({ at: text, role: text, unit: maybe, fields: list(text) })).meta({
      description: 'Who was shown what the person wrote: offices, never who sat in them',
    }),
    isComplete: z.boolean(),
  }),
  TrailPage: z.object({ items: list(row), nextCursor: maybe }),
};

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
export const auditDocumented: readonly true[] = [
  true satisfies Same<z.infer<typeof auditResponses.KeyList>, KeyList>,
  true satisfies Same<z.infer<typeof auditResponses.CreatedKey>, CreatedKey>,
  true satisfies Same<z.infer<typeof auditResponses.SessionList>, SessionList>,
  true satisfies Same<z.infer<typeof auditResponses.Me>, Me>,
  true satisfies Same<keyof z.infer<typeof auditResponses.PersonExport>, keyof PersonExport>,
];
