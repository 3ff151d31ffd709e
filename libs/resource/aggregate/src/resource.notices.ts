import type { Language } from '@qiyue/civic-domain';
import { eventOf } from '@qiyue/engine';
import { dateInWords, post, recipientKey, type NoticeRules, type Occasion, type Recipient } from '@qiyue/notices';
import type { Fact, ResourceEvent } from '@qiyue/resource-domain';
import type { ResourceView } from '@qiyue/resource-views';

/** Events that somebody is told of; all others are seen by looking at the resource. */
const TOLD_TYPES = ['ResourceReserved', 'ReservationFreed', 'ResourceWithdrawn'] as const;
type Told = Fact<(typeof TOLD_TYPES)[number]>;

/** `types` lets nothing else through. */
const toldOf = ({ event }: Occasion<ResourceView>): Told => event as Told;

const giverOf = ({ giver, giverRole }: ResourceView): Recipient => post(giverRole === 'community' ? 'community' : 'department', giver);
/** A unit's or a community's name: both are told by the post that it has. */
const unitsOf = (names: readonly (string | null)[]): readonly Recipient[] =>
  names.flatMap((name) => (name === null ? [] : [post('department', name), post('community', name)]));

/** The giver of what is reserved and freed, whoever had reserved it of what is freed or withdrawn; never whoever did it. */
const recipientsOf = ({ event, by, before, after }: Occasion<ResourceView>): readonly Recipient[] => {
  const told = event as Told;
  const held = (before ?? after).reservations.filter(({ isUsed }) => !isUsed);
  const concerned = told.type === 'ReservationFreed' ? held.filter((one) => one.reservationId === told.data.reservationId) : held;
  const wanted = [
    ...(told.type === 'ResourceWithdrawn' ? [] : [giverOf(after)]),
    ...(told.type === 'ResourceReserved' ? [] : unitsOf(concerned.map(({ reservedBy }) => reservedBy))),
  ].filter((recipient) => recipient.kind !== 'post' || recipient.unit !== by.unit);
  return [...new Map(wanted.map((recipient) => [recipientKey(recipient), recipient])).values()];
};

type Template = (view: ResourceView, told: Told) => readonly [subject: string, text: string];
const on = (told: Told, which: 'from' | 'to', language: Language): string =>
  told.type === 'ResourceReserved' ? dateInWords(told.data[which], language) : '';
const quantityOf = (told: Told): string => ('quantity' in told.data ? String(told.data.quantity) : '');

const TEMPLATES: Readonly<Record<Language, Readonly<Record<Told['type'], Template>>>> = {
  'zh-CN': {
    ResourceReserved: (v, t) => [
      `资源已被预订：${v.name}`,
      `${v.giver}提供的“${v.name}”已被预订 ${quantityOf(t)} ${v.unit}，时间为${on(t, 'from', 'zh-CN')}至${on(t, 'to', 'zh-CN')}。`,
    ],
    ReservationFreed: (v, t) => [`资源预订已退回：${v.name}`, `${v.giver}提供的“${v.name}”有 ${quantityOf(t)} ${v.unit} 的预订已退回。`],
    ResourceWithdrawn: (v) => [`资源不再提供：${v.name}`, `${v.giver}不再提供“${v.name}”；已有的预订不受影响。`],
  },
  en: {
    ResourceReserved: (v, t) => [
      `Reserved: ${v.name}`,
      `${quantityOf(t)} ${v.unit} of ${v.name} (${v.giver}) are reserved from ${on(t, 'from', 'en')} to ${on(t, 'to', 'en')}.`,
    ],
    ReservationFreed: (v, t) => [`No longer reserved: ${v.name}`, `${quantityOf(t)} ${v.unit} of ${v.name} (${v.giver}) can be had again.`],
    ResourceWithdrawn: (v) => [`No longer offered: ${v.name}`, `${v.giver} no longer offers ${v.name}; what is reserved of it stays so.`],
  },
};

/** Whom the events of a resource tell. Offices alone have to do with one: no person is among them. */
export const resourceNotices: NoticeRules<ResourceView> = {
  types: TOLD_TYPES,
  eventOf: (record) => eventOf<ResourceEvent>(record),
  recipientsOf,
  wordsFor: (occasion, language) => {
    const told = toldOf(occasion);
    const [subject, text] = TEMPLATES[language][told.type](occasion.after, told);
    return { subject, text };
  },
  isUrgent: () => false,
  leadOf: ({ giver }) => giver,
  authorOf: () => null,
  policyOf: () => null,
  sealedPersonsOf: () => [],
  withPersons: (view) => view,
};
