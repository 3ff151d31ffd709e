import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { clashesOf } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { compilePolicy, DEFAULT_POLICY_DOCUMENT } from '@qiyue/civic-domain';
import { CLOCK_ACTOR, GENESIS_HASH, sealRecord, type Actor, type RecordBody } from '@qiyue/engine';
import { specFor } from '@qiyue/engine-testing';
import { aggregate } from './lift-inspection.aggregate';
import { liftInspectionDecider, PERMISSIONS, type LiftCommand, type LiftEvent, type LiftState } from './lift-inspection.domain';
import { foldLift, type LiftView } from './lift-inspection.views';

const ROOT = resolve(__dirname, '../..');
const NOW = '2025-03-03T09:30:00.000+08:00';
const tables = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
const given = specFor(liftInspectionDecider, { now: NOW, tables });

const property: Actor = { id: 'property-1', role: 'property', unit: '幸福物业' };
const department: Actor = { id: 'department-1', role: 'department', unit: '市监局' };
const centre: Actor = { id: 'centre-1', role: 'centre', unit: null };
const visit = { lift: '1号楼1梯', unit: '市监局', phone: '13912345678' };

const decided = (command: LiftCommand, actor: Actor, now = NOW, state: LiftState = { stage: 'unborn' }): readonly LiftEvent[] => {
  const decision = liftInspectionDecider.decide(command, state, { now, actor, entity: 'e', commandId: 'c', tables, rules: 1 });
  if (!decision.ok) throw new Error(decision.refusal.code);
  return decision.events;
};
const [scheduled] = decided({ type: 'schedule', data: visit }, property) as readonly [LiftEvent];
const failed: LiftEvent = { type: 'LiftInspected', data: { passed: false } };
const passed: LiftEvent = { type: 'LiftInspected', data: { passed: true } };
const repaired: LiftEvent = { type: 'LiftRepaired', data: { note: '已更换' } };
const closed: LiftEvent = { type: 'InspectionClosed', data: {} };

describe('the inspection of a lift', () => {
  it('answers every command in every stage as this table says', () => {
    const pasts: readonly (readonly LiftEvent[])[] = [[], [scheduled], [scheduled, passed], [scheduled, failed], [scheduled, failed, repaired]];
    const commands: readonly (readonly [LiftCommand, Actor])[] = [
      [{ type: 'schedule', data: visit }, property],
      [{ type: 'inspect', data: { passed: true } }, department],
      [{ type: 'repair', data: { note: '已更换' } }, property],
      [{ type: 'close', data: {} }, centre],
    ];
    const answerTo = (past: readonly LiftEvent[], [command, actor]: readonly [LiftCommand, Actor]): string => {
      const state = past.reduce<LiftState>(
        (folded, event) => liftInspectionDecider.evolve(folded, event, { rules: 1 }),
        liftInspectionDecider.initial,
      );
      const decision = liftInspectionDecider.decide(command, state, { now: NOW, actor, entity: 'e', commandId: 'c', tables, rules: 1 });
      return decision.ok ? String(decision.events[0]?.type) : decision.refusal.code;
    };
    const table = [...pasts, [scheduled, passed, closed]].map((past) => commands.map((given) => answerTo(past, given)).join(' | '));
    expect(table).toEqual([
      'InspectionScheduled | wrong-stage | wrong-stage | wrong-stage',
      'wrong-stage | LiftInspected | wrong-stage | wrong-stage',
      'wrong-stage | wrong-stage | nothing-to-repair | InspectionClosed',
      'wrong-stage | wrong-stage | LiftRepaired | not-safe',
      'wrong-stage | wrong-stage | wrong-stage | InspectionClosed',
      'wrong-stage | wrong-stage | wrong-stage | wrong-stage',
    ]);
  });

  it('is each role’s own part: the property schedules and repairs, the department inspects, the centre closes', () => {
    for (const [type, roles] of Object.entries(PERMISSIONS))
      for (const role of ['resident', 'property', 'department', 'centre', 'supervisor', 'toString'].filter((name) => !Object.hasOwn(roles, name)))
        given(scheduled)
          .when({ type, data: {} } as LiftCommand, { actor: { ...property, role } })
          .thenRefused('not-permitted', { command: type, role });
    given(scheduled)
      .when({ type: 'inspect', data: { passed: true } }, { actor: { ...department, unit: '住建局' } })
      .thenRefused('not-permitted');
    given(scheduled, failed)
      .when({ type: 'repair', data: { note: 'n' } }, { actor: { ...property, id: 'property-2' } })
      .thenRefused('not-permitted');
  });

  it('has ten working days, a reminder and a ladder of its own, each step once', () => {
    let state = liftInspectionDecider.evolve({ stage: 'unborn' }, scheduled, { rules: 1 });
    const steps: string[] = [];
    for (let due = liftInspectionDecider.due(state, { rules: 1 }); due !== null; due = liftInspectionDecider.due(state, { rules: 1 })) {
      const [event] = decided(due.command, CLOCK_ACTOR, due.at, state) as readonly [LiftEvent];
      steps.push(`${event.type} ${due.at.slice(0, 16)}`);
      state = liftInspectionDecider.evolve(state, event, { rules: 1 });
    }
    expect(steps).toEqual([
      'DeadlineApproaching 2025-03-13T08:00',
      'DeadlineMissed 2025-03-17T18:00',
      'Escalated 2025-03-18T08:00',
      'Escalated 2025-03-24T08:00',
    ]);
  });

  it('moves with the calendar, and is silent where that changes nothing', () => {
    const holiday = { ...tables, calendar: { ...compileTable(CHINA_2024_2026), version: 'c-2' } };
    given(scheduled)
      .when({ type: 'retime', data: {} }, { actor: { ...CLOCK_ACTOR, id: 'retime' } })
      .thenNothing();
    given(scheduled).when({ type: 'retime', data: {} }, { actor: CLOCK_ACTOR, tables: holiday }).thenNothing();
    given(scheduled, passed).when({ type: 'retime', data: {} }, { actor: CLOCK_ACTOR }).thenNothing();
  });

  it('shows nobody a field that no row names', () => {
    const sight = (path: string, within: string | null = null) => aggregate.access.leastSightOf(path, within);
    expect([sight('lift'), sight('note'), sight('phone'), sight('clock.steps[].at')]).toEqual(['public', 'personal', 'contact', 'public']);
    expect([sight('planted'), sight('clock.planted'), sight('author.phone'), sight('phone', 'LiftInspected')]).toEqual([null, null, null, null]);
  });

  it('folds to one document, and refuses a record that cannot be the next', () => {
    const bodies = [scheduled, failed, repaired, closed].reduce<readonly RecordBody[]>((before, { type, data }, i) => {
      const prevHash = before.length === 0 ? GENESIS_HASH : sealRecord(before.at(-1) as RecordBody).hash;
      const body = {
        v: 1,
        aggregate: 'lift-inspection',
        entity: 'e',
        seq: i + 1,
        type,
        time: NOW,
        actor: property,
        commandId: `c${i}`,
        data,
        prevHash,
      };
      return [...before, body as RecordBody];
    }, []);
    const view = bodies.reduce<LiftView | null>((folded, body) => foldLift(folded, body, sealRecord(body).hash), null);
    expect(view).toMatchObject({ seq: 4, stage: 'closed', passed: false, note: '已更换', dueAt: null, clock: null });
    expect(() => foldLift(null, bodies[1] as RecordBody, 'h')).toThrow('corrupt stream e: expected seq 1, got 2');
  });
});

describe('a kind of entity beside those of the repository', () => {
  const git = (...args: readonly string[]): readonly string[] => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  const NAMED = 'lift-inspection|liftInspection|LiftInspection';

  it('is named outside of its folder in one line: that of the list which tests run with', () => {
    const lines = git('grep', '-inE', NAMED, '--', '.', ':!test/lift-inspection');
    expect(lines).toEqual([expect.stringMatching(/^libs\/testkit\/src\/system\/more-aggregates\.ts:\d+:/)]);
  });

  it('is called like none of them, and says how many lines it takes', () => {
    expect(clashesOf([...AGGREGATES, aggregate])).toEqual([]);
    const parts = ['domain', 'contracts', 'views', 'aggregate'].map((part) => [part, linesOf(`lift-inspection.${part}.ts`)] as const);
    const sum = parts.reduce((total, [, lines]) => total + lines, 0);
    console.info(`a whole aggregate in ${sum} lines: ${parts.map(([part, lines]) => `${part} ${lines}`).join(', ')}`);
    expect(sum).toBeLessThan(600);
  });

  const linesOf = (file: string): number => readFileSync(join(__dirname, file), 'utf8').split('\n').length - 1;
});
