import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const QIYUE = resolve(__dirname, '../../apps/cli/bin/qiyue.mjs');
const BOUND_MS = 180_000;

interface Report {
  readonly stage: string;
  readonly steps: readonly {
    readonly seq: number;
    readonly type: string;
    readonly stage: string | null;
    readonly level: number | null;
    readonly at: string;
  }[];
  readonly told: readonly { readonly seq: number; readonly type: string; readonly inboxes: readonly string[]; readonly groups: readonly string[] }[];
  readonly inboxNotices: number;
  readonly groupNotices: number;
  readonly groupMessages: number;
}

let folder: string;
let report: Report;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qiyue-slip-'));
  const env = { ...process.env, QIYUE_DATA_DIR: folder };
  const { stdout } = await promisify(execFile)(process.execPath, [QIYUE, 'demo', '--slip', '--json', '--lang', 'en'], { env });
  report = JSON.parse(stdout) as Report;
}, BOUND_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the rehearsal shows every step of both ladders once and in order, and ends well', () => {
  // a machine under load may take so long between two commands that another stage's reminder comes
  const slipped = report.steps.filter(({ stage }) => stage === 'submitted' || stage === 'funded');
  const steps = slipped.map(({ type, stage, level }) => `${type} ${level ?? ''} ${stage ?? ''}`.replace(/ +/g, ' ').trim());
  const ladder = (stage: string): readonly string[] => [
    `DeadlineApproaching ${stage}`,
    `DeadlineMissed ${stage}`,
    ...[1, 2, 3, 4].map((level) => `Escalated ${level} ${stage}`),
  ];
  expect(steps).toEqual([...ladder('submitted'), ...ladder('funded')]);
  expect(report.steps.filter(({ type }) => type === 'WhistleBlown')).toHaveLength(2); // to all departments, then to the centre
  expect(report.stage).toBe('evaluated');
});

it('and whom each of them told, in their inbox and in their group chats', () => {
  const told = (type: string, nth: number) => report.told.filter((entry) => entry.type === type)[nth];
  expect(told('Escalated', 0)?.inboxes).toEqual(['author', 'community', 'housing department', 'water department']);
  expect(told('Escalated', 3)?.inboxes).toEqual(['author', 'supervisor']);
  expect([...(told('Escalated', 3)?.groups ?? [])].sort()).toEqual(['county', 'supervisor']);
  expect(told('DeadlineMissed', 1)?.inboxes).toEqual(['author', 'community', 'housing department']);
  const silent = report.told.filter(({ inboxes }) => inboxes.length === 0).map(({ type }) => type);
  expect(silent).toEqual(['ResidentEvaluated', 'CommunityEvaluated']);
  expect(report.groupMessages).toBeLessThanOrEqual(report.groupNotices);
  expect(report.groupMessages).toBeGreaterThan(0);
});
