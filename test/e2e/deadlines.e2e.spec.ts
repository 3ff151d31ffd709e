import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_DOCUMENT, type PolicyDocument } from '@qiyue/civic-domain';
import { BUREAU, PEOPLE, eventually, startSystem, type Body, type System } from '@qiyue/testkit';
import { Steps } from './steps';

const SECOND = 1 / 3600;
const LATE_MAX_MS = 2_000;
const { community, department, supervisor } = PEOPLE;
const centre = { actor: 'centre-1', role: 'centre', unit: '服务中心' };

/** A policy for the impatient: an emergency is claimed and funded within four seconds, on the machine's own clock. */
const POLICY: PolicyDocument = {
  ...DEFAULT_POLICY_DOCUMENT,
  version: 'seconds-1',
  deadlines: [
    { stage: 'submitted', urgency: 'emergency', within: { hours: 4 * SECOND }, basis: 'test' },
    { stage: 'claimed', urgency: 'emergency', within: { hours: 4 * SECOND }, basis: 'test' },
    ...DEFAULT_POLICY_DOCUMENT.deadlines.filter(({ urgency }) => urgency !== 'emergency'),
  ],
  ladder: DEFAULT_POLICY_DOCUMENT.ladder.map((rung) => ({ ...rung, afterHours: rung.level * 2 * SECOND })),
  whistle: { answer: { hours: 2 * SECOND }, wider: { hours: 2 * SECOND } },
};

const typesOf = (events: readonly Body[]): readonly string[] =>
  events.map(({ type, data }) => {
    const { level, reach } = data as { readonly level?: number; readonly reach?: string };
    return [type, level ?? reach].filter((part) => part !== undefined).join(' ');
  });

describe('deadlines on a running system and its own clock', () => {
  let system: System;
  let steps: Steps;
  const folder = mkdtempSync(join(tmpdir(), 'qiyue-policy-'));
  beforeAll(async () => {
    const file = join(folder, 'policy.json');
    writeFileSync(file, JSON.stringify(POLICY));
    system = await startSystem({ settings: { QIYUE_POLICY_FILE: file } });
    steps = new Steps(system);
  }, 120_000);
  afterAll(async () => {
    await system?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const historyWith = (needId: string, last: string): Promise<readonly Body[]> =>
    eventually(
      last,
      async () => {
        const events = await steps.historyOf(needId);
        return typesOf(events).includes(last) && events;
      },
      30_000,
    );

  it('climbs the ladder of a claim that nobody makes, each step once and in time, and tells those who have to know', async () => {
    const needId = await steps.submit({ urgency: 'emergency' });
    const events = await historyWith(needId, 'Escalated 4');
    expect(typesOf(events).slice().sort()).toEqual(
      [
        'NeedSubmitted',
        'DeadlineApproaching',
        'DeadlineMissed',
        'WhistleBlown all',
        'WhistleBlown centre',
        ...[1, 2, 3, 4].map((level) => `Escalated ${level}`),
      ].sort(),
    );
    const published = (await system.kafka.readAll('qiyue.need.events')).filter(({ key }) => key === needId);
    const lateMs = published.map(({ value, timestampMs }) => timestampMs - Date.parse((JSON.parse(value ?? '') as { readonly time: string }).time));
    expect(published.length).toBeGreaterThanOrEqual(events.length - 1); // the last may be on its way
    expect([Math.min(...lateMs) >= 0, Math.max(...lateMs) <= LATE_MAX_MS]).toEqual([true, true]);
    const inbox = await eventually('the notices of the supervisor', async () => {
      const { body } = await system.get('/v1/inbox', supervisor);
      const items = (body['items'] as readonly Body[]).filter((item) => item['needId'] === needId);
      return items.length >= 2 && items;
    });
    expect(inbox.map(({ type }) => type).sort()).toEqual(['Escalated', 'Escalated']);
    const { body } = await system.get(`/v1/needs?overdue=true`, supervisor);
    expect((body['items'] as readonly Body[]).map((item) => [item['needId'], item['light']])).toContainEqual([needId, 'red']);
  }, 60_000);

  it('stands still while it is paused, goes on when it is resumed, and is extended once', async () => {
    const needId = await steps.submit({ urgency: 'emergency' });
    await steps.does(department, needId, 'claim', { unit: BUREAU, plan: 'p' });
    await steps.does(community, needId, 'pause', { waitingFor: 'the owners' });
    await eventually('longer than the deadline', async () => {
      const { body } = await system.get(`/v1/needs/${needId}`, supervisor);
      return Date.parse(String(body['dueAt'])) + 1_000 < Date.now();
    });
    expect(typesOf(await steps.historyOf(needId)).at(-1)).toBe('ClockPaused');
    await steps.does(community, needId, 'resume', {});
    await steps.does(department, needId, 'request-extension', { workingDays: 5, reason: 'r' });
    const again = await system.post(`/v1/needs/${needId}/request-extension`, department, { workingDays: 5, reason: 'r' });
    expect([again.status, again.body['code']]).toEqual([409, 'already-extended']);
    const granted = await steps.does(centre, needId, 'grant', {});
    const { seq } = granted;
    const view = await steps.seen(needId, Number(seq));
    expect(Date.parse(String(view['dueAt']))).toBeGreaterThan(Date.now() + 3 * 24 * 3_600_000);
    const byPeople = (await steps.historyOf(needId)).filter(({ actor }) => (actor as { readonly id: string }).id !== 'clock');
    expect(typesOf(byPeople).slice(-3)).toEqual(['ClockResumed', 'ExtensionRequested', 'ExtensionGranted']);
  }, 60_000);
});
