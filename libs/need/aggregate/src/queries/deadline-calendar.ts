import { clockInCalendar, type CalendarEntry, type CalendarOwner, type CalendarSource } from '@qiyue/aggregate';
import { DEADLINE_STAGES, isPerson, spokenNumberOf, type DeadlineStage } from '@qiyue/civic-domain';
import { waitsForOf, type NeedView, type Waiting } from '@qiyue/need-views';
import { tokenOf } from '../need.keys';
import { DEED_TEXTS } from '../need.waiting-texts';

const HAS_DATE = { 'view.dueAt': { $ne: null } };
const WAITS_FOR: Readonly<Record<DeadlineStage, string>> = { submitted: '认领', claimed: '资金到位', funded: '完工验收', done: '评价' };
/** Parties of which there is one in the county: nobody waits for them by name. */
const OFFICES: ReadonlySet<string> = new Set(['centre', 'authority']);

/** What waits for it as the lists have it, and its own that stand still. */
const ofUnit = (unit: string): object => ({
  ...HAS_DATE,
  $or: [
    { 'keys.has': tokenOf('waits-unit', unit) },
    { 'view.unit': unit, 'view.stage': { $in: ['claimed', 'funded'] }, 'view.clock.paused': { $ne: null } },
  ],
});
const ofCommunity = (community: string): object => ({ ...HAS_DATE, 'keys.has': tokenOf('waits-community', community) });
const ofOffice = (role: string): object => ({ ...HAS_DATE, 'keys.has': tokenOf('waits', role) });
/** Among which theirs are looked for: all that runs, of their own community where they have one. */
const ofResidents = (community: string | null): object => ({
  ...{ 'view.stage': { $in: DEADLINE_STAGES }, ...HAS_DATE },
  ...(community === null ? {} : { 'view.community': community }),
});

/** Deadlines in calendars: those that wait for a unit, a community or an office, those of the needs that somebody wrote or follows, and of their community’s own that wait for residents. */
export const deadlineCalendar: CalendarSource<NeedView> = {
  conditionsOf: ({ role, unit }) => {
    if (isPerson(role)) return ofResidents(unit);
    if (OFFICES.has(role)) return ofOffice(role);
    if (unit === null) return null;
    return role === 'department' ? ofUnit(unit) : role === 'community' ? ofCommunity(unit) : null;
  },
  isPersons: (view, { unit }) =>
    view.author.role === 'community' && view.community === unit && waitsForOf(view).some(({ who }) => who === 'residents'),
  entriesOf: (view, owner) => entriesOf(view, awaitedOf(view, owner)),
};

/** What its owner is to do. */
const awaitedOf = (view: NeedView, { role, unit }: CalendarOwner): readonly Waiting[] => {
  const party = role === 'department' ? 'unit' : role;
  return waitsForOf(view).filter(({ who, names }) => who === party && (OFFICES.has(role) || (unit !== null && names.includes(unit))));
};

/** Nothing where it has no date. `awaited`: what somebody is to do whom it is for; empty: the stage says what is waited for. */
export const entriesOf = (view: NeedView, awaited: readonly Waiting[] = []): readonly CalendarEntry[] => {
  const { needId, stage, round, seq, title, community, unit, createdAt, updatedAt, clock } = view;
  const dueAt = endOf(view, awaited);
  if (dueAt === null) return [];
  const deeds = awaited.map(({ what }) => DEED_TEXTS[what]['zh-CN']).join('、');
  return [
    {
      ...{ id: `${needId}-${stage}-${round}`, sequence: seq, changedAt: updatedAt, dueAt, title },
      deed: deeds || WAITS_FOR[stage as DeadlineStage],
      about: [community, unit, spokenNumberOf(needId, createdAt)],
      ...clockInCalendar(clock),
    },
  ];
};

/** A unit that was called answers before its time to claim is over. */
const endOf = ({ dueAt, whistle }: NeedView, awaited: readonly Waiting[]): string | null => {
  const answerBy = awaited.some(({ what }) => what === 'claim') ? (whistle?.answerBy ?? null) : null;
  return dueAt !== null && answerBy !== null && answerBy < dueAt ? answerBy : dueAt;
};
