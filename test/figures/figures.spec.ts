import { deepEqual } from 'node:assert/strict';
import { expect, it } from '@jest/globals';
import { factIn, factsOf, partOf, RatesCount, Spans, Tally, timelinessQuery, isAskedFor, type Fact } from '@qiyue/need';
import { foldNeedTimes, type NeedTimes } from '@qiyue/need-views';
import fc from 'fast-check';
import { lifeOf } from './random-lives';
import { recountDurations, recountRates, recountTimeliness, type Lives } from './recount';

const GROUPS = ['unit', 'community', 'category', 'kind', 'year', 'month'] as const;
const NOWS = ['2024-02-20T12:00:00.000+08:00', '2024-09-10T12:00:00.000+08:00', '2027-01-01T12:00:00.000+08:00'];
const FILTERS = [{}, { year: 2024 }, { unit: '住建局' }, { community: '民悦社区', kind: 'tangible' as const }, { category: '照明' }];

/** A county of a few needs, each with a life of its own. */
const county = fc
  .array(fc.array(fc.nat(9_999), { minLength: 1, maxLength: 45, size: 'max' }), { minLength: 1, maxLength: 12, size: 'max' })
  .map((picks) => picks.map(lifeOf));

/** As the model by key keeps them. */
const factsIn = (lives: Lives): readonly Fact[] =>
  lives.flatMap((records) => {
    const times = records.reduce<NeedTimes | null>(foldNeedTimes, null);
    return times === null ? [] : factsOf(times).map((fact) => factIn(partOf(fact)));
  });

const seen = { late: 0, reopened: 0, paused: 0, rejected: 0, went: 0, movedOn: 0 };
const note = (facts: readonly Fact[]): void => {
  for (const fact of facts) {
    seen.late += Number(fact.of === 'stage' && fact.late === 1);
    seen.movedOn += Number(fact.of === 'stage' && fact.late === 1 && fact.due > fact.at);
    seen.reopened += Number(fact.state === 'reopened');
    seen.paused += Number(fact.of === 'stage' && fact.pausedMinutes > 0);
    seen.rejected += Number(fact.of === 'closing' && fact.end === 'rejected');
    seen.went += Number(fact.state === 'went-back');
  }
};

it('every figure is what a count apart from it finds in the records of any county', () => {
  fc.assert(
    fc.property(county, fc.nat(2), fc.nat(5), fc.nat(4), (lives, n, group, which) => {
      const [facts, now, by, filter] = [factsIn(lives), NOWS[n] ?? '', GROUPS[group] ?? 'unit', FILTERS[which] ?? {}];
      note(facts);
      const asked = facts.filter((fact) => isAskedFor(fact, filter));
      const rates = new RatesCount(by, now);
      for (const fact of asked) if (fact.of !== 'need') rates.add(fact);
      deepEqual(rates.answer(), recountRates(lives, by, filter, now));

      const timed = by === 'category' || by === 'kind' || by === 'year' ? 'stage' : by;
      for (const [from, to] of [[], ['2024-03-01', '2024-07-31']]) {
        const query = timelinessQuery.parse({ by: timed, from, to });
        const tally = new Tally(query, now);
        for (const fact of facts) if (fact.of !== 'closing') tally.add(fact);
        const between = query.from === undefined || query.to === undefined ? null : ([query.from, query.to] as const);
        deepEqual({ by: timed, rows: tally.rows() }, recountTimeliness(lives, timed, now, between));
      }

      if (by === 'month') return;
      const spans = new Spans(by);
      for (const fact of asked) if (fact.of !== 'closing') spans.add(fact);
      deepEqual(spans.answer(), recountDurations(lives, by, filter));
    }),
    { numRuns: 150, seed: 20_240_701 },
  );
  expect(Object.entries(seen).filter(([, count]) => count < 20)).toEqual([]);
}, 120_000);
