import { instantMsOf } from '@qiyue/engine';
import type { DeadlineStage } from '@qiyue/civic-domain';
import type { NeedView } from '@qiyue/need-views';
import ical, { ICalAlarmType, ICalCalendarMethod, type ICalCalendar } from 'ical-generator';

const WAITS_FOR: Readonly<Record<DeadlineStage, string>> = { submitted: '认领', claimed: '资金到位', funded: '完工验收', done: '评价' };

/**
 * Deadlines as an iCalendar object (RFC 5545): one event each, as long as no time, with the reminder as its alarm. The same
 * deadline has the same UID when it moves and a higher SEQUENCE, so that a calendar moves it too.
 */
export const calendarOf = (views: readonly NeedView[], whose: string | null): string => {
  const calendar = ical({
    name: whose === null ? '办理期限' : `办理期限：${whose}`,
    prodId: { company: 'Qiyue', product: 'Deadlines', language: 'ZH' },
    scale: 'gregorian',
    method: ICalCalendarMethod.PUBLISH,
  });
  for (const view of views) addEvent(calendar, view);
  return `${calendar.toString()}\r\n`;
};

const addEvent = (calendar: ICalCalendar, { needId, stage, round, seq, title, community, unit, dueAt, updatedAt, clock }: NeedView): void => {
  if (dueAt === null) return;
  const summary = `${WAITS_FOR[stage as DeadlineStage]}：${title}`;
  const event = calendar.createEvent({
    ...{ id: `${needId}-${stage}-${round}@qiyue`, sequence: seq, stamp: dateOf(updatedAt), start: dateOf(dueAt), summary },
    description: [community, unit].filter((part) => part !== null).join(' · '),
  });
  const reminder = clock?.steps.find(({ kind }) => kind === 'approaching')?.at ?? null;
  if (reminder !== null) event.createAlarm({ type: ICalAlarmType.display, trigger: dateOf(reminder), description: summary });
};

const dateOf = (iso: string): Date => new Date(instantMsOf(iso));
