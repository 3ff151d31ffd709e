/** Where a need of the project is, as far as a project is concerned. `started`: works have begun; `left`: it is none of the project any more. */
export const NEED_STAGES = ['submitted', 'claimed', 'funded', 'started', 'done', 'evaluated', 'withdrawn', 'rejected', 'merged', 'left'] as const;
export type NeedStage = (typeof NEED_STAGES)[number];

export interface ProjectContent {
  readonly title: string;
  /** The lead: the first unit that takes it on (首接负责). */
  readonly unit: string;
  readonly community: string;
  /** The contract and its item that come true in it. */
  readonly contractId?: string;
  readonly itemId?: string;
  /** Days of Shanghai, `YYYY-MM-DD`. */
  readonly startsOn?: string;
  readonly endsOn?: string;
  readonly budgetFen?: number;
}
export interface OfNeed {
  readonly needId: string;
}
/** A reservation at a resource, chosen by the project once and for ever. */
export interface OfReservation {
  readonly resourceId: string;
  readonly reservationId: string;
}
/** What is wanted of a resource, and when: as `reserve` takes it there. */
export interface Wanted {
  readonly quantity?: number;
  readonly from: string;
  readonly to: string;
}

type Nothing = Readonly<Record<string, never>>;
type Of<T extends string, D extends object> = { readonly type: T; readonly data: D };

/** Commands that people and other services send; `type` is the HTTP verb, `data` the HTTP body. */
export type PublicProjectCommand =
  | Of<'plan', ProjectContent>
  /** A further unit helps: that of whoever says it. */
  | Of<'join', Nothing>
  | Of<'add-need', OfNeed>
  | Of<'add-resource', Wanted & { readonly resourceId: string }>
  | Of<'start', Nothing>
  /** With `dueOn`: it is to be reached by then. Without: it is reached. The title tells which one is meant. */
  | Of<'milestone', { readonly title: string; readonly note?: string; readonly dueOn?: string }>
  | Of<'finish', Nothing>
  | Of<'cancel', { readonly reason: string }>;

/**
 * Commands of the system itself. `vouch`: somebody wants something done for the project. `plan-item` makes a project of an item of a contract in force, `add-resource` comes with the reservation that was made,
 * `need-moved` and `resource-moved` tell what became of a need and of a reservation. `tick` (the next step of a ladder) and `close` are timers',
 * `retime` brings another calendar or policy.
 */
export type InternalProjectCommand =
  | Of<'vouch', { readonly role: string; readonly unit: string | null }>
  | Of<'plan-item', ProjectContent & { readonly contractId: string; readonly itemId: string }>
  | Of<'add-resource', Wanted & OfReservation>
  | Of<'need-moved', OfNeed & { readonly stage: NeedStage }>
  | Of<'resource-moved', OfReservation & { readonly end: 'used' | 'freed' }>
  | Of<'tick', { readonly step: string }>
  | Of<'close', Nothing>
  | Of<'retime', Nothing>;

export type ProjectCommand = PublicProjectCommand | InternalProjectCommand;
export type ProjectCommandType = ProjectCommand['type'];
export type PublicProjectCommandType = PublicProjectCommand['type'];
/** Of these the ones that are accepted without an event when they say what is so already. */
export const SAYING_NOTHING_NEW = [
  'plan',
  'join',
  'add-need',
  'add-resource',
  'start',
  'milestone',
] as const satisfies readonly PublicProjectCommandType[];
/** One command of the union by its type. */
export type Do<T extends ProjectCommandType> = Extract<ProjectCommand, { type: T }>;
