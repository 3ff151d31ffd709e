import { expect, it } from '@jest/globals';
import type { AnyAggregate } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { insistOnFreePaths } from './free-paths';

it('no aggregate has a path of the surfaces that are there without any', () => {
  expect(() => insistOnFreePaths(AGGREGATES)).not.toThrow();
  const kind = (path: string, query: string) => ({ decider: { aggregate: 'loan' }, path, queries: [{ path: query }] }) as unknown as AnyAggregate;
  expect(() => insistOnFreePaths([kind('loans', 'stats/loans')])).not.toThrow();
  expect(() => insistOnFreePaths([kind('events', 'audit/facts')])).toThrow(
    ['loan has the path events, which is taken', 'loan has the path audit/facts, which is taken']
      .map((line) => `  QIYUE_MORE_AGGREGATES: ${line}`)
      .join('\n'),
  );
});
