import type { DeedKind } from '@qiyue/civic-domain';

/** A department and a calendar year of Shanghai: there is one entity for the two. */
export interface UnitAndYear {
  readonly unit: string;
  readonly year: number;
}
/** What is promised, in words that are for everybody. */
export interface PledgeContent {
  readonly kind: DeedKind;
  readonly title: string;
  readonly description?: string;
  /** Whom it is for; left out: the whole county. */
  readonly community?: string;
  /** ISO 8601 with +08:00. */
  readonly targetBy?: string;
}
/** `p1`, `p2` … in the order in which they were made. */
export interface OfPledge {
  readonly pledgeId: string;
}
/** Chosen by whoever reserves, once and for ever. */
export interface OfReservation {
  readonly reservationId: string;
}

interface Reason {
  readonly reason: string;
}
type Nothing = Readonly<Record<string, never>>;
type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };

/** Commands that people and other services send; `type` is the HTTP verb, `data` the HTTP body. Amounts in fen. */
export type PublicUnitYearCommand =
  | Of<'open', UnitAndYear>
  | Of<'set-budget', { readonly amountFen: number; readonly reference: string }>
  /** More or less by so much. */
  | Of<'adjust-budget', Reason & { readonly deltaFen: number }>
  | Of<'pledge', PledgeContent>
  | Of<'amend-pledge', OfPledge & Partial<PledgeContent>>
  | Of<'withdraw-pledge', OfPledge & Reason>
  | Of<'publish', Nothing>
  /** The need that fulfils it. */
  | Of<'link', OfPledge & { readonly needId: string }>
  | Of<'unlink', OfPledge>
  /** A community: this is not what was promised, or no 实事 at all. */
  | Of<'contest', OfPledge & Reason>
  /** `upheld`: the community is right, the pledge has failed. */
  | Of<'settle', OfPledge & Reason & { readonly upheld: boolean }>
  | Of<'carry-over', OfPledge & Reason>
  | Of<'close', Nothing>;

/**
 * Commands of the system itself. Money is moved by funding alone: `reserve` opens the year if nobody has, `resize` sets what an open reservation
 * holds, `commit` spends up to that and gives the rest back, `release` gives back all of it. `fulfil-pledge` tells what became of a need. `tick` (the
 * next step of a ladder) is a timer's, `retime` brings another calendar or policy.
 */
export type InternalUnitYearCommand =
  | Of<'reserve', UnitAndYear & OfReservation & { readonly needId: string; readonly amountFen: number }>
  /**
   * `beforeFen` and `beforeRevision`: what it has to be until then. `revision` is what it is from then on, as whoever reserved counts; left out: as before.
   */
  | Of<
      'resize',
      OfReservation & { readonly amountFen: number; readonly revision?: number; readonly beforeFen?: number; readonly beforeRevision?: number }
    >
  | Of<'commit', OfReservation & { readonly amountFen: number }>
  | Of<'release', OfReservation>
  /** `kind` and `satisfied` are the need's; a need that does not know its kind was held against it when it was linked. */
  | Of<'fulfil-pledge', { readonly needId: string; readonly kind?: DeedKind; readonly satisfied: boolean }>
  | Of<'tick', { readonly step: string }>
  | Of<'retime', Nothing>;

export type UnitYearCommand = PublicUnitYearCommand | InternalUnitYearCommand;
export type UnitYearCommandType = UnitYearCommand['type'];
export type PublicUnitYearCommandType = PublicUnitYearCommand['type'];
/** Of these the ones that are accepted without an event when they say what is so already. */
export const SAYING_NOTHING_NEW = ['open', 'link', 'unlink'] as const satisfies readonly PublicUnitYearCommandType[];
/** One command of the union by its type. */
export type Do<T extends UnitYearCommandType> = Extract<UnitYearCommand, { type: T }>;
