import { describe, expect, it } from '@jest/globals';
import { pathsOf, reaches } from '@qiyue/aggregate';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { COMMON_REFUSALS, compilePolicy, DEFAULT_POLICY_DOCUMENT, ENGINE_REFUSALS, explainRefusal, LANGUAGES, stepId } from '@qiyue/civic-domain';
import { sightBy } from '@qiyue/civic-views';
import { CLOCK_ACTOR, type Actor, type RecordBody } from '@qiyue/engine';
import { EntityLife } from '@qiyue/engine-testing';
import { recipientKey, type Occasion } from '@qiyue/notices';
import { projectEventSchemas } from '@qiyue/project-contracts';
import { NEED_STAGES, projectDecider, projectIdOf, statusOf, type ProjectCommand } from '@qiyue/project-domain';
import { foldProjectView, toListItem, type ProjectView } from '@qiyue/project-views';
import fc from 'fast-check';
import { z } from 'zod';
import { projectAggregate as project } from './project.aggregate';
import { projectCalendar } from './project.calendar';
import { TOLD_TYPES } from './project.notices';

const wes: Actor = { id: 'wes', role: 'department', unit: '住建局' };
const rod: Actor = { id: 'rod', role: 'department', unit: '城管局' };
const system: Actor = { id: 'reaction', role: 'system', unit: null };
const TABLES = { calendar: compileTable(CHINA_2024_2026), policy: compilePolicy(DEFAULT_POLICY_DOCUMENT) };
const LATER = {
  ...TABLES,
  policy: compilePolicy({ ...DEFAULT_POLICY_DOCUMENT, version: 'later-1', remind: { ...DEFAULT_POLICY_DOCUMENT.remind, beforeWorkingDays: 2 } }),
};
const NOW = '2024-07-01T08:00:00.000+08:00';

type Step = readonly [Actor, ProjectCommand] | 'waits' | 'is retimed';
const PLANNED: Step = [
  wes,
  {
    type: 'plan',
    data: { title: '路灯和车棚', unit: '住建局', community: '民悦社区', startsOn: '2024-07-02', endsOn: '2024-08-30', budgetFen: 424_242 },
  },
];
const held = { resourceId: 'r1', reservationId: 'v1' };
const moved = (needId: string, stage: (typeof NEED_STAGES)[number]): Step => [system, { type: 'need-moved', data: { needId, stage } }];
const milestone = (dueOn?: string): Step => [
  wes,
  { type: 'milestone', data: { title: '基础', note: 'SECRET-note', ...(dueOn === undefined ? {} : { dueOn }) } },
];
const resource: Step = [wes, { type: 'add-resource', data: { ...held, from: '2024-07-10T00:00:00.000+08:00', to: '2024-07-12T00:00:00.000+08:00' } }];
const STEPS: readonly Step[] = [
  [rod, { type: 'join', data: {} }],
  [wes, { type: 'add-need', data: { needId: 'n1' } }],
  resource,
  [system, { type: 'resource-moved', data: { ...held, end: 'freed' } }],
  [wes, { type: 'start', data: {} }],
  milestone('2024-07-15'),
  milestone('2024-07-19'),
  milestone(),
  ...NEED_STAGES.map((stage) => moved('n1', stage)),
  moved('n2', 'evaluated'),
  [wes, { type: 'finish', data: {} }],
  'waits',
  'is retimed',
  [wes, { type: 'cancel', data: { reason: 'SECRET-reason' } }],
];

interface Moment {
  readonly record: RecordBody;
  readonly before: ProjectView | null;
  readonly after: ProjectView;
}
const lifeOf = (steps: readonly Step[]) => {
  const life = new EntityLife(projectDecider, { entity: 'p', bornAt: NOW, tables: TABLES });
  for (const step of steps)
    if (step === 'waits') life.waits();
    else if (step === 'is retimed') life.isBrought(LATER, system, { type: 'retime', data: {} });
    else life.does(...step);
  let before: ProjectView | null = null;
  const moments = life.records.map((record): Moment => {
    const moment = { record, before, after: foldProjectView(before, record) };
    before = moment.after;
    return moment;
  });
  return { state: life.state, moments };
};
const endOf = (moments: readonly Moment[]): ProjectView => moments.at(-1)?.after as ProjectView;

const [join, addNeed] = STEPS as readonly [Step, Step];
const waits = (times: number): readonly Step[] => Array.from({ length: times }, () => 'waits');
const LIVES = {
  finished: lifeOf([
    PLANNED,
    join,
    addNeed,
    resource,
    moved('n1', 'started'),
    milestone('2024-07-15'),
    milestone(),
    moved('n1', 'evaluated'),
    moved('n1', 'claimed'),
  ]).moments,
  late: lifeOf([
    PLANNED,
    milestone('2024-07-15'),
    ...waits(6),
    resource,
    [system, { type: 'resource-moved', data: { ...held, end: 'freed' } }],
    'is retimed',
  ]).moments,
  cancelled: lifeOf([PLANNED, join, [wes, { type: 'cancel', data: { reason: 'SECRET-reason' } }]]).moments,
};
const MOMENTS = Object.values(LIVES).flat();

it('a document says of a project what the entity knows of it, after every command', () => {
  const places = new Set<string>();
  fc.assert(
    fc.property(fc.array(fc.nat(STEPS.length - 1), { maxLength: 30, size: 'max' }), (picks) => {
      const { state, moments } = lifeOf([PLANNED, ...picks.map((pick) => STEPS[pick] as Step)]);
      const view = endOf(moments);
      if (state.stage === 'nonexistent') throw new Error('it was never planned');
      places.add(`${view.stage}/${view.status}`);
      expect([view.stage, view.status, view.unit, view.helpers, view.closesAt]).toEqual([
        state.stage,
        statusOf(state),
        state.unit,
        state.helpers,
        state.closesAt,
      ]);
      expect(view.needs.map(({ needId, stage }) => ({ needId, stage }))).toEqual(state.needs);
      expect(
        view.resources.flatMap(({ state: at, resourceId, reservationId }) => (at === 'reserved' ? [{ resourceId, reservationId }] : [])),
      ).toEqual(state.reservations);
      expect(
        view.milestones.map(({ milestoneId, title, dueOn, reachedAt }) => ({ milestoneId, title, dueOn, isReached: reachedAt !== null })),
      ).toEqual(state.milestones);
      expect(view.clocks.map(({ stage, steps }) => [stage, steps.filter(({ firedAt }) => firedAt !== null).map(stepId)])).toEqual(
        state.deadlines.map(({ name, clock }) => [name, clock.schedule.steps.map(stepId).filter((step) => clock.fired.includes(step))]),
      );
      expect(view.dueAt).toBe(state.deadlines.map(({ clock }) => clock.schedule.dueAt).sort()[0] ?? null);
      expect(project.shown.parse(project.shownOf(view, NOW))).toEqual(project.shownOf(view, NOW));
      expect(project.listing.item.parse(toListItem(view, NOW))).toEqual(toListItem(view, NOW));
    }),
    { numRuns: 1_000, seed: 20_240_620 },
  );
  expect([...places].sort()).toEqual(['cancelled/ended', 'finished/ended', 'finished/settling', 'planned/planning', 'under-way/at-work']);
}, 120_000);

describe('the definition', () => {
  it('has a body that fits for each command, the starting one first', () => {
    expect(Object.keys(project.commands)[0]).toBe(project.decider.startsWith);
    for (const { schema, example } of Object.values(project.commands)) expect(schema.safeParse(example).error).toBeUndefined();
  });
  it('can be written down as JSON Schema, each part of it', () => {
    const schemas = [
      project.shown,
      project.listing.item,
      ...[...Object.values(project.commands), ...Object.values(project.events)].map(({ schema }) => schema),
    ];
    for (const schema of schemas) expect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).toHaveProperty('type', 'object');
  });
  it('gives a project of an item of a contract the id of that item, and any other one of its own', () => {
    const item = { contractId: 'c1', itemId: 'i1' };
    expect(project.idOf?.({ ...item, title: 't' })).toBe(projectIdOf(item));
    for (const data of [{}, { contractId: 'c1' }, { ...item, itemId: 1 }]) expect(project.idOf?.(data)).toBeUndefined();
  });
  it('lists by lead, community, stage, contract, need and what is late', () => {
    const query = z
      .strictObject(project.listing.filters)
      .parse({ unit: '住建局', community: 'c', stage: 'planned', contractId: 'k', needId: 'n', overdue: 'true' });
    expect(project.listing.conditionsOf(query, NOW)).toEqual([
      ...[
        { 'view.unit': '住建局' },
        { 'view.community': 'c' },
        { 'view.stage': 'planned' },
        { 'view.contractId': 'k' },
        { 'view.needs.needId': 'n' },
      ],
      { 'view.dueAt': { $ne: null, $lt: NOW } },
    ]);
    expect(project.listing.textsOf(endOf(LIVES.finished))).toEqual(['路灯和车棚', '住建局', '基础']);
  });
  it('concerns its lead, its helpers and its community', () => {
    const view = endOf(LIVES.finished);
    expect([project.access.unitsOf(view), project.access.communitiesOf(view)]).toEqual([['住建局', '城管局'], ['民悦社区']]);
    expect([project.access.endedAtOf(view), project.access.endedAtOf(endOf(LIVES.cancelled))]).toEqual([null, endOf(LIVES.cancelled).updatedAt]);
  });
});

/** What a reader sees of a value, by path: a second, plainer reader than the edge's. */
const seenBy = (role: string, unit: string, value: unknown, within: string, path = ''): unknown => {
  if (Array.isArray(value)) return value.map((one: unknown) => seenBy(role, unit, one, within, `${path}[]`));
  if (typeof value !== 'object' || value === null) return value;
  const sight = sightBy(project.access.reading, role, project.access.relationOf({ id: 'x', role, unit }, endOf(LIVES.finished)));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const at = path === '' ? name : `${path}.${name}`;
      return reaches(sight, project.access.leastSightOf(at, within)) ? [[name, seenBy(role, unit, inner, within, at)]] : [];
    }),
  );
};

describe('a field', () => {
  it('is shown to somebody, each in documents and events, and no other to anybody', () => {
    for (const path of pathsOf(project.shown)) expect([path, project.access.leastSightOf(path, 'planned')]).toEqual([path, expect.any(String)]);
    for (const [type, schema] of Object.entries(projectEventSchemas))
      for (const path of pathsOf(schema)) expect([type, path, project.access.leastSightOf(path, type)]).toEqual([type, path, expect.any(String)]);
    for (const path of ['', 'planted', '__proto__', 'needs[].title']) expect(project.access.leastSightOf(path, 'planned')).toBeNull();
  });
  it.each(['resident', 'property', 'grid', 'authority', 'operator', 'service', 'none', 'community'])(
    'of money, a note or a reason is hidden from a %s',
    (role) => {
      for (const { record, after } of MOMENTS) {
        const seen = JSON.stringify([seenBy(role, '别处社区', record.data, record.type), seenBy(role, '别处社区', after, after.stage)]);
        expect(seen).toMatch(/路灯和车棚/);
        expect(seen).not.toMatch(/SECRET|424242/);
      }
    },
  );
  it.each([
    ['department', '别处'],
    ['community', '民悦社区'],
    ['centre', ''],
    ['supervisor', ''],
  ])('of all is shown to a %s (%s)', (role, unit) => {
    for (const { after } of MOMENTS) expect(seenBy(role, unit, after, after.stage)).toEqual(after);
  });
});

it('a refusal has a sentence of its own in Chinese and in English, each of them', () => {
  const { refusals, noun } = project;
  const codes = Object.keys(refusals);
  const english = codes.map((code) => explainRefusal(refusals, { code }, { noun }, 'en'));
  expect(new Set(english).size).toBe(codes.length);
  for (const sentence of english) expect(sentence).toMatch(/^[A-Z][\x20-\x7e–]+\.$/);
  for (const code of codes) expect(explainRefusal(refusals, { code }, { noun }, 'zh-CN')).toMatch(/\p{Script=Han}.*。$/u);
  expect(codes.filter((code) => !(code in ENGINE_REFUSALS) && !(code in COMMON_REFUSALS))).toHaveLength(13);
});

describe('a notice', () => {
  const { notices } = project;
  if (notices === undefined) throw new Error('nobody is told of anything');
  const occasionOf = ({ record, before, after }: Moment): Occasion<ProjectView> => ({
    event: notices.eventOf(record),
    by: record.actor,
    before,
    after,
  });
  const told = MOMENTS.filter(({ record }) => notices.types.includes(record.type));
  const post = (role: string, unit: string | null) => recipientKey({ kind: 'post', role, unit } as never);
  const [LEAD, HELPER, COMMUNITY, CENTRE] = [
    post('department', '住建局'),
    post('department', '城管局'),
    post('community', '民悦社区'),
    post('centre', null),
  ];
  const toldOf = (life: keyof typeof LIVES) =>
    LIVES[life]
      .filter(({ record }) => notices.types.includes(record.type))
      .map((moment) => [moment.record.type, notices.recipientsOf(occasionOf(moment), DEFAULT_POLICY_DOCUMENT).map(recipientKey)]);

  it('goes to lead, helpers, community and centre, and never to whoever did it', () => {
    expect(toldOf('finished')).toEqual([
      ['ProjectPlanned', [COMMUNITY]],
      ['HelperJoined', [LEAD]],
      ['ProjectStarted', [LEAD, COMMUNITY]],
      ['MilestoneReached', [COMMUNITY]],
      ['ProjectFinished', [LEAD, HELPER, COMMUNITY, CENTRE]],
      ['ProjectReopened', [LEAD, HELPER, COMMUNITY, CENTRE]],
    ]);
    expect(toldOf('cancelled').at(-1)).toEqual(['ProjectCancelled', [HELPER, COMMUNITY, CENTRE]]);
    expect(toldOf('late').map(([type]) => type)).toEqual([
      ...[
        'ProjectPlanned',
        'DeadlineApproaching',
        'DeadlineMissed',
        'Escalated',
        'Escalated',
        'Escalated',
        'Escalated',
        'ResourceLeft',
        'DeadlineMoved',
        'DeadlineMoved',
      ],
    ]);
    for (const [, recipients] of toldOf('late').slice(1, 3)) expect(recipients).toContain(LEAD);
    expect(new Set(told.map(({ record }) => record.type))).toEqual(new Set(TOLD_TYPES));
  });
  it('says which project and what of it, in both languages, and no note, reason or money', () => {
    const words = told.map((moment) => LANGUAGES.map((language) => notices.wordsFor(occasionOf(moment), language)));
    for (const { subject, text } of words.flat()) expect(`${subject} ${text}`).toMatch(/路灯和车棚/);
    expect(JSON.stringify(words)).not.toMatch(/SECRET|424242|null|undefined|NaN/);
    const missed = LIVES.late.find(({ record }) => record.type === 'DeadlineMissed') as Moment;
    expect(LANGUAGES.map((language) => notices.wordsFor(occasionOf(missed), language).text).sort()).toEqual([
      'The deadline of the project 路灯和车棚 for 基础, Monday 15 July 2024, 18:00, has passed.',
      '项目“路灯和车棚”中基础的期限2024年7月15日（星期一）18:00已过。',
    ]);
  });
  it('passes quiet hours from the second rung on', () => {
    expect(told.filter((moment) => notices.isUrgent(occasionOf(moment))).map(({ record }) => record.type)).toEqual([
      'Escalated',
      'Escalated',
      'Escalated',
    ]);
    expect(notices.policyOf(endOf(LIVES.late))).toBe('later-1');
  });
});

it('the clock is the only one whose steps the ladder takes', () => {
  expect(MOMENTS.filter(({ record }) => record.type === 'Escalated').every(({ record }) => record.actor.id === CLOCK_ACTOR.id)).toBe(true);
});

describe('a project in calendars', () => {
  const lead = { role: 'department', unit: '住建局', person: null };
  it('has its end and each milestone that has a date, for the unit that leads it', () => {
    for (const { after } of MOMENTS) {
      const entries = projectCalendar.entriesOf(after, lead);
      const dated = after.clocks.flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt]));
      expect(entries.map(({ dueAt }) => dueAt)).toEqual(dated);
      expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    }
    const both = MOMENTS.map(({ after }) => projectCalendar.entriesOf(after, lead)).find(({ length }) => length === 2);
    expect(both?.map(({ deed, title }) => `${deed}：${title}`)).toEqual(['完成项目：路灯和车棚', '节点“基础”：路灯和车棚']);
  });
  it('is looked for by that unit alone', () => {
    expect(projectCalendar.conditionsOf(lead)).toMatchObject({ 'view.unit': '住建局' });
    expect(['community', 'resident', 'centre'].map((role) => projectCalendar.conditionsOf({ ...lead, role }))).toEqual([null, null, null]);
  });
});
