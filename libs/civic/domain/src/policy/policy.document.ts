import { DEFAULT_OFFICE_HOURS, type OfficeHours } from '@qiyue/calendar';
import type { DeedKind } from '../deed-kinds';
import type { DecisionPolicy } from './decision.policy';
import type { Retention } from './retention';

/** Stages in which somebody is waited for, and the deadline that each has. */
export type DeadlineStage = 'submitted' | 'claimed' | 'funded' | 'done';
export const DEADLINE_STAGES: readonly DeadlineStage[] = ['submitted', 'claimed', 'funded', 'done'];
export type Urgency = 'normal' | 'urgent' | 'emergency';
export const URGENCIES: readonly Urgency[] = ['normal', 'urgent', 'emergency'];

/** Working days end with the office's closing on the last of them; hours run on the clock; a same day ends at its 24:00. */
export type Window = { readonly workingDays: number } | { readonly hours: number } | { readonly sameDayAtLeastHours: number };

/** The first rule that fits a need counts. What is left out fits everything. */
export interface DeadlineRule {
  readonly stage: DeadlineStage;
  readonly urgency?: Urgency;
  readonly category?: string;
  readonly within: Window;
  /** Law, scheme or practice that it comes from. */
  readonly basis: string;
}

/** Who is told: a role of the need's own people, or one of the county's offices. */
export type Audience = 'author' | 'lead' | 'helpers' | 'community' | 'departments' | 'centre' | 'supervisor' | 'county';
export const AUDIENCES: readonly Audience[] = ['author', 'lead', 'helpers', 'community', 'departments', 'centre', 'supervisor', 'county'];

/** One rung: 催办 is level 1, 通报 level 2, then the supervisor, then the county. */
export interface Rung {
  /** 1, 2, 3 … in order. */
  readonly level: number;
  readonly name: string;
  /** After the deadline: on a deadline in working days so many working days later, at the opening of the office … */
  readonly afterWorkingDays: number;
  /** … on one in hours so many hours later. */
  readonly afterHours: number;
  readonly tells: readonly Audience[];
}

/** How many pledges of a kind a department has when its year is published. */
export interface PledgeBounds {
  readonly min: number;
  readonly max: number;
}

/** What a department promises for a year, and by when. Days of that year as `MM-DD`. */
export interface UnitYearPolicy {
  readonly publishBy: string;
  /** By then every pledge has its need. */
  readonly halfwayBy: string;
  readonly bounds: Readonly<Record<DeedKind, PledgeBounds>>;
  /** Money can only be reserved where a budget was set; otherwise one that was not set has no bound. */
  readonly budgetRequired: boolean;
}

/** Where a policy does not say: 2 or 3 实事 and 1 or 2 好事 a year, published by the end of March. */
export const DEFAULT_UNIT_YEAR: UnitYearPolicy = {
  publishBy: '03-31',
  halfwayBy: '06-30',
  bounds: { tangible: { min: 2, max: 3 }, service: { min: 1, max: 2 } },
  budgetRequired: false,
};

/** How long a contract of a unit and a community waits for whom. */
export interface ContractPolicy {
  /** Both sides have signed within this. */
  readonly signWithin: Window;
  /** Days between a notice of termination and its effect; it takes effect at 24:00 of the last of them. */
  readonly noticeDays: number;
  /** Both sides have evaluated so long after the contract's end. */
  readonly evaluateWithin: Window;
  /** An evaluation that is still missing so many working days after that is closed without it. */
  readonly lapseAfterWorkingDays: number;
}

/** Where a policy does not say. Practice, all of it: no source sets these times. */
export const DEFAULT_CONTRACT: ContractPolicy = {
  signWithin: { workingDays: 10 },
  noticeDays: 15,
  evaluateWithin: { workingDays: 10 },
  lapseAfterWorkingDays: 10,
};

/**
 * Where a policy does not say. No source sets it: fewer than a year has (248 or more), so that a date of this year that was written with the number of the
 * next one is always refused.
 */
export const PROMISE_MAX_WORKING_DAYS = 240;

/** How long units that are called have to answer, and how long all of them when the call went wider. */
export interface WhistleWindows {
  readonly answer: Window;
  readonly wider: Window;
}

/** 吹哨. */
export interface WhistlePolicy extends WhistleWindows {
  /** Of an emergency, and never behind its own deadline; left out: `EMERGENCY_WHISTLE`. */
  readonly emergency?: WhistleWindows;
  /** How many working days ahead somebody may ask for an answer by; left out: `ANSWER_MAX_WORKING_DAYS`. */
  readonly answerMaxWorkingDays?: number;
}

/** Where a policy does not say: half of the two hours in which an emergency is claimed. No source sets it. */
export const EMERGENCY_WHISTLE: WhistleWindows = { answer: { hours: 1 }, wider: { hours: 1 } };

/** Where a policy does not say: two weeks. No source sets it. */
export const ANSWER_MAX_WORKING_DAYS = 10;

/** A county's rules for deadlines. A need keeps the version that it runs on. */
export interface PolicyDocument {
  readonly version: string;
  readonly name: string;
  /** The first day on which new needs run on it. */
  readonly effectiveFrom: string;
  readonly officeHours: OfficeHours;
  readonly deadlines: readonly DeadlineRule[];
  /** The reminder before a deadline. */
  readonly remind: { readonly beforeWorkingDays: number; readonly beforeShareOfHours: number; readonly tells: readonly Audience[] };
  readonly missed: { readonly tells: readonly Audience[] };
  readonly ladder: readonly Rung[];
  readonly whistle: WhistlePolicy;
  /** An evaluation that is still missing so many working days after its deadline is closed without it. */
  readonly evaluation: { readonly lapseAfterWorkingDays: number };
  /** 退单: how long a lead may give a claim back. */
  readonly returnWorkingDays: number;
  readonly extension: { readonly workingDaysMax: number };
  /** How many working days ahead a lead may promise; left out: `PROMISE_MAX_WORKING_DAYS`. */
  readonly promiseMaxWorkingDays?: number;
  /** How long an evaluated need can still be reopened by hand. */
  readonly reopenDays: number;
  /** How long personal words are opened after the end of a need; left out: `DEFAULT_RETENTION`. */
  readonly retention?: Retention;
  /** Left out: `DEFAULT_UNIT_YEAR`. */
  readonly unitYear?: UnitYearPolicy;
  /** Left out: `DEFAULT_CONTRACT`. */
  readonly contract?: ContractPolicy;
  /** Left out: `DEFAULT_DECISION`. */
  readonly decision?: DecisionPolicy;
}

const SCHEME = '接诉即办与县级承诺办理的通行做法';

/** Claim 2 working days, fund 3, done 13, evaluate 5; urgent the same day; emergency 2 hours. */
export const DEFAULT_POLICY_DOCUMENT: PolicyDocument = {
  version: 'default-1',
  name: '缺省办理时限',
  effectiveFrom: '2024-01-01',
  officeHours: DEFAULT_OFFICE_HOURS,
  deadlines: [
    { stage: 'submitted', urgency: 'emergency', within: { hours: 2 }, basis: SCHEME },
    { stage: 'submitted', urgency: 'urgent', within: { sameDayAtLeastHours: 4 }, basis: SCHEME },
    { stage: 'submitted', within: { workingDays: 2 }, basis: SCHEME },
    { stage: 'claimed', urgency: 'emergency', within: { hours: 24 }, basis: SCHEME },
    { stage: 'claimed', within: { workingDays: 3 }, basis: SCHEME },
    { stage: 'funded', within: { workingDays: 13 }, basis: SCHEME },
    { stage: 'done', within: { workingDays: 5 }, basis: SCHEME },
  ],
  remind: { beforeWorkingDays: 1, beforeShareOfHours: 0.5, tells: ['lead', 'departments'] },
  missed: { tells: ['lead', 'community'] },
  ladder: [
    { level: 1, name: '催办', afterWorkingDays: 1, afterHours: 1, tells: ['lead', 'departments', 'community'] },
    { level: 2, name: '通报', afterWorkingDays: 6, afterHours: 4, tells: ['lead', 'community', 'centre'] },
    { level: 3, name: '督查', afterWorkingDays: 11, afterHours: 24, tells: ['supervisor'] },
    { level: 4, name: '报县', afterWorkingDays: 16, afterHours: 48, tells: ['supervisor', 'county'] },
  ],
  whistle: { answer: { workingDays: 1 }, wider: { workingDays: 1 } },
  evaluation: { lapseAfterWorkingDays: 5 },
  returnWorkingDays: 2,
  extension: { workingDaysMax: 10 },
  reopenDays: 30,
};
