/** What can be given. Materials and money are used up; the others come back. */
export const RESOURCE_KINDS = ['people', 'equipment', 'place', 'materials', 'money'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** Half-open, so that two spans that meet do not overlap. ISO 8601 with +08:00. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** What is offered, in words that are for everybody. */
export interface ResourceContent {
  readonly name: string;
  /** Whole, of `unit`; money in fen. Left out: 1. */
  readonly quantity?: number;
  /** What is counted, as in the items of a need: 台, 人, 袋. Left out with money. */
  readonly unit?: string;
  /** When it can be had; left out: from now on, and without end. */
  readonly from?: string;
  readonly to?: string;
  /** Where it can be had; left out: in the whole county. */
  readonly community?: string;
  readonly compound?: string;
  readonly conditions?: string;
  readonly skills?: readonly string[];
  /** How the giver is reached. */
  readonly contact?: string;
}

/** Of a reservation: follows from the command that made it, which is given once. */
export interface OfReservation {
  readonly reservationId: string;
}
export interface Purpose {
  readonly projectId?: string;
  readonly needId?: string;
}

/** What is to be promised. */
export interface Wanted extends Span, Purpose {
  readonly quantity?: number;
}

type Nothing = Readonly<Record<string, never>>;
type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };

/** Commands that people and other services send; `type` is the HTTP verb, `data` the HTTP body. */
export type PublicResourceCommand =
  | Of<'offer', ResourceContent & { readonly kind: ResourceKind }>
  | Of<'change', Partial<ResourceContent>>
  /** Nothing new is promised of it; what was promised stays so. */
  | Of<'withdraw', { readonly reason: string }>
  /** `quantity` left out: 1, of money and materials too. For one purpose at most. */
  | Of<'reserve', Wanted>
  /** `quantity`: how much of what is used up was used; left out: all of it. */
  | Of<'use', OfReservation & { readonly quantity?: number }>
  | Of<'free', OfReservation & { readonly reason?: string }>;

/**
 * `reserve` comes with its id from a process of ours that has to name the reservation before it is there; `expire` is the timer's at the end of the time for
 * which it was offered.
 */
export type InternalResourceCommand = Of<'reserve', Wanted & OfReservation> | Of<'expire', Nothing>;

export type ResourceCommand = PublicResourceCommand | InternalResourceCommand;
export type ResourceCommandType = ResourceCommand['type'];
export type PublicResourceCommandType = PublicResourceCommand['type'];
/** Of these the ones that are accepted without an event when they say what is so already. */
export const SAYING_NOTHING_NEW = ['reserve', 'use', 'free'] as const satisfies readonly PublicResourceCommandType[];
/** One command of the union by its type. */
export type Do<T extends ResourceCommandType> = Extract<ResourceCommand, { type: T }>;
