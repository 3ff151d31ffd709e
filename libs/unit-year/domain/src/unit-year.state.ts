import { nameAsRead, reservedFenOf, type DeadlineClock, type DeedKind, type Reservations } from '@qiyue/civic-domain';
import { entityIdOf } from '@qiyue/engine';
import type { OfPledge, UnitAndYear } from './unit-year.commands';
import type { TimedStage } from './unit-year.events';

/** `promised`: no need yet; `linked`: with one. The last four are ends, but a contest can still overturn `fulfilled`. */
export type PledgeState = 'promised' | 'linked' | 'contested' | 'fulfilled' | 'failed' | 'carried-over' | 'withdrawn';

export interface Pledge extends OfPledge {
  readonly kind: DeedKind;
  readonly title: string;
  readonly state: PledgeState;
  readonly needId: string | null;
  /** Of a contested one, what it goes back to when the contest is not upheld; null for all others. */
  readonly contestedFrom: 'promised' | 'linked' | 'fulfilled' | null;
  readonly isSettled: boolean;
}

export interface Opened extends UnitAndYear, Reservations {
  readonly closesAt: string;
  /** Null: no budget was set. */
  readonly grantedFen: number | null;
  readonly pledges: readonly Pledge[];
}
interface Timed<S extends TimedStage> extends Opened {
  readonly stage: S;
  readonly dueAt: string | null;
  readonly clock: DeadlineClock | null;
}
export type Pledging = Timed<'pledging'>;
export type Published = Timed<'published'>;
export type Fulfilling = Timed<'fulfilling'>;
export interface Closed extends Opened {
  readonly stage: 'closed';
}

/** One variant per stage. */
export type UnitYearState = { readonly stage: 'nonexistent' } | Pledging | Published | Fulfilling | Closed;
/** Stages of a unit's year that exists. */
export type UnitYearStage = Exclude<UnitYearState['stage'], 'nonexistent'>;
export const STATUSES = ['promising', 'matching', 'at-work', 'settling', 'ended'] as const;
/** The same in finer words: a closed year settles what is still reserved before it ends. */
export type UnitYearStatus = (typeof STATUSES)[number];
/** The state in one of some stages. */
export type At<S extends UnitYearState['stage']> = Extract<UnitYearState, { stage: S }>;

/** In a year, the withdrawn ones too. */
export const PLEDGES_MAX = 50;

export const nonexistent: UnitYearState = { stage: 'nonexistent' };

export const isAt = <S extends UnitYearState['stage']>(state: UnitYearState, stages: readonly S[]): state is At<S> =>
  stages.some((stage) => stage === state.stage);

/** The same unit and year is the same entity, whoever asks. */
export const unitYearIdOf = ({ unit, year }: UnitAndYear): string => entityIdOf('unit-year', 'unit-year', `${year} ${nameAsRead(unit)}`);

export const statusOf = (state: Exclude<UnitYearState, { stage: 'nonexistent' }>): UnitYearStatus => {
  switch (state.stage) {
    case 'pledging':
      return 'promising';
    case 'published':
      return 'matching';
    case 'fulfilling':
      return 'at-work';
    case 'closed':
      return state.reservations.length > 0 ? 'settling' : 'ended';
  }
};

/** Reserved and spent: what a budget has to cover. */
export const usedFenOf = (state: Pick<Opened, 'reservations' | 'committedFen'>): number => reservedFenOf(state) + state.committedFen;
/** Null where no budget was set: then there is no bound. */
export const availableFenOf = (state: Opened): number | null => (state.grantedFen === null ? null : state.grantedFen - usedFenOf(state));

const LIVE: ReadonlySet<PledgeState> = new Set(['promised', 'linked', 'contested', 'fulfilled']);
/** It counts as promised for the year. */
export const isLive = ({ state }: Pick<Pledge, 'state'>): boolean => LIVE.has(state);
/** No pledge waits for a need any more. */
export const isUnderWay = ({ pledges }: Pick<Opened, 'pledges'>): boolean => pledges.every((pledge) => !isLive(pledge) || pledge.needId !== null);
