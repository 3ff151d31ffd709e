import type { NeedStanding } from '@qiyue/adapters';
import { DEADLINE_STAGES, type DeadlineStage } from '@qiyue/need-domain';
import type { NeedListItem } from '@qiyue/need-views';
import { TROUBLE_KINDS } from '@qiyue/notices';
import type { Actor } from '@qiyue/engine';
import { z } from 'zod';
import type { CommandState } from '../commands/commands.controller';
import type { Pending } from '../commands/need-command.service';
import type { DeadlinePage } from '../deadlines/deadline-queries';
import type { HistoryEvent } from '../needs/history';
import { NEED_STAGES, NEED_STATUSES } from '../needs/list-query';
import type { NeedPage, ShownNeed } from '../needs/need-queries';
import type { Readiness } from '../ops/readiness';
import type { Counts, StageCounts } from '../stats/need-counts';
import type { Timeliness } from '../stats/timeliness';
import { auditResponses } from './audit-schemas';
import { noticeResponses } from './notice-schemas';

const id = z.string();
const text = z.string();
const maybe = text.nullable();
const instant = z.string().meta({ format: 'date-time', description: 'ISO 8601 with +08:00' });
const instantOrNull = instant.nullable();
const seq = z.int().min(0);
const round = z.int().min(1);
const list = <S extends z.ZodType>(schema: S) => z.array(schema).readonly();
const actor = z.object({ id, role: text, unit: maybe });
const stage = z.enum(NEED_STAGES);
const status = z.enum(NEED_STATUSES);
const kind = z.enum(['tangible', 'service']);
const urgency = z.enum(['normal', 'urgent', 'emergency']).nullable();
const scope = z.enum(['common', 'private']).nullable();
const source = z.enum(['department', 'maintenance-fund', 'donation', 'mixed']);
const verdict = z.object({ score: z.literal([1, 2, 3, 4, 5]), satisfied: z.boolean(), comment: maybe, at: instant }).nullable();

const deadlineStage = z.enum(DEADLINE_STAGES as [DeadlineStage, ...DeadlineStage[]]);
const step = z.object({
  kind: z.enum(['approaching', 'missed', 'escalated', 'lapsed']),
  level: seq,
  name: maybe,
  at: instantOrNull,
  firedAt: instantOrNull,
});
const clock = z.object({
  stage: deadlineStage,
  from: instant,
  dueAt: instantOrNull,
  provisional: z.boolean().meta({ description: 'Some dates are not covered by the calendar yet' }),
  steps: list(step),
  policy: text,
  calendar: text,
  paused: z.object({ since: instant, waitingFor: maybe }).nullable(),
  extension: z.object({ state: z.enum(['asked', 'granted', 'denied']), workingDays: z.int() }).nullable(),
  escalatedTo: seq,
});
const stageTime = z.object({
  stage: deadlineStage,
  round,
  unit: maybe,
  from: instant,
  dueAt: instantOrNull,
  endedAt: instantOrNull,
  late: z.boolean().nullable(),
  escalatedTo: seq,
});
const light = z.enum(['green', 'yellow', 'red', 'paused']).nullable().meta({
  description: 'Green until the reminder, yellow until the deadline, red after it; null when nobody is waited for or there is no date yet',
});
const standing = { light, escalatedTo: seq, provisional: z.boolean() };

export const needView = z.object({
  needId: id,
  seq,
  stage,
  status,
  title: text,
  description: maybe,
  kind,
  category: maybe,
  urgency,
  items: list(z.object({ name: text, quantity: z.number(), unit: text })),
  community: text,
  compound: maybe,
  location: z
    .object({ lat: z.number(), lng: z.number() })
    .nullable()
    .meta({ description: 'To a hundredth of a degree for those who may not see it exactly' }),
  contact: maybe.meta({ description: 'Null for those who may not see it' }),
  scope,
  author: actor,
  unit: maybe.meta({ description: 'The lead department' }),
  helpers: list(text).meta({ description: 'Named by the lead; `joined` are those that have accepted' }),
  joined: list(text),
  contactSharedWith: list(text).meta({ description: 'Departments that the author let have the contact' }),
  plan: maybe,
  promisedBy: instantOrNull,
  funding: list(z.object({ round, amountFen: z.int(), source, reference: text, unit: maybe, at: instant })),
  evidence: list(z.object({ round, kind: text, url: maybe, text: maybe, at: instant })),
  progress: list(z.object({ round, note: maybe, photos: list(text), at: instant })),
  inspection: z.object({ notes: maybe, photos: list(text), at: instant }).nullable(),
  evaluations: z.object({ resident: verdict, community: verdict }),
  round,
  reason: maybe,
  mergedInto: maybe,
  adopted: list(z.object({ from: id, followers: list(id) })),
  followers: list(id),
  deadlines: z.object({
    claimBy: instantOrNull,
    fundBy: instantOrNull,
    returnUntil: instantOrNull,
    doneBy: instantOrNull,
    evaluateBy: instantOrNull,
    closesAt: instantOrNull,
  }),
  clock: clock.nullable(),
  whistle: z.object({ reach: z.enum(['named', 'all', 'centre']), units: list(text), answerBy: instantOrNull, at: instant }).nullable(),
  contract: z.object({ community: instantOrNull, department: instantOrNull }),
  lapsed: z.object({ missing: list(z.enum(['resident', 'community'])), at: instant }).nullable(),
  stages: list(stageTime),
  light,
  dueAt: instantOrNull.meta({ description: 'The next deadline that binds somebody' }),
  createdAt: instant,
  updatedAt: instant,
  hash: text,
  omitted: z
    .object({
      progress: round.exactOptional(),
      evidence: round.exactOptional(),
      adopted: round.exactOptional(),
      stages: round.exactOptional(),
      funding: round.exactOptional(),
    })
    .exactOptional()
    .meta({ description: 'Only where lists became too long for one document: how many of their oldest entries stand in the history alone' }),
});

const listItem = needView
  .pick({
    needId: true,
    seq: true,
    stage: true,
    status: true,
    title: true,
    kind: true,
    category: true,
    urgency: true,
    scope: true,
    community: true,
    unit: true,
    promisedBy: true,
    round: true,
    dueAt: true,
    createdAt: true,
    updatedAt: true,
  })
  .extend(standing);

/** What stands in it is the event's own: see the asynchronous interface. */
const anyObject = z.looseObject({});
const historyEvent = z.object({
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
const stageCounts = { total: z.int(), stages: z.record(stage, z.int()) };

export const responses = {
  NeedStanding: z.object({ needId: id, seq, stage: maybe, status: maybe }),
  PendingCommand: z.object({ commandId: id, state: z.literal('pending') }),
  NeedView: needView,
  NeedListItem: listItem,
  NeedPage: z.object({ items: list(listItem), nextCursor: maybe }),
  History: z.object({ needId: id, events: list(historyEvent) }),
  CommandState: z.object({
    commandId: id,
    state: z.enum(['pending', 'accepted', 'refused', 'dead']),
    code: text.exactOptional(),
    needId: id.exactOptional(),
    seq: seq.exactOptional(),
  }),
  StageCounts: z.object(stageCounts),
  Counts: z.object({
    ...stageCounts,
    overdue: z.int(),
    communities: list(z.object({ community: text, count: z.int() })),
    units: list(z.object({ unit: text, count: z.int() })),
  }),
  DeadlinePage: z.object({
    items: list(
      z.object({
        ...{ needId: id, title: text, stage: deadlineStage, unit: maybe, community: text, dueAt: instantOrNull, paused: z.boolean() },
        ...standing,
      }),
    ),
    nextCursor: maybe,
  }),
  Timeliness: z.object({
    by: z.enum(['unit', 'community', 'stage', 'month']),
    rows: list(
      z.object({
        key: text,
        finished: seq,
        inTime: seq,
        late: seq,
        running: seq,
        overdue: seq,
        inTimeRate: z.number().min(0).max(1).nullable(),
        escalated: z.record(text, z.int()).meta({ description: 'How many stages climbed to each rung, by its level' }),
      }),
    ),
  }),
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
    quarantined: z.object({ count: z.int(), needs: list(z.object({ needId: id, seq: seq.nullable(), why: text })) }).nullable(),
    deadlines: z.object({ calendar: text, coveredTo: text, coverage: z.enum(['good', 'ends-within-60-days', 'uncovered']), policy: text }).nullable(),
  }),
  ...noticeResponses,
  ...auditResponses,
  Problem: z.object({
    type: text,
    title: text,
    status: z.int(),
    detail: text,
    code: text,
    commandId: id.exactOptional(),
    facts: z.record(text, z.union([text, z.number()])).exactOptional(),
    errors: list(z.object({ path: text, message: text })).exactOptional(),
  }),
};

type AnyObject = z.infer<typeof anyObject>;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
type Of<K extends keyof typeof responses> = z.infer<(typeof responses)[K]>;
/** Two-way checks: what is documented and what is answered may not drift apart. */
export const documented: readonly true[] = [
  true satisfies Same<Of<'NeedStanding'>, NeedStanding>,
  true satisfies Same<Of<'PendingCommand'>, Pending>,
  true satisfies Same<Of<'NeedView'>, ShownNeed>,
  true satisfies Same<Of<'NeedListItem'>, NeedListItem>,
  true satisfies Same<Of<'NeedPage'>, NeedPage>,
  true satisfies Same<
    z.infer<typeof historyEvent>,
    Omit<HistoryEvent, 'data' | 'stored' | 'actor'> & { readonly actor: Actor; readonly data: AnyObject; readonly stored?: AnyObject }
  >,
  true satisfies Same<Of<'CommandState'>, CommandState>,
  true satisfies Same<Of<'StageCounts'>, StageCounts>,
  true satisfies Same<Of<'Counts'>, Counts>,
  true satisfies Same<Of<'DeadlinePage'>, DeadlinePage>,
  true satisfies Same<Of<'Timeliness'>, Timeliness>,
  true satisfies Same<Of<'Readiness'>, Readiness>,
];
