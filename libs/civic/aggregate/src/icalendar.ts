import { instantMsOf } from '@qiyue/engine';
import ical, { ICalAlarmType, ICalCalendarMethod, ICalEventStatus, type ICalCalendar } from 'ical-generator';
import type { CalendarEntry } from './calendar-source';

/** So long before its end a deadline begins to show: what takes no time is not seen in a week's view. */
const SHOWN_MS = 30 * 60_000;

/**
 * Deadlines as an iCalendar object (RFC 5545): one event each, of half an hour until the deadline, with the reminder as its alarm. The same
 * deadline has the same UID when it moves and a higher SEQUENCE, so that a calendar moves it too. One that stands still is marked and gives no
 * alarm. `left`: how many more there are behind these; where there are any, a last event says so.
 */
export const calendarOf = (entries: readonly CalendarEntry[], whose: string | null, left = 0): string => {
  const name = whose === null ? '办理期限' : `办理期限：${whose}`;
  const calendar = ical({
    name,
    prodId: { company: 'Qiyue', product: 'Deadlines', language: 'ZH' },
    scale: 'gregorian',
    method: ICalCalendarMethod.PUBLISH,
  });
  for (const entry of entries) addEvent(calendar, entry);
  if (left > 0) addCut(calendar, entries, left);
  return `${calendar.toString()}\r\n`;
};

const addEvent = (calendar: ICalCalendar, { id, sequence, changedAt, dueAt, deed, title, about, remindAt, isPaused }: CalendarEntry): void => {
  const summary = `${isPaused ? '【暂停】' : ''}${deed}：${title}`;
  const event = calendar.createEvent({
    ...{ id: `${id}@qiyue`, sequence, stamp: dateOf(changedAt), summary, ...shownUntil(dueAt) },
    description: about.filter((part) => part !== null).join(' · '),
    ...(isPaused ? { status: ICalEventStatus.TENTATIVE } : {}),
  });
  if (remindAt !== null && !isPaused) event.createAlarm({ type: ICalAlarmType.display, trigger: dateOf(remindAt), description: summary });
};

/** Whoever plans by it has to know that it is not all. */
const addCut = (calendar: ICalCalendar, entries: readonly CalendarEntry[], left: number): void => {
  const last = entries.at(-1);
  if (last === undefined) return;
  const [shown, total] = [entries.length, entries.length + left];
  const summary = `仅显示前 ${shown} 项，共 ${total} 项 (only the first ${shown} of ${total} are shown)`;
  calendar.description(summary);
  calendar.createEvent({ id: 'cut@qiyue', stamp: dateOf(last.changedAt), summary, ...shownUntil(last.dueAt) });
};

const shownUntil = (dueAt: string) => ({ start: new Date(instantMsOf(dueAt) - SHOWN_MS), end: dateOf(dueAt) });

const dateOf = (iso: string): Date => new Date(instantMsOf(iso));
