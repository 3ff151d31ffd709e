import { instantMsOf } from '@qiyue/engine';
import type { DeadlineStage } from '@qiyue/civic-domain';
import type { NeedView } from '@qiyue/need-views';

const OCTETS_PER_LINE = 75;
const WAITS_FOR: Readonly<Record<DeadlineStage, string>> = { submitted: '认领', claimed: '资金到位', funded: '完工验收', done: '评价' };

/**
 * Deadlines as an iCalendar object (RFC 5545): one event each, as long as no time, with the reminder as its alarm. The same
 * deadline has the same UID when it moves and a higher SEQUENCE, so that a calendar moves it too.
 */
export const calendarOf = (views: readonly NeedView[], whose: string | null): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Qiyue//Deadlines//ZH',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escaped(whose === null ? '办理期限' : `办理期限：${whose}`)}`,
    ...views.flatMap(eventOf),
    'END:VCALENDAR',
    '',
  ]
    .map(folded)
    .join('\r\n');

const eventOf = (view: NeedView): readonly string[] => {
  const { needId, stage, round, seq, title, community, unit, dueAt, updatedAt } = view;
  if (dueAt === null) return [];
  const what = `${WAITS_FOR[stage as DeadlineStage]}：${title}`;
  return [
    'BEGIN:VEVENT',
    `UID:${needId}-${stage}-${round}@qiyue`,
    `SEQUENCE:${seq}`,
    `DTSTAMP:${utc(updatedAt)}`,
    `DTSTART:${utc(dueAt)}`,
    `SUMMARY:${escaped(what)}`,
    `DESCRIPTION:${escaped([community, unit].filter((part) => part !== null).join(' · '))}`,
    ...alarmOf(view, what),
    'END:VEVENT',
  ];
};

const alarmOf = ({ clock }: NeedView, what: string): readonly string[] => {
  const at = clock?.steps.find(({ kind }) => kind === 'approaching')?.at ?? null;
  if (at === null) return [];
  return ['BEGIN:VALARM', 'ACTION:DISPLAY', `TRIGGER;VALUE=DATE-TIME:${utc(at)}`, `DESCRIPTION:${escaped(what)}`, 'END:VALARM'];
};

/** `20250206T100000Z` */
const utc = (iso: string): string => `${new Date(instantMsOf(iso)).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;

/** RFC 5545, 3.3.11. */
const escaped = (text: string): string =>
  text
    .replace(/\\/g, '\\\\')
    .replace(/[,;]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '\\n');

/** RFC 5545, 3.1: lines of at most 75 octets, never cut inside a character. */
const folded = (line: string): string => {
  const parts: string[] = [];
  let part = '';
  for (const char of line) {
    if (Buffer.byteLength(part + char) > OCTETS_PER_LINE) {
      parts.push(part);
      part = ' ';
    }
    part += char;
  }
  return [...parts, part].join('\r\n');
};
