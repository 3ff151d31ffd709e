import { NOTICE_STATES, type Places } from '@qiyue/edge';
import { CLOCK_STEPS } from '@qiyue/civic-domain';
import { OUTWARD_CHANNELS } from '@qiyue/notices';
import { z } from 'zod';
import type { CreatedFeed } from '../calendars/calendars.controller';
import type { ShownPreferences } from '../inbox/preferences.controller';
import { DELIVERIES, RECIPIENT_KINDS, type ToldNotice } from '../notices/who-was-told';
import type { DirectoryCounts, ShownDirectory } from '../notices/directory.controller';

const text = z.string();
const maybe = text.nullable();
const instant = z.string().meta({ format: 'date-time' });
const count = z.int().min(0);
const list = <S extends z.ZodType>(schema: S) => z.array(schema).readonly();
const entryOf = (type: z.ZodType<string>) =>
  z.object({
    ...{ noticeId: text, seq: count, type },
    title: text,
    text: text.meta({ description: 'In the reader’s language; its last line is the way to what it is about' }),
    asks: maybe.meta({ description: 'The command that the reader is asked for; null: none' }),
    urgent: z.boolean(),
    at: instant,
    readAt: instant.nullable(),
    archivedAt: instant.nullable(),
  });
const told = z.object({
  as: z.enum(RECIPIENT_KINDS).meta({ description: 'A post, or what the person is to the entity' }),
  role: maybe.meta({ description: 'Of the post; null for a person' }),
  unit: maybe.meta({ description: 'Of the post; null for a person and for all of a role' }),
  id: maybe.meta({ description: 'Of the person; null for a post and for those who may not know it' }),
});
const noticeOf = (type: z.ZodType<string>) =>
  z.object({
    noticeId: text,
    ...{ seq: count, type },
    recipient: text,
    to: told.meta({ description: 'The same in parts' }),
    channel: z.enum(['inbox', ...OUTWARD_CHANNELS]),
    state: z.enum(NOTICE_STATES),
    delivery: z.enum(DELIVERIES).meta({ description: 'It came, it did not, nobody knows, or it is still to come' }),
    urgent: z.boolean(),
    at: instant,
    sendAt: instant,
    toldAt: instant.nullable().meta({ description: 'When the recipient had it; null while it waits, and where it did not come or nobody knows' }),
    attempts: count,
    reason: maybe,
    settledAt: instant.nullable(),
    readAt: instant.nullable().meta({ description: 'When somebody first looked at it in the inbox; null: nobody, or it went another way' }),
    readers: count.meta({ description: 'How many have looked at it in the inbox: several hold a post' }),
  });

/** What was told of an entity, and the steps of its deadlines with who was told of them. */
export const toldResponsesOf = (types: readonly string[]) => {
  const notice = noticeOf(z.enum(types));
  const step = z.object({
    ...{ seq: count, kind: z.enum(Object.values(CLOCK_STEPS)), level: count, name: maybe.meta({ description: 'What the policy calls the rung' }) },
    firedAt: instant,
    told: list(notice).meta({ description: 'Who was told of it' }),
  });
  const deadline = z.object({ stage: text, dueAt: instant, steps: list(step).meta({ description: 'Those that were taken, oldest first' }) });
  return {
    page: z.object({ items: list(notice), nextCursor: maybe }),
    deadlines: list(deadline).meta({ description: 'Those that came near or were missed' }),
  };
};
const feed = z.object({
  feedId: text.meta({ description: 'Id of the calendar; it opens nothing' }),
  aggregate: text.meta({ description: 'The one kind of entities whose deadlines it shows; `*`: every kind' }),
  role: text.meta({ description: 'Role of those whose it is' }),
  unit: maybe.meta({ description: 'Department or community whose it is' }),
  person: maybe.meta({ description: 'The person whose it is; null: the unit’s' }),
  createdAt: instant,
  createdBy: text.meta({ description: 'Who made it' }),
  lastUsedOn: maybe.meta({ description: 'The day on which somebody last read it; null: never' }),
});
const switchedOffOf = (type: z.ZodType<string>) => z.object({ type, channel: z.enum(['inbox', ...OUTWARD_CHANNELS]) });
const person = z.object({
  ...{ id: text, role: text, unit: maybe, language: z.enum(['zh-CN', 'en']) },
  email: text.exactOptional(),
  phone: text.exactOptional(),
});
const robot = z.object({
  id: text,
  kind: z.enum(['wecom', 'dingtalk']),
  role: text.exactOptional(),
  unit: maybe.exactOptional(),
  url: text.meta({ description: 'Without its key' }),
});

const named = { name: text, shortNames: list(text) };
const places = { communities: list(z.object({ ...named, compounds: list(z.object(named)) })), units: list(z.object(named)) };

/** Every entry carries its entity's id beside, under the name that its aggregate has for it. `types`: of notices. */
export const noticeResponsesOf = (types: readonly string[]) => {
  const type = z.enum(types);
  const [entry, row, switchedOff] = [entryOf(type).catchall(text), noticeOf(type).catchall(text), switchedOffOf(type)];
  return {
    InboxEntry: entry,
    InboxPage: z.object({ items: list(entry), nextCursor: maybe, unread: count.meta({ description: 'Over all pages' }) }),
    Preferences: z.object({
      off: list(switchedOff),
      when: z.enum(['office-hours', 'always']),
      cannotBeOff: list(switchedOff).meta({ description: 'What this actor cannot switch off' }),
    }),
    NoticeRow: row,
    NoticePage: z.object({ items: list(row), nextCursor: maybe }),
    CalendarFeedList: z.object({ items: list(feed) }),
    CreatedCalendarFeed: feed.extend({ url: text.meta({ description: 'Where the calendar is read; shown this once' }) }),
    Directory: z.object({ persons: list(person), robots: list(robot), ...places }),
    DirectoryPlaces: z.object(places),
    DirectoryCounts: z.object({ persons: count, robots: count, communities: count, compounds: count, units: count }),
  };
};

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
type Of<K extends keyof ReturnType<typeof noticeResponsesOf>> = z.infer<ReturnType<typeof noticeResponsesOf>[K]>;
export const noticesDocumented: readonly true[] = [
  true satisfies Same<z.infer<ReturnType<typeof noticeOf>>, ToldNotice>,
  true satisfies Same<Of<'CreatedCalendarFeed'>, CreatedFeed>,
  true satisfies Same<keyof Of<'Preferences'>, keyof ShownPreferences>,
  true satisfies Same<Of<'Directory'>, ShownDirectory>,
  true satisfies Same<Of<'DirectoryPlaces'>, Places>,
  true satisfies Same<Of<'DirectoryCounts'>, DirectoryCounts>,
];
