import type { CalendarTable } from '@qiyue/calendar';
import { LANGUAGES, spokenNumberOf, type Language, type PolicyDocument } from '@qiyue/civic-domain';
import { plusMs, sha256Hex, type RecordBody } from '@qiyue/engine';
import { personsOf, robotsOf, type Directory, type Person, type Robot } from './directory';
import type { InboxNotice, Notices, OutwardChannel, OutwardNotice, Words } from './notice';
import type { NoticeRules, Occasion } from './notice-rules';
import { DEFAULT_PREFERENCES, isWanted, type Preferences } from './preferences';
import { inOfficeHours, windowEndOf } from './quiet-hours';
import { recipientKey, type Recipient } from './recipient';
import { smsBudgetsOf, type Paid } from './sms-budget';

/** All that notices follow from, beside the event itself. */
export interface NoticeDependencies {
  /** The policy that the entity runs on: whom its steps tell, when its offices are open. */
  readonly policy: PolicyDocument;
  readonly calendar: CalendarTable;
  readonly directory: Directory;
  /** By the person's id; who is not in it has the default. */
  readonly preferences: ReadonlyMap<string, Preferences>;
  /** Ways out that are open; for those that are not nothing is kept waiting. */
  readonly channels: ReadonlySet<OutwardChannel>;
  /** How long notices that are not urgent wait for others to the same address, ms. */
  readonly digestMs: number;
  /** Where people reach this system, without a `/` at its end; left out: links begin at the path. */
  readonly publicUrl?: string;
}

const NOTHING: Notices = { inbox: [], outward: [] };
const HASH_HEX = 12;

/** What is told of an aggregate: the name in topics and the path in links. */
export interface ToldAggregate {
  readonly name: string;
  readonly path: string;
  /** People call its entities by numbers. */
  readonly isNumbered: boolean;
}

/** What an entity's number is made of, beside its id. */
interface Numbered {
  readonly createdAt: string;
}

/**
 * Whom one event of an entity tells, and where. The same arguments give the same notices; keys follow from event, recipient,
 * channel and address alone. One address is written to once per event, however many of its recipients share it.
 */
export const noticesFor = <V extends Numbered>(
  rules: NoticeRules<V>,
  { name, path, isNumbered }: ToldAggregate,
  record: RecordBody,
  before: V | null,
  after: V,
  dependencies: NoticeDependencies,
): Notices => {
  const occasion: Occasion<V> = { event: rules.eventOf(record), by: record.actor, before, after };
  if (!rules.types.includes(occasion.event.type)) return NOTHING;
  const link = `${dependencies.publicUrl ?? ''}/${path}/${record.entity}`;
  const number = isNumbered ? spokenNumberOf(record.entity, after.createdAt) : null;
  const told: Told = {
    keyed: `${record.entity}:${record.seq}`,
    base: {
      ...{ entity: record.entity, aggregate: name, link, seq: record.seq, type: occasion.event.type },
      ...{ urgent: rules.isUrgent(occasion), at: record.time },
    },
    lead: rules.leadOf(after),
    words: (language, recipient) => withWay(rules.wordsFor(occasion, language, recipient), number, link, language),
    asks: (recipient) => rules.asksFor?.(occasion, recipient) ?? null,
    paid: { entity: record.entity, author: rules.authorOf(after) },
  };
  const now = tell(rules.recipientsOf(occasion, dependencies.policy), told, dependencies);
  const later = rules.laterFor?.(occasion) ?? null;
  return later === null ? now : withLater(now, tell(later.recipients, { ...told, afterMs: later.afterMs }, dependencies));
};

/** What people call it by is the first line, the way to it the last. `number`: null of a kind that people name otherwise. */
const withWay = ({ subject, text }: Words, number: string | null, link: string, language: Language): Words => ({
  subject,
  text: [...(number === null ? [] : [NUMBER[language](number)]), text, link].join('\n'),
});
const NUMBER: Readonly<Record<Language, (number: string) => string>> = {
  'zh-CN': (number) => `编号 ${number}`,
  en: (number) => `Number ${number}`,
};

/** Who is told at once is not told again later at the same address. */
const withLater = (now: Notices, later: Notices): Notices => {
  const reached = new Set(now.outward.map(({ key }) => addressIn(key)));
  return { inbox: [...now.inbox, ...later.inbox], outward: [...now.outward, ...later.outward.filter(({ key }) => !reached.has(addressIn(key)))] };
};

const addressIn = (key: string): string => key.split(':').slice(-2).join(':');

/** One thing that is told, to all recipients on all their ways. */
export const tell = (recipients: readonly Recipient[], told: Told, dependencies: NoticeDependencies): Notices => {
  const first = new Map<string, OutwardNotice>();
  for (const { address, notice } of recipients.flatMap((recipient) => outwardTo(recipient, told, dependencies)))
    if (!first.has(address)) first.set(address, notice);
  return {
    inbox: recipients.map((recipient) => inboxOf(recipient, told)),
    outward: [...first.values()],
  };
};

export interface Told {
  /** What keys begin with: the same for the same thing told again. */
  readonly keyed: string;
  readonly base: Pick<InboxNotice, 'entity' | 'aggregate' | 'link' | 'seq' | 'type' | 'urgent' | 'at'>;
  readonly lead: string | null;
  readonly words: (language: Language, recipient: Recipient) => Words;
  /** What a recipient is asked for; left out: nobody is for anything. */
  readonly asks?: (recipient: Recipient) => string | null;
  /** What short messages about it are paid from; left out: it is the system’s own. */
  readonly paid?: Paid;
  /** So long later, unless an office has its word before. Left out: now. */
  readonly afterMs?: number;
}

const keyOf = ({ keyed }: Told, recipient: Recipient, channel: string): string => `${keyed}:${recipientKey(recipient)}:${channel}`;

const askedOf = ({ asks }: Told, recipient: Recipient): Pick<InboxNotice, 'asks'> => {
  const command = asks?.(recipient) ?? null;
  return command === null ? {} : { asks: command };
};

const inboxOf = (recipient: Recipient, told: Told): InboxNotice => ({
  ...told.base,
  key: keyOf(told, recipient, 'inbox'),
  recipient,
  ...askedOf(told, recipient),
  words: Object.fromEntries(LANGUAGES.map((language) => [language, told.words(language, recipient)])) as InboxNotice['words'],
  ...(told.afterMs === undefined ? {} : { awaitsWord: true as const, notBefore: plusMs(told.base.at, told.afterMs) }),
});

/** `address` tells two notices to the same place apart from two to different places. */
interface Addressed {
  readonly address: string;
  readonly notice: OutwardNotice;
}

const outwardTo = (recipient: Recipient, told: Told, dependencies: NoticeDependencies): readonly Addressed[] => [
  ...personsOf(dependencies.directory, recipient).flatMap((person) => toPerson(person, recipient, told, dependencies)),
  ...robotsOf(dependencies.directory, recipient).flatMap((robot) => toRobot(robot, recipient, told, dependencies)),
];

const toPerson = (person: Person, recipient: Recipient, told: Told, dependencies: NoticeDependencies): readonly Addressed[] => {
  const preferences = dependencies.preferences.get(person.id) ?? DEFAULT_PREFERENCES;
  const isLead = person.role === 'department' && person.unit !== null && person.unit === told.lead;
  const ways = [...(person.email === undefined ? [] : [['email', person.email] as const]), ...bySms(person, recipient, told)];
  return ways
    .filter(([channel]) => dependencies.channels.has(channel) && isWanted(preferences, { type: told.base.type, channel }, isLead))
    .map(([channel, address]) =>
      addressed({ channel, address, to: person.id, language: person.language, when: preferences.when }, recipient, told, dependencies),
    );
};

/** A short message costs money: only for what cannot wait for somebody to look. That something is late, those cannot mend who only wait for it. */
const bySms = ({ phone }: Person, recipient: Recipient, { base, asks }: Told): readonly (readonly ['sms', string])[] => {
  const isLate = base.type === 'DeadlineMissed' || base.type === 'Escalated';
  const canMend = recipient.kind === 'post' || (asks?.(recipient) ?? null) !== null;
  return phone !== undefined && (isLate ? canMend : base.urgent) ? [['sms', phone]] : [];
};

const toRobot = ({ id, kind }: Robot, recipient: Recipient, told: Told, dependencies: NoticeDependencies): readonly Addressed[] =>
  dependencies.channels.has(kind)
    ? [addressed({ channel: kind, address: id, to: id, language: 'zh-CN', when: 'office-hours' }, recipient, told, dependencies)]
    : [];

interface Way extends Pick<OutwardNotice, 'channel' | 'to' | 'language'> {
  readonly address: string;
  readonly when: Preferences['when'];
}

const addressed = ({ address, when, ...way }: Way, recipient: Recipient, told: Told, dependencies: NoticeDependencies): Addressed => {
  const hash = sha256Hex(`${way.channel}:${address}`).slice(0, HASH_HEX);
  const notice = {
    ...told.base,
    ...told.words(way.language, recipient),
    ...askedOf(told, recipient),
    ...way,
    key: `${keyOf(told, recipient, way.channel)}:${hash}`,
    recipient,
    sendAt: told.afterMs === undefined ? sendAtOf(told.base, when, dependencies) : plusMs(told.base.at, told.afterMs),
    ...(told.afterMs === undefined ? {} : { awaitsWord: true as const }),
    ...(way.channel === 'sms' && told.paid !== undefined ? { budgets: smsBudgetsOf(told.paid, recipient) } : {}),
  };
  return { address: `${way.channel}:${hash}`, notice };
};

const sendAtOf = ({ at, urgent }: Told['base'], when: Preferences['when'], { policy, calendar, digestMs }: NoticeDependencies): string => {
  if (urgent) return at;
  const windowEnd = windowEndOf(at, digestMs);
  return when === 'always' ? windowEnd : inOfficeHours({ calendar, officeHours: policy.officeHours }, windowEnd);
};
