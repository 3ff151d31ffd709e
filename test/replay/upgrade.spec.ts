import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { judgeRuns, type Verdict } from '@qiyue/audit';
import { quietTemporal } from '@qiyue/platform';
import { anyDecider } from '@qiyue/engine-runtime';
import { bundleOf } from '@qiyue/testkit';
import * as deciders from './planted-deciders';
import { RECORDINGS, recordingOf } from './recordings';

jest.setTimeout(120_000); // a replay takes what the machine lets it

type Change = keyof typeof deciders;

describe('the gate before a release is let in', () => {
  let bundle: WorkflowBundleOption;
  beforeAll(async () => {
    await quietTemporal();
    bundle = await bundleOf(require.resolve('./planted'));
  }, 120_000);

  const judge = async (change: Change, names = RECORDINGS): Promise<Readonly<Record<string, string>>> => {
    const runs = names.map((name) => recordingOf(name, change));
    const verdicts: [string, string][] = [];
    for await (const verdict of judgeRuns(bundle, anyDecider(deciders[change]), runs)) verdicts.push([verdict.entity, shown(verdict)]);
    return Object.fromEntries(verdicts);
  };

  it.each(['today', 'declared'] as const)('lets the code of %s in', async (change) => {
    expect(await judge(change)).toEqual(Object.fromEntries(RECORDINGS.map((name) => [name, 'same'])));
  });

  it.each<[what: string, change: Change, where: Readonly<Record<string, string>>]>([
    [
      'refuses what was accepted',
      'claimRefused',
      {
        'done-again.v1': 'seq 2: other-outcome',
        'done-again.v2': 'seq 2: other-outcome',
        'flushed-between.v2': 'seq 2: other-outcome',
        'late.v2': 'seq 7: other-outcome',
      },
    ],
    [
      'accepts what was refused',
      'secondClaimAccepted',
      { 'done-again.v1': 'seq 3: other-outcome', 'done-again.v2': 'seq 3: other-outcome', 'flushed-between.v2': 'seq 3: other-outcome' },
    ],
    [
      'gives an event an optional field',
      'eventGainsField',
      {
        'done-again.v1': 'seq 2: other-hash',
        'done-again.v2': 'seq 2: other-hash',
        'flushed-between.v2': 'seq 2: other-hash',
        'late.v2': 'seq 7: other-hash',
      },
    ],
    [
      'folds an event to something else',
      'otherLead',
      {
        'continued-as-new.v2': 'seq 7: other-state',
        'done-again.v1': 'seq 3: other-outcome',
        'done-again.v2': 'seq 3: other-state lead',
        'flushed-between.v2': 'seq 3: other-state lead',
        'late.v2': 'seq 8: other-state lead',
      },
    ],
    ['decides by a field that a carried state does not have', 'stateGainsField', { 'continued-as-new.v2': 'seq 6: other-outcome' }],
    [
      'moves a reminder',
      'reminderLater',
      {
        'continued-as-new.v2': 'seq 5: other-deadline',
        'done-again.v1': 'seq 18: other-deadline',
        'done-again.v2': 'same',
        'flushed-between.v2': 'seq 2: other-deadline',
        'late.v1': 'seq 2: other-hash',
        'late.v2': 'seq 2: other-hash',
      },
    ],
  ])('does not let code in that %s without saying so', async (_what, change, where) => {
    expect(await judge(change)).toEqual({ ...Object.fromEntries(RECORDINGS.map((name) => [name, 'same'])), ...where });
  });

  it('holds what a run carries against its records, also when nothing was decided by it yet', async () => {
    const { 'continued-as-new.v2': verdict } = await judge('stateIsCounted', ['continued-as-new.v2']);
    expect(verdict).toBe('seq 7: other-state');
  });

  it('says of a history that does not fit the code where it went wrong, and at least that it sticks', async () => {
    const { 'withdrawn.v2': verdict } = await judge('noEnd', ['withdrawn.v2']);
    expect(verdict).toBe('DeterminismViolationError');
  });
});

const shown = (verdict: Verdict): string => {
  switch (verdict.kind) {
    case 'same':
      return 'same';
    case 'diverged':
      return [`seq ${verdict.seq}: ${verdict.why}`, ...(verdict.fields ?? [])].join(' ');
    case 'stuck':
      return verdict.why;
  }
};
