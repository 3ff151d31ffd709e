import { beforeAll, expect, it } from '@jest/globals';
import { canonicalJson, sha256Hex } from '@qiyue/engine';
import type { FeedEvent } from '@qiyue/client';
import { BUREAU, HOME, PEOPLE, type Body, type System } from '@qiyue/testkit';
import { Steps } from './steps';

const { resident, neighbour, community, department, otherDepartment, supervisor } = PEOPLE;

export const needLife = (running: () => System): void => {
  let system: System;
  let steps: Steps;
  beforeAll(() => {
    system = running();
    steps = new Steps(system);
  });

  it('goes through the five stages over both channels, and every page tells the same story', async () => {
    const needId = await steps.submit({ title: '太阳能路灯二十盏' });
    await steps.does(community, needId, 'inspect', { notes: '现场核实，情况属实' });
    const claimed = await steps.overKafka(department, needId, 'claim', { unit: BUREAU, plan: '两周内完工', helpers: ['民政局'] });
    expect(claimed).toMatchObject({ state: 'accepted', needId, seq: 3 });
    const late = await system.post(`/v1/needs/${needId}/claim`, otherDepartment, { unit: otherDepartment.unit, plan: '我们也来' });
    expect([late.status, late.body['code']]).toEqual([409, 'wrong-stage']);
    await steps.overKafka(department, needId, 'fund', { amountFen: 3_000_000, source: 'department', reference: '2024-07' });
    await steps.does(department, needId, 'start', {});
    await steps.overKafka(department, needId, 'progress', { note: '材料到场' });
    await steps.overKafka(department, needId, 'complete', { evidence: [{ kind: 'photo', url: 'https://files.example.org/1.jpg' }] });
    await steps.does(community, needId, 'accept', {});
    expect(await steps.evaluate(needId, true)).toEqual({ needId, seq: 11, stage: 'evaluated', status: 'open-to-reopen' });

    const view = await steps.seen(needId, 11);
    expect(view).toMatchObject({ needId, seq: 11, stage: 'evaluated', unit: BUREAU, community: HOME, funding: [{ amountFen: 3_000_000 }] });
    const events = await steps.historyOf(needId);
    const types =
      'NeedSubmitted NeedInspected NeedClaimed NeedFunded WorksStarted ProgressReported WorksReported NeedDone ResidentEvaluated CommunityEvaluated NeedEvaluated';
    expect(events.map(({ type }) => type)).toEqual(types.split(' '));
    expectLinked(needId, events);
    expect((await system.get(`/v1/needs/${needId}/at?seq=11`, supervisor)).body).toEqual(view);
    expect((await system.get(`/v1/needs/${needId}/at?seq=3`, supervisor)).body).toMatchObject({ seq: 3, stage: 'claimed' });
    const submittedAt = encodeURIComponent(String(events[0]?.['time']));
    expect((await system.get(`/v1/needs/${needId}/at?time=${submittedAt}`, supervisor)).body).toMatchObject({ seq: 1, stage: 'submitted' });
    expect((await system.get(`/v1/needs/${needId}/at?time=2020-01-01T00:00:00Z`, supervisor)).status).toBe(404);
  });

  it('finds needs by stage, unit, community and words, and pages through them without repeating', async () => {
    const ids = [];
    for (let i = 0; i < 5; i += 1) ids.push(await steps.submit({ title: `长廊座椅 ${i}`, community: '长廊社区' }));
    await steps.claim(ids[2] as string);
    await steps.seen(ids[2] as string, 2);
    await steps.seen(ids[4] as string, 1);
    const list = async (query: string): Promise<{ items: readonly Body[]; next: unknown }> => {
      const { status, body } = await system.get(`/v1/needs?community=${encodeURIComponent('长廊社区')}&${query}`, resident);
      expect([query, status]).toEqual([query, 200]);
      return { items: body['items'] as readonly Body[], next: body['nextCursor'] };
    };
    const idsOf = ({ items }: { items: readonly Body[] }): unknown[] => items.map(({ needId }) => needId);
    expect(idsOf(await list('stage=claimed'))).toEqual([ids[2]]);
    expect(idsOf(await list(`unit=${encodeURIComponent(BUREAU)}`))).toEqual([ids[2]]);
    expect(idsOf(await list(`q=${encodeURIComponent('座椅 3')}`))).toEqual([ids[3]]);
    const first = await list('limit=2');
    const second = await list(`limit=2&cursor=${String(first.next)}`);
    const third = await list(`limit=2&cursor=${String(second.next)}`);
    expect([...idsOf(first), ...idsOf(second), ...idsOf(third)]).toEqual(ids.toReversed());
    expect(third.next).toBeNull();
  });

  it('goes back to the same lead when a side is not satisfied, and is done again', async () => {
    const needId = await steps.submit({ title: '下水道疏通' });
    await steps.claim(needId);
    await steps.works(needId);
    expect(await steps.evaluate(needId, false)).toMatchObject({ stage: 'claimed' });
    const events = await steps.historyOf(needId);
    expect(events.at(-1)).toMatchObject({ type: 'NeedReopened', data: { cause: 'unsatisfied', unit: BUREAU, round: 2 } });
    await steps.works(needId);
    const last = await steps.evaluate(needId, true);
    expect(last).toMatchObject({ stage: 'evaluated' });
    expect(await steps.seen(needId, Number(last['seq']))).toMatchObject({ stage: 'evaluated', unit: BUREAU });
  });

  it('refuses the maintenance fund without an owners’ decision and keeps the need where it was', async () => {
    const needId = await steps.submit({ title: '屋面漏雨' });
    await steps.claim(needId);
    const funding = { amountFen: 9_000_000, source: 'maintenance-fund', reference: '维修资金' };
    const refused = await system.post(`/v1/needs/${needId}/fund`, department, funding);
    expect([refused.status, refused.body['code']]).toEqual([409, 'decision-missing']);
    const overKafka = await steps.overKafka(department, needId, 'fund', funding);
    expect(overKafka).toMatchObject({ state: 'refused', code: 'decision-missing', needId });
    expect(await steps.seen(needId, 2)).toMatchObject({ seq: 2, stage: 'claimed' });
  });

  it('merges a need into another, which adopts its followers first', async () => {
    const [source, target] = [await steps.submit({}, neighbour), await steps.submit({}, resident)];
    expect(await steps.does(community, source, 'merge', { into: target })).toMatchObject({ stage: 'merged', status: 'ended' });
    expect(await steps.seen(target, 2)).toMatchObject({ followers: [neighbour.actor] });
    const [adopted] = (await steps.historyOf(target)).slice(-1);
    const [merged] = (await steps.historyOf(source)).slice(-1);
    expect([adopted?.['type'], merged?.['type']]).toEqual(['NeedAdopted', 'NeedMerged']);
    const feed = await collect(system, { after: 0 }, (events) => events.some(({ id }) => id === `${source}:2`));
    const position = (id: string): number => feed.find((event) => event.id === id)?.position ?? 0;
    expect(position(`${target}:2`)).toBeLessThan(position(`${source}:2`));
    const again = await system.post(`/v1/needs/${target}/merge`, community, { into: await steps.submit() });
    expect(again.body['code']).toBe('has-adopted');
  });

  it('streams every event once and in order, also across a cut connection', async () => {
    const needId = await steps.submit({ title: '为了事件流' });
    await steps.claim(needId);
    const whole = await collect(system, { after: 0 }, (events) => events.some(({ id }) => id === `${needId}:2`));
    const positions = whole.map(({ position }) => position);
    expect(positions).toEqual(positions.map((_, i) => i + 1));
    const middle = Math.floor(whole.length / 2);
    const rest = await collect(system, { after: middle }, (events) => events.some(({ id }) => id === `${needId}:2`));
    expect(rest).toEqual(whole.slice(middle));
    const perNeed = whole.filter(({ subject }) => subject === needId);
    expect(perNeed.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['qiyue.need.NeedSubmitted.v1', '1'],
      ['qiyue.need.NeedClaimed.v1', '2'],
    ]);
  });

  it('did all this without one process ending', () => {
    expect(system.crashes).toEqual([]);
  });
};

const expectLinked = (needId: string, events: readonly Body[]): void => {
  let prevHash = '0'.repeat(64);
  for (const { hash, stored, storedActor, ...event } of events) {
    expect(event['prevHash']).toBe(prevHash);
    const recorded = { ...event, actor: storedActor ?? event['actor'], data: stored ?? event['data'] };
    expect(sha256Hex(canonicalJson({ v: 1, aggregate: 'need', entity: needId, ...recorded }))).toBe(hash);
    prevHash = String(hash);
  }
};

const collect = async (
  system: System,
  from: { readonly after: number },
  enough: (events: readonly FeedEvent[]) => boolean,
): Promise<readonly FeedEvent[]> => {
  const stop = AbortSignal.timeout(20_000);
  const events: FeedEvent[] = [];
  for await (const event of system.client(supervisor).events({ ...from, signal: stop })) {
    events.push(event);
    if (enough(events)) return events;
  }
  throw new Error(`the stream ended after ${events.length} events`);
};
