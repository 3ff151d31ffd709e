import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_DOCUMENT, type PolicyDocument } from '@qiyue/civic-domain';
import { BUREAU, eventually, PEOPLE, startSystem, type Body, type System, type Who } from '@qiyue/testkit';
import ICAL from 'ical.js';
import { Steps } from './steps';

const SECOND = 1 / 3600;
const { community, department, resident, supervisor } = PEOPLE;

/** A policy for the impatient: an emergency is claimed and funded within seconds, and each rung comes seconds later. */
const POLICY: PolicyDocument = {
  ...DEFAULT_POLICY_DOCUMENT,
  version: 'told-1',
  deadlines: [
    { stage: 'submitted', urgency: 'emergency', within: { hours: 60 * SECOND }, basis: 'test' },
    { stage: 'claimed', urgency: 'emergency', within: { hours: 2 * SECOND }, basis: 'test' },
    ...DEFAULT_POLICY_DOCUMENT.deadlines.filter(({ urgency }) => urgency !== 'emergency'),
  ],
  ladder: DEFAULT_POLICY_DOCUMENT.ladder.map((rung) => ({ ...rung, afterHours: rung.level * SECOND })),
};

describe('who is told, on a running system', () => {
  let system: System;
  let steps: Steps;
  let late: string;
  const folder = mkdtempSync(join(tmpdir(), 'qiyue-told-'));
  beforeAll(async () => {
    const file = join(folder, 'policy.json');
    writeFileSync(file, JSON.stringify(POLICY));
    system = await startSystem({ settings: { QIYUE_POLICY_FILE: file } });
    steps = new Steps(system);
    late = await steps.submit({ urgency: 'emergency' });
    await steps.claim(late); // and then nothing
  }, 150_000);
  afterAll(async () => {
    await system?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const inboxOf = async (who: Who): Promise<readonly Body[]> =>
    ((await system.get('/v1/inbox?limit=100', who)).body['items'] as readonly Body[]).filter(({ needId }) => needId === late);

  it('my need is late: do I hear of it?', async () => {
    const heard = await eventually(
      'the last rung',
      async () => {
        const items = (await inboxOf(resident)).filter(({ type }) => type === 'Escalated');
        return items.length === 4 && items;
      },
      60_000,
    );
    const titles = heard.map(({ title }) => String(title)).reverse();
    expect(titles[0]).toMatch(new RegExp(`^已超期，已催办${BUREAU}：`));
    for (const { text, asks } of heard) {
      expect(String(text)).toMatch(/^编号 \d{6}-\w{6}-\w\n.*超期/);
      expect(asks).toBeNull();
    }
    expect((await inboxOf(resident)).map(({ type }) => type)).toEqual(expect.arrayContaining(['NeedClaimed', 'DeadlineMissed']));
  }, 90_000);

  it('where does the link lead? To a page that I may open', async () => {
    const [{ text }] = (await inboxOf(resident)) as [Body];
    const page = await fetch(`${system.base}${String(text).split('\n').at(-1)}`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain(BUREAU);
  });

  it('who was told that this was late, when, and did they read it?', async () => {
    const [missed] = (await inboxOf(department)).filter(({ type }) => type === 'DeadlineMissed');
    await system.post(`/v1/inbox/${encodeURIComponent(String(missed?.['noticeId']))}/read`, department, {});
    const { body } = await system.get(`/v1/needs/${late}/ladder`, supervisor);
    const deadline = (body['deadlines'] as readonly Body[]).find(({ stage }) => stage === 'claimed') as Body;
    const told = (deadline['steps'] as readonly Body[]).map((step) => [
      [step['kind'], step['level']].join(' '),
      (step['told'] as readonly Body[])
        .filter(({ channel }) => channel === 'inbox')
        .map(({ to }) => ((to as Body)['as'] === 'post' ? (to as Body)['role'] : (to as Body)['as'])),
    ]);
    expect(Object.fromEntries(told)).toMatchObject({
      'missed 0': expect.arrayContaining(['department', 'community', 'author']),
      'escalated 1': expect.arrayContaining(['department', 'community', 'author']),
      'escalated 3': expect.arrayContaining(['supervisor', 'author']),
    });
    const read = (deadline['steps'] as readonly Body[]).flatMap((step) => step['told'] as readonly Body[]).filter(({ readAt }) => readAt !== null);
    expect(read).toMatchObject([{ to: { as: 'post', role: 'department', unit: BUREAU }, type: 'DeadlineMissed', delivery: 'sent', readers: 1 }]);
    expect((await system.get(`/v1/needs/${late}/ladder`, resident)).status).toBe(403);
    expect((await system.get(`/v1/notices?needId=${late}`, community)).status).toBe(200);
  });

  it('subscribe my calendar', async () => {
    const { status, body } = await system.post('/v1/calendar-feeds', department, {});
    expect(status).toBe(201);
    const at = new URL(String(body['url']));
    const text = await (await fetch(`${system.base}${at.pathname}`)).text();
    const events = new ICAL.Component(ICAL.parse(text) as unknown[] as never).getAllSubcomponents('vevent').map((event) => new ICAL.Event(event).uid);
    expect(events).toContain(`${late}-claimed-1@qiyue`);
  });
});
