import type { DeedKind, Location, Urgency } from '@qiyue/civic-domain';

/** What is asked for, in the words of its author. `tangible` = 实事 (something to build or buy), `service` = 好事. */
export interface NeedContent {
  readonly title: string;
  readonly description?: string;
  readonly kind: DeedKind;
  readonly category?: string;
  readonly urgency?: 'normal' | 'urgent' | 'emergency';
  readonly items: readonly NeedItem[];
  /** Name of the community; it owns the need: triage, acceptance, evaluation. */
  readonly community: string;
  readonly compound?: string;
  /** Coarse in records: `exactLocation`, which the edge makes of what was sent, is the rest of it, sealed. */
  readonly location?: Location | null;
  readonly exactLocation?: string;
  readonly contact?: string;
  readonly scope?: 'common' | 'private';
  /** Addresses of pictures that show it. */
  readonly photos?: readonly string[];
}
export interface NeedItem {
  readonly name: string;
  readonly quantity: number;
  /** Unit of measure. */
  readonly unit: string;
}
export interface Evidence {
  readonly kind: string;
  readonly url?: string;
  readonly text?: string;
}
/** Where money comes from. `rework`: none is needed, what was paid before covers it. */
export type FundSource = 'department' | 'maintenance-fund' | 'donation' | 'mixed' | 'rework';
/** Who pays which part of a `mixed` funding, in fen; together the whole amount. */
export interface FundSplit {
  readonly departmentFen?: number;
  readonly donationFen?: number;
  /** From the maintenance fund. */
  readonly fundFen?: number;
}
/** Money of a unit's year that waits for this need: what the department pays. */
export interface FundReservation {
  readonly unitYearId: string;
  readonly reservationId: string;
  /** Whose year it is: the lead's. */
  readonly unit: string;
  readonly departmentFen: number;
  /** How often it was adjusted; absent for never. Amounts come again, this does not. */
  readonly revision?: number;
}
/** Money of the owners' maintenance fund that waits for this need, in the decision that allows it. */
export interface OwnersReservation {
  readonly decisionId: string;
  readonly reservationId: string;
  readonly fundFen: number;
  /** As of `FundReservation`. */
  readonly revision?: number;
}
interface Funding {
  readonly amountFen: number;
  readonly source: FundSource;
  readonly reference: string;
  readonly split?: FundSplit;
  /** The owners' decision that allows what the maintenance fund pays. */
  readonly decisionId?: string;
}
/** How far the owners' decision is that a need waits for. `emergency`: the authority confirmed that works cannot wait for a vote. */
export type DecisionProgress = 'open' | 'passed' | 'confirmed' | 'emergency' | 'failed' | 'cancelled';
/** What a called unit says: it comes, it is not its business, it comes later. */
export type ReportAnswer = 'coming' | 'not-ours' | 'later';
export type Side = 'resident' | 'community';
export type Score = 1 | 2 | 3 | 4 | 5;

/** What of a need can be wrong on record by mistake: a date, a place, what it is about. */
export interface Correction extends Partial<
  Pick<NeedContent, 'community' | 'compound' | 'location' | 'exactLocation' | 'kind' | 'category' | 'urgency'>
> {
  readonly promisedBy?: string;
}

interface Reason {
  readonly reason: string;
}
interface OptionalNote {
  readonly note?: string;
}
type Nothing = Readonly<Record<string, never>>;
type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };

/** Commands that people and other services send; `type` is the HTTP verb, `data` the HTTP body. */
export type PublicNeedCommand =
  | Of<'submit', NeedContent>
  | Of<'amend', Partial<NeedContent>>
  | Of<'withdraw', Reason>
  | Of<'reject', Reason>
  | Of<'merge', { readonly into: string }>
  | Of<'inspect', { readonly notes: string; readonly photos?: readonly string[] }>
  | Of<'claim', { readonly unit: string; readonly plan: string; readonly promisedBy?: string; readonly helpers?: readonly string[] }>
  | Of<'return', Reason>
  | Of<'fund', Funding>
  /** The works cost more or less than was thought, or an amount was mistyped. */
  | Of<'adjust-funding', Reason & { readonly deltaFen: number }>
  /** The works do not come: back to `claimed`, and the money to where it came from. */
  | Of<'cancel-works', Reason>
  | Of<'start', OptionalNote>
  | Of<'progress', { readonly note: string; readonly photos?: readonly string[] }>
  | Of<'complete', { readonly evidence: readonly Evidence[]; readonly finalCostFen?: number }>
  | Of<'accept', OptionalNote>
  | Of<'refuse-works', Reason>
  | Of<'evaluate', { readonly side: Side; readonly score: Score; readonly satisfied: boolean; readonly comment?: string }>
  | Of<'reopen', Reason>
  | Of<'whistle', OptionalNote & { readonly units: readonly string[]; readonly answerBy?: string }>
  | Of<'sign', OptionalNote>
  | Of<'pause', { readonly waitingFor: string; readonly reason?: string }>
  | Of<'resume', OptionalNote>
  | Of<'request-extension', Reason & { readonly workingDays: number }>
  | Of<'grant', OptionalNote>
  | Of<'deny', Reason>
  /** A helper that the lead named accepts. */
  | Of<'join', OptionalNote>
  /** The author lets a unit have the contact. */
  | Of<'share-contact', { readonly unit: string }>
  /** 报到: a called unit answers. With `person` a party member or volunteer comes, of themselves or written down by the community. */
  | Of<'report-in', { readonly answer: ReportAnswer; readonly reason?: string; readonly at?: string; readonly person?: string }>
  /** 派单, by the centre: to a unit, which is waited for until `answerBy`, or to another community, whose it is from then on. */
  | Of<'dispatch', { readonly unit?: string; readonly community?: string; readonly answerBy?: string; readonly reason?: string }>
  /** An obvious mistake on record, put right by the centre. */
  | Of<'correct', Reason & Correction>
  /** An office has looked at what was called an emergency: it is one, or it is not. */
  | Of<'confirm-urgency', { readonly urgency: Urgency; readonly reason?: string }>
  /** Its community, or the unit that leads it, takes it out of a project. */
  | Of<'leave-project', { readonly projectId: string }>;

/** A project that wants a need, and who speaks for that project. */
export interface JoinsProject {
  readonly projectId: string;
  /** The unit that leads the project, and the community that it is for. */
  readonly unit: string;
  readonly community: string;
  /** Of whoever adds the need. */
  readonly role: string;
}
/** Who wants to do something for a need. */
export interface ForNeed {
  readonly role: string;
  readonly unit: string | null;
}

/** What was reserved elsewhere for the command. */
interface Reserved {
  readonly reservation?: FundReservation;
  readonly owners?: OwnersReservation;
}

/**
 * Commands of the system itself: `adopt` and `unadopt` are the target's part of a merge, `close` and `tick` (the next
 * step of a ladder) a timer's, `retime` brings another calendar or policy. `fund` and `adjust-funding` come with the reservation that was made for
 * them where a department pays.
 */
export type InternalNeedCommand =
  | Of<'adopt', { readonly from: string; readonly followers: readonly string[]; readonly persons?: readonly string[] }>
  | Of<'unadopt', { readonly from: string }>
  | Of<'close', Nothing>
  /** Another entity counts on a need of this kind, or does something for it in somebody's name. */
  | Of<'vouch', { readonly kind: DeedKind } | ForNeed>
  /** The owners are asked by their community: the clock waits until they have decided. */
  | Of<'await-decision', { readonly decisionId: string; readonly community: string | null }>
  | Of<'note-decision', { readonly decisionId: string; readonly progress: DecisionProgress }>
  | Of<'join-project', JoinsProject>
  | Of<'tick', { readonly step: string }>
  | Of<'fund', Funding & Reserved>
  | Of<'adjust-funding', Reason & Reserved & { readonly deltaFen: number }>
  | Of<'retime', Nothing>;

export type NeedCommand = PublicNeedCommand | InternalNeedCommand;
export type NeedCommandType = NeedCommand['type'];
export type PublicNeedCommandType = PublicNeedCommand['type'];
/** One command of the union by its type. */
export type Do<T extends NeedCommandType> = Extract<NeedCommand, { type: T }>;
