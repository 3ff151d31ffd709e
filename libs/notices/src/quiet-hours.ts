import { nextOpening, type CalendarTable, type OfficeHours } from '@qiyue/calendar';
import { instantMsOf, toShanghaiIso } from '@qiyue/engine';

export interface Office {
  readonly calendar: CalendarTable;
  readonly officeHours: OfficeHours;
}

/** The end of the window that an instant lies in, on a grid that is the same for all: those of one window go out together. */
export const windowEndOf = (at: string, windowMs: number): string =>
  windowMs <= 0 ? at : toShanghaiIso((Math.floor(instantMsOf(at) / windowMs) + 1) * windowMs);

/**
 * The first instant, from this one on, at which nobody is disturbed: when the office is open, by working days and make-up
 * days. Where the calendar does not reach, nothing is held back by a guess.
 */
export const inOfficeHours = ({ calendar, officeHours }: Office, at: string): string => {
  const opening = nextOpening(calendar, officeHours, at);
  return opening.ok ? opening.value : at;
};
