import { describe, expect, it } from '@jest/globals';
import { pathsOf, reaches } from '@qiyue/aggregate';
import { DEFAULT_POLICY_DOCUMENT, ENGINE_REFUSALS, explainRefusal, COMMON_REFUSALS } from '@qiyue/civic-domain';
import { numbered, sightBy } from '@qiyue/civic-views';
import type { Actor, RecordBody } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';
import { recipientKey, type Occasion } from '@qiyue/notices';
import { resourceEventSchemas } from '@qiyue/resource-contracts';
import { openOf, resourceDecider, statusOf, type ResourceCommand } from '@qiyue/resource-domain';
import { foldResourceView, toListItem, type ResourceView } from '@qiyue/resource-views';
import fc from 'fast-check';
import { z } from 'zod';
import { resourceAggregate as resource } from './resource.aggregate';

const wes: Actor = { id: 'wes', role: 'department', unit: '住建局' };
const cora: Actor = { id: 'cora', role: 'community', unit: '民悦社区' };
const saga: Actor = { id: 'saga', role: 'system', unit: null };
const on = (day: number): string => `2026-06-${String(day).padStart(2, '0')}T00:00:00.000+08:00`;

type Step = readonly [Actor, ResourceCommand] | 'waits';
const offer = (kind: 'equipment' | 'materials'): Step => [
  wes,
  {
    type: 'offer',
    data: { kind, name: '高空作业车', quantity: 3, unit: '台', to: on(30), conditions: '预约', skills: ['路灯'], contact: 'SECRET-contact' },
  },
];
const STEPS: readonly Step[] = [
  [cora, { type: 'reserve', data: { reservationId: 'r1', from: on(5), to: on(7), needId: 'n1' } }],
  [saga, { type: 'reserve', data: { reservationId: 'r2', from: on(6), to: on(9), quantity: 2, projectId: 'p1' } }],
  [wes, { type: 'use', data: { reservationId: 'r1' } }],
  [wes, { type: 'free', data: { reservationId: 'r2', reason: 'SECRET-reason' } }],
  [cora, { type: 'free', data: { reservationId: 'r1' } }],
  [wes, { type: 'change', data: { quantity: 4, community: '民悦社区', from: on(2) } }],
  [wes, { type: 'withdraw', data: { reason: 'SECRET-reason' } }],
  [saga, { type: 'use', data: { reservationId: 'r2', quantity: 1 } }],
  'waits',
];

interface Moment {
  readonly record: RecordBody;
  readonly before: ResourceView | null;
  readonly after: ResourceView;
}
const lifeOf = (steps: readonly Step[]) => {
  const life = new EntityLife(resourceDecider, { entity: 'r', bornAt: on(1) });
  for (const step of steps) step === 'waits' ? life.waits() : life.does(...step);
  let before: ResourceView | null = null;
  const moments = life.records.map((record): Moment => {
    const moment = { record, before, after: foldResourceView(before, record) };
    before = moment.after;
    return moment;
  });
  return { state: life.state, moments };
};
const { moments: MOMENTS } = lifeOf([offer('equipment'), ...STEPS]);
const END = MOMENTS.at(-1)?.after as ResourceView;

it('a document says of a resource what the entity knows of it, after every command', () => {
  const places = new Set<string>();
  fc.assert(
    fc.property(fc.constantFrom('equipment', 'materials' as const), fc.array(fc.nat(STEPS.length - 1), { maxLength: 25 }), (kind, picks) => {
      const { state, moments } = lifeOf([offer(kind), ...picks.map((pick) => STEPS[pick] as Step)]);
      const view = moments.at(-1)?.after as ResourceView;
      if (state.stage === 'nonexistent') throw new Error('it was never offered');
      places.add(`${view.stage}/${view.status}`);
      expect([view.stage, view.status, view.quantity, view.from, view.to, view.used, view.reservations]).toEqual([
        ...[state.stage, statusOf(state), state.quantity, state.from, state.to, state.used, state.reservations],
      ]);
      expect(resource.shown.parse(resource.shownOf(view, on(2)))).toEqual({ ...view, ...numbered(view.resourceId, view.createdAt) });
      expect(resource.listing.item.parse(toListItem(view))).toEqual(toListItem(view));
    }),
    { numRuns: 1_000, seed: 20_240_620 },
  );
  expect([...places].sort()).toEqual(['offered/free', 'offered/reserved', 'withdrawn/ended', 'withdrawn/settling']);
});

describe('the definition', () => {
  it('has a body that fits for each command, the starting one first', () => {
    expect(Object.keys(resource.commands)[0]).toBe(resource.decider.startsWith);
    for (const { schema, example } of Object.values(resource.commands)) expect(schema.safeParse(example).error).toBeUndefined();
  });
  it('can be written down as JSON Schema, each part of it', () => {
    const schemas = [
      resource.shown,
      resource.listing.item,
      ...[...Object.values(resource.commands), ...Object.values(resource.events)].map(({ schema }) => schema),
    ];
    for (const schema of schemas) expect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).toHaveProperty('type', 'object');
  });
  it('lists by kind, giver, community, skill and stage', () => {
    const query = z
      .strictObject(resource.listing.filters)
      .parse({ kind: 'people', giver: '住建局', community: 'c', skill: '电工', stage: 'offered' });
    expect(resource.listing.conditionsOf(query, on(1))).toEqual([
      ...[{ 'view.kind': 'people' }, { 'view.giver': '住建局' }, { 'view.community': 'c' }, { 'view.skills': '电工' }, { 'view.stage': 'offered' }],
    ]);
    expect(resource.listing.textsOf(END)).toEqual(['高空作业车', '住建局', '预约', '路灯']);
  });
  it('concerns its giver, those who have reserved it, and the community where it can be had', () => {
    const held = MOMENTS.find(({ record }) => record.type === 'ReservationUsed')?.after as ResourceView;
    expect([resource.access.unitsOf(held), resource.access.communitiesOf(END), openOf(held.reservations)]).toEqual([
      ['住建局', '民悦社区'],
      ['民悦社区'],
      [held.reservations[1]],
    ]);
    expect([resource.access.endedAtOf(held), resource.access.endedAtOf(END)]).toEqual([null, END.updatedAt]);
  });
});

/** What a role sees of a value, by path: a second, plainer reader than the edge's. */
const seenBy = (role: string, value: unknown, within: string, path = ''): unknown => {
  if (Array.isArray(value)) return value.map((one: unknown) => seenBy(role, one, within, `${path}[]`));
  if (typeof value !== 'object' || value === null) return value;
  const sight = sightBy(resource.access.reading, role, resource.access.relationOf({ id: 'x', role, unit: 'x' }, END));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const at = path === '' ? name : `${path}.${name}`;
      return reaches(sight, resource.access.leastSightOf(at, within)) ? [[name, seenBy(role, inner, within, at)]] : [];
    }),
  );
};

describe('a field', () => {
  it('is shown to somebody, each in documents and events, and no other to anybody', () => {
    for (const path of pathsOf(resource.shown)) expect([path, resource.access.leastSightOf(path, 'offered')]).toEqual([path, expect.any(String)]);
    for (const [type, schema] of Object.entries(resourceEventSchemas))
      for (const path of pathsOf(schema)) expect([type, path, resource.access.leastSightOf(path, type)]).toEqual([type, path, expect.any(String)]);
    for (const path of ['', 'planted', '__proto__', 'reservations[].name']) expect(resource.access.leastSightOf(path, 'offered')).toBeNull();
  });
  it.each(['resident', 'property', 'grid', 'authority', 'operator', 'service', 'none'])(
    'that tells how somebody is reached, or why, is hidden from a %s',
    (role) => {
      expect(JSON.stringify(seenBy(role, END, END.stage))).toMatch(/高空作业车/);
      for (const { record, after } of MOMENTS)
        expect(JSON.stringify([seenBy(role, record.data, record.type), seenBy(role, after, after.stage)])).not.toMatch(/SECRET/);
    },
  );
  it.each(['department', 'community', 'centre', 'supervisor'])('of all is shown to a %s', (role) => {
    expect(seenBy(role, END, END.stage)).toEqual(END);
  });
});

it('a refusal has a sentence of its own in Chinese and in English, each of them', () => {
  const { refusals, noun } = resource;
  const codes = Object.keys(refusals);
  const english = codes.map((code) => explainRefusal(refusals, { code }, { noun }, 'en'));
  expect(new Set(english).size).toBe(codes.length);
  for (const sentence of english) expect(sentence).toMatch(/^[A-Z][\x20-\x7e–]+\.$/);
  for (const code of codes) expect(explainRefusal(refusals, { code }, { noun }, 'zh-CN')).toMatch(/\p{Script=Han}.*。$/u);
  expect(codes.filter((code) => !(code in ENGINE_REFUSALS) && !(code in COMMON_REFUSALS))).toHaveLength(11);
});

describe('a notice', () => {
  const { notices } = resource;
  if (notices === undefined) throw new Error('nobody is told of anything');
  const occasionOf = ({ record, before, after }: Moment): Occasion<ResourceView> => ({
    event: notices.eventOf(record),
    by: record.actor,
    before,
    after,
  });
  const told = MOMENTS.filter(({ record }) => notices.types.includes(record.type));
  const post = (role: string, unit: string) => recipientKey({ kind: 'post', role, unit } as never);

  it('goes to the giver of what others reserve or free, and to those who count on it', () => {
    expect(told.map((moment) => [moment.record.type, notices.recipientsOf(occasionOf(moment), DEFAULT_POLICY_DOCUMENT).map(recipientKey)])).toEqual([
      ['ResourceReserved', [post('department', '住建局')]],
      ['ResourceReserved', [post('department', '住建局')]],
      ['ReservationFreed', []],
      ['ResourceWithdrawn', []],
    ]);
    const [used] = MOMENTS.filter(({ after }) => after.reservations.length === 1);
    const withdrawn = {
      event: { type: 'ResourceWithdrawn', data: { giver: '住建局', cause: 'over' } },
      by: saga,
      before: used?.after ?? null,
      after: END,
    };
    expect(notices.recipientsOf(withdrawn, DEFAULT_POLICY_DOCUMENT).map(recipientKey)).toEqual([
      post('department', '民悦社区'),
      post('community', '民悦社区'),
    ]);
  });
  it('says what it is about in both languages, and no reason or contact', () => {
    const words = told.flatMap((moment) => (['zh-CN', 'en'] as const).map((language) => notices.wordsFor(occasionOf(moment), language)));
    for (const { subject, text } of words) expect(`${subject} ${text}`).toMatch(/高空作业车/);
    expect(JSON.stringify(words)).not.toMatch(/SECRET|null|undefined|NaN/);
    expect(words[0]?.text).toBe('住建局提供的“高空作业车”已被预订 1 台，时间为2026年6月5日（星期五）00:00至2026年6月7日（星期日）00:00。');
    expect(told.some((moment) => notices.isUrgent(occasionOf(moment)))).toBe(false);
  });
});
