import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { explainIssues, personalPathsOf } from '@qiyue/civic-contracts';
import { AMOUNT_FEN_MAX } from '@qiyue/civic-domain';
import { projectDecider, type ProjectEvent, type ProjectEventType, type PublicProjectCommandType } from '@qiyue/project-domain';
import {
  COMMAND_SUMMARIES,
  PROJECT_EVENT_TYPES,
  projectCommandSchemas,
  projectEventSchema,
  projectEventSchemas,
  PUBLIC_PROJECT_COMMANDS,
} from './index';

/*
 * Golden files are events as they were once recorded. They are never edited: a change of today's schema or evolve that
 * cannot read them any more would make real histories unreadable. A new form of an event gets a new file beside them.
 */
const FOLDER = join(__dirname, '..', 'golden');
const FILES = readdirSync(FOLDER).sort();
const golden = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
const event = (name: string): ProjectEvent => projectEventSchema.parse(golden(`${name}.json`));

const PLANNED = ['ProjectPlanned.most', 'NeedAdded', 'ResourceAdded'];
const STARTED = [...PLANNED, 'ProjectStarted.by-hand'];
const FINISHED = [...STARTED, 'ProjectFinished.by-hand'];
/** What has to lie before an event of each type, and where the event leads. */
const PASTS: Readonly<Record<ProjectEventType, readonly [past: readonly string[], place: string]>> = {
  ProjectPlanned: [[], 'planned/planning'],
  HelperJoined: [PLANNED, 'planned/planning'],
  NeedAdded: [['ProjectPlanned.least'], 'planned/planning'],
  NeedMoved: [FINISHED, 'finished/settling'],
  ResourceAdded: [['ProjectPlanned.least'], 'planned/planning'],
  ResourceLeft: [PLANNED, 'planned/planning'],
  ProjectStarted: [PLANNED, 'under-way/at-work'],
  MilestonePlanned: [PLANNED, 'planned/planning'],
  MilestoneReached: [[...PLANNED, 'MilestonePlanned.most'], 'planned/planning'],
  ProjectFinished: [STARTED, 'finished/settling'],
  ProjectReopened: [FINISHED, 'under-way/at-work'],
  ProjectCancelled: [STARTED, 'cancelled/ended'],
  ProjectClosed: [FINISHED, 'finished/ended'],
  DeadlineApproaching: [PLANNED, 'planned/planning'],
  DeadlineMissed: [PLANNED, 'planned/planning'],
  Escalated: [PLANNED, 'planned/planning'],
  DeadlineMoved: [PLANNED, 'planned/planning'],
};

describe('an event recorded by an earlier version', () => {
  it.each(FILES)("is read by today's schema without loss and folded by today's evolve: %s", (name) => {
    const recorded = golden(name);
    const read = projectEventSchema.parse(recorded);
    expect(read).toEqual(recorded);
    expect(name.split('.')[0]).toBe(read.type);
    const [past, place] = PASTS[read.type];
    const state = [...past.map(event), read].reduce((folded, one) => projectDecider.evolve(folded, one, { rules: 1 }), projectDecider.initial);
    expect(Object.values(projectDecider.summary(state)).join('/')).toBe(place);
  });
  it('is there for every type', () => {
    expect([...new Set(FILES.map((name) => name.split('.')[0]))].sort()).toEqual([...PROJECT_EVENT_TYPES].sort());
  });
  it('is read without what a later version adds to it, and not without what it has to have', () => {
    const recorded = golden('NeedAdded.json') as { readonly data: object };
    expect(projectEventSchema.parse({ ...recorded, data: { ...recorded.data, later: 1 } })).toEqual(recorded);
    expect(projectEventSchema.safeParse({ ...recorded, data: {} }).success).toBe(false);
  });
});

const shed = { title: 'A shed', unit: 'Water', community: 'Lakeside' };
const wanted = { resourceId: 'r1', from: '2026-06-01', to: '2026-06-03' };
const GOOD: readonly (readonly [PublicProjectCommandType, object])[] = [
  ['plan', shed],
  ['plan', { ...shed, contractId: 'c1', itemId: 'i1', startsOn: '2026-06-01', endsOn: '2026-09-30', budgetFen: AMOUNT_FEN_MAX }],
  ['join', {}],
  ['add-need', { needId: 'n1' }],
  ['add-resource', wanted],
  ['add-resource', { ...wanted, quantity: 2 }],
  ['start', {}],
  ['milestone', { title: 't' }],
  ['milestone', { title: 't', note: 'a\nb', dueOn: '2026-07-15' }],
  ['finish', {}],
  ['cancel', { reason: 'r' }],
];
const BAD: readonly (readonly [PublicProjectCommandType, unknown])[] = [
  ['plan', { title: 'A shed', unit: 'Water' }],
  ['plan', { ...shed, endsOn: '2026-02-30' }],
  ['plan', { ...shed, endsOn: '2026-06-01T00:00:00Z' }],
  ...[0, 0.5, AMOUNT_FEN_MAX + 1].map((budgetFen) => ['plan', { ...shed, budgetFen }] as const),
  ['join', { unit: 'Roads' }],
  ['add-need', {}],
  ['add-resource', { ...wanted, reservationId: 'v1' }],
  ['milestone', { title: 't', dueOn: '1999-01-01' }],
  ['cancel', {}],
];

describe('a body', () => {
  it.each(GOOD)('of %s that is %j fits', (type, body) => {
    expect(projectCommandSchemas[type].safeParse(body).error).toBeUndefined();
  });
  it.each(BAD)('of %s that is %j does not fit, and both languages say why', (type, body) => {
    const { error } = projectCommandSchemas[type].safeParse(body);
    if (error === undefined) throw new Error('it fits');
    expect(explainIssues(error, 'zh-CN')[0]?.message).toMatch(/\p{Script=Han}/u);
    expect(explainIssues(error, 'en')[0]?.message).toMatch(/^[\x20-\x7e]+$/);
  });
  it('has words about persons in reasons and notes only', () => {
    const told = (schemas: Readonly<Record<string, Parameters<typeof personalPathsOf>[0]>>) =>
      Object.entries(schemas).flatMap(([type, schema]) => personalPathsOf(schema).map((path) => `${type}.${path}`));
    expect(told(projectCommandSchemas)).toEqual(['milestone.note', 'cancel.reason']);
    expect(told(projectEventSchemas)).toEqual(['MilestonePlanned.note', 'MilestoneReached.note', 'ProjectCancelled.reason']);
  });
});

it('what our own processes tell comes from nobody outside, and each of the other commands says what it does', () => {
  expect(PUBLIC_PROJECT_COMMANDS).toEqual(['plan', 'join', 'add-need', 'add-resource', 'start', 'milestone', 'finish', 'cancel']);
  expect(Object.keys(COMMAND_SUMMARIES)).toEqual(PUBLIC_PROJECT_COMMANDS);
});
