import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { AGGREGATES } from '@qiyue/aggregates';
import { judgeRuns } from '@qiyue/audit';
import { knownRulesOf, workflowTypeOf } from '@qiyue/engine';
import type { AnyDecider } from '@qiyue/engine-runtime';
import { quietTemporal } from '@qiyue/platform';
import { bundleOfAggregates } from '@qiyue/testkit';
import { recordingIn, recordingsIn, rulesRecordedIn } from './recordings';

jest.setTimeout(120_000); // a replay takes what the machine lets it

const KINDS = AGGREGATES.map(({ decider }) => [decider.aggregate, decider] as const);

describe('recorded histories of every kind of entity', () => {
  let [today, silenced]: (WorkflowBundleOption | undefined)[] = [];
  beforeAll(async () => {
    await quietTemporal();
    today = await bundleOfAggregates(AGGREGATES, { isObserved: true });
    silenced = await bundleOfAggregates(AGGREGATES, { isObserved: true, engine: require.resolve('./silenced-engine') });
  }, 120_000);

  const judge = async (bundle: WorkflowBundleOption | undefined, decider: AnyDecider): Promise<Readonly<Record<string, string>>> => {
    if (bundle === undefined) throw new Error('there is no bundle');
    const { aggregate } = decider;
    const kinds: Record<string, string> = {};
    const runs = recordingsIn(aggregate).map((name) => recordingIn(aggregate, name, workflowTypeOf(aggregate)));
    for await (const { entity, kind } of judgeRuns(bundle, decider, runs)) kinds[entity] = kind;
    return kinds;
  };
  const all = (aggregate: string, kind: unknown) => Object.fromEntries(recordingsIn(aggregate).map((name) => [name, kind]));

  it.each(KINDS)('of a %s are there for each version of its rules: if not, npm run record-histories', (aggregate, decider) => {
    const versions = Array.from({ length: knownRulesOf(decider) }, (_, i) => i + 1);
    expect([aggregate, rulesRecordedIn(aggregate)]).toEqual([aggregate, versions]);
    expect(recordingsIn(aggregate)).not.toEqual([]);
  });

  it.each(KINDS)('of a %s come to the same by the code of today, to the hash of each record', async (aggregate, decider) => {
    expect(await judge(today, decider)).toEqual(all(aggregate, 'same'));
  });

  it.each(KINDS)('of a %s make a change show that is not declared', async (_, decider) => {
    expect(Object.values(await judge(silenced, decider))).toContain('diverged');
  });
});
