import type { DecisionMatter, ResizeRequest } from '@qiyue/civic-domain';
import type { BallotCount } from './counting';
import type { RosterEntry, Scopes } from './electorate';

/** What a room pays by, where the owners agreed otherwise than by area. */
export interface AgreedShare {
  readonly room: string;
  readonly parts: number;
}
/** What is to be done, and what it costs. Dates as `YYYY-MM-DD`; `parts` and `warrantyEndedOn` are required where the fund is used. */
export interface Plan {
  readonly parts?: readonly string[];
  readonly works: string;
  readonly budgetFen: number;
  readonly warrantyEndedOn?: string;
  readonly from: string;
  readonly to: string;
  readonly contractor?: string;
  /** Of every paying room; left out: by area. */
  readonly shares?: readonly AgreedShare[];
}
export interface Evidence {
  readonly kind: string;
  readonly url?: string;
  readonly text?: string;
}
export type Channel = 'paper' | 'online';
export const CHANNELS: readonly Channel[] = ['paper', 'online'];
export type Stance = 'agrees' | 'objects' | 'absent';
export const STANCES: readonly Stance[] = ['agrees', 'objects', 'absent'];
export type MediationOutcome = 'settled' | 'unsettled';
export const MEDIATION_OUTCOMES: readonly MediationOutcome[] = ['settled', 'unsettled'];

/** What is to be decided, by whom, and about which need. */
export interface Opening {
  readonly needId: string;
  readonly matter: DecisionMatter;
  readonly scopes?: Scopes;
  readonly roster: readonly RosterEntry[];
  readonly plan: Plan;
  /** Name of a counting rule. */
  readonly policy?: string;
  /** A failed decision on the same, which this one takes up again. */
  readonly previous?: string;
}
interface OfRoom {
  readonly room: string;
}
interface Reason {
  readonly reason: string;
}
type Nothing = Readonly<Record<string, never>>;
type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };

/** Commands that people and other services send; `type` is the HTTP verb, `data` the HTTP body. Amounts in fen, areas in cm². */
export type PublicDecisionCommand =
  | Of<'open', Opening>
  | Of<'hold-council', { readonly notes: string; readonly attended: number }>
  | Of<'visit', OfRoom & { readonly stance: Stance; readonly notes?: string }>
  | Of<'object', OfRoom & Reason>
  | Of<'mediate', OfRoom & { readonly round: number; readonly notes: string; readonly outcome: MediationOutcome }>
  | Of<'revise-plan', Reason & { readonly plan: Plan }>
  | Of<'open-ballot', { readonly closesAt: string; readonly channels: readonly Channel[] }>
  /** By room or by owner, exactly one of them. */
  | Of<
      'vote',
      {
        readonly room?: string;
        readonly owner?: string;
        /** A `Choice`, sealed by the edge that has checked it: the rules cannot read it, and need not. */
        readonly choice: string;
        readonly channel: Channel;
        readonly evidence?: readonly Evidence[];
      }
    >
  | Of<'close-ballot', Nothing>
  | Of<'sign', OfRoom & { readonly evidence?: readonly Evidence[] }>
  | Of<'post-notice', { readonly days: number; readonly place: string; readonly photos?: readonly string[] }>
  | Of<'challenge', Reason>
  | Of<'settle', Reason & { readonly challengeId: string; readonly upheld: boolean }>
  | Of<'confirm', { readonly reference?: string; readonly note?: string }>
  | Of<'cancel', Reason>
  | Of<'declare-emergency', { readonly basis: string; readonly evidence: readonly Evidence[] }>
  | Of<'draw', { readonly amountFen: number; readonly reference: string }>
  | Of<'repay', { readonly amountFen: number; readonly reference: string }>
  | Of<'audit-account', { readonly reference: string }>;

/**
 * Commands of the system itself. `count` says what whoever has the keys found in the ballots. Money is moved by funding alone, as in a unit's year. `take-up` asks whether it can be voted on again. `works-accepted` and `need-ended` tell what became of the need; `tick`,
 * `end-notice` and `end-warranty` are timers', `retime` brings another calendar or policy.
 */
export type InternalDecisionCommand =
  | Of<'count', BallotCount>
  | Of<'take-up', { readonly needId: string; readonly community: string }>
  | Of<'reserve', { readonly reservationId: string; readonly needId: string; readonly amountFen: number }>
  | Of<'resize', ResizeRequest>
  | Of<'commit', { readonly reservationId: string; readonly amountFen: number }>
  | Of<'release', { readonly reservationId: string }>
  | Of<'works-accepted', { readonly needId: string }>
  | Of<'need-ended', { readonly needId: string }>
  | Of<'end-notice', Nothing>
  | Of<'end-warranty', Nothing>
  | Of<'tick', { readonly step: string }>
  | Of<'retime', Nothing>;

export type DecisionCommand = PublicDecisionCommand | InternalDecisionCommand;
export type DecisionCommandType = DecisionCommand['type'];
export type PublicDecisionCommandType = PublicDecisionCommand['type'];
/** One command of the union by its type. */
export type Do<T extends DecisionCommandType> = Extract<DecisionCommand, { type: T }>;
