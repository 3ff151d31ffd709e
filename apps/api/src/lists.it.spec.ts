import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BOM, PDF, XLSX } from '@qiyue/aggregate';
import { communityScoreboard, unitScoreboard } from '@qiyue/aggregates';
import { canonicalJson, sha256Hex, toShanghaiIso, type Actor } from '@qiyue/engine';
import { anyDecider, projected } from '@qiyue/engine-runtime';
import { needFigures } from '@qiyue/need';
import { projectDecider } from '@qiyue/project-domain';
import {
  communityRow,
  listsAnswer,
  satisfactionAnswer,
  unitRow,
  type SatisfactionList,
  type Lists,
  type NeedRow,
  type ProjectRow,
  type ResourceRow,
} from '@qiyue/reports';
import { commandFor, eventually, readPdf, type Body } from '@qiyue/testkit';
import readExcelFile from 'read-excel-file/node';
import { ApiBench } from './testing/api-bench';
import { NEED } from './testing/people';
import type { Who } from './testing/test-tokens';

const YEAR = new Date().getFullYear();
const NAMES = randomBytes(4).toString('hex');
const [UNIT, STRANGER, COMMUNITY, ELSEWHERE] = [`住建局${NAMES}`, `水利局${NAMES}`, `民悦社区${NAMES}`, `涧东社区${NAMES}`];
const wes: Who = { actor: 'wes', role: 'department', unit: UNIT };
const sam: Who = { actor: 'sam', role: 'department', unit: STRANGER };
const cora: Who = { actor: 'cora', role: 'community', unit: COMMUNITY };
const ella: Who = { actor: 'ella', role: 'community', unit: ELSEWHERE };
const rita: Who = { actor: 'rita', role: 'resident', unit: COMMUNITY };
const CENTRE: Who = { actor: 'cen', role: 'centre', unit: '服务中心' };
const SUPERVISOR: Who = { actor: 'sue', role: 'supervisor' };

const REACTION: Actor = { id: 'reaction', role: 'system', unit: null };

const FORMULA = '=HYPERLINK("http://x.test","点我")';
const COMPOUND = '泽强苑小区';

describe('the three lists and the scoreboard of a community and its units', () => {
  let bench: ApiBench;
  const ids = { lights: '', lecture: '', elsewhere: '', truck: '', hall: '', project: '' };

  const made = async (path: string, as: Who, body: object, idName: string): Promise<string> => {
    const answer = await bench.post(`/v1/${path}`, as, body);
    expect([path, answer.status, answer.body['code']]).toEqual([path, 201, undefined]);
    return String(answer.body[idName]);
  };
  const does = async (path: string, id: string, as: Who, command: string, body: object = {}): Promise<void> => {
    const answer = await bench.post(`/v1/${path}/${id}/${command}`, as, body);
    expect([command, answer.status, answer.body['code']]).toEqual([command, 200, undefined]);
  };
  /** What the project hears of its need: no reactions run here. */
  const needIsEvaluated = async (): Promise<void> => {
    const moved = { needId: ids.lights, stage: 'evaluated' };
    const asked = commandFor(anyDecider(projectDecider), 'need-moved', moved, { entity: ids.project, actor: REACTION });
    const answer = await bench.engine.gateway().execute({ ...asked, receivedAt: toShanghaiIso(bench.clock.nowMs()) }, 10_000);
    expect(answer).toMatchObject({ kind: 'outcome', outcome: { status: 'accepted' } });
    if (answer.kind === 'outcome') await answer.appended;
  };
  const where = (community = COMMUNITY, year = YEAR): string => new URLSearchParams({ community, year: String(year) }).toString();
  const listsFor = async (as: Who): Promise<Lists> => (await bench.get(`/v1/lists?${where()}`, as)).body as unknown as Lists;
  const fetched = async (path: string, as: Who, accept: string, language = 'zh-CN') => {
    const headers = { authorization: `Bearer ${await bench.tokens.mint(as)}`, accept, 'accept-language': language };
    const response = await fetch(`${bench.base}${path}`, { headers });
    return { response, content: Buffer.from(await response.arrayBuffer()) };
  };

  beforeAll(async () => {
    bench = await ApiBench.create({ QIYUE_REQUESTS_PER_SECOND: '0' });
    const items = [
      { title: '安装路灯', kind: 'tangible', quantity: 20, unit: '盏' },
      { title: '消防讲座', kind: 'service' },
    ];
    const terms = { unit: UNIT, community: COMMUNITY, year: YEAR, items, duties: { community: ['提供场地'], unit: [] } };
    const contract = await made('contracts', wes, { ...terms, startsOn: `${YEAR}-01-01`, endsOn: `${YEAR}-12-31` }, 'contractId');
    for (const side of [wes, cora]) await does('contracts', contract, side, 'sign');
    await does('contracts', contract, wes, 'finish-item', { itemId: 'i1' });

    const lights = { ...NEED, title: FORMULA, compound: COMPOUND, items: [{ name: '太阳能路灯', quantity: 20, unit: '盏' }] };
    ids.lights = await made('needs', rita, { ...lights, community: COMMUNITY }, 'needId');
    ids.lecture = await made('needs', rita, { ...NEED, title: '消防讲座', kind: 'service', community: COMMUNITY }, 'needId');
    ids.elsewhere = await made('needs', { ...rita, unit: ELSEWHERE }, { ...NEED, community: ELSEWHERE }, 'needId');
    await does('needs', ids.lecture, cora, 'whistle', { units: [UNIT, STRANGER] });
    await does('needs', ids.lecture, wes, 'report-in', { answer: 'not-ours', reason: '职责之外' });

    await does('needs', ids.lights, wes, 'claim', { unit: UNIT, plan: '两周内安装' });
    ids.truck = await made('resources', wes, { kind: 'equipment', name: '高空作业车', quantity: 2, unit: '台' }, 'resourceId');
    await made('resources', wes, { kind: 'money', name: '慰问金', quantity: 123_456 }, 'resourceId');
    ids.hall = await made('resources', sam, { kind: 'place', name: '会议室', quantity: 1, unit: '间' }, 'resourceId');
    await made('resources', sam, { kind: 'people', name: '不相干的人', quantity: 1, unit: '人' }, 'resourceId');
    const plan = { title: '路灯安装', unit: UNIT, community: COMMUNITY, startsOn: `${YEAR}-03-01`, budgetFen: 5_000_001 };
    ids.project = await made('projects', wes, plan, 'projectId');
    await does('projects', ids.project, wes, 'add-need', { needId: ids.lights });
    await does('projects', ids.project, wes, 'add-resource', { resourceId: ids.hall, from: `${YEAR + 1}-06-01`, to: `${YEAR + 1}-06-02` });

    await does('needs', ids.lights, wes, 'fund', { amountFen: 4_000_099, source: 'donation', reference: 'r' });
    await does('needs', ids.lights, wes, 'complete', { evidence: [{ kind: 'photo', text: 't' }], finalCostFen: 3_999_950 });
    await does('needs', ids.lights, cora, 'accept');
    for (const [as, side] of [[rita, 'resident'] as const, [cora, 'community'] as const])
      await does('needs', ids.lights, as, 'evaluate', { side, score: 5, satisfied: true });
    await needIsEvaluated();
    await eventually('all of it to be seen', async () => {
      const { needs, resources, projects } = await listsFor(CENTRE);
      return (
        needs[0]?.satisfied === true &&
        needs.length === 2 &&
        resources.length === 3 &&
        projects[0]?.state === 'finished' &&
        projects[0].needs.length === 1 &&
        (await bench.get('/v1/stats/satisfaction-list', CENTRE)).body['total'] === 1
      );
    });
  }, 120_000);
  afterAll(() => bench?.close());

  it('have what was submitted, what can be had or is used, and what is done, in words', async () => {
    const lists = await listsFor(cora);
    expect(listsAnswer.strict().safeParse(lists).error).toBeUndefined();
    expect(lists).toMatchObject({ community: COMMUNITY, year: YEAR });
    expect(lists.needs).toMatchObject([
      {
        ...{
          number: 1,
          needId: ids.lights,
          title: FORMULA,
          items: [{ name: '太阳能路灯', quantity: 20, unit: '盏' }],
          kindName: '实事',
          compound: COMPOUND,
        },
        ...{ unit: UNIT, amountFen: 3_999_950, stage: 'evaluated', stageName: '已评价', satisfied: true, claimedAt: expect.any(String) },
        ...{ doneAt: expect.any(String), evaluatedAt: expect.any(String) },
      },
      {
        number: 2,
        needId: ids.lecture,
        kindName: '好事',
        unit: null,
        amountFen: 0,
        stageName: '待认领',
        satisfied: null,
        claimedAt: null,
        doneAt: null,
      },
    ]);
    expect(lists.resources).toMatchObject([
      { number: 1, resourceId: ids.truck, unit: UNIT, kindName: '设备', name: '高空作业车', quantity: 2, quantityUnit: '台', stateName: '可用' },
      { number: 2, unit: UNIT, kindName: '资金', quantity: 123_456, quantityUnit: 'fen' },
      { number: 3, resourceId: ids.hall, unit: STRANGER, kindName: '场地', name: '会议室' },
    ]);
    expect(lists.projects).toMatchObject([
      {
        ...{
          number: 1,
          projectId: ids.project,
          title: '路灯安装',
          unit: UNIT,
          needs: [{ needId: ids.lights, title: FORMULA }],
          budgetFen: 5_000_001,
        },
        ...{ amountFen: 3_999_950, state: 'finished', stateName: '已完成', startsOn: `${YEAR}-03-01`, endsOn: null },
      },
    ]);
    const { body: before } = await bench.get(`/v1/lists?${where(COMMUNITY, YEAR - 1)}`, cora);
    expect(before).toMatchObject({ needs: [], projects: [] });
  });

  it('are for the community, the units that are paired with it, the centre and supervisors, and hold nothing of a person', async () => {
    const statuses = await Promise.all(
      [cora, wes, CENTRE, SUPERVISOR, ella, sam, rita].map(async (as) => (await bench.get(`/v1/lists?${where()}`, as)).status),
    );
    expect(statuses).toEqual([200, 200, 200, 200, 403, 403, 403]);
    expect((await bench.get(`/v1/lists?${where(ELSEWHERE)}`, wes)).body).toMatchObject({ status: 403, code: 'not-permitted' });
    expect((await bench.get('/v1/lists?year=2026', CENTRE)).status).toBe(422);
    for (const as of [cora, wes, CENTRE]) expect(JSON.stringify(await listsFor(as))).not.toMatch(/rita|cora|wes|13800000000|楼梯无扶手/);
    expect((await listsFor(wes)).needs.map(({ compound }) => compound)).toEqual([COMPOUND, null]);
  });

  it('say it in English too', async () => {
    const { content } = await fetched(`/v1/lists?${where()}`, cora, 'application/json', 'en');
    const lists = JSON.parse(content.toString('utf8')) as Lists;
    expect(lists.needs.map(({ kindName, stageName }) => [kindName, stageName])).toEqual([
      ['works', 'evaluated'],
      ['service', 'to be claimed'],
    ]);
  });

  describe('as a workbook', () => {
    const day = (at: string | null): string | null => at?.slice(0, 10) ?? null;
    const yuan = (fen: number | null): number | null => (fen === null ? null : fen / 100);
    const needCells = (row: NeedRow) => [
      ...[row.number, row.needId, row.title, row.items.map(({ name, quantity, unit }) => `${name} ${quantity} ${unit}`).join('；'), row.kindName],
      ...[row.compound, row.unit, row.helpers.join('；') || null, yuan(row.amountFen), row.stageName, day(row.submittedAt), day(row.claimedAt)],
      ...[day(row.promisedBy), day(row.doneAt), day(row.evaluatedAt), row.satisfied === null ? null : row.satisfied ? '满意' : '不满意'],
    ];
    const resourceCells = (row: ResourceRow) => {
      const amount = row.kind === 'money' ? [row.quantity / 100, '元'] : [row.quantity, row.quantityUnit];
      return [row.number, row.resourceId, row.unit, row.kindName, row.name, ...amount, day(row.from), day(row.to), row.stateName];
    };
    const projectCells = (row: ProjectRow) => [
      ...[
        row.number,
        row.projectId,
        row.title,
        row.unit,
        row.needs.map(({ title }) => title).join('；') || null,
        yuan(row.budgetFen),
        yuan(row.amountFen),
      ],
      ...[row.stateName, day(row.startsOn), day(row.endsOn), day(row.startedAt), day(row.finishedAt)],
    ];

    it('have three sheets, each row of which says what the JSON says', async () => {
      const { response, content } = await fetched(`/v1/lists?${where()}`, cora, XLSX);
      expect([response.status, response.headers.get('content-type'), response.headers.get('content-disposition')]).toEqual([
        ...[200, XLSX, 'attachment; filename=lists.xlsx'],
      ]);
      const lists = await listsFor(cora);
      const [needs, resources, projects] = await readExcelFile(content);
      expect([needs?.sheet, resources?.sheet, projects?.sheet]).toEqual(['需求清单', '资源清单', '项目清单']);
      expect(needs?.data[0]?.slice(0, 3)).toEqual(['序号', '编号', '需求']);
      expect(needs?.data.slice(1)).toEqual(lists.needs.map(needCells));
      expect(resources?.data.slice(1)).toEqual(lists.resources.map(resourceCells));
      expect(projects?.data.slice(1)).toEqual(lists.projects.map(projectCells));
      expect(needs?.data[1]?.[2]).toBe(FORMULA); // as it was typed, in a cell of text: one with a formula has no value that nobody has calculated
    });
  });

  it('are printed as three tables on A4, across', async () => {
    const { response, content } = await fetched(`/v1/lists?${where()}`, cora, PDF);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    const { text, pages } = readPdf(content);
    expect(pages).toEqual(Array.from({ length: 3 }, () => ({ width: 841.89, height: 595.28 })));
    const said = text.replaceAll(/\s/g, '');
    const { content: json } = await fetched(`/v1/lists?${where()}`, cora, 'application/json');
    const { madeAt: _, ...answer } = JSON.parse(json.toString('utf8')) as Lists;
    expect(said).toContain(sha256Hex(canonicalJson(answer)));
    for (const words of [
      '需求清单',
      '资源清单',
      '项目清单',
      COMPOUND,
      UNIT,
      '39999.50',
      '高空作业车',
      '1234.56',
      '路灯安装',
      '50000.01',
      '第3页，共3页',
    ])
      expect(said).toContain(words);
  });

  describe('the satisfaction list', () => {
    const query = new URLSearchParams({ community: COMMUNITY, year: String(YEAR) }).toString();
    const path = `/v1/stats/satisfaction-list?${query}`;
    const listed = async (as: Who): Promise<SatisfactionList> => (await bench.get(path, as)).body as unknown as SatisfactionList;

    it('has a row for what was evaluated: what was asked, by whom in general, who did it, how long it took, how it was scored', async () => {
      const list = await listed(rita);
      expect(satisfactionAnswer.strict().safeParse(list).error).toBeUndefined();
      const none = { calendar: 0, working: 0 };
      expect(list).toMatchObject({ total: 1, nextCursor: null });
      expect(list.items).toEqual([
        {
          ...{ needId: ids.lights, title: FORMULA, items: [{ name: '太阳能路灯', quantity: 20, unit: '盏' }], kind: 'tangible', kindName: '实事' },
          ...{ number: expect.stringMatching(/^\d{6}-[2-9A-Y]{6}-[2-9A-Y]$/), category: null, community: COMMUNITY },
          ...{ askedBy: 'resident', askedByName: '居民', unit: UNIT, helpers: [] },
          ...{ submittedAt: expect.any(String), doneAt: expect.any(String), evaluatedAt: expect.any(String) },
          days: { claim: none, fund: none, works: none, evaluate: none, whole: none },
          ...{ residentScore: 5, residentSatisfied: true, communityScore: 5, communitySatisfied: true, satisfied: true, reopened: 0 },
          amountFen: 3_999_950,
        },
      ]);
    });

    it('names nobody, to nobody', async () => {
      for (const as of [rita, cora, wes, CENTRE])
        expect(JSON.stringify(await listed(as))).not.toMatch(/rita|cora|wes|13800000000|楼梯无扶手|小区|qy1/);
      for (const form of [XLSX, PDF]) {
        const { content } = await fetched(path, CENTRE, form);
        const said = form === PDF ? readPdf(content).text : JSON.stringify(await readExcelFile(content));
        expect(said.replaceAll(/\s/g, '')).not.toMatch(/rita|cora|wes|13800000000|楼梯无扶手|小区|qy1/);
      }
    });

    it('comes as a workbook that says what the JSON says, and printed, across, with what it was made from', async () => {
      const { items } = await listed(cora);
      const { response, content } = await fetched(path, cora, XLSX);
      expect(response.headers.get('content-disposition')).toBe('attachment; filename=stats-satisfaction-list.xlsx');
      const [sheet] = await readExcelFile(content);
      expect([sheet?.sheet, sheet?.data.length]).toEqual(['满意清单', 2]);
      const cells = Object.fromEntries((sheet?.data[0] ?? []).map((heading, i) => [heading, sheet?.data[1]?.[i]]));
      expect(cells).toMatchObject({
        ...{ 序号: 1, 编号: items[0]?.number, 需求: FORMULA, 内容及数量: '太阳能路灯 20 盏', 提出方: '居民', 承办单位: UNIT },
        ...{ '办理（天）': 0, 居民评分: 5, 社区评分: 5, 评价: '满意', 重办次数: 0, '金额（元）': 39_999.5 },
      });
      const { content: pdf } = await fetched(path, cora, PDF);
      const { text, pages } = readPdf(pdf);
      const said = text.replaceAll(/\s/g, '');
      const { madeAt: _, ...answer } = JSON.parse((await fetched(path, cora, 'application/json')).content.toString('utf8')) as SatisfactionList;
      expect(pages).toEqual([{ width: 841.89, height: 595.28 }]);
      for (const words of ['满意清单', '共1项', String(items[0]?.number), '39999.50', sha256Hex(canonicalJson(answer))])
        expect(said).toContain(words);
    });

    it('comes in pages, and of one department, year or kind alone', async () => {
      const asked = async (more: string): Promise<number> => ((await bench.get(`${path}&${more}`, CENTRE)).body as unknown as SatisfactionList).total;
      expect(await Promise.all(['kind=tangible', 'kind=service', `unit=${UNIT}`, `unit=${STRANGER}`, 'limit=1'].map(asked))).toEqual([1, 0, 1, 0, 1]);
      expect((await bench.get('/v1/stats/satisfaction-list?limit=5001', CENTRE)).status).toBe(422);
    });
  });

  const rowsOf = async (query: Readonly<Record<string, string>>, as: Who): Promise<readonly Body[]> =>
    (await bench.get(`/v1/stats/scoreboard?${new URLSearchParams({ year: String(YEAR), ...query }).toString()}`, as)).body['rows'] as readonly Body[];

  it('count for a unit what it promised, leads, was called to, signed and may spend', async () => {
    await bench.post('/v1/unit-years', CENTRE, { unit: UNIT, year: YEAR });
    const [row] = await eventually('the year to be counted', async () => {
      const rows = await rowsOf({ unit: UNIT }, CENTRE);
      return rows[0]?.['stage'] === 'pledging' && rows;
    });
    expect(unitRow.strict().safeParse(row).error).toBeUndefined();
    const led = { claimed: 1, done: 1, inTime: 1, satisfied: 1 };
    expect(row).toMatchObject({
      ...{ unit: UNIT, year: YEAR, tangible: { promised: 0 }, whistles: { called: 1, answered: 1 } },
      needs: { ...led, tangible: led, service: { claimed: 0, done: 0, inTime: 0, satisfied: 0 } },
      contracts: { signed: 1, items: 2, itemsDone: 1 },
      projects: { planned: 1, finished: 1, cancelled: 0 },
      money: { grantedFen: null, reservedFen: 0, committedFen: 0, availableFen: null },
    });
    expect((await rowsOf({ unit: UNIT }, rita))[0]).toEqual({ ...row, money: null });
    expect(await rowsOf({ unit: STRANGER }, rita)).toMatchObject([{ stage: null, needs: { claimed: 0 }, whistles: { called: 1, answered: 0 } }]);
  });

  it('count for a community what its lists hold', async () => {
    const [row] = await rowsOf({ community: COMMUNITY }, rita);
    expect(communityRow.strict().safeParse(row).error).toBeUndefined();
    const { needs, projects } = await listsFor(cora);
    const asked = (rows: readonly NeedRow[]) => ({
      submitted: rows.length,
      claimed: rows.filter(({ unit }) => unit !== null).length,
      done: rows.filter(({ doneAt }) => doneAt !== null).length,
      evaluated: rows.filter(({ evaluatedAt }) => evaluatedAt !== null).length,
      satisfied: rows.filter(({ satisfied }) => satisfied === true).length,
    });
    expect(row).toMatchObject({
      ...{
        community: COMMUNITY,
        year: YEAR,
        resourcesUsed: 1,
        whistles: { blown: 1, answered: 1 },
        contracts: { signed: 1, items: 2, itemsDone: 1 },
      },
      needs: {
        ...asked(needs),
        inTime: 1,
        tangible: asked(needs.filter(({ kind }) => kind === 'tangible')),
        service: asked(needs.filter(({ kind }) => kind === 'service')),
      },
      projects: { planned: projects.length, finished: 1, cancelled: 0 },
      spentFen: needs.reduce((sum, { doneAt, amountFen }) => sum + (doneAt === null ? 0 : amountFen), 0),
    });
    const all = await rowsOf({ of: 'community' }, rita);
    expect(all.map(({ community }) => community)).toEqual(expect.arrayContaining([COMMUNITY, ELSEWHERE]));
    const both = await bench.get(`/v1/stats/scoreboard?${new URLSearchParams({ unit: UNIT, community: COMMUNITY }).toString()}`, CENTRE);
    expect(both.status).toBe(422);
  });

  it('come as CSV too, with a column for each number', async () => {
    const table = async (query: Readonly<Record<string, string>>) => {
      const { response, content } = await fetched(
        `/v1/stats/scoreboard?${new URLSearchParams({ year: String(YEAR), ...query }).toString()}`,
        CENTRE,
        'text/csv',
      );
      expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      const [head = [], cells = []] = content
        .toString('utf8')
        .replace(BOM, '')
        .split('\r\n')
        .map((line) => line.split(','));
      return Object.fromEntries(head.map((name, i) => [name, cells[i]]));
    };
    expect(await table({ unit: UNIT })).toMatchObject({
      ...{
        单位: UNIT,
        年度: String(YEAR),
        '承诺 实事 已承诺': '0',
        '需求 实事 办结': '1',
        '吹哨 应答': '1',
        '契约 完成条目': '1',
      },
      ...{ '经费 预算（元）': '', '经费 支出（元）': '0' },
    });
    expect(await table({ community: COMMUNITY })).toMatchObject({
      社区: COMMUNITY,
      '需求 提出': '2',
      使用资源: '1',
      '支出（元）': '39999.5',
    });
  });

  it('are counted from events alone, in models that can be made anew, the same to the byte', async () => {
    for (const model of [unitScoreboard, communityScoreboard, needFigures].map((one) => projected(bench.engine.store, one))) {
      expect(await model.compare()).toMatchObject({ ok: true, differing: [], keys: [] });
      expect(await model.rebuild()).toMatchObject({ changed: 0, setAside: [] });
    }
  });
});
