/** A day that is not what its weekday says. */
export interface NamedDay {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly name: string;
  readonly nameEn?: string;
}

/** The notice that a list of days was taken from. */
export interface CalendarSource {
  readonly title: string;
  readonly number: string;
  /** `YYYY-MM-DD`, when it was issued. */
  readonly date: string;
}

/** The calendar as people read, check and import it. Saturday and Sunday are off and the rest is on, unless listed here. */
export interface CalendarDocument {
  readonly version: string;
  readonly name: string;
  /** Both days included; whole years, because that is what a notice settles. */
  readonly covers: { readonly from: string; readonly to: string };
  /** Every day off that a notice names, also those that fall on a weekend. */
  readonly holidays: readonly NamedDay[];
  /** Saturdays and Sundays that are worked (调休). */
  readonly makeUpDays: readonly NamedDay[];
  readonly sources: readonly CalendarSource[];
}

export interface AddedDay extends NamedDay {
  readonly kind: 'holiday' | 'make-up';
}

/** What a county changes in a calendar. Applied in this order: `remove`, `add`, `names`. */
export interface CalendarOverrides {
  /** Joined to the version of the calendar beneath: `cn-2024-2026.1+county.2`. */
  readonly version: string;
  /** The version of the calendar that this was written for. */
  readonly basedOn: string;
  /** The name of the calendar that comes of it. */
  readonly name: string;
  readonly add: readonly AddedDay[];
  /** Dates that go back to what their weekday says. */
  readonly remove: readonly string[];
  /** New names for listed days. */
  readonly names?: readonly NamedDay[];
  /** A later last day, when next year's notice has come: its days then stand in `add`. */
  readonly coversTo?: string;
  readonly sources?: readonly CalendarSource[];
}
