import { HOUR_MS } from '@qiyue/engine';

const MINUTE_MS = HOUR_MS / 60;

/** Open from `opens` to just before `closes`, both `HH:MM`, on every working day. `24:00` is the end of the day. */
export interface OfficeSession {
  readonly opens: string;
  readonly closes: string;
}

/** The sessions of a working day, in order; each begins when the one before has ended, or later. */
export type OfficeHours = readonly OfficeSession[];

export const DEFAULT_OFFICE_HOURS: OfficeHours = [
  { opens: '08:00', closes: '12:00' },
  { opens: '14:30', closes: '18:00' },
];

/** Milliseconds: of an instant, or since the day's beginning. */
export interface Span {
  readonly opensMs: number;
  readonly closesMs: number;
}

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

const sinceMidnight = (time: string): number => {
  if (time === '24:00') return 24 * HOUR_MS;
  const [, hours, minutes] = TIME.exec(time) ?? [];
  return Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
};

/** Null unless there is a session and each begins after the one before has ended and ends after it has begun. */
export const spansOf = (hours: OfficeHours): readonly Span[] | null => {
  const spans = hours.map(({ opens, closes }) => ({ opensMs: sinceMidnight(opens), closesMs: sinceMidnight(closes) }));
  const inOrder = spans.every(({ opensMs, closesMs }, index) => opensMs < closesMs && opensMs >= (spans[index - 1]?.closesMs ?? 0));
  return spans.length > 0 && inOrder ? spans : null;
};

/** Office hours that came from outside, or null for anything that is none. */
export const parseOfficeHours = (value: unknown): OfficeHours | null => {
  if (!Array.isArray(value)) return null;
  const sessions = value.flatMap((session: unknown) => (isSession(session) ? [{ opens: session.opens, closes: session.closes }] : []));
  return sessions.length === value.length && spansOf(sessions) !== null ? sessions : null;
};

const isSession = (value: unknown): value is OfficeSession => {
  if (typeof value !== 'object' || value === null) return false;
  const { opens, closes } = value as Readonly<Record<string, unknown>>;
  return typeof opens === 'string' && typeof closes === 'string';
};
