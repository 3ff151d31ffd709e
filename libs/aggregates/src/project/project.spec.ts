import { describe, expect, it } from '@jest/globals';
import { explainRefusal, LANGUAGES } from '@qiyue/civic-domain';
import {
  entityIdOf,
  reactsTo,
  type Actor,
  type Context,
  type EventShape,
  type Reaction,
  type RecordBody,
  type Saga,
  type SagaPlan,
} from '@qiyue/engine';
import { need } from '@qiyue/need';
import { DECISIONS_SINCE } from '@qiyue/need-domain';
import { project } from '@qiyue/project';
import { projectDecider, projectIdOf, type ProjectEvent, type ProjectState } from '@qiyue/project-domain';
import { resourceDecider, type ResourceCommand, type ResourceEvent, type ResourceState } from '@qiyue/resource-domain';
import { AGGREGATES } from '../index';
import { CONTRACT_REACTIONS } from './contract.reactions';
import { NEED_IN_PROJECT_REACTIONS, PROJECT_REACTIONS, RESOURCE_REACTIONS } from './project.reactions';
import { addNeedSaga, addResourceSaga, planSaga } from './project.sagas';
import { reserveSaga } from './resource.sagas';

const PROJECT = entityIdOf('project', 'wes', 'k1');
const [NEED, RESOURCE] = [entityIdOf('need', 'ann', 'k1'), entityIdOf('resource', 'rod', 'k1')];
const CONTRACT = entityIdOf('contract', 'wes', 'k1');
const NOW = '2024-07-01T08:00:00.000+08:00';
const water: Actor = { id: 'wes', role: 'department', unit: 'Water' };
const system: Actor = { id: 'saga', role: 'system', unit: null };
const planned: ProjectEvent = { type: 'ProjectPlanned', data: { title: 't', unit: 'Water', community: 'Lakeside' } };
const stateAfter = (...past: readonly ProjectEvent[]): ProjectState =>
  past.reduce<ProjectState>((state, event) => projectDecider.evolve(state, event, { rules: 1 }), projectDecider.initial);

const contextOf = (over: Partial<Context> = {}): Context => ({
  now: NOW,
  actor: water,
  entity: PROJECT,
  commandId: 'c1',
  tables: {},
  rules: 1,
  ...over,
});
const planOf = <C extends { readonly type: string; readonly data: object }>(
  saga: Saga<ProjectState, C>,
  data: object,
  state = stateAfter(planned),
  over?: Partial<Context>,
) => saga.plan({ type: saga.type, data } as C, state, contextOf(over), null);
const toldWhen = <C extends { readonly type: string; readonly data: object }>(
  { refusalOf }: Saga<ProjectState, C>,
  code: string,
  detail?: Record<string, string | number>,
) => refusalOf?.({ index: 0, refusal: { code, ...(detail === undefined ? {} : { detail }) }, summary: {} });

describe('the plan by which a need is added', () => {
  it('has the need join the project before, and leave it should the project refuse', () => {
    expect(planOf(addNeedSaga, { needId: NEED })).toEqual({
      before: [
        {
          ...{ aggregate: 'need', entity: NEED, type: 'join-project', rules: DECISIONS_SINCE },
          data: { projectId: PROJECT, unit: 'Water', community: 'Lakeside', role: 'department' },
        },
      ],
      undo: [{ aggregate: 'need', entity: NEED, type: 'leave-project', data: { projectId: PROJECT }, rules: DECISIONS_SINCE }],
    });
  });
  it('has no step for one that is in it, and refuses what is no id of a need', () => {
    expect(planOf(addNeedSaga, { needId: NEED }, stateAfter(planned, { type: 'NeedAdded', data: { needId: NEED } }))).toEqual({
      before: [],
      undo: [],
    });
    expect(planOf(addNeedSaga, { needId: 'n1' })).toMatchObject({ ok: false, refusal: { code: 'no-such-need' } });
  });
  it('says why the need does not join', () => {
    expect(['in-another-project', 'other-parties', 'not-found', 'wrong-stage'].map((code) => toldWhen(addNeedSaga, code)?.code)).toEqual([
      'in-another-project',
      'other-parties',
      'no-such-need',
      'need-ended',
    ]);
  });
});

describe('the plan by which a project is planned', () => {
  const ofItem = { title: 't', unit: 'Water', community: 'Lakeside', contractId: CONTRACT, itemId: 'i1' };
  const asked = (data: object, state = projectDecider.initial) => planOf(planSaga, data, state);

  it('asks the contract first, about whoever plans', () => {
    const vouch = { aggregate: 'contract', entity: CONTRACT, type: 'vouch' };
    const data = { by: { role: 'department', unit: 'Water' }, unit: 'Water', community: 'Lakeside' };
    const { itemId: _, ...ofContract } = ofItem;
    expect(asked(ofItem)).toEqual({ before: [{ ...vouch, data: { ...data, itemId: 'i1' } }], undo: [null] });
    expect(asked(ofContract)).toEqual({ before: [{ ...vouch, data }], undo: [null] });
  });
  it('asks nobody where it is of no contract, or there already, and refuses what is no id of one', () => {
    expect(asked({ title: 't', unit: 'Water', community: 'Lakeside' })).toBeNull();
    expect(asked(ofItem, stateAfter(planned))).toEqual({ before: [], undo: [] });
    expect(asked({ ...ofItem, contractId: 'c1' })).toMatchObject({ ok: false, refusal: { code: 'no-such-contract' } });
  });
  it('says why the contract does not have it', () => {
    const codes = ['not-permitted', 'other-parties', 'no-such-item', 'not-found', 'wrong-stage'];
    expect(codes.map((code) => toldWhen(planSaga, code)?.code)).toEqual([
      ...['not-permitted', 'other-parties', 'no-such-item'],
      ...['no-such-contract', 'contract-not-in-force'],
    ]);
  });
});

describe('the plan by which a resource is reserved', () => {
  const span = { from: '2024-07-10T00:00:00.000+08:00', to: '2024-07-12T00:00:00.000+08:00' };
  const asked = (purpose: object) =>
    reserveSaga.plan({ type: 'reserve', data: { ...span, ...purpose } }, resourceDecider.initial, contextOf({ entity: RESOURCE }), null);

  it('asks the project or the need that it is for first, about whoever reserves', () => {
    const vouch = { type: 'vouch', data: { role: 'department', unit: 'Water' } };
    expect(asked({ projectId: PROJECT })).toEqual({ before: [{ ...vouch, aggregate: 'project', entity: PROJECT }], undo: [null] });
    expect(asked({ needId: NEED })).toEqual({ before: [{ ...vouch, aggregate: 'need', entity: NEED, rules: DECISIONS_SINCE }], undo: [null] });
    expect(asked({})).toBeNull();
    expect(asked({ needId: 'n1' })).toMatchObject({ ok: false, refusal: { code: 'no-such-purpose' } });
  });
  it('says why it cannot be for that', () => {
    const codes = ['not-permitted', 'not-found', 'wrong-stage'];
    expect(codes.map((code) => reserveSaga.refusalOf?.({ index: 0, refusal: { code }, summary: {} }).code)).toEqual([
      ...['not-permitted', 'no-such-purpose', 'purpose-ended'],
    ]);
  });
});

describe('the plan by which a resource is added', () => {
  const wanted = { resourceId: RESOURCE, quantity: 2, from: '2024-07-10T00:00:00.000+08:00', to: '2024-07-12T00:00:00.000+08:00' };
  const isPlan = (answer: ReturnType<typeof planOf>): answer is SagaPlan => answer !== null && 'before' in answer;

  it('reserves it before for the project, frees it should the project refuse, and says so to the project', () => {
    const { resourceId: _, ...span } = wanted;
    const reservationId = expect.stringMatching(/^[0-9a-z]{26}$/) as unknown as string;
    expect(planOf(addResourceSaga, wanted)).toEqual({
      before: [{ aggregate: 'resource', entity: RESOURCE, type: 'reserve', data: { reservationId, ...span, projectId: PROJECT } }],
      undo: [{ aggregate: 'resource', entity: RESOURCE, type: 'free', data: { reservationId } }],
      data: { reservationId },
    });
  });
  it('names the reservation by project and command: the same for the same, another for any other use of the same key', () => {
    const nameOf = (over: Partial<Context>, data: object = wanted) => {
      const plan = planOf(addResourceSaga, data, stateAfter(planned), over);
      return isPlan(plan) && plan.data?.['reservationId'];
    };
    expect(nameOf({})).toBe(nameOf({ now: '2024-07-02T08:00:00.000+08:00' }));
    expect(
      new Set([
        nameOf({}),
        nameOf({ commandId: 'c2' }),
        nameOf({ entity: 'other' }),
        nameOf({ actor: system }),
        nameOf({}, { ...wanted, quantity: 1 }),
      ]).size,
    ).toBe(5);
  });
  it('is one that the resource and the project take, and take back', () => {
    const plan = planOf(addResourceSaga, wanted);
    if (!isPlan(plan)) throw new Error('no plan');
    const offered: ResourceEvent = {
      type: 'ResourceOffered',
      data: { kind: 'people', name: 'x', giver: 'Roads', giverRole: 'department', quantity: 2, unit: 'piece' },
    };
    let state: ResourceState = resourceDecider.evolve(resourceDecider.initial, offered, { rules: 1 });
    const seen = [...plan.before, ...plan.before, ...plan.undo].flatMap((step) => {
      const decision = resourceDecider.decide(step as unknown as ResourceCommand, state, contextOf({ entity: RESOURCE, actor: system }));
      if (!decision.ok) throw new Error(decision.refusal.code);
      state = decision.events.reduce((before, event) => resourceDecider.evolve(before, event, { rules: 1 }), state);
      return decision.events.map(({ type }) => type);
    });
    expect(seen).toEqual(['ResourceReserved', 'ReservationFreed']);
    const own = projectDecider.decide({ type: 'add-resource', data: { ...wanted, ...plan.data } } as never, stateAfter(planned), contextOf());
    expect(own).toEqual({ ok: true, events: [{ type: 'ResourceAdded', data: { ...wanted, ...plan.data } }] });
  });
  it('says what the resource says, with what stands in the way', () => {
    const detail = { free: 0, asked: 2, overlaps: 'x' };
    expect(toldWhen(addResourceSaga, 'taken', detail)).toEqual({ code: 'taken', detail });
    expect(['not-available', 'too-late', 'not-found'].map((code) => toldWhen(addResourceSaga, code)?.code)).toEqual([
      'not-available',
      'too-late',
      'no-such-resource',
    ]);
    expect(toldWhen(addResourceSaga, 'wrong-stage')).toEqual({ code: 'resource-unavailable', detail: { why: 'wrong-stage' } });
    for (const code of ['taken', 'need-ended', 'no-such-resource', 'resource-unavailable'])
      for (const language of LANGUAGES)
        expect(explainRefusal(project.refusals, { code }, project, language)).not.toBe(
          explainRefusal(project.refusals, { code: '?' }, project, language),
        );
  });
  it('refuses what is no id of a resource', () => {
    expect(planOf(addResourceSaga, { ...wanted, resourceId: 'r1' })).toMatchObject({ ok: false, refusal: { code: 'no-such-resource' } });
  });
});

const record = (entity: string, event: EventShape): RecordBody =>
  ({ entity, type: event.type, time: NOW, data: event.data, rules: 1 }) as unknown as RecordBody;
const following = (reactions: readonly Reaction[], entity: string, event: EventShape) =>
  reactions.flatMap((reaction) => (reactsTo(reaction, record(entity, event)) ? reaction.commands(event, record(entity, event)) : []));
const brief = (commands: ReturnType<typeof following>) => commands.map(({ aggregate, entity, type, data }) => [aggregate, entity, type, data]);
const held = { resourceId: RESOURCE, reservationId: 'v1' };

describe('what follows', () => {
  it('from the end of a project: what is reserved is used', () => {
    const finished = { type: 'ProjectFinished', data: { cause: 'needs', reservations: [held], closesAt: NOW } };
    expect(brief(following(PROJECT_REACTIONS, PROJECT, finished))).toEqual([['resource', RESOURCE, 'use', { reservationId: 'v1' }]]);
  });
  it('from its cancelling: what is reserved is freed, and its needs are let go', () => {
    const cancelled = { type: 'ProjectCancelled', data: { reason: 'r', needs: [NEED], reservations: [held] } };
    expect(brief(following(PROJECT_REACTIONS, PROJECT, cancelled))).toEqual([
      ['resource', RESOURCE, 'free', { reservationId: 'v1' }],
      ['need', NEED, 'leave-project', { projectId: PROJECT }],
    ]);
  });
  it('from what becomes of a reservation: its project is told, if it is for one', () => {
    const of = (type: string, data: object = {}) => ({ type, data: { reservationId: 'v1', giver: 'Roads', quantity: 1, ...data } });
    expect(brief(following(RESOURCE_REACTIONS, RESOURCE, of('ReservationFreed', { projectId: PROJECT })))).toEqual([
      ['project', PROJECT, 'resource-moved', { ...held, end: 'freed' }],
    ]);
    expect(brief(following(RESOURCE_REACTIONS, RESOURCE, of('ReservationUsed', { projectId: PROJECT })))).toEqual([
      ['project', PROJECT, 'resource-moved', { ...held, end: 'used' }],
    ]);
    expect(following(RESOURCE_REACTIONS, RESOURCE, of('ReservationUsed', { needId: NEED }))).toEqual([]);
  });
  it.each([
    ['NeedClaimed', 'claimed'],
    ['ClaimReturned', 'submitted'],
    ['NeedFunded', 'funded'],
    ['WorksStarted', 'started'],
    ['WorksCancelled', 'claimed'],
    ['NeedDone', 'done'],
    ['NeedEvaluated', 'evaluated'],
    ['EvaluationLapsed', 'evaluated'],
    ['NeedReopened', 'claimed'],
    ['NeedWithdrawn', 'withdrawn'],
    ['NeedRejected', 'rejected'],
    ['NeedMerged', 'merged'],
  ])('from %s of a need in a project: the project hears that it is %s', (type, stage) => {
    expect(brief(following(NEED_IN_PROJECT_REACTIONS, NEED, { type, data: { projectId: PROJECT } }))).toEqual([
      ['project', PROJECT, 'need-moved', { needId: NEED, stage }],
    ]);
    expect(following(NEED_IN_PROJECT_REACTIONS, NEED, { type, data: {} })).toEqual([]);
    expect(Object.keys(need.events)).toContain(type);
  });
  it('from nothing else that happens to a need', () => {
    expect(following(NEED_IN_PROJECT_REACTIONS, NEED, { type: 'ProgressReported', data: { projectId: PROJECT } })).toEqual([]);
  });
});

describe('the items of a contract', () => {
  const parties = { unit: 'Water', community: 'Lakeside', year: 2024, startsOn: '2024-01-01', endsOn: '2024-12-31' };
  const items = [
    { itemId: 'i1', title: 'Lights', kind: 'tangible', dueOn: '2024-09-30' },
    { itemId: 'i2', title: 'Lectures', kind: 'service' },
  ];
  it('become projects when it is in force, each once, due by its own day or by the contract’s end', () => {
    const commands = following(CONTRACT_REACTIONS, 'k1', { type: 'ContractInForce', data: { ...parties, items } });
    const common = { unit: 'Water', community: 'Lakeside', contractId: 'k1', startsOn: '2024-01-01' };
    expect(commands).toEqual([
      {
        aggregate: 'project',
        entity: projectIdOf({ contractId: 'k1', itemId: 'i1' }),
        type: 'plan-item',
        starts: true,
        data: { ...common, title: 'Lights', itemId: 'i1', endsOn: '2024-09-30' },
      },
      {
        aggregate: 'project',
        entity: projectIdOf({ contractId: 'k1', itemId: 'i2' }),
        type: 'plan-item',
        starts: true,
        data: { ...common, title: 'Lectures', itemId: 'i2', endsOn: '2024-12-31' },
      },
    ]);
    for (const { data } of commands) {
      const decision = projectDecider.decide({ type: 'plan-item', data } as never, projectDecider.initial, contextOf({ actor: system }));
      expect(decision).toMatchObject({ ok: true, events: [{ type: 'ProjectPlanned', data }] });
    }
    expect(AGGREGATES.find(({ path }) => path === 'projects')?.startedBy).toEqual(['plan-item']);
  });
  it('that are added to one in force do too, and none of one that is not signed yet', () => {
    const amended = (stage: string) => following(CONTRACT_REACTIONS, 'k1', { type: 'ContractAmended', data: { ...parties, items, stage } });
    expect([amended('in-force').length, amended('proposed').length]).toEqual([2, 0]);
  });
  it('are of the contract that the event names, where it names one', () => {
    const [first] = following(CONTRACT_REACTIONS, 'k1', {
      type: 'ContractInForce',
      data: { unit: 'Water', community: 'Lakeside', contractId: 'k2', items },
    });
    expect(first).toMatchObject({ entity: projectIdOf({ contractId: 'k2', itemId: 'i1' }), data: { contractId: 'k2' } });
    expect(first?.data).not.toHaveProperty('startsOn');
  });
});
