import type { Location } from '@qiyue/civic-domain';

/** What is asked for, in the words of its author. `tangible` = 实事 (something to build or buy), `service` = 好事. */
export interface NeedContent {
  readonly title: string;
  readonly description?: string;
  readonly kind: 'tangible' | 'service';
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
export type FundSource = 'department' | 'maintenance-fund' | 'donation' | 'mixed';
export type Side = 'resident' | 'community';
export type Score = 1 | 2 | 3 | 4 | 5;

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
  | Of<'fund', { readonly amountFen: number; readonly source: FundSource; readonly reference: string }>
  | Of<'start', OptionalNote>
  | Of<'progress', { readonly note: string; readonly photos?: readonly string[] }>
  | Of<'complete', { readonly evidence: readonly Evidence[] }>
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
  | Of<'share-contact', { readonly unit: string }>;

/**
 * Commands of the system itself: `adopt` and `unadopt` are the target's part of a merge, `close` and `tick` (the next
 * step of a ladder) a timer's, `retime` brings another calendar or policy.
 */
export type InternalNeedCommand =
  | Of<'adopt', { readonly from: string; readonly followers: readonly string[]; readonly persons?: readonly string[] }>
  | Of<'unadopt', { readonly from: string }>
  | Of<'close', Nothing>
  | Of<'tick', { readonly step: string }>
  | Of<'retime', Nothing>;

export type NeedCommand = PublicNeedCommand | InternalNeedCommand;
export type NeedCommandType = NeedCommand['type'];
export type PublicNeedCommandType = PublicNeedCommand['type'];
/** One command of the union by its type. */
export type Do<T extends NeedCommandType> = Extract<NeedCommand, { type: T }>;
