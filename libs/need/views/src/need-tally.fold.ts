import { yearOf } from '@qiyue/civic-domain';
import { eventOf, type RecordBody } from '@qiyue/engine';
import { needUpcasters, type Fact, type NeedContent, type NeedEvent } from '@qiyue/need-domain';
import { contentChangedBy } from './changed-content';
import { foldNeedScore, type NeedScore } from './need-score.fold';

/** How often a unit was called by name in a year of Shanghai, and how often it answered: it reported in, or claimed. */
export interface CalledUnit {
  readonly unit: string;
  readonly year: number;
  readonly called: number;
  readonly answered: number;
}
/** The last whistle that named units. */
export interface LastWhistle {
  readonly units: readonly string[];
  /** Of the whistle. */
  readonly year: number;
  readonly answeredBy: readonly string[];
}

/** What of a need counts for its community and for the units that were called, beside what counts for its lead. Amounts in fen. */
export interface NeedTally {
  readonly score: NeedScore;
  readonly community: string;
  /** Of Shanghai, in which it was submitted. */
  readonly year: number;
  readonly kind: NeedContent['kind'];
  readonly isEvaluated: boolean;
  /** What works that were accepted have cost, of all rounds. */
  readonly spentFen: number;
  /** What the works that run may cost. */
  readonly fundedFen: number;
  /** What they have cost, where that was reported. */
  readonly costFen: number | null;
  /** Whistles that named units. */
  readonly blown: number;
  /** Those that a called unit answered before the next one was blown. */
  readonly answered: number;
  readonly whistle: LastWhistle | null;
  readonly calls: readonly CalledUnit[];
}

/** One record more. Trusts its order: whoever folds has checked it. */
export const foldNeedTally = (tally: NeedTally | null, record: RecordBody): NeedTally => {
  const event = eventOf<NeedEvent>(record, needUpcasters);
  const score = foldNeedScore(tally?.score ?? null, record);
  if (tally !== null) return { ...tally, ...change(tally, event, record.time), score };
  if (event.type !== 'NeedSubmitted') throw new Error(`corrupt stream ${record.entity}: ${event.type} before NeedSubmitted`);
  const { community, kind } = event.data;
  return {
    ...{ score, community, kind, year: yearOf(record.time), isEvaluated: false, spentFen: 0, fundedFen: 0, costFen: null },
    ...{ blown: 0, answered: 0, whistle: null, calls: [] },
  };
};

const change = (tally: NeedTally, event: NeedEvent, at: string): Partial<NeedTally> => {
  switch (event.type) {
    case 'NeedAmended':
    case 'NeedCorrected':
    case 'NeedDispatched':
      return moved(tally, event);
    case 'WhistleBlown':
      return whistled(tally, event, at);
    case 'UnitReportedIn':
    case 'NeedClaimed':
      return answeredBy(tally, event.data.unit);
    case 'NeedFunded':
      return { fundedFen: event.data.amountFen, costFen: null };
    case 'FundingAdjusted':
      return { fundedFen: event.data.amountFen };
    case 'WorksReported':
      return { costFen: event.data.finalCostFen ?? tally.costFen };
    case 'WorksCancelled':
      return { fundedFen: 0, costFen: null };
    case 'NeedDone':
      return { spentFen: tally.spentFen + (tally.costFen ?? tally.fundedFen), fundedFen: 0, costFen: null };
    case 'NeedEvaluated':
    case 'EvaluationLapsed':
      return { isEvaluated: true };
    case 'NeedReopened':
      return { isEvaluated: false };
    default:
      return {};
  }
};

const moved = (tally: NeedTally, event: NeedEvent): Partial<NeedTally> => {
  const { community = tally.community, kind = tally.kind } = contentChangedBy(event);
  return { community, kind };
};

const whistled = (tally: NeedTally, { data: { reach, units } }: Fact<'WhistleBlown'>, at: string): Partial<NeedTally> => {
  if (reach !== 'named') return {};
  const year = yearOf(at);
  const calls = units.reduce((before, unit) => counted(before, unit, year, 'called'), tally.calls);
  return { blown: tally.blown + 1, whistle: { units, year, answeredBy: [] }, calls };
};

const answeredBy = ({ whistle, answered, calls }: NeedTally, unit: string): Partial<NeedTally> => {
  if (whistle?.units.includes(unit) !== true || whistle.answeredBy.includes(unit)) return {};
  return {
    answered: answered + Number(whistle.answeredBy.length === 0),
    whistle: { ...whistle, answeredBy: [...whistle.answeredBy, unit] },
    calls: counted(calls, unit, whistle.year, 'answered'),
  };
};

const counted = (calls: readonly CalledUnit[], unit: string, year: number, what: 'called' | 'answered'): readonly CalledUnit[] => {
  const isIt = (call: CalledUnit): boolean => call.unit === unit && call.year === year;
  const known = calls.find(isIt) ?? { unit, year, called: 0, answered: 0 };
  return [...calls.filter((call) => !isIt(call)), { ...known, [what]: known[what] + 1 }];
};
