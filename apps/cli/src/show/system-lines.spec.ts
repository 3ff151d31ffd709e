import { expect, it } from '@jest/globals';
import { troubleNumbers, type DeadlineReadiness, type SystemSnapshot } from '@qiyue/edge';
import { systemLines } from './system-lines';

const PARTS = ['relay', 'consumers', 'evidence', 'incidentCounts', 'processes', 'deadLetters'];
const SNAPSHOT = {
  ...Object.fromEntries(PARTS.map((part) => [part, null])),
  undelivered: { refused: { dingtalk: 1 }, hanging: { wecom: 2 } },
} as unknown as SystemSnapshot;
const linesWith = (coverage: DeadlineReadiness['coverage'] | null): readonly string[] =>
  systemLines(
    {
      snapshot: SNAPSHOT,
      troubles: troubleNumbers(SNAPSHOT, { checkpointMinutes: 60 }),
      deadlines: coverage && { calendar: 'cn-2024-2026', coveredTo: '2026-12-31', coverage, policy: 'default-1' },
    },
    'en',
  );

it('names notices that did not go out, with the command that lists them', () => {
  const troubles = linesWith(null).filter((line) => line.startsWith('TROUBLE'));
  expect(troubles).toEqual([
    expect.stringMatching(/notice-refused: 1 .*: dingtalk; npx qiyue notices --state refused$/),
    expect.stringMatching(/notice-hanging: 2 .*: wecom; npx qiyue notices --state hanging$/),
  ]);
});

it('warns of a calendar that ends, with its day and the command that brings another', () => {
  const warnings = (coverage: DeadlineReadiness['coverage'] | null) => linesWith(coverage).filter((line) => line.startsWith('WARNING'));
  expect([warnings(null), warnings('good')]).toEqual([[], []]);
  expect(warnings('ends-within-60-days')).toEqual([expect.stringMatching(/cn-2024-2026 ends on 2026-12-31.*npx qiyue calendar import <file>$/)]);
  expect(warnings('uncovered')).toEqual([expect.stringContaining('ended on 2026-12-31')]);
});
