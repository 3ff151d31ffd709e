import { instantMsOf, knownRulesOf } from '@qiyue/engine';
import type { KeyDocument, KeyedModel, KeyedSource, ModelPart } from '@qiyue/engine-runtime';
import type { DEED_KINDS, DeadlineStage } from '@qiyue/civic-domain';
import { needDecider } from '@qiyue/need-domain';
import { foldNeedTimes, type Closing, type NeedTimes, type StageTime } from '@qiyue/need-views';

const MINUTE_MS = 60_000;

/** By what figures are grouped and asked for. Empty: none. */
interface Whose {
  readonly need: string;
  /** Whose figure it is: the lead; for a claim whoever claimed it. */
  readonly lead: string;
  readonly community: string;
  readonly category: string;
  readonly kind: (typeof DEED_KINDS)[number];
  /** When it happened, ISO 8601 with +08:00: when it ended; of what runs the deadline that was missed first, else the one that runs; empty without a date. */
  readonly at: string;
}
/** The deadline that runs, ISO 8601 with +08:00; empty without a date, and of what has ended. */
interface Due {
  readonly due: string;
}
/** A stage that has ended otherwise than by being broken off, or runs. `unit`: who was waited for by name. */
export interface StageFact extends Whose, Due {
  readonly of: 'stage';
  readonly n: number;
  readonly stage: DeadlineStage;
  readonly unit: string;
  /** `paused`: its clock stands still, and stopped before its date. */
  readonly state: 'came' | 'went-back' | 'running' | 'paused';
  /** It had a date. */
  readonly dated: 0 | 1;
  /** It was missed, or ended behind its date. */
  readonly late: 0 | 1;
  readonly escalatedTo: number;
  /** Whole minutes, begun ones left out; of these `pausedMinutes` while its clock stood still. */
  readonly minutes: number;
  readonly pausedMinutes: number;
}
/** A need that is done, or whose works somebody is still waited for; `at` of one that is late already: its first missed deadline since it came onto the list. */
export interface NeedFact extends Whose, Due {
  readonly of: 'need';
  readonly state: 'done' | 'running' | 'paused';
  readonly late: 0 | 1;
  readonly minutes: number;
  readonly pausedMinutes: number;
}
/** An evaluation that ended, or a rejection instead. */
export interface ClosingFact extends Whose {
  readonly of: 'closing';
  readonly n: number;
  readonly end: Closing['end'];
  readonly state: 'stands' | 'reopened';
  readonly sides: number;
  readonly satisfied: 0 | 1;
}
export type Fact = StageFact | NeedFact | ClosingFact;

/** Fields that are sums; the others make the key. */
const SUMS: ReadonlySet<string> = new Set(['dated', 'late', 'escalatedTo', 'minutes', 'pausedMinutes', 'sides', 'satisfied']);
/** Sums of zero are left out, and a key without any has no document: so each has one that is not. */
const ONE = { facts: 1 };

/** What a need gives to the figures: each of its facts under a key of its own, so that they can be found by when they happened. */
export const factsOf = (times: NeedTimes): readonly Fact[] => [
  ...times.stages.flatMap((stage) => stageFact(times, stage)),
  ...needFact(times),
  ...times.closings.map((closing) => closingFact(times, closing)),
];

export const partOf = (fact: Fact): ModelPart => {
  const fields = Object.entries(fact) as readonly (readonly [string, string | number])[];
  return {
    key: Object.fromEntries(fields.filter(([name]) => !SUMS.has(name))),
    sums: { ...Object.fromEntries(fields.filter(([name]) => SUMS.has(name))), ...ONE } as ModelPart['sums'],
  };
};

const ZEROS = Object.fromEntries([...SUMS].map((name) => [name, 0]));

/** A fact as it was before it became a part. */
export const factIn = ({ key, sums }: Pick<KeyDocument, 'key' | 'sums'>): Fact => ({ ...ZEROS, ...key, ...sums }) as unknown as Fact;

const whose = ({ needId, community, category, kind }: NeedTimes, lead: string | null, at: string | null): Whose => ({
  ...{ need: needId, lead: lead ?? '', community, category: category ?? '', kind, at: at ?? '' },
});

const flag = (is: boolean): 0 | 1 => (is ? 1 : 0);
const minutesOf = (ms: number): number => Math.floor(ms / MINUTE_MS);
const minutesBetween = (from: string, to: string): number => minutesOf(instantMsOf(to) - instantMsOf(from));

/** Who stops a clock behind its deadline has missed it all the same. */
const stateOf = ({ pausedSince }: NeedTimes, dueAt: string | null): 'running' | 'paused' =>
  pausedSince === null || (dueAt !== null && pausedSince > dueAt) ? 'running' : 'paused';

const stageFact = (times: NeedTimes, stage: StageTime): readonly StageFact[] => {
  const { n, dueAt, endedAt, end, late, missedAt, escalatedTo, lead, unit, from, pausedMs } = stage;
  if (end === 'broken-off') return [];
  return [
    {
      ...{ of: 'stage', n, stage: stage.stage, unit: unit ?? '', ...whose(times, lead, endedAt ?? missedAt ?? dueAt) },
      ...{ state: end ?? stateOf(times, dueAt), due: endedAt === null ? (dueAt ?? '') : '' },
      ...{ dated: flag(dueAt !== null), late: flag(late === true), escalatedTo },
      ...{ minutes: endedAt === null ? 0 : minutesBetween(from, endedAt), pausedMinutes: endedAt === null ? 0 : minutesOf(pausedMs) },
    },
  ];
};

/** None of one that was closed before it was done: nobody kept or missed anything. */
const needFact = (times: NeedTimes): readonly NeedFact[] => {
  const { stages, listedIn, lead, doneAt, submittedAt, pausedMs } = times;
  const missed = stages.find(({ n, stage, late }) => n >= listedIn && stage !== 'done' && late === true);
  const fact = { of: 'need' as const, late: flag(missed !== undefined) };
  if (doneAt !== null) {
    const minutes = { minutes: minutesBetween(submittedAt, doneAt), pausedMinutes: minutesOf(pausedMs) };
    return [{ ...fact, ...whose(times, lead, doneAt), state: 'done', due: '', ...minutes }];
  }
  const runs = stages.find(({ endedAt }) => endedAt === null);
  if (runs === undefined) return [];
  const { missedAt, dueAt } = missed ?? runs;
  const state = { state: stateOf(times, runs.dueAt), due: runs.dueAt ?? '' };
  return [{ ...fact, ...whose(times, lead, missedAt ?? dueAt), ...state, minutes: 0, pausedMinutes: 0 }];
};

const closingFact = (times: NeedTimes, { n, end, at, lead, sides, isSatisfied, isReopened }: Closing): ClosingFact => ({
  ...{ of: 'closing', n, end, ...whose(times, lead, at), state: isReopened ? 'reopened' : 'stands', sides, satisfied: flag(isSatisfied) },
});

const times: KeyedSource<NeedTimes> = {
  aggregate: needDecider.aggregate,
  rules: knownRulesOf(needDecider),
  fold: foldNeedTimes,
  partsOf: (state) => factsOf(state).map(partOf),
};

/** Every stage, need and closing that figures count, by when it happened: what timeliness, the three rates, durations and the satisfaction list are read from. */
export const needFigures: KeyedModel = {
  name: 'needFigures',
  version: 2,
  indexes: [{ 'key.of': 1, 'key.at': 1, 'key.need': 1 }],
  sources: [times],
};
