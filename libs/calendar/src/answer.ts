/** The calendar says nothing about this year: whoever asked must tell the operator, never guess. */
export interface Uncovered {
  readonly ok: false;
  readonly why: 'uncovered';
  readonly year: number;
}

/** What was asked is no question: a date that does not exist, an instant without an offset, half a day. */
export interface Malformed {
  readonly ok: false;
  readonly why: 'malformed';
  readonly what: 'date' | 'instant' | 'count' | 'office-hours';
}

export type Answer<T> = { readonly ok: true; readonly value: T } | Uncovered | Malformed;

export const answer = <T>(value: T): Answer<T> => ({ ok: true, value });
export const uncovered = (year: number): Uncovered => ({ ok: false, why: 'uncovered', year });
export const malformed = (what: Malformed['what']): Malformed => ({ ok: false, why: 'malformed', what });

/** The next question about a good answer; a failure passes through as it is. */
export const andThen = <T, U>(given: Answer<T>, next: (value: T) => Answer<U>): Answer<U> => (given.ok ? next(given.value) : given);
