import { describe, expect, it } from '@jest/globals';
import { specFor } from '@qiyue/engine-testing';
import { PARTS_MAX, projectDecider, projectIdOf, type Fact, type NeedStage, type ProjectEvent } from './index';
import {
  added,
  cancelled,
  clock,
  CLOSES_AT,
  evolve,
  finished,
  held,
  item,
  joined,
  LATER,
  milestone,
  moved,
  NOW,
  planned,
  please,
  reached,
  reopened,
  resourceAdded,
  roads,
  settled,
  started,
  stateAfter,
  system,
  TABLES,
  water,
} from './testing/project.fixtures';

const given = specFor(projectDecider, { now: NOW, actor: water, tables: TABLES });
const tell = (needId: string, stage: NeedStage) => please('need-moved', { needId, stage });
const told =
  (...past: readonly ProjectEvent[]) =>
  (needId: string, stage: NeedStage) =>
    given(...past).when(tell(needId, stage), { actor: system });

describe('a plan', () => {
  it('begins with the deadline of its last day, where there is one', () => {
    given().when(please('plan')).then(planned);
    given()
      .when(please('plan', { title: 't', unit: 'Water', community: 'c' }))
      .then({ type: 'ProjectPlanned', data: { title: 't', unit: 'Water', community: 'c' } });
  });
  it('is made where there is neither calendar nor policy, without a deadline', () => {
    const { deadline: _, ...data } = planned.data;
    given().when(please('plan'), { tables: {} }).then({ type: 'ProjectPlanned', data });
  });
  it.each([
    [{ title: ' ' }, 'title'],
    [{ itemId: 'i1' }, 'contractId'],
    [{ budgetFen: 0 }, 'budgetFen'],
    [{ startsOn: '2024-08-02', endsOn: '2024-08-01' }, 'endsOn'],
  ])('that says %j is refused for its %s', (data, field) => {
    given()
      .when(please('plan', { title: 't', unit: 'Water', community: 'c', ...data }))
      .thenRefused('invalid-body', { field });
  });
  it('whose last day is over is refused; what a contract says is not', () => {
    given()
      .when(please('plan', { ...item, endsOn: '2024-06-30' }))
      .thenRefused('too-late', { until: '2024-06-30' });
    const late = { ...item, endsOn: '2024-06-28' };
    given().when(please('plan-item', late), { actor: system }).then({ type: 'ProjectPlanned', data: late });
  });
  it('of an item of a contract is one project, whoever makes it and however often', () => {
    expect(projectIdOf(item)).toMatch(/^[0-9a-z]{26}$/);
    expect(projectIdOf({ ...item, itemId: 'i2' })).not.toBe(projectIdOf(item));
    const ofItem: ProjectEvent = { type: 'ProjectPlanned', data: item };
    given(ofItem).when(please('plan', item)).thenNothing();
    given(ofItem).when(please('plan-item', item), { actor: system }).thenNothing();
    given(ofItem).when(please('plan')).thenRefused('wrong-stage');
  });
});

describe('a unit that has joined', () => {
  it('has no say in what is planned, reached or reserved', () => {
    const helping = given(planned, joined, milestone('m1', 'Foundations', '2024-07-15'));
    for (const title of ['Foundations', 'Paint']) helping.when(please('milestone', { title }), { actor: roads }).thenRefused('not-permitted');
    helping.when(please('milestone', { title: 'Foundations', dueOn: '2024-08-15' }), { actor: roads }).thenRefused('not-permitted');
    helping.when(please('vouch', { role: 'department', unit: 'Roads' }), { actor: system }).thenRefused('not-permitted');
    for (const [role, unit] of [
      ['department', 'Water'],
      ['community', 'Lakeside'],
      ['centre', 'Service centre'],
    ] as const)
      helping.when(please('vouch', { role, unit }), { actor: system }).thenNothing();
  });
});

describe('the parts of a project', () => {
  it('are there once', () => {
    given(planned, joined).when(please('join'), { actor: roads }).thenNothing();
    given(planned).when(please('join'), { actor: water }).thenNothing();
    given(planned, added('n1'))
      .when(please('add-need', { needId: 'n1' }))
      .thenNothing();
    given(planned, resourceAdded)
      .when(please('add-resource', { ...resourceAdded.data }))
      .thenNothing();
  });
  it('are at most so many', () => {
    const many = Array.from({ length: PARTS_MAX }, (_, i) => added(`x${i}`));
    given(planned, ...many)
      .when(please('add-need'))
      .thenRefused('too-many', { max: PARTS_MAX });
    told(planned, ...many)('y', 'claimed').thenNothing();
  });
  it('are reserved as one where nothing else is said, under the id that was made for it', () => {
    given(planned)
      .when(please('add-resource', { ...held, from: resourceAdded.data.from, to: resourceAdded.data.to }))
      .then(resourceAdded);
  });
  it('that a person has freed or used at the resource are gone here too', () => {
    given(planned, resourceAdded)
      .when(please('resource-moved'), { actor: system })
      .then({ type: 'ResourceLeft', data: { ...held, end: 'freed' } });
    given(planned, resourceAdded, started, finished()).when(please('resource-moved'), { actor: system }).thenNothing();
  });
  it('that were freed or used before it counted on them are not counted on', () => {
    const lost: ProjectEvent = { type: 'ResourceLeft', data: { ...held, end: 'freed' } };
    given(planned).when(please('resource-moved'), { actor: system }).then(lost);
    given(planned, lost).when(please('resource-moved'), { actor: system }).thenNothing();
    given(planned, lost)
      .when(please('add-resource', { ...resourceAdded.data }))
      .thenRefused('resource-unavailable');
  });
});

describe('a project follows its needs', () => {
  it('and is under way when works begin, not before', () => {
    told(planned, added('n1'))('n1', 'funded').then(moved('n1', 'funded'));
    told(planned, added('n1'))('n1', 'started').then(moved('n1', 'started'), { type: 'ProjectStarted', data: { cause: 'need' } });
  });
  it('and finishes by itself when the last of them is evaluated; those that are gone do not count', () => {
    const past = [planned, added('n1'), added('n2'), added('n3'), resourceAdded, started, moved('n1', 'evaluated'), moved('n2', 'withdrawn')];
    told(...past)('n3', 'done').then(moved('n3', 'done'));
    told(...past)('n3', 'evaluated').then(moved('n3', 'evaluated'), finished('needs', [held]));
    told(...past)('n3', 'merged').then(moved('n3', 'merged'), finished('needs', [held]));
  });
  it('but not over a milestone that is not reached, nor when all of its needs are gone', () => {
    told(planned, added('n1'), started, milestone('m1', 'Foundations', '2024-07-15'))('n1', 'evaluated').then(moved('n1', 'evaluated'));
    told(planned, added('n1'), started)('n1', 'withdrawn').then(moved('n1', 'withdrawn'));
  });
  it('and is under way again when one is reopened, with its deadline as far as that lies ahead', () => {
    const past = [planned, added('n1'), started, moved('n1', 'evaluated'), finished('needs')];
    told(...past)('n1', 'claimed').then(settled('n1', 'claimed'), reopened);
    given(...past)
      .when(tell('n1', 'claimed'), { actor: system, now: '2024-09-02T08:00:00.000+08:00' })
      .then(
        { type: 'NeedMoved', data: { needId: 'n1', stage: 'claimed', closesAt: '2024-10-02T08:00:00.000+08:00' } },
        { type: 'ProjectReopened', data: { needId: 'n1' } },
      );
  });
  it('and takes one that says it is in it, where what happened to it comes before the command that adds it', () => {
    told(planned)('n1', 'claimed').then(added('n1'), moved('n1', 'claimed'));
    given(planned, added('n1'), moved('n1', 'claimed'))
      .when(please('add-need', { needId: 'n1' }))
      .thenNothing();
    told(planned, started, finished())('n1', 'claimed').thenNothing();
  });
  it('and counts one no more that has left, and counts it again when it is back', () => {
    const past = [planned, added('n1'), added('n2'), started, moved('n1', 'evaluated'), moved('n2', 'funded')];
    told(...past)('n2', 'left').then(moved('n2', 'left'), finished('needs'));
    told(...past.slice(0, 4), moved('n2', 'left'))('n2', 'funded').then(moved('n2', 'funded'));
    told(planned)('n1', 'left').thenNothing();
    given(planned, added('n1'), moved('n1', 'left'))
      .when(please('add-need', { needId: 'n1' }))
      .thenRefused('wrong-stage', { command: 'add-need', stage: 'left' });
  });
  it('and hears nothing twice, and nothing once it is cancelled or closed', () => {
    told(planned, added('n1'), moved('n1', 'claimed'))('n1', 'claimed').thenNothing();
    told(planned, added('n1'), cancelled)('n1', 'claimed').thenNothing();
    told(planned, added('n1'), started, moved('n1', 'evaluated'), finished(), { type: 'ProjectClosed', data: {} })('n1', 'claimed').thenNothing();
  });
});

describe('the end of a project', () => {
  it('comes by hand as soon as all works are done, evaluated or not, and uses what is reserved', () => {
    const past = [planned, added('n1'), resourceAdded, started];
    given(...past, moved('n1', 'started'))
      .when(please('finish'))
      .thenRefused('needs-open', { open: 1 });
    given(...past, moved('n1', 'done'))
      .when(please('finish'))
      .then(finished('by-hand', [held]));
    given(planned, started).when(please('finish')).then(finished());
  });
  it('lets go of the needs that are not gone, evaluated or not, and of what is reserved, when it is cancelled', () => {
    given(planned, added('n1'), added('n2'), added('n3'), resourceAdded, started, moved('n1', 'evaluated'), moved('n2', 'rejected'))
      .when(please('cancel', { reason: 'r' }))
      .then({ type: 'ProjectCancelled', data: { reason: 'r', needs: ['n1', 'n3'], reservations: [held] } });
  });
  it('and what is not reached by then is due by its day again, as far as that lies ahead', () => {
    const [open, over] = [milestone('m1', 'Foundations', '2024-07-15'), milestone('m2', 'Paint', '2024-07-10')];
    const past = [planned, added('n1'), started, open, over, milestone('m3', 'Lights', '2024-07-15'), moved('n1', 'done')];
    const reachedThird: ProjectEvent = { type: 'MilestoneReached', data: { milestoneId: 'm3', title: 'Lights' } };
    const events = given(...past, reachedThird, finished())
      .when(tell('n1', 'claimed'), { actor: system, now: '2024-07-12T08:00:00.000+08:00' })
      .thenAccepted();
    expect(events.map(({ type }) => type)).toEqual(['NeedMoved', 'ProjectReopened', 'MilestonePlanned']);
    expect(events[2]?.data).toMatchObject({ milestoneId: 'm1', dueOn: '2024-07-15', deadline: { dueAt: open.data.deadline?.dueAt } });
    const state = [...past, reachedThird, finished(), ...events].reduce(evolve, projectDecider.initial);
    expect(state.stage !== 'nonexistent' && state.deadlines.map(({ name }) => name)).toEqual(['end', 'm1']);
  });
  it('is for good when none of its needs can be reopened any more, and waits for those that are not evaluated', () => {
    const due = (...past: readonly ProjectEvent[]) => projectDecider.due(stateAfter([planned, added('n1'), started, ...past]), { rules: 1 });
    expect(due(moved('n1', 'done'), finished())).toBeNull();
    expect(due(moved('n1', 'evaluated'), finished('needs'))).toEqual({ at: CLOSES_AT, command: { type: 'close', data: {} } });
    const later = { ...settled('n1', 'evaluated'), data: { needId: 'n1', stage: 'evaluated' as const, closesAt: '2024-08-09T08:00:00.000+08:00' } };
    expect(due(moved('n1', 'done'), finished(), later)?.at).toBe('2024-08-09T08:00:00.000+08:00');
    const past = [planned, added('n1'), started, moved('n1', 'evaluated'), finished('needs')];
    given(...past)
      .when(please('close'), { actor: clock })
      .thenNothing();
    given(...past)
      .when(please('close'), { actor: clock, now: CLOSES_AT })
      .then({ type: 'ProjectClosed', data: {} });
  });
});

describe('a milestone', () => {
  const foundations = milestone('m1', 'Foundations', '2024-07-15');
  it('is known by its title: planned, planned for another day, reached', () => {
    given(planned).when(please('milestone')).then(foundations);
    given(planned, foundations).when(please('milestone')).thenNothing();
    given(planned, foundations)
      .when(please('milestone', { title: 'Foundations', dueOn: '2024-07-19' }))
      .then(milestone('m1', 'Foundations', '2024-07-19'));
    given(planned, foundations)
      .when(please('milestone', { title: 'Foundations' }))
      .then(reached);
    given(planned, foundations, reached)
      .when(please('milestone', { title: 'Foundations' }))
      .thenNothing();
    given(planned, foundations, reached)
      .when(please('milestone', { title: 'Foundations', dueOn: '2024-07-19' }))
      .then(milestone('m2', 'Foundations', '2024-07-19'));
  });
  it('may be reached without having been planned', () => {
    given(planned)
      .when(please('milestone', { title: 'Foundations' }))
      .then(reached);
  });
  it('is of a day that is not over', () => {
    given(planned)
      .when(please('milestone', { title: 'Foundations', dueOn: '2024-06-30' }))
      .thenRefused('too-late', { until: '2024-06-30' });
  });
});

describe('the deadlines', () => {
  const RULES = { rules: 1 };
  const steps = (past: readonly ProjectEvent[], until = Infinity): readonly string[] => {
    let state = stateAfter(past);
    const seen: string[] = [];
    for (let due = projectDecider.due(state, RULES); due !== null && seen.length < until; due = projectDecider.due(state, RULES)) {
      const decision = projectDecider.decide(due.command, state, { now: due.at, actor: clock, entity: 'e', commandId: 'c', tables: {}, rules: 1 });
      const [event] = decision.ok ? decision.events : [];
      if (event === undefined) throw new Error(`nothing happens at ${due.at}`);
      seen.push(`${event.type} ${(event as Fact<'DeadlineMissed'>).data.stage} ${due.at.slice(0, 16)}`);
      state = evolve(state, event);
    }
    return seen;
  };
  it('of a milestone and of the end run beside one another, each step once', () => {
    expect(steps([planned, milestone('m1', 'Foundations', '2024-07-15')])).toEqual([
      ...[
        'DeadlineApproaching m1 2024-07-12T08:00',
        'DeadlineMissed m1 2024-07-15T18:00',
        'Escalated m1 2024-07-16T08:00',
        'Escalated m1 2024-07-23T08:00',
      ],
      ...[
        'Escalated m1 2024-07-30T08:00',
        'Escalated m1 2024-08-06T08:00',
        'DeadlineApproaching end 2024-08-29T08:00',
        'DeadlineMissed end 2024-08-30T18:00',
      ],
      ...['Escalated end 2024-09-02T08:00', 'Escalated end 2024-09-09T08:00', 'Escalated end 2024-09-14T08:00', 'Escalated end 2024-09-24T08:00'],
    ]);
  });
  it('of a milestone ends when it is reached, and all do with the project', () => {
    expect(steps([planned, milestone('m1', 'Foundations', '2024-07-15'), reached], 1)).toEqual(['DeadlineApproaching end 2024-08-29T08:00']);
    expect(steps([planned, milestone('m1', 'Foundations', '2024-07-15'), cancelled])).toEqual([]);
  });
  it('do nothing at a timer that comes early, late or for another deadline', () => {
    for (const step of ['end/missed', 'end/approaching', 'm1/approaching', 'missed', ''])
      given(planned).when(please('tick', { step }), { actor: clock }).thenNothing();
  });
  it('move with calendar and policy, each that does, and are silent where that changes nothing', () => {
    const events = given(planned, milestone('m1', 'Foundations', '2024-07-15'))
      .when(please('retime'), { actor: system, tables: LATER })
      .thenAccepted();
    expect(events.map(({ type, data }) => [type, (data as { readonly stage?: string }).stage])).toEqual([
      ['DeadlineMoved', 'end'],
      ['DeadlineMoved', 'm1'],
    ]);
    given(planned).when(please('retime'), { actor: system }).thenNothing();
    given(planned, cancelled).when(please('retime'), { actor: system, tables: LATER }).thenNothing();
  });
});

it('a stream that cannot be is not folded', () => {
  for (const past of [
    [started],
    [planned, planned],
    [planned, finished()],
    [planned, moved('n1', 'done')],
    [planned, cancelled, started],
    [planned, reopened],
  ])
    expect(() => stateAfter(past)).toThrow(/^corrupt stream/);
});
