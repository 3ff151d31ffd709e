import type { RecordBody } from '@qiyue/engine';

/*
 * Every figure a second time, from plain records alone and by another way: a life is cut at the events that begin or end a stage, and each piece is looked at by
 * itself. Nothing of the models, their folds or their queries is used here, and no state is carried from one event to the next.
 */

/** An event as it stands in the ledger. */
interface Told {
  readonly type: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}
type Life = readonly Told[];
export type Lives = readonly (readonly RecordBody[])[];

/** What of it began a stage, and which. */
const BEGINS: Readonly<Record<string, readonly [stage: string, due: string]>> = {
  NeedSubmitted: ['submitted', 'claimBy'],
  ClaimReturned: ['submitted', 'claimBy'],
  NeedClaimed: ['claimed', 'fundBy'],
  WorksCancelled: ['claimed', 'fundBy'],
  NeedReopened: ['claimed', 'fundBy'],
  NeedFunded: ['funded', 'doneBy'],
  NeedDone: ['done', 'evaluateBy'],
};
const CLOSES = ['NeedEvaluated', 'EvaluationLapsed', 'NeedRejected', 'NeedWithdrawn', 'NeedMerged'];
const CAME: Readonly<Record<string, readonly string[]>> = {
  submitted: ['NeedClaimed'],
  claimed: ['NeedFunded'],
  funded: ['NeedDone'],
  done: ['NeedEvaluated', 'EvaluationLapsed'],
};

const told = (records: readonly RecordBody[]): Life => records.map(({ type, time, data }) => ({ type, time, data: data as unknown as Told['data'] }));
const textIn = ({ data }: Told, name: string): string | null => (data[name] as string | null | undefined) ?? null;
const lastOf = (life: Life, ...types: readonly string[]): Told | undefined => life.filter(({ type }) => types.includes(type)).at(-1);
const msBetween = (from: string, to: string): number => Date.parse(to) - Date.parse(from);
const minutes = (ms: number): number => Math.trunc(ms / 60_000);

export interface Piece {
  readonly stage: string;
  readonly from: Told;
  /** What ended it; null while it runs. */
  readonly to: Told | null;
  readonly due: string | null;
  readonly pausedMs: number;
  /** When it stopped, where it stands still, or stood when it ended. */
  readonly stoppedAt: string | null;
  readonly level: number;
  /** The deadline of its first miss that is on record. */
  readonly missedAt: string | null;
  /** Who had it, or got it at its end. */
  readonly lead: string | null;
}

const leadBefore = (life: Life): string | null => {
  const change = lastOf(life, 'NeedClaimed', 'ClaimReturned');
  return change?.type === 'NeedClaimed' ? textIn(change, 'unit') : null;
};

/** The pieces of a life, in order. */
export const piecesOf = (life: Life): readonly Piece[] => {
  const cuts = life.flatMap(({ type }, i) => (type in BEGINS || CLOSES.includes(type) ? [i] : []));
  return cuts.flatMap((start, i) => {
    const from = life[start] as Told;
    const begins = BEGINS[from.type];
    if (begins === undefined) return [];
    const end = cuts[i + 1];
    const to = end === undefined ? null : (life[end] as Told);
    const inside = life.slice(start + 1, end);
    const moved = lastOf(inside, 'ClockResumed', 'ExtensionGranted', 'DeadlineMoved');
    const stops = inside.filter(({ type }) => type === 'ClockPaused').map((stop) => textIn(stop, 'pausedAt') as string);
    const goes = inside.filter(({ type }) => type === 'ClockResumed').map((go) => textIn(go, 'resumedAt') as string);
    const open = stops.length > goes.length ? (stops.at(-1) as string) : null;
    const miss = inside.find(({ type }) => type === 'DeadlineMissed');
    const levels = inside.filter(({ type }) => type === 'Escalated').map(({ data }) => data['level'] as number);
    return [
      {
        ...{
          stage: begins[0],
          from,
          to,
          stoppedAt: open,
          level: Math.max(0, ...levels),
          missedAt: miss === undefined ? null : textIn(miss, 'dueAt'),
        },
        due: textIn(moved ?? from, moved === undefined ? begins[1] : 'dueAt'),
        pausedMs: stops.reduce((sum, stop, n) => sum + msBetween(stop, goes[n] ?? to?.time ?? stop), 0),
        lead: leadBefore(life.slice(0, start + (to?.type === 'NeedClaimed' ? (end ?? start) - start + 1 : 1))),
      },
    ];
  });
};

const isBroken = ({ to }: Piece): boolean => to !== null && ['NeedRejected', 'NeedWithdrawn', 'NeedMerged'].includes(to.type);
/** A miss that is on record stays one, wherever the deadline was moved since. */
const wasMissed = ({ missedAt }: Piece): boolean => missedAt !== null;
const isLateEnd = (piece: Piece): boolean => {
  const { to, due, stoppedAt } = piece;
  return to !== null && (wasMissed(piece) || (due !== null && (stoppedAt ?? to.time) > due));
};
const isLateNow = ({ to, due, stoppedAt }: Piece, now: string): boolean => to === null && due !== null && due < (stoppedAt ?? now) && due < now;

export interface About {
  readonly needId: string;
  readonly community: string;
  readonly category: string | null;
  readonly kind: string;
}
const aboutOf = (records: readonly RecordBody[]): About => {
  const content = Object.assign(
    {},
    ...told(records).flatMap(({ type, data }) => (['NeedSubmitted', 'NeedAmended', 'NeedCorrected', 'NeedDispatched'].includes(type) ? [data] : [])),
  ) as {
    readonly community: string;
    readonly kind: string;
    readonly category?: string;
  };
  return { needId: records[0]?.entity ?? '', community: content.community, category: content.category ?? null, kind: content.kind };
};

/** One thing that figures count, with what it is asked for by. */
interface Thing extends About {
  readonly lead: string | null;
  /** When it happened; null for what has not. */
  readonly at: string | null;
}
type Filter = Readonly<Partial<Record<'unit' | 'community' | 'category' | 'kind' | 'year', string | number>>>;
const keyBy = ({ lead, community, category, kind, at }: Thing, by: string): string | null => {
  const keys: Readonly<Record<string, string | null>> = {
    unit: lead,
    community,
    category,
    kind,
    year: at && at.slice(0, 4),
    month: at && at.slice(0, 7),
  };
  return keys[by] ?? null;
};
const isWanted = (thing: Thing, filter: Filter): boolean => Object.entries(filter).every(([name, value]) => keyBy(thing, name) === String(value));

/** Rows by key, in the order of their keys. */
const grouped = <T extends Thing, R>(things: readonly T[], keyOf: (thing: T) => string | null, rowOf: (things: readonly T[]) => R) =>
  [...new Set(things.flatMap((thing) => keyOf(thing) ?? []))]
    .sort()
    .map((key) => ({ key, ...rowOf(things.filter((thing) => keyOf(thing) === key)) }));
const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
const countOf = <T>(list: readonly T[], is: (one: T) => boolean): number => list.filter(is).length;

// --- the three rates

interface Answering extends Thing {
  readonly inTime: boolean;
}
interface Closed extends Thing {
  readonly isSolved: boolean;
  readonly isEvaluated: boolean;
  readonly isSatisfied: boolean;
}

const answeringIn = (records: readonly RecordBody[], now: string): readonly Answering[] =>
  piecesOf(told(records)).flatMap((piece) => {
    const { stage, due, lead, to } = piece;
    if (stage !== 'submitted' || due === null) return [];
    if (to?.type === 'NeedClaimed') return [{ ...aboutOf(records), lead, at: to.time, inTime: !isLateEnd(piece) }];
    const isLate = to === null && (wasMissed(piece) || isLateNow(piece, now));
    return isLate ? [{ ...aboutOf(records), lead: null, at: piece.missedAt ?? due, inTime: false }] : [];
  });

const closedIn = (records: readonly RecordBody[]): readonly Closed[] => {
  const life = told(records);
  return life.flatMap(({ type, time }, i) => {
    if (!['NeedEvaluated', 'EvaluationLapsed', 'NeedRejected'].includes(type)) return [];
    const since = life.slice(
      life.slice(0, i).findLastIndex((one) => one.type === 'NeedDone'),
      i,
    );
    const unhappy = since.some((one) => ['ResidentEvaluated', 'CommunityEvaluated'].includes(one.type) && one.data['satisfied'] === false);
    const isReopened = life.slice(i + 1).some((one) => one.type === 'NeedReopened');
    const isEvaluated = type === 'NeedEvaluated';
    return [
      {
        ...{ ...aboutOf(records), lead: leadBefore(life.slice(0, i)), at: time },
        ...{ isSolved: type !== 'NeedRejected' && !unhappy && !isReopened, isEvaluated, isSatisfied: isEvaluated && !unhappy },
      },
    ];
  });
};

const ratesRow = (answering: readonly Answering[], closed: readonly Closed[]) => {
  const [toAnswer, answeredInTime] = [answering.length, countOf(answering, ({ inTime }) => inTime)];
  const [solved, evaluated, satisfied] = [
    countOf(closed, ({ isSolved }) => isSolved),
    countOf(closed, ({ isEvaluated }) => isEvaluated),
    countOf(closed, ({ isSatisfied }) => isSatisfied),
  ];
  return {
    ...{ toAnswer, answeredInTime, responseRate: share(answeredInTime, toAnswer) },
    ...{ closed: closed.length, solved, resolutionRate: share(solved, closed.length) },
    ...{ evaluated, satisfied, satisfactionRate: share(satisfied, evaluated) },
  };
};

export const recountRates = (lives: Lives, by: string, filter: Filter, now: string) => {
  const answering = lives.flatMap((life) => answeringIn(life, now)).filter((thing) => isWanted(thing, filter));
  const closed = lives.flatMap(closedIn).filter((thing) => isWanted(thing, filter));
  const rows = grouped<Thing, object>(
    [...answering, ...closed],
    (thing) => keyBy(thing, by),
    () => ({}),
  ).map(({ key }) => {
    const inRow = (thing: Thing): boolean => keyBy(thing, by) === key;
    return { key, ...ratesRow(answering.filter(inRow), closed.filter(inRow)) };
  });
  return { by, all: ratesRow(answering, closed), rows };
};

// --- durations

const PHASE: Readonly<Record<string, string>> = { submitted: 'claim', claimed: 'fund', funded: 'works', done: 'evaluate' };
interface Span extends Thing {
  readonly phase: string;
  readonly gross: number;
  readonly net: number;
}

/** Accepted, and not reopened since: the acceptance. */
const acceptanceOf = (life: Life): Told | null => {
  const change = lastOf(life, 'NeedDone', 'NeedReopened');
  return change?.type === 'NeedDone' ? change : null;
};

const spansIn = (records: readonly RecordBody[]): readonly Span[] => {
  const life = told(records);
  const about = aboutOf(records);
  const accepted = acceptanceOf(life);
  const pieces = piecesOf(life);
  const spans = pieces.flatMap(({ stage, from, to, lead, pausedMs }) => {
    if (to === null || CAME[stage]?.includes(to.type) !== true) return [];
    const gross = minutes(msBetween(from.time, to.time));
    return [{ ...about, lead, at: to.time, phase: PHASE[stage] ?? '', gross, net: Math.max(0, gross - minutes(pausedMs)) }];
  });
  if (accepted === null) return spans;
  const gross = minutes(msBetween(life[0]?.time ?? '', accepted.time));
  const net = Math.max(0, gross - minutes(pieces.reduce((sum, { pausedMs }) => sum + pausedMs, 0)));
  return [...spans, { ...about, lead: leadBefore(life), at: accepted.time, phase: 'whole', gross, net }];
};

/** Of n in ascending order the one that at least `percent` of them do not exceed: the first whose share reaches it. */
const quantile = (numbers: readonly number[], percent: number): number | null =>
  [...numbers].sort((a, b) => a - b).find((n) => countOf(numbers, (other) => other <= n) * 100 >= percent * numbers.length) ?? null;
const round = (n: number | null, per: number): number | null => (n === null ? null : Math.round((n * 100) / per) / 100);

const durationsRow = (spans: readonly Span[]) =>
  Object.fromEntries(
    ['claim', 'fund', 'works', 'evaluate', 'whole'].map((phase) => {
      const of = spans.filter((span) => span.phase === phase);
      const gross = (percent: number): number | null =>
        quantile(
          of.map((span) => span.gross),
          percent,
        );
      const net = (percent: number): number | null =>
        quantile(
          of.map((span) => span.net),
          percent,
        );
      return [
        phase,
        {
          count: of.length,
          ...{ medianHours: round(gross(50), 60), p90Hours: round(gross(90), 60), longestHours: round(gross(100), 60) },
          ...{ medianDays: round(gross(50), 1_440), p90Days: round(gross(90), 1_440), longestDays: round(gross(100), 1_440) },
          ...{ netMedianHours: round(net(50), 60), netP90Hours: round(net(90), 60) },
        },
      ];
    }),
  );

export const recountDurations = (lives: Lives, by: string, filter: Filter) => {
  const spans = lives.flatMap(spansIn).filter((thing) => isWanted(thing, filter));
  return { by, all: durationsRow(spans), rows: grouped(spans, (span) => keyBy(span, by), durationsRow) };
};

// --- timeliness

interface TimedStage extends Thing {
  readonly stage: string;
  readonly unit: string | null;
  readonly ended: boolean;
  readonly late: boolean;
  readonly lateNow: boolean;
  readonly level: number;
}
interface TimedNeed extends Thing {
  readonly done: boolean;
  readonly late: boolean;
}

const stagesIn = (records: readonly RecordBody[], now: string): readonly TimedStage[] =>
  piecesOf(told(records)).flatMap((piece) => {
    const { stage, to, due, lead, level } = piece;
    if (due === null || isBroken(piece)) return [];
    const lateNow = isLateNow(piece, now);
    const unit = stage === 'claimed' || stage === 'funded' ? lead : null;
    return [
      {
        ...aboutOf(records),
        lead,
        stage,
        unit,
        at: to?.time ?? piece.missedAt ?? (lateNow ? due : null),
        ended: to !== null,
        late: isLateEnd(piece) || wasMissed(piece) || lateNow,
        lateNow,
        level,
      },
    ];
  });

const needIn = (records: readonly RecordBody[], now: string): readonly TimedNeed[] => {
  const life = told(records);
  const pieces = piecesOf(life);
  if (life.some(({ type }) => ['NeedRejected', 'NeedWithdrawn', 'NeedMerged'].includes(type))) return [];
  const sinceListed = pieces.slice(pieces.findLastIndex(({ stage }) => stage === 'submitted')).filter(({ stage }) => stage !== 'done');
  const missed = sinceListed.find((piece) => isLateEnd(piece) || wasMissed(piece)) ?? sinceListed.find((piece) => isLateNow(piece, now));
  const accepted = acceptanceOf(life);
  if (accepted === null && missed === undefined) return [];
  return [
    {
      ...aboutOf(records),
      lead: leadBefore(life),
      at: accepted?.time ?? missed?.missedAt ?? missed?.due ?? null,
      done: accepted !== null,
      late: missed !== undefined,
    },
  ];
};

const timelinessRow = (stages: readonly TimedStage[], needs: readonly TimedNeed[] | null) => {
  const inTime = countOf(stages, ({ ended, late: isLate }) => ended && !isLate);
  const late = countOf(stages, ({ late: isLate }) => isLate);
  const rungs = [...new Set(stages.flatMap(({ level }) => Array.from({ length: level }, (_, n) => n + 1)))];
  const needsLate = countOf(needs ?? [], (need) => need.late);
  const needsInTime = countOf(needs ?? [], (need) => !need.late);
  return {
    ...{ finished: countOf(stages, ({ ended }) => ended), inTime, late, running: countOf(stages, ({ ended }) => !ended) },
    ...{ overdue: countOf(stages, ({ lateNow }) => lateNow), inTimeRate: share(inTime, inTime + late) },
    escalated: Object.fromEntries(rungs.map((rung) => [rung, countOf(stages, ({ level }) => level >= rung)])),
    needs: needs && {
      ...{ done: countOf(needs, ({ done }) => done), inTime: needsInTime, late: needsLate, inTimeRate: share(needsInTime, needsInTime + needsLate) },
    },
  };
};

export const recountTimeliness = (lives: Lives, by: string, now: string, between: readonly [string, string] | null = null) => {
  const within = ({ at }: Thing): boolean => between === null || (at !== null && at >= between[0] && at < between[1]);
  const stages = lives.flatMap((life) => stagesIn(life, now)).filter(within);
  const needs = by === 'stage' ? null : lives.flatMap((life) => needIn(life, now)).filter(within);
  const stageKey = (stage: TimedStage): string | null => (by === 'unit' ? stage.unit : by === 'stage' ? stage.stage : keyBy(stage, by));
  const needKey = (need: TimedNeed): string | null => keyBy(need, by);
  const keys = [...new Set([...stages.flatMap((stage) => stageKey(stage) ?? []), ...(needs ?? []).flatMap((need) => needKey(need) ?? [])])].sort();
  const rows = keys.map((key) => ({
    key,
    ...timelinessRow(
      stages.filter((stage) => stageKey(stage) === key),
      needs && needs.filter((need) => needKey(need) === key),
    ),
  }));
  return { by, rows };
};

// --- the satisfaction list

const dayOf = (instant: string): string => instant.slice(0, 10);
const daysIn = (from: string, to: string): number => Math.round(msBetween(`${dayOf(from)}T00:00:00Z`, `${dayOf(to)}T00:00:00Z`) / 86_400_000);

/** What stands evaluated by a side at least, in the order in which it was; what is said of it in figures. */
export const recountSatisfaction = (lives: Lives) =>
  lives
    .flatMap((records) => {
      const life = told(records);
      const end = lastOf(life, 'NeedEvaluated', 'EvaluationLapsed', 'NeedReopened');
      if (end === undefined || end.type === 'NeedReopened') return [];
      const since = life.slice(life.findLastIndex(({ type }) => type === 'NeedDone'));
      const said = (type: string, name: string): unknown => since.find((one) => one.type === type)?.data[name] ?? null;
      const [resident, community] = [said('ResidentEvaluated', 'satisfied'), said('CommunityEvaluated', 'satisfied')];
      if (resident === null && community === null) return [];
      const { needId, ...about } = aboutOf(records);
      const born = life[0] as Told;
      const days = (stage: string): number | null => {
        const of = piecesOf(life).filter((piece) => piece.stage === stage && piece.to !== null);
        return of.length === 0 ? null : of.reduce((sum, { from, to }) => sum + daysIn(from.time, to?.time ?? from.time), 0);
      };
      return [
        {
          ...{ needId, ...about, askedBy: (born.data['author'] as { readonly role: string }).role, unit: leadBefore(life), submittedAt: born.time },
          ...{ evaluatedAt: end.time, doneAt: since[0]?.time, reopened: countOf(life, ({ type }) => type === 'NeedReopened') },
          ...{ residentScore: said('ResidentEvaluated', 'score'), communityScore: said('CommunityEvaluated', 'score') },
          satisfied: resident === null || community === null ? null : resident === true && community === true,
          days: {
            ...{ claim: days('submitted'), fund: days('claimed'), works: days('funded'), evaluate: days('done') },
            whole: daysIn(born.time, since[0]?.time ?? ''),
          },
          amountFen: spentIn(life),
        },
      ];
    })
    .sort((a, b) => (`${a.evaluatedAt}${a.needId}` < `${b.evaluatedAt}${b.needId}` ? -1 : 1));

/** What each funding came to that its works were not cancelled of: as it was reported, else adjusted, else granted. */
const spentIn = (life: Life): number =>
  life.reduce((sum, { type, data }, i) => {
    if (type !== 'NeedFunded') return sum;
    const rest = life.slice(i + 1);
    const until = rest.findIndex((one) => one.type === 'NeedFunded');
    const its = until === -1 ? rest : rest.slice(0, until);
    if (its.some((one) => one.type === 'WorksCancelled')) return sum;
    const cost = its.filter((one) => one.type === 'WorksReported' && one.data['finalCostFen'] !== undefined).at(-1)?.data['finalCostFen'];
    return sum + Number(cost ?? lastOf(its, 'FundingAdjusted')?.data['amountFen'] ?? data['amountFen']);
  }, 0);

// --- whistles

/** A whistle that named units, with those of them that answered before the next one. */
interface Call {
  readonly at: string;
  readonly units: readonly string[];
  readonly answeredBy: readonly string[];
}

const callsIn = (life: Life): readonly Call[] => {
  const starts = life.flatMap(({ type, data }, i) => (type === 'WhistleBlown' && data['reach'] === 'named' ? [i] : []));
  return starts.map((start, i) => {
    const { time, data } = life[start] as Told;
    const units = data['units'] as readonly string[];
    const answers = life.slice(start, starts[i + 1]).filter(({ type }) => type === 'UnitReportedIn' || type === 'NeedClaimed');
    return { at: time, units, answeredBy: units.filter((unit) => answers.some((answer) => answer.data['unit'] === unit)) };
  });
};

/** Of a unit in the year in which it was called, of a community in that in which the need was submitted. */
const whistlesOf = (lives: Lives, of: 'unit' | 'community') =>
  lives.flatMap((records) => {
    const life = told(records);
    const calls = callsIn(life);
    if (of === 'unit') {
      return calls.flatMap(({ at, units, answeredBy }) =>
        units.map((unit) => ({ key: `${at.slice(0, 4)} ${unit}`, isAnswered: answeredBy.includes(unit) })),
      );
    }
    const key = `${life[0]?.time.slice(0, 4)} ${aboutOf(records).community}`;
    return calls.map(({ answeredBy }) => ({ key, isAnswered: answeredBy.length > 0 }));
  });

// --- the scoreboard

/** What the scoreboard says of whistles, and of the needs of a unit, in the year in which it claimed them, and of a community, in that in which they were submitted. */
export const recountScoreboard = (lives: Lives, of: 'unit' | 'community') => {
  const things = lives.flatMap((records) => {
    const life = told(records);
    const lead = leadBefore(life);
    const claim = lead === null ? null : lastOf(life, 'NeedClaimed');
    const at = of === 'unit' ? (claim?.time ?? null) : (life[0]?.time ?? null);
    const name = of === 'unit' ? lead : aboutOf(records).community;
    const late = piecesOf(life)
      .slice(piecesOf(life).findLastIndex(({ stage }) => stage === 'submitted'))
      .some((piece) => piece.stage !== 'done' && isLateEnd(piece));
    const end = lastOf(life, 'NeedEvaluated', 'EvaluationLapsed', 'NeedReopened');
    const done = acceptanceOf(life) !== null;
    const satisfied = end?.type === 'NeedEvaluated' && end.data['satisfied'] === true;
    return name === null || at === null
      ? []
      : [
          {
            key: `${at.slice(0, 4)} ${name}`,
            claimed: lead !== null,
            done,
            inTime: done && !late,
            satisfied,
            evaluated: end !== undefined && end.type !== 'NeedReopened',
          },
        ];
  });
  const whistles = whistlesOf(lives, of);
  const keys = [...new Set([...things, ...whistles].map(({ key }) => key))].sort();
  return keys.map((key) => {
    const its = things.filter((thing) => thing.key === key);
    const called = whistles.filter((whistle) => whistle.key === key);
    const answered = countOf(called, ({ isAnswered }) => isAnswered);
    const counts = {
      claimed: countOf(its, (one) => one.claimed),
      done: countOf(its, (one) => one.done),
      inTime: countOf(its, (one) => one.inTime),
      satisfied: countOf(its, (one) => one.satisfied),
    };
    if (of === 'unit') return { key, ...counts, whistles: { called: called.length, answered } };
    const asked = { submitted: its.length, evaluated: countOf(its, (one) => one.evaluated) };
    return { key, ...asked, ...counts, whistles: { blown: called.length, answered } };
  });
};
