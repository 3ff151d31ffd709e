import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BOM } from '@qiyue/aggregate';
import { unitScoreboard as scoreboard } from '@qiyue/aggregates';
import { toShanghaiIso, type Actor } from '@qiyue/engine';
import { anyDecider, projected } from '@qiyue/engine-runtime';
import { commandFor, eventually, type Answer, type Body } from '@qiyue/testkit';
import { unitYearDecider, type InternalUnitYearCommand, type PublicUnitYearCommandType } from '@qiyue/unit-year-domain';
import { ApiBench } from './testing/api-bench';
import { NEED } from './testing/people';
import type { Who } from './testing/test-tokens';

const YEAR = 2026;
const CENTRE: Who = { actor: 'cen', role: 'centre', unit: '服务中心' };
const OTHER_CENTRE: Who = { actor: 'zhong', role: 'centre', unit: '服务中心' };
const COMMUNITY: Who = { actor: 'cora', role: 'community', unit: '民悦社区' };
const RESIDENT: Who = { actor: 'rita', role: 'resident', unit: '民悦社区' };
const FUNDING: Actor = { id: 'funding', role: 'system', unit: null };
const departmentOf = (unit: string): Who => ({ actor: 'wes', role: 'department', unit });

/** Years of units on a running API, each with a unit of its own. */
class Years {
  /** The same unit and year would be the same workflow, and all test files share one Temporal. */
  private readonly names = randomBytes(4).toString('hex');
  private readonly needs = new Map<string, string>();
  private units = 0;

  constructor(readonly bench: ApiBench) {}

  /** What `n1`, `n2` and `n3` stand for: a pledge is linked to a need that lives. */
  async submitNeeds(): Promise<void> {
    for (const [i, kind] of (['tangible', 'tangible', 'service'] as const).entries()) {
      const { body } = await this.bench.post('/v1/needs', RESIDENT, { ...NEED, kind });
      this.needs.set(`n${i + 1}`, String(body['needId']));
    }
  }

  private withNeed(body: object): object {
    const named = 'needId' in body ? this.needs.get(String(body.needId)) : undefined;
    return named === undefined ? body : { ...body, needId: named };
  }

  newUnit(): string {
    this.units += 1;
    return `水利${this.names}${this.units}局`;
  }

  open(unit: string, as: Who = CENTRE, key?: string): Promise<Answer> {
    return this.bench.post('/v1/unit-years', as, { unit, year: YEAR }, key);
  }

  /** The ledger holds what was answered: whoever gives the next command counts records. */
  async does(id: string, as: Who, command: string, body: object = {}): Promise<Answer> {
    const answer = await this.bench.post(`/v1/unit-years/${id}/${command}`, as, this.withNeed(body));
    if (answer.status !== 200) return answer;
    const seq = Number(answer.body['seq']);
    await eventually(`record ${seq}`, async () => (await this.bench.engine.store.stream(id)).length >= seq);
    return answer;
  }

  /** What only our own processes ask for. */
  async internally(id: string, { type, data }: InternalUnitYearCommand): Promise<void> {
    const asked = commandFor(anyDecider(unitYearDecider), type, { ...this.withNeed(data) }, { entity: id, actor: FUNDING });
    const answer = await this.bench.engine.gateway().execute({ ...asked, receivedAt: toShanghaiIso(this.bench.clock.nowMs()) }, 10_000);
    expect([type, answer]).toMatchObject([type, { kind: 'outcome', outcome: { status: 'accepted' } }]);
    if (answer.kind === 'outcome') await answer.appended;
  }

  async typesBehind(id: string, seq: number): Promise<readonly string[]> {
    return (await this.bench.engine.store.stream(id, seq + 1)).map(({ type }) => type);
  }

  /** A new year, opened and moved on; `unit` is its unit. */
  async at(place: Place): Promise<{ readonly id: string; readonly unit: string }> {
    const unit = this.newUnit();
    const { status, body } = await this.open(unit);
    expect([place, status]).toEqual([place, 201]);
    const id = String(body['unitYearId']);
    for (const step of WAYS[place](unit)) {
      if ('internal' in step) await this.internally(id, step.internal);
      else {
        const answer = await this.does(id, step.as, step.command, step.body);
        expect([place, step.command, answer.status, answer.body['code']]).toEqual([place, step.command, 200, undefined]);
      }
    }
    return { id, unit };
  }
}

type Step =
  { readonly as: Who; readonly command: PublicUnitYearCommandType; readonly body?: object } | { readonly internal: InternalUnitYearCommand };
type Way = (unit: string) => readonly Step[];

const granted: Way = (unit) => [
  { as: CENTRE, command: 'set-budget', body: { amountFen: 1_000, reference: '财预1号' } },
  { internal: { type: 'reserve', data: { unit, year: YEAR, reservationId: 'r1', needId: 'n1', amountFen: 400 } } },
];
const pledged: Way = (unit) =>
  (['tangible', 'tangible', 'service'] as const).map((kind, i) => ({
    ...{ as: departmentOf(unit), command: 'pledge' },
    body: { kind, title: `承诺${i + 1}` },
  }));
const published: Way = (unit) => [...pledged(unit), { as: CENTRE, command: 'publish' }];
const fulfilling: Way = (unit) => [
  ...published(unit),
  ...[1, 2, 3].map((n) => ({ as: departmentOf(unit), command: 'link' as const, body: { pledgeId: `p${n}`, needId: `n${n}` } })),
];
const WAYS = {
  'published/matching': (unit) => [...granted(unit), ...published(unit)],
  'fulfilling/at-work': (unit) => [...granted(unit), ...fulfilling(unit)],
} as const satisfies Readonly<Record<string, Way>>;
type Place = keyof typeof WAYS;

describe('a unit’s year over HTTP', () => {
  let years: Years;
  beforeAll(async () => {
    years = new Years(await ApiBench.rehearse('2026-01-08T09:00:00+08:00', 1, { QIYUE_REQUESTS_PER_SECOND: '0' }));
    await years.submitNeeds();
  }, 60_000);
  afterAll(() => years?.bench.close());

  it('has no route for what only our own processes ask for', async () => {
    const { id } = await years.at('published/matching');
    for (const type of ['reserve', 'resize', 'commit', 'release', 'fulfil-pledge', 'tick', 'retime', 'open'])
      for (const as of [CENTRE, COMMUNITY]) expect(await years.does(id, as, type)).toMatchObject({ status: 404, body: { code: 'no-such-route' } });
  });

  it('answers who opens the same year again with the same body, and nothing happens', async () => {
    const unit = years.newUnit();
    const first = await years.open(unit, CENTRE, 'the-first-time');
    const again = [await years.open(unit), await years.open(` ${unit}`), await years.open(unit, OTHER_CENTRE)];
    const same = await years.open(unit, CENTRE, 'the-first-time');
    expect([first.status, ...again.map(({ status }) => status), same.status]).toEqual([201, 200, 200, 200, 201]);
    for (const { body } of [...again, same]) expect(body).toEqual(first.body);
    expect(await years.typesBehind(String(first.body['unitYearId']), 0)).toEqual(['UnitYearOpened']);
    const other = years.newUnit();
    const [one, two] = await Promise.all([years.open(other), years.open(other, OTHER_CENTRE)]);
    expect([[one.status, two.status].sort(), one.body]).toEqual([[200, 201], two.body]);
  });

  it('says how many pledges there are and how many there have to be', async () => {
    const unit = years.newUnit();
    const id = String((await years.open(unit)).body['unitYearId']);
    const bounds = { tangibleMin: 2, tangibleMax: 3, serviceMin: 1, serviceMax: 2 };
    const publish = async (tangible: number, service: number): Promise<void> =>
      expect(await years.does(id, CENTRE, 'publish')).toMatchObject({
        status: 409,
        body: { code: 'pledges-out-of-bounds', facts: { ...bounds, tangible, service }, detail: expect.stringContaining(`实事 ${tangible} 件`) },
      });
    const pledge = (kind: string): Promise<Answer> => years.does(id, departmentOf(unit), 'pledge', { kind, title: '路灯' });
    await publish(0, 0);
    for (const kind of ['tangible', 'tangible', 'tangible', 'tangible', 'service']) await pledge(kind);
    await publish(4, 1);
    await years.does(id, departmentOf(unit), 'withdraw-pledge', { pledgeId: 'p1', reason: '重复' });
    expect((await years.does(id, CENTRE, 'publish')).status).toBe(200);
    expect((await pledge('tangible')).body['facts']).toEqual({ ...bounds, tangible: 4, service: 1 });
  });

  const csv = async (
    path: string,
    as: Who,
  ): Promise<{ readonly status: number; readonly type: string | null; readonly lines: readonly string[] }> => {
    const { status, headers, body } = await years.bench.send('GET', path, { as, headers: { accept: 'text/csv' } });
    return { status, type: headers.get('content-type'), lines: String(body['text']).replace(BOM, '').split('\r\n') };
  };

  it('counts pledges and money, as tables too, and shows the money to those alone who may see it', async () => {
    const { id, unit } = await years.at('fulfilling/at-work');
    await years.does(id, COMMUNITY, 'contest', { pledgeId: 'p1', reason: '传单不是路灯' });
    await years.internally(id, { type: 'fulfil-pledge', data: { needId: 'n3', kind: 'service', satisfied: true } });
    await years.internally(id, { type: 'commit', data: { reservationId: 'r1', amountFen: 150 } });
    const { length: minSeq } = await years.bench.engine.store.stream(id);
    const view = await years.bench.get(`/v1/unit-years/${id}?minSeq=${minSeq}`, CENTRE);
    const money = { grantedFen: 1_000, reservedFen: 0, committedFen: 150, availableFen: 850 };
    expect(view.body).toMatchObject({ unit, year: YEAR, stage: 'fulfilling', budget: money, reservations: [] });
    expect((await years.bench.get(`/v1/unit-years/${id}`, RESIDENT)).body).toMatchObject({
      unit,
      budget: null,
      reservations: [],
      pledges: [{}, {}, {}],
    });

    const which = `unit=${encodeURIComponent(unit)}&year=${YEAR}`;
    const row = async (path: string, as: Who): Promise<Body> =>
      ((await years.bench.get(`${path}?${which}`, as)).body['rows'] as readonly Body[])[0] ?? {};
    await eventually('all of it to be counted', async () => {
      const [{ committedFen }, { service }] = [await row('/v1/stats/budgets', CENTRE), await row('/v1/stats/pledges', RESIDENT)];
      return committedFen === 150 && (service as Body)['fulfilled'] === 1;
    });
    expect(await row('/v1/stats/budgets', CENTRE)).toEqual({ unit, year: YEAR, stage: 'fulfilling', ...money });
    expect(await row('/v1/stats/pledges', RESIDENT)).toMatchObject({
      ...{ unit, year: YEAR, stage: 'fulfilling' },
      tangible: { promised: 0, linked: 1, contested: 1, fulfilled: 0 },
      service: { promised: 0, linked: 0, contested: 0, fulfilled: 1 },
    });
    expect(await csv(`/v1/stats/budgets?${which}`, departmentOf('住建局'))).toEqual({
      ...{ status: 200, type: 'text/csv; charset=utf-8' },
      lines: ['单位,年度,阶段,预算（元）,已预留（元）,已支出（元）,可用（元）', `${unit},${YEAR},履诺中,10,0,1.5,8.5`, ''],
    });
    expect((await csv(`/v1/stats/budgets?${which}`, RESIDENT)).status).toBe(403);
    const { type, lines } = await csv(`/v1/stats/pledges?${which}`, RESIDENT);
    expect([type, lines.length, lines[2]]).toEqual(['text/csv; charset=utf-8', 3, '']);
    const [header = [], cells = []] = lines.map((line) => line.split(','));
    expect(Object.fromEntries(header.map((name, i) => [name, cells[i]]))).toMatchObject({
      ...{ 单位: unit, 年度: String(YEAR), 阶段: '履诺中', '实事：已对接需求': '1', '实事：有异议': '1', '好事：已兑现': '1' },
    });
    expect((await years.bench.get('/v1/stats/budgets?year=soon', CENTRE)).status).toBe(422);
  });

  it('counts the needs that a unit leads beside what it promised, in a model that can be made anew', async () => {
    const { bench } = years;
    const [unit, community] = [years.newUnit(), COMMUNITY.unit];
    const officer = departmentOf(unit);
    const needId = String((await bench.post('/v1/needs', RESIDENT, { ...NEED, community })).body['needId']);
    const on = async (as: Who, command: string, body: object): Promise<void> =>
      expect([command, (await bench.post(`/v1/needs/${needId}/${command}`, as, body)).status]).toEqual([command, 200]);
    const row = async (): Promise<Body> => {
      const { body } = await bench.get(`/v1/stats/pledges?unit=${encodeURIComponent(unit)}`, RESIDENT);
      return (body['rows'] as readonly Body[])[0] ?? {};
    };
    const counted = (needs: object): Promise<true> =>
      eventually(JSON.stringify(needs), async () => JSON.stringify((await row())['needs']) === JSON.stringify(needs));
    await on(officer, 'claim', { unit, plan: '加装' });
    await counted({ claimed: 1, done: 0, inTime: 0, satisfied: 0 });
    expect(await row()).toMatchObject({ unit, year: YEAR, stage: null });
    await on(officer, 'fund', { amountFen: 100, source: 'donation', reference: 'r' });
    await on(officer, 'complete', { evidence: [{ kind: 'photo', text: 't' }] });
    await on(COMMUNITY, 'accept', {});
    await counted({ claimed: 1, done: 1, inTime: 1, satisfied: 0 });
    await on(RESIDENT, 'evaluate', { side: 'resident', score: 5, satisfied: true });
    await on(COMMUNITY, 'evaluate', { side: 'community', score: 5, satisfied: true });
    await counted({ claimed: 1, done: 1, inTime: 1, satisfied: 1 });
    await years.open(unit);
    await eventually('the year to be there', async () => (await row())['stage'] === 'pledging');
    const model = projected(bench.engine.store, scoreboard);
    expect(await model.compare()).toMatchObject({ ok: true, differing: [], keys: [] });
    expect(await model.rebuild()).toMatchObject({ changed: 0, setAside: [] });
  });

  it('lets no unit’s name be taken for a formula', async () => {
    const unit = `=SUM(A1:A9),"${years.newUnit()}"`;
    const { body } = await years.open(unit);
    expect(body['stage']).toBe('pledging');
    const lines = await eventually('it to be counted', async () => {
      const table = await csv(`/v1/stats/budgets?unit=${encodeURIComponent(unit)}`, CENTRE);
      return table.lines.length === 3 && table.lines;
    });
    expect(lines[1]).toBe(`"'${unit.replaceAll('"', '""')}",${YEAR},承诺中,,0,0,`);
  });
});

/** Half a minute for what is left of the year before and the whole year. */
const TIMES_AS_FAST = 1_200_000;

describe('the deadlines of a year, on the clock of a rehearsal', () => {
  let years: Years;
  beforeAll(async () => {
    years = new Years(await ApiBench.rehearse('2025-12-01T08:00:00+08:00', TIMES_AS_FAST)); // a year may be opened before it begins
  }, 60_000);
  afterAll(() => years?.bench.close());

  it('remind of publishing, say that it was missed, and close the year, which fails what was not kept', async () => {
    const unit = years.newUnit();
    const opened = await years.open(unit);
    expect(opened).toMatchObject({ status: 201, body: { stage: 'pledging' } });
    const id = String(opened.body['unitYearId']);
    for (const { as, command, body } of pledged(unit).flatMap((step) => ('internal' in step ? [] : [step]))) await years.does(id, as, command, body);
    const records = await eventually(
      'the year to be over',
      async () => {
        const found = await years.bench.engine.store.stream(id);
        return found.at(-1)?.type === 'UnitYearClosed' && found;
      },
      45_000,
    );
    const told = records
      .filter(({ type }) => !['UnitYearOpened', 'PledgeMade'].includes(type))
      .map(({ time, type }) => `${time.slice(0, 16)} ${type}`);
    expect(told).toEqual([
      '2026-03-30T08:00 DeadlineApproaching',
      '2026-03-31T18:00 DeadlineMissed',
      '2026-04-01T08:00 Escalated',
      '2026-04-09T08:00 Escalated',
      '2026-04-16T08:00 Escalated',
      '2026-04-23T08:00 Escalated',
      ...['PledgeFailed', 'PledgeFailed', 'PledgeFailed', 'UnitYearClosed'].map((type) => `2027-01-01T00:00 ${type}`),
    ]);
    const { body } = await years.bench.get(`/v1/unit-years/${id}?minSeq=${records.length}`, CENTRE);
    expect(body).toMatchObject({
      ...{ stage: 'closed', status: 'ended', dueAt: null, closedAt: '2027-01-01T00:00:00.000+08:00' },
      pledges: [{ state: 'failed' }, { state: 'failed' }, { state: 'failed' }],
      stages: [{ stage: 'pledging', late: true, escalatedTo: 4 }],
    });
    expect(await years.does(id, CENTRE, 'publish')).toMatchObject({ status: 409, body: { code: 'closed' } });
    expect((await years.open(unit)).status).toBe(200);
    expect((await years.open(years.newUnit())).body).toMatchObject({ code: 'too-late', facts: { until: '2027-01-01T00:00:00.000+08:00' } });
  }, 60_000);
});
