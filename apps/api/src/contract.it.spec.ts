import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COMMAND_EXAMPLES } from '@qiyue/contract';
import type { PublicContractCommandType } from '@qiyue/contract-domain';
import { ROLES } from '@qiyue/platform';
import { eventually, readPdf, type Answer } from '@qiyue/testkit';
import { ApiBench } from './testing/api-bench';
import { NEED } from './testing/people';
import type { Who } from './testing/test-tokens';

const KB = 1_000;
const NAMES = randomBytes(4).toString('hex');
const [UNIT, COMMUNITY] = [`住建局${NAMES}`, `民悦社区${NAMES}`];
const UNIT_SIDE: Who = { actor: 'wes', role: 'department', unit: UNIT };
const COMMUNITY_SIDE: Who = { actor: 'cora', role: 'community', unit: COMMUNITY };
const RESIDENT: Who = { actor: 'rita', role: 'resident', unit: COMMUNITY };
const CENTRE: Who = { actor: 'cen', role: 'centre', unit: '服务中心' };
const reason = '职能调整';
const items = [
  { title: '安装太阳能路灯', kind: 'tangible', quantity: 20, unit: '盏', dueOn: '2026-12-20' },
  { title: '消防安全讲座', kind: 'service' },
];
const TERMS = {
  unit: UNIT,
  community: COMMUNITY,
  year: 2026,
  items,
  duties: { community: ['提供场地'], unit: [] },
  startsOn: '2026-01-01',
  endsOn: '2026-12-31',
};

/** A body for each command that fits a contract of these terms. */
const BODIES: Readonly<Record<PublicContractCommandType, object>> = {
  ...COMMAND_EXAMPLES,
  propose: TERMS,
  amend: { items: [{ itemId: 'i1', ...items[0], quantity: 24 }, items[1]], reason },
  evaluate: { side: 'community', score: 5, itemId: 'i1', comment: 'SECRET-comment' },
};
type Step = readonly [Who, PublicContractCommandType, object?];
const SIGNED: readonly Step[] = [
  [UNIT_SIDE, 'sign'],
  [COMMUNITY_SIDE, 'sign'],
];
/** How a contract comes to each place that needs no time to pass. */
const WAYS: Readonly<Record<string, readonly Step[]>> = {
  'proposed/awaiting-signatures': [],
  'in-force/running': SIGNED,
  'in-force/running, finished': [...SIGNED, [UNIT_SIDE, 'finish-item']],
};
const EVERYBODY: readonly Who[] = [
  ...[UNIT_SIDE, COMMUNITY_SIDE],
  ...[
    { ...UNIT_SIDE, unit: '水利局' },
    { ...COMMUNITY_SIDE, unit: '幸福社区' },
  ],
  ...ROLES.filter((role) => role !== 'department' && role !== 'community').map((role) => ({ actor: role, role, unit: UNIT })),
];

describe('contracts on a running API', () => {
  let bench: ApiBench;
  beforeAll(async () => {
    bench = await ApiBench.rehearse('2026-01-08T09:00:00+08:00', 1, { QIYUE_REQUESTS_PER_SECOND: '0' });
  }, 120_000);
  afterAll(() => bench?.close());

  /** The ledger holds what was answered: whoever gives the next command looks there. */
  const does = async (id: string, as: Who, command: string, body: object): Promise<Answer> => {
    const answer = await bench.post(`/v1/contracts/${id}/${command}`, as, body);
    if (answer.status === 200)
      await eventually(`record ${answer.body['seq']}`, async () => (await bench.engine.store.stream(id)).length >= Number(answer.body['seq']));
    return answer;
  };
  const contractAt = async (place: string): Promise<string> => {
    const { status, body } = await bench.post('/v1/contracts', UNIT_SIDE, TERMS);
    expect([place, status]).toEqual([place, 201]);
    const id = String(body['contractId']);
    for (const [as, command, own] of WAYS[place] ?? []) {
      const answer = await does(id, as, command, own ?? BODIES[command]);
      expect([place, command, answer.status, answer.body['code']]).toEqual([place, command, 200, undefined]);
    }
    return id;
  };
  it('are proposed by one of the two that they name, and by nobody else', async () => {
    for (const who of EVERYBODY) {
      const { status, body } = await bench.post('/v1/contracts', who, TERMS);
      const isSide = who === UNIT_SIDE || who === COMMUNITY_SIDE;
      expect([who.role, who.unit, status, body['code']]).toEqual([who.role, who.unit, isSide ? 201 : 403, isSide ? undefined : 'not-permitted']);
    }
    expect((await bench.post('/v1/contracts', UNIT_SIDE, { ...TERMS, endsOn: '2026-13-01' })).body['code']).toBe('invalid');
    expect((await bench.post('/v1/contracts', UNIT_SIDE, { ...TERMS, year: 2025 })).body['code']).toBe('invalid-body');
  });

  it('are found by unit, community, year and status, and show comments to offices alone', async () => {
    const id = await contractAt('in-force/running, finished');
    const { body } = await does(id, COMMUNITY_SIDE, 'evaluate', BODIES.evaluate);
    const minSeq = Number(body['seq']);
    const view = (as: Who): Promise<Answer> => bench.get(`/v1/contracts/${id}?minSeq=${minSeq}`, as);
    expect((await view(CENTRE)).body).toMatchObject({
      evaluations: [{ comment: 'SECRET-comment', score: 5 }],
      signatures: [{ by: 'wes' }, { by: 'cora' }],
    });
    expect((await view(RESIDENT)).body).toMatchObject({ evaluations: [{ comment: null, score: 5 }], signatures: [{ by: null }, { by: null }] });
    const query = new URLSearchParams({ unit: UNIT, community: COMMUNITY, year: '2026', status: 'running', q: '路灯' });
    const found = (await bench.get(`/v1/contracts?${query.toString()}`, RESIDENT)).body['items'] as readonly { readonly contractId: string }[];
    expect(found.map(({ contractId }) => contractId)).toContain(id);
    expect((await bench.get(`/v1/contracts?unit=${encodeURIComponent(UNIT)}&year=2025`, RESIDENT)).body['items']).toEqual([]);
    const then = await bench.get(`/v1/contracts/${id}/at?seq=1`, RESIDENT);
    expect(then.body).toMatchObject({ stage: 'proposed', signatures: [] });
    expect(JSON.stringify(await bench.engine.store.stream(id))).not.toContain('SECRET-comment'); // sealed
  });

  const print = async (path: string, as: Who, language = 'zh-CN'): Promise<{ readonly response: Response; readonly content: Buffer }> => {
    const headers = { authorization: `Bearer ${await bench.tokens.mint(as)}`, 'accept-language': language };
    const response = await fetch(`${bench.base}${path}`, { headers });
    return { response, content: Buffer.from(await response.arrayBuffer()) };
  };
  const bare = (text: string): string => text.replaceAll(/\s/g, '');

  describe('printed', () => {
    it('name their parties, items, duties, signatures, and the record that they were made from', async () => {
      const id = await contractAt('in-force/running');
      const { response, content } = await print(`/v1/contracts/${id}/papers/contract`, COMMUNITY_SIDE);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf']);
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename="contract-${id}-4.pdf"`);
      expect(content.length).toBeLessThan(300 * KB);
      const { text, pages } = readPdf(content);
      expect(pages).toEqual([{ width: 595.28, height: 841.89 }]);
      const { events } = (await bench.get(`/v1/contracts/${id}/history`, RESIDENT)).body as unknown as {
        readonly events: readonly { readonly hash: string }[];
      };
      const said = bare(text);
      for (const words of [
        UNIT,
        COMMUNITY,
        '安装太阳能路灯',
        '20 盏',
        '2026-12-20',
        '提供场地',
        '签署人：wes',
        '签署人：cora',
        id,
        '第 4 条记录',
        `npx qiyue contract history ${id}`,
        `${events[3]?.hash}`,
      ])
        expect(said).toContain(bare(words));
    });
    it('hold what their reader may see, in their language, the same bytes each time', async () => {
      const id = await contractAt('in-force/running');
      const path = `/v1/contracts/${id}/papers/contract`;
      const [one, again, resident] = [await print(path, CENTRE, 'en'), await print(path, COMMUNITY_SIDE, 'en'), await print(path, RESIDENT, 'en')];
      expect(one.content.equals(again.content)).toBe(true);
      expect(bare(readPdf(one.content).text)).toContain('Signedby:wes');
      expect(bare(readPdf(resident.content).text)).toContain('Signedby:—');
      await does(id, UNIT_SIDE, 'finish-item', { itemId: 'i1' });
      const then = await print(`${path}?seq=4`, CENTRE, 'en');
      expect(then.content.equals(one.content)).toBe(true);
      expect((await print(path, CENTRE, 'en')).content.equals(one.content)).toBe(false);
    });
    it('are not there under another name, at another seq, or for nobody', async () => {
      const id = await contractAt('proposed/awaiting-signatures');
      const codeOf = async (path: string): Promise<unknown> => (await bench.get(path, CENTRE)).body['code'];
      expect(await codeOf(`/v1/contracts/${id}/papers/acceptance`)).toBe('no-such-paper');
      expect(await codeOf(`/v1/contracts/${id}/papers/__proto__`)).toBe('no-such-paper');
      expect(await codeOf(`/v1/contracts/${id}/papers/contract?seq=9`)).toBe('no-such-state');
      expect(await codeOf(`/v1/contracts/${'0'.repeat(26)}/papers/contract`)).toBe('not-found');
      expect((await fetch(`${bench.base}/v1/contracts/${id}/papers/contract`)).status).toBe(401);
    });
  });

  it('print the acceptance record of a need when it is done, and not before', async () => {
    const author: Who = { actor: 'rita', role: 'resident', unit: NEED.community };
    const community: Who = { actor: 'cora', role: 'community', unit: NEED.community };
    const id = String((await bench.post('/v1/needs', author, NEED)).body['needId']);
    const steps: readonly (readonly [Who, string, object])[] = [
      [UNIT_SIDE, 'claim', { unit: UNIT, plan: '本周施工' }],
      [UNIT_SIDE, 'fund', { amountFen: 123_456, source: 'donation', reference: '捐〔2026〕1号' }],
      [UNIT_SIDE, 'complete', { evidence: [{ kind: 'note', text: '扶手已安装' }] }],
    ];
    for (const [as, verb, body] of steps) expect((await bench.post(`/v1/needs/${id}/${verb}`, as, body)).status).toBe(200);
    expect((await bench.get(`/v1/needs/${id}/papers/acceptance`, community)).body['code']).toBe('no-such-paper');
    const { body } = await bench.post(`/v1/needs/${id}/accept`, community, { note: '质量合格' });
    await eventually('the acceptance', async () => (await bench.engine.store.stream(id)).length >= Number(body['seq']));
    const said = bare(readPdf((await print(`/v1/needs/${id}/papers/acceptance`, community)).content).text);
    for (const words of [
      '需求验收单',
      NEED.title,
      '12 米',
      UNIT,
      '1234.56',
      '捐〔2026〕1号',
      '扶手已安装',
      '质量合格',
      '验收人：cora',
      `npx qiyue history ${id}`,
    ])
      expect(said).toContain(bare(words));
    const hidden = bare(
      readPdf((await print(`/v1/needs/${id}/papers/acceptance`, { ...RESIDENT, actor: 'stranger', unit: '幸福社区二' })).content).text,
    );
    expect(hidden).not.toContain('扶手已安装');
    expect(hidden).toContain(NEED.title);
  });
});

describe('contracts whose last day is today', () => {
  let bench: ApiBench;
  beforeAll(async () => {
    bench = await ApiBench.rehearse('2026-12-31T23:50:00+08:00', 60); // ten minutes before its end are ten seconds
  }, 120_000);
  afterAll(() => bench?.close());

  const typesOf = async (id: string): Promise<readonly string[]> => (await bench.engine.store.stream(id)).map(({ type }) => type);
  const signed = async (): Promise<string> => {
    const id = String((await bench.post('/v1/contracts', UNIT_SIDE, TERMS)).body['contractId']);
    for (const as of [UNIT_SIDE, COMMUNITY_SIDE]) expect((await bench.post(`/v1/contracts/${id}/sign`, as, {})).status).toBe(200);
    return id;
  };

  it('end by themselves: one is evaluated by both sides then, one ends by its notice, one was never signed', async () => {
    const [kept, noticed] = [await signed(), await signed()];
    const unsigned = String((await bench.post('/v1/contracts', COMMUNITY_SIDE, TERMS)).body['contractId']);
    expect((await bench.post(`/v1/contracts/${noticed}/terminate`, UNIT_SIDE, { reason })).status).toBe(200);
    await eventually('the end of each', async () => (await typesOf(kept)).includes('ContractEnded'), 60_000);
    await eventually('the notice', async () => (await typesOf(noticed)).at(-1) === 'ContractTerminated', 60_000);
    await eventually('the end of waiting', async () => (await typesOf(unsigned)).at(-1) === 'ContractClosed', 60_000);
    for (const [side, as] of [
      ['unit', UNIT_SIDE],
      ['community', COMMUNITY_SIDE],
    ] as const)
      expect((await bench.post(`/v1/contracts/${kept}/evaluate`, as, { side, score: 5 })).status).toBe(200);
    await eventually('both evaluations', async () => (await typesOf(kept)).at(-1) === 'ContractClosed');
    const outcomes = await Promise.all(
      [kept, noticed, unsigned].map(
        async (id) => (await bench.get(`/v1/contracts/${id}?minSeq=${(await typesOf(id)).length}`, RESIDENT)).body['outcome'],
      ),
    );
    expect(outcomes).toEqual(['evaluated', 'terminated', 'unsigned']);
  }, 200_000);
});
