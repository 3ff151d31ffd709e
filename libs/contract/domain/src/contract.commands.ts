import type { DeedKind } from '@qiyue/civic-domain';

/** Party A (甲方) is the community, party B (乙方) the unit. */
export const SIDES = ['community', 'unit'] as const;
export type Side = (typeof SIDES)[number];

/** Whom a contract pairs, and the calendar year of Shanghai that it is for. There may be several for the same three. */
export interface Parties {
  readonly unit: string;
  readonly community: string;
  readonly year: number;
}
/** `i1`, `i2` … in the order in which they came into the contract; never given twice. */
export interface OfItem {
  readonly itemId: string;
}
/** What the unit brings, in words that are for everybody. */
export interface ItemContent {
  readonly title: string;
  readonly kind: DeedKind;
  /** Above 0, at most three decimals. */
  readonly quantity?: number;
  /** What the quantity counts: pieces, metres, hours. */
  readonly unit?: string;
  /** `YYYY-MM-DD`, within the contract. */
  readonly dueOn?: string;
}
export type Item = OfItem & ItemContent;
/** What each side undertakes beside the items, a sentence each; for everybody. */
export type Duties = Readonly<Record<Side, readonly string[]>>;

export interface Terms {
  readonly items: readonly ItemContent[];
  readonly duties: Duties;
  /** `YYYY-MM-DD`, both within the year; the contract ends with the second at 24:00. */
  readonly startsOn: string;
  readonly endsOn: string;
}
/** Only what is to change. Items: the whole list; those with an `itemId` stay by it, those without are new, those that are not there go. */
export interface Changes {
  readonly items?: readonly (ItemContent & Partial<OfItem>)[];
  readonly duties?: Duties;
  readonly endsOn?: string;
}
/** 1 is worst. */
export type Score = 1 | 2 | 3 | 4 | 5;
/** By one side of the other: of an item, or, without one, of the whole contract. */
export interface Evaluation extends Partial<OfItem> {
  readonly side: Side;
  readonly score: Score;
  readonly comment?: string;
}

/** Who plans a project for a contract, and between whom. */
export interface ForContract extends Pick<Parties, 'unit' | 'community'>, Partial<OfItem> {
  readonly by: { readonly role: string; readonly unit: string | null };
}

interface Reason {
  readonly reason: string;
}
type Nothing = Readonly<Record<string, never>>;
type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };

/** Commands that people and other services send; `type` is the HTTP verb, `data` the HTTP body. All of them by one of the two sides. */
export type PublicContractCommand =
  | Of<'propose', Parties & Terms>
  | Of<'sign', Nothing>
  /** Before it is in force, by whoever proposed it or whoever will not sign it. */
  | Of<'withdraw', Reason>
  | Of<'amend', Changes & Reason>
  /** By the side that did not propose the amendment. */
  | Of<'agree-amendment', Nothing>
  /** By the other side, or by whoever proposed it and takes it back. */
  | Of<'decline-amendment', Reason>
  | Of<'finish-item', OfItem>
  | Of<'evaluate', Evaluation>
  | Of<'terminate', Reason>;

/**
 * Commands of the system itself. `vouch`: somebody plans a project for the contract, or for an item of it. `end`: the last day of the contract is over; `take-effect`: the notice of a termination is. Both and `tick` (the next step
 * of a ladder) are timers'; `retime` brings another calendar or policy.
 */
export type InternalContractCommand =
  Of<'vouch', ForContract> | Of<'end', Nothing> | Of<'take-effect', Nothing> | Of<'tick', { readonly step: string }> | Of<'retime', Nothing>;

export type ContractCommand = PublicContractCommand | InternalContractCommand;
export type ContractCommandType = ContractCommand['type'];
export type PublicContractCommandType = PublicContractCommand['type'];
/** One command of the union by its type. */
export type Do<T extends ContractCommandType> = Extract<ContractCommand, { type: T }>;
