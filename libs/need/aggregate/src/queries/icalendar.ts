import { instantMsOf } from '@qiyue/engine';
import type { CalendarOwner } from '@qiyue/aggregate';
import { spokenNumberOf, type DeadlineStage } from '@qiyue/civic-domain';
import { waitsForOf, type NeedView, type Waiting } from '@qiyue/need-views';
import { DEED_TEXTS } from '../need.waiting-texts';
import ical, { ICalAlarmType, ICalCalendarMethod, ICalEventStatus, type ICalCalendar } from 'ical-generator';

const WAITS_FOR: Readonly<Record<DeadlineStage, string>> = { submitted: '认领', claimed: '资金到位', funded: '完工验收', done: '评价' };
/** So long before its end a deadline begins to show: what takes no time is not seen in a week's view. */
const SHOWN_MS = 30 * 60_000;

/**
 * Deadlines as an iCalendar object (RFC 5545): one event each, of half an hour until the deadline, with the reminder as its alarm. The same
 * deadline has the same UID when it moves and a higher SEQUENCE, so that a calendar moves it too. One that stands still is marked and gives no
 * alarm. Where there are more than these, `total` in all, a last event says so. `owner`: for whom it says what they are to do, and until when they were
 * asked to answer where that is sooner.
 */
export const calendarOf = (
  views: readonly NeedView[],
  whose: string | null,
  total: number = views.length,
  owner: CalendarOwner | null = null,
): string => {
  const name = whose === null ? '办理期限' : `办理期限：${whose}`;
  const calendar = ical({
    name,
    prodId: { company: 'Qiyue', product: 'Deadlines', language: 'ZH' },
    scale: 'gregorian',
    method: ICalCalendarMethod.PUBLISH,
  });
  for (const view of views) addEvent(calendar, view, owner === null ? [] : awaitedOf(view, owner));
  addCut(calendar, views, total);
  return `${calendar.toString()}\r\n`;
};

/** What a unit or a community is to do. */
const awaitedOf = (view: NeedView, { role, unit }: CalendarOwner): readonly Waiting[] => {
  const party = role === 'department' ? 'unit' : role;
  return waitsForOf(view).filter(({ who, names }) => who === party && unit !== null && names.includes(unit));
};

const addEvent = (calendar: ICalCalendar, view: NeedView, awaited: readonly Waiting[]): void => {
  const { needId, stage, round, seq, title, community, unit, createdAt, updatedAt, clock } = view;
  const dueAt = endOf(view, awaited);
  if (dueAt === null) return;
  const isPaused = (clock?.paused ?? null) !== null;
  const deeds = awaited.map(({ what }) => DEED_TEXTS[what]['zh-CN']).join('、');
  const summary = `${isPaused ? '【暂停】' : ''}${deeds || WAITS_FOR[stage as DeadlineStage]}：${title}`;
  const event = calendar.createEvent({
    ...{ id: `${needId}-${stage}-${round}@qiyue`, sequence: seq, stamp: dateOf(updatedAt), summary, ...shownUntil(dueAt) },
    description: [community, unit, spokenNumberOf(needId, createdAt)].filter((part) => part !== null).join(' · '),
    ...(isPaused ? { status: ICalEventStatus.TENTATIVE } : {}),
  });
  const reminder = clock?.steps.find(({ kind }) => kind === 'approaching')?.at ?? null;
  if (reminder !== null && !isPaused) event.createAlarm({ type: ICalAlarmType.display, trigger: dateOf(reminder), description: summary });
};

/** A unit that was called answers before its time to claim is over. */
const endOf = ({ dueAt, whistle }: NeedView, awaited: readonly Waiting[]): string | null => {
  const answerBy = awaited.some(({ what }) => what === 'claim') ? (whistle?.answerBy ?? null) : null;
  return dueAt !== null && answerBy !== null && answerBy < dueAt ? answerBy : dueAt;
};

/** Whoever plans by it has to know that it is not all. */
const addCut = (calendar: ICalCalendar, views: readonly NeedView[], total: number): void => {
  const last = views.at(-1);
  if (last === undefined || last.dueAt === null || total <= views.length) return;
  const summary = `仅显示前 ${views.length} 项，共 ${total} 项 (only the first ${views.length} of ${total} are shown)`;
  calendar.description(summary);
  calendar.createEvent({ id: 'cut@qiyue', stamp: dateOf(last.updatedAt), summary, ...shownUntil(last.dueAt) });
};

const shownUntil = (dueAt: string) => ({ start: new Date(instantMsOf(dueAt) - SHOWN_MS), end: dateOf(dueAt) });

const dateOf = (iso: string): Date => new Date(instantMsOf(iso));
