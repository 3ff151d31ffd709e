import { describe, expect, it } from '@jest/globals';
import { AGGREGATES } from '@qiyue/aggregates';
import { AggregateRoutes } from './aggregate-routes';
import { costsBy } from './request-cost';

const costOf = costsBy(new AggregateRoutes(AGGREGATES));

const cost = (method: string, path: string, query: object = {}) => costOf({ method, baseUrl: '/v1', path, query: query as never });

describe('what a request costs', () => {
  it('is much for a search for words and for statistics, which look at every need', () => {
    const heavy = [cost('GET', '/needs', { q: 'x' }), cost('GET', '/stats/counts'), cost('GET', '/STATS/timeliness/'), cost('GET', '/deadlines.ics')];
    expect(heavy.map(({ isHeavy, points }) => isHeavy && points >= 10)).toEqual([true, true, true, true]);
  });

  it('is much for a paper, which is set in this process', () => {
    const papers = [cost('GET', '/contracts/c/papers/contract'), cost('GET', '/DECISIONS/d/Papers/notice')];
    expect(papers).toEqual(Array(2).fill({ points: 10, isHeavy: true }));
  });

  it('is one for what reads or writes one thing', () => {
    const plain = [cost('GET', '/needs'), cost('GET', '/needs/n'), cost('POST', '/needs'), cost('POST', '/needs/n/claim'), cost('GET', '/inbox')];
    expect(plain).toEqual(Array(5).fill({ points: 1, isHeavy: false }));
  });

  it('is as much for a question that looks at many entities, of which more than a few may run', () => {
    expect(cost('GET', '/needs/n/SIMILAR')).toEqual({ points: 10, isHeavy: false });
    expect(cost('GET', '/needs/n/matches')).toEqual({ points: 1, isHeavy: false });
  });

  it('is more than one for what reads a whole history or waits', () => {
    const more = [cost('GET', '/needs/n/history'), cost('GET', '/needs/n', { minSeq: '9' }), cost('GET', '/audit/facts'), cost('GET', '/events')];
    expect(more.every(({ points, isHeavy }) => points > 1 && !isHeavy)).toBe(true);
  });
});
