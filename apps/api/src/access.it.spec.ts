import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mayUse, ROUTE_ROLES, type GuardedRoute } from '@qiyue/edge';
import { ROLES } from '@qiyue/platform';
import { Aliases, KeyFolder } from '@qiyue/privacy';
import { eventOf, openRecord, type Actor } from '@qiyue/engine';
import {
  isOwner,
  NEED_RULES,
  needDecider,
  ownershipRuleOf,
  type Giver,
  type NeedCommand,
  type NeedEvent,
  type NeedState,
  type PublicNeedCommandType,
} from '@qiyue/need-domain';
import { PUBLIC_NEED_COMMANDS } from '@qiyue/need-contracts';
import { SIGHTS } from '@qiyue/civic-views';
import { ATTACH_RULES, FIELD_SIGHT, READING_RULES, RELATIONS, sees, sightOf, type Relation } from '@qiyue/need-views';
import { ApiBench } from './testing/api-bench';
import { COMMAND_EXAMPLES } from '@qiyue/need';
import { NEED } from './testing/people';
import type { Who } from './testing/test-tokens';

const COMMUNITY = NEED.community;
const LEAD = '住建局';
const HELPER = '水利局';
const AUTHOR: Who = { actor: 'author', role: 'resident', unit: COMMUNITY };
const OFFICE: Who = { actor: 'office', role: 'community', unit: COMMUNITY };
const OFFICER: Who = { actor: 'officer', role: 'department', unit: LEAD };

/** Of every role somebody to whom the need could belong, by id and by unit, and somebody to whom it could not. */
const WHO: readonly (readonly [string, Who])[] = ROLES.flatMap((role) => [
  [`${role}, own`, { actor: 'author', role, unit: role === 'department' ? LEAD : COMMUNITY }] as const,
  [`${role}, other`, { actor: 'stranger', role, unit: role === 'department' ? '水利局' : '和平社区' }] as const,
]);

type Step = readonly [string, Who, object];
const CLAIMED: readonly Step[] = [['claim', OFFICER, { unit: LEAD, plan: 'A' }]];
const FUNDED: readonly Step[] = [...CLAIMED, ['fund', OFFICER, { amountFen: 100, source: 'department', reference: 'r' }]];
const REPORTED: readonly Step[] = [...FUNDED, ['complete', OFFICER, { evidence: [{ kind: 'photo', text: 't' }] }]];
const DONE: readonly Step[] = [...REPORTED, ['accept', OFFICE, {}]];
const VERDICT = { score: 5, satisfied: true };
const EVALUATED: readonly Step[] = [
  ...DONE,
  ['evaluate', AUTHOR, { ...VERDICT, side: 'resident' }],
  ['evaluate', OFFICE, { ...VERDICT, side: 'community' }],
];
const SIGNED: readonly Step[] = [...CLAIMED, ['sign', OFFICE, {}], ['sign', OFFICER, {}]];
const ASKED: readonly Step[] = [...CLAIMED, ['request-extension', OFFICER, { workingDays: 1, reason: 'r' }]];

/** The way to where a command can be given. */
const BEFORE: Readonly<Partial<Record<PublicNeedCommandType, readonly Step[]>>> = {
  return: CLAIMED,
  sign: CLAIMED,
  fund: CLAIMED,
  start: FUNDED,
  progress: FUNDED,
  complete: FUNDED,
  accept: REPORTED,
  'refuse-works': REPORTED,
  evaluate: DONE,
  pause: CLAIMED,
  resume: [...CLAIMED, ['pause', OFFICE, { waitingFor: 'w' }]],
  'request-extension': CLAIMED,
  grant: ASKED,
  reopen: EVALUATED,
  deny: ASKED,
  join: [['claim', OFFICER, { unit: LEAD, plan: 'A', helpers: [HELPER] }]],
  'share-contact': CLAIMED,
  'leave-project': CLAIMED,
};

const PDF = Buffer.from('%PDF-1.7 nothing more');
const attach = async (bench: ApiBench, needId: string, who: Who): Promise<Response> =>
  fetch(`${bench.base}/v1/needs/${needId}/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await bench.tokens.mint(who)}` },
    body: PDF,
  });

const actorOf = ({ actor, role, unit }: Who): Actor => ({ id: actor, role, unit: unit ?? null });

describe('who may do what', () => {
  let bench: ApiBench;
  beforeAll(async () => {
    bench = await ApiBench.create();
  }, 60_000);
  afterAll(() => bench.close());

  const needAt = async (steps: readonly Step[]): Promise<string> => {
    const needId = String((await bench.post('/v1/needs', AUTHOR, NEED)).body['needId']);
    for (const [command, who, body] of steps) expect((await bench.post(`/v1/needs/${needId}/${command}`, who, body)).status).toBe(200);
    return needId;
  };
  /** With the need's own name for them, as the edge says it. */
  const giverOf = async (who: Who, entity: string): Promise<Giver> => {
    const actor = actorOf(who);
    const alias = await new Aliases(new KeyFolder(bench.tokens.keysPath)).of({ actor, entity, commandId: '' });
    return { actor, ...(alias === undefined ? {} : { alias }) };
  };
  const stateOf = async (needId: string): Promise<NeedState> =>
    (await bench.engine.store.stream(needId)).reduce(
      (state, record) => needDecider.evolve(state, eventOf<NeedEvent>(openRecord(record)), { rules: 1 }),
      needDecider.initial,
    );

  it.each(PUBLIC_NEED_COMMANDS.filter((type) => type !== 'submit'))('%s, of every role, on one’s own and on another’s need', async (type) => {
    const needId = await needAt(BEFORE[type] ?? []);
    const state = await stateOf(needId);
    const body = type === 'claim' ? { unit: LEAD, plan: 'A' } : type === 'evaluate' ? { ...VERDICT, side: 'resident' } : COMMAND_EXAMPLES[type];
    const givers = new Map(await Promise.all(WHO.map(async ([, who]) => [who, await giverOf(who, needId)] as const)));
    const isPermitted = (who: Who): boolean => {
      const [rule, giver] = [ownershipRuleOf(type, who.role, { rules: NEED_RULES }), givers.get(who)];
      return rule !== null && giver !== undefined && isOwner(rule, { type, data: body } as unknown as NeedCommand, state, giver);
    };
    const inOrder = WHO.toSorted(([, a], [, b]) => Number(isPermitted(a)) - Number(isPermitted(b))); // refusals change nothing, so they come first
    for (const [name, who] of inOrder) {
      const { status, body: answer } = await bench.post(`/v1/needs/${needId}/${type}`, who, body);
      expect([name, status === 403, status < 500]).toEqual([name, !isPermitted(who), true]);
      if (status === 403) expect(answer['code']).toBe('not-permitted');
    }
    expect(WHO.some(([, who]) => isPermitted(who))).toBe(true);
  });

  it('submit, of every role', async () => {
    for (const [name, who] of WHO) {
      const { status } = await bench.post('/v1/needs', who, NEED);
      expect([name, status]).toEqual([name, ownershipRuleOf('submit', who.role, { rules: NEED_RULES }) === null ? 403 : 201]);
    }
  });

  const BODIES: Readonly<Partial<Record<GuardedRoute, object>>> = {
    'PUT /v1/directory': { persons: [], robots: [] },
    'POST /v1/notices/{noticeId}/retry': {},
    'POST /v1/privacy/erasures': { subject: 'nobody' },
    'POST /v1/privacy/exports': { subject: 'nobody' },
    'POST /v1/privacy/retention': {},
    'POST /v1/keys': { name: 'n', scopes: ['read'] },
    'POST /v1/keys/{keyId}/approve': {},
    'POST /v1/privacy/erasures/{erasureId}/approve': {},
    'PUT /v1/privacy/holds/{subject}': { reference: 'case 1' },
  };
  it.each(Object.keys(ROUTE_ROLES) as readonly GuardedRoute[])('%s is for the roles of its row alone', async (route) => {
    const [method, path] = route.replace(/\{\w+\}/, 'none').split(' ') as [string, string];
    for (const [name, who] of WHO) {
      const { status } = await bench.send(method, path, { as: who, ...(BODIES[route] === undefined ? {} : { body: BODIES[route] }) });
      expect([name, status === 403, status < 500]).toEqual([name, !mayUse(route, who.role), true]);
    }
  });

  it('no row of the tables is for a role that there is not', () => {
    expect(Object.keys(READING_RULES).sort()).toEqual([...ROLES].sort());
  });
});

type Which = 'open' | 'claimed' | 'signed';

describe('who may read what', () => {
  let bench: ApiBench;
  const needs = new Map<Which, string>();
  beforeAll(async () => {
    bench = await ApiBench.create();
    for (const [name, steps] of [
      ['open', []],
      ['claimed', CLAIMED],
      ['signed', SIGNED],
    ] as const) {
      const needId = String((await bench.post('/v1/needs', AUTHOR, NEED)).body['needId']);
      for (const [command, who, body] of steps) await bench.post(`/v1/needs/${needId}/${command}`, who, body);
      await bench.get(`/v1/needs/${needId}?minSeq=${steps.length + 1}`, AUTHOR);
      expect((await attach(bench, needId, OFFICE)).status).toBe(201);
      needs.set(name, needId);
    }
    await bench.post(`/v1/needs/${needs.get('open')}/whistle`, OFFICE, { units: ['城管局'] });
  }, 60_000);
  afterAll(() => bench.close());

  const OFFICER_CALLED: Who = { actor: 'called', role: 'department', unit: '城管局' };
  const ASKING: readonly (readonly [Which, Who, Relation])[] = [
    ...ROLES.map((role) => ['claimed', { actor: 'author', role }, 'author'] as const),
    ...ROLES.map((role) => ['claimed', { actor: 'stranger', role, unit: '别处' }, 'other'] as const),
    ['claimed', { actor: 'office', role: 'community', unit: COMMUNITY }, 'own'],
    ['claimed', { actor: 'officer', role: 'department', unit: LEAD }, 'own'],
    ['signed', { actor: 'officer', role: 'department', unit: LEAD }, 'contracted'],
    ['open', OFFICER_CALLED, 'called'],
    ['open', { actor: 'officer', role: 'department', unit: '水利局' }, 'open-list'],
  ];
  it.each(ASKING)('of a need that is %s: %j, who stands to it as %s', async (which, who, relation) => {
    const row = READING_RULES[who.role as keyof typeof READING_RULES];
    const expected = row[relation] ?? row.other;
    const needId = needs.get(which) as string;
    const { body } = await bench.get(`/v1/needs/${needId}`, who);
    const seen = (['description', 'contact'] as const).filter((name) => body[name] !== null);
    expect(seen).toEqual((['description', 'contact'] as const).filter((name) => sees(expected, name)));
    expect(sightOf(actorOf(who), body as never)).toBe(expected);
    const { body: history } = await bench.get(`/v1/needs/${needId}/history`, who);
    expect(JSON.stringify(history).includes(NEED.contact)).toBe(seen.includes('contact'));
    expect(body['title']).toBe(NEED.title);
    const files = `/v1/needs/${needId}/files`;
    expect((await bench.get(files, who)).status === 200).toBe(sees(expected, 'files'));
    const [file] = (await bench.get(files, OFFICE)).body['items'] as readonly { readonly fileId: string }[];
    expect((await bench.get(`${files}/${file?.fileId}`, who)).status === 200).toBe(sees(expected, 'files'));
    const mayAttach = ATTACH_RULES[who.role as keyof typeof ATTACH_RULES]?.includes(relation) === true;
    expect((await attach(bench, needId, who)).status).toBe(mayAttach ? 201 : 403);
  });

  it('names for every relation and every field how far one has to see', () => {
    expect(RELATIONS.filter((relation) => Object.values(READING_RULES).some((row) => Object.hasOwn(row, relation)))).toEqual([...RELATIONS]);
    expect(new Set(Object.values(FIELD_SIGHT))).toEqual(new Set(SIGHTS));
  });
});
