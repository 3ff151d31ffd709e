import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const QIYUE = resolve(__dirname, '../../apps/cli/bin/qiyue.mjs');
const BOUND_MS = 300_000;
const NEEDS = 16;

interface Report {
  readonly needs: number;
  readonly evaluated: number;
  readonly pledges: { readonly tangible: number; readonly service: number; readonly fulfilled: number };
  readonly budgets: Readonly<Record<'grantedFen' | 'reservedFen' | 'committedFen' | 'availableFen', number>>;
  readonly decisions: readonly { readonly decisionId: string; readonly outcome: string; readonly tally: object }[];
  readonly moneyOk: boolean;
}

let folder: string;
let report: Report;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qiyue-county-'));
  const env = { ...process.env, QIYUE_DATA_DIR: folder };
  const { stdout } = await promisify(execFile)(process.execPath, [QIYUE, 'demo', '--county', '--needs', String(NEEDS), '--json'], { env });
  report = JSON.parse(stdout) as Report;
}, BOUND_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a county’s year, of a few needs, ends with all of them on the lists and evaluated', () => {
  expect(report).toMatchObject({ needs: NEEDS, evaluated: NEEDS, pledges: { tangible: 8, service: 4 } });
  expect(report.pledges.fulfilled).toBeGreaterThan(0);
});

it('and its owners’ decision passed, whose tally says by how many', () => {
  expect(report.decisions).toEqual([
    expect.objectContaining({ outcome: 'passed', tally: expect.objectContaining({ totalHeads: 12, partHeads: 12, agreeHeads: 12 }) }),
  ]);
});

it('and its money adds up to the fen: of what was granted, what is spent and what is left', () => {
  const { grantedFen, reservedFen, committedFen, availableFen } = report.budgets;
  expect([report.moneyOk, reservedFen, committedFen + availableFen]).toEqual([true, 0, grantedFen]);
  expect(committedFen).toBeGreaterThan(0);
});
