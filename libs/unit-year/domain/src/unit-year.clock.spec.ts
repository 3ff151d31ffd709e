import { describe, expect, it } from '@jest/globals';
import { CHINA_2024_2026, compileTable } from '@qiyue/calendar';
import { laterOf } from '@qiyue/engine';
import { specFor, TEST_CONTEXT } from '@qiyue/engine-testing';
import { unitYearDecider, type UnitYearEvent } from './index';
import {
  allLinked,
  centre,
  clock,
  closed,
  evolve,
  failed,
  funding,
  NOW,
  opened,
  please,
  promised,
  published,
  stateAfter,
  TABLES,
  tablesWith,
  threePledges,
  toFulfilling,
  toPublished,
  YEAR_END,
} from './testing/unit-year.fixtures';

const given = specFor(unitYearDecider, { now: NOW, tables: TABLES });

/** Everything that happens by itself until an instant, and nobody does anything. */
const letTimePass = (past: readonly UnitYearEvent[], until: string): readonly string[] => {
  let state = stateAfter(past);
  const told: string[] = [];
  for (let due = unitYearDecider.due(state, { rules: 1 }); due !== null && due.at <= until; due = unitYearDecider.due(state, { rules: 1 })) {
    const decision = unitYearDecider.decide(due.command, state, { ...TEST_CONTEXT, now: laterOf(due.at, NOW), actor: clock, tables: TABLES });
    if (!decision.ok || decision.events.length === 0) throw new Error(`nothing came of ${JSON.stringify(due)}`);
    for (const event of decision.events) {
      state = evolve(state, event);
      told.push(`${due.at.slice(0, 16)} ${event.type}${event.type === 'Escalated' ? ` ${event.data.level} ${event.data.name}` : ''}`);
    }
  }
  return told;
};

const CLOSING = [
  '2025-01-01T00:00 PledgeFailed',
  '2025-01-01T00:00 PledgeFailed',
  '2025-01-01T00:00 PledgeFailed',
  '2025-01-01T00:00 UnitYearClosed',
];

describe('a year that nobody touches', () => {
  it('climbs the whole ladder while it is not published, and closes at its end', () => {
    expect(letTimePass([opened, ...threePledges], '2030-01-01')).toEqual([
      '2024-03-29T08:00 DeadlineApproaching',
      '2024-04-01T18:00 DeadlineMissed',
      '2024-04-02T08:00 Escalated 1 催办',
      '2024-04-10T08:00 Escalated 2 通报',
      '2024-04-17T08:00 Escalated 3 督查',
      '2024-04-24T08:00 Escalated 4 报县',
      ...CLOSING,
    ]);
  });
  it('climbs it again half way through where a pledge has no need', () => {
    expect(letTimePass(toPublished, '2030-01-01')).toEqual([
      '2024-06-28T08:00 DeadlineApproaching',
      '2024-07-01T18:00 DeadlineMissed', // 30 June 2024 is a Sunday
      '2024-07-02T08:00 Escalated 1 催办',
      '2024-07-09T08:00 Escalated 2 通报',
      '2024-07-16T08:00 Escalated 3 督查',
      '2024-07-23T08:00 Escalated 4 报县',
      ...CLOSING,
    ]);
  });
  it('is reminded of its end where each pledge has its need', () => {
    expect(letTimePass(toFulfilling, '2030-01-01')).toEqual(['2024-12-30T08:00 DeadlineApproaching', ...CLOSING]);
  });
  it('closes without calendar and policy too', () => {
    const { deadline: _, ...data } = opened.data;
    expect(letTimePass([{ type: 'UnitYearOpened', data: { ...data, dueAt: null } }], '2030-01-01')).toEqual(['2025-01-01T00:00 UnitYearClosed']);
  });
});

describe('a timer', () => {
  it('that comes early, late or for another step does nothing', () => {
    const at = { actor: clock, now: '2024-04-01T18:00:00.000+08:00' };
    given(opened)
      .when(please('tick', { step: 'missed' }), at)
      .thenNothing(); // the reminder is first
    given(opened)
      .when(please('tick', { step: 'approaching' }), { ...at, now: '2024-03-29T07:59:59.999+08:00' })
      .thenNothing();
    given(opened).when(please('close'), { actor: clock, now: '2024-12-31T23:59:59.999+08:00' }).thenNothing();
    given(opened, ...threePledges, published)
      .when(please('tick', { step: 'lapsed' }), { ...at, now: YEAR_END })
      .thenNothing();
  });
  it('at the year’s end says so', () => {
    given(opened, promised('p1'))
      .when(please('close'), { actor: clock, now: YEAR_END })
      .then(failed('p1'), { ...closed, data: { ...closed.data, cause: 'year-end' } });
  });
  it('is not set in a closed year', () => {
    expect(unitYearDecider.due(stateAfter([...toFulfilling, closed]), { rules: 1 })).toBeNull();
    expect(unitYearDecider.due(unitYearDecider.initial, { rules: 1 })).toBeNull();
  });
});

describe('another policy or calendar', () => {
  const retime = (tables: typeof TABLES) => ({ actor: funding, tables });
  it('moves the deadline that runs, and says so', () => {
    const later = tablesWith({ publishBy: '04-30' });
    const named = { ...later, policy: { ...later.policy, version: 'later-1' } };
    const state = stateAfter([opened]);
    const decision = unitYearDecider.decide(please('retime'), state, { ...TEST_CONTEXT, now: NOW, ...retime(named) });
    expect(decision).toMatchObject({
      ok: true,
      events: [
        {
          type: 'DeadlineMoved',
          data: {
            ...{ stage: 'pledging', cause: 'policy', oldDueAt: '2024-04-01T18:00:00.000+08:00', dueAt: '2024-04-30T18:00:00.000+08:00' },
            deadline: { from: NOW, policy: 'later-1' },
          },
        },
      ],
    });
    if (!decision.ok) throw new Error('refused');
    const moved = decision.events.reduce(evolve, state);
    expect(unitYearDecider.due(moved, { rules: 1 })).toMatchObject({ at: '2024-04-29T08:00:00.000+08:00' });
    given(opened, ...decision.events)
      .when(please('retime'), retime(named))
      .thenNothing();
  });
  it('moves nothing where it says the same, and nothing in a closed year', () => {
    given(opened).when(please('retime'), retime(TABLES)).thenNothing();
    given(...toFulfilling)
      .when(please('retime'), retime(tablesWith({ publishBy: '04-30', halfwayBy: '07-31' })))
      .thenNothing();
    given(...toFulfilling, closed)
      .when(please('retime'), retime(tablesWith({ publishBy: '04-30' })))
      .thenNothing();
  });
  it('names the calendar, or both', () => {
    const calendar = { ...TABLES.calendar, version: 'corrected', working: TABLES.calendar.working.replaceAll('f', 'e') };
    const causeOf = (tables: typeof TABLES): unknown => {
      const decision = unitYearDecider.decide(please('retime'), stateAfter(toPublished), { ...TEST_CONTEXT, now: NOW, ...retime(tables) });
      return decision.ok ? decision.events.map((event) => (event.type === 'DeadlineMoved' ? event.data.cause : event.type)) : decision.refusal;
    };
    expect(causeOf({ ...TABLES, calendar })).toEqual(['calendar']);
    const policy = { ...tablesWith({ halfwayBy: '07-31' }).policy, version: 'later-1' };
    expect(causeOf({ calendar, policy })).toEqual(['calendar-and-policy']);
  });
  it('gives an instant to what the calendar did not cover', () => {
    const short = compileTable({ ...CHINA_2024_2026, version: 'short', covers: { from: '2024-01-01', to: '2024-01-31' } });
    const decision = unitYearDecider.decide(please('open'), unitYearDecider.initial, {
      ...TEST_CONTEXT,
      ...{ now: NOW, actor: centre, tables: { ...TABLES, calendar: short } },
    });
    if (!decision.ok) throw new Error('refused');
    expect(decision.events).toMatchObject([{ data: { dueAt: null, deadline: { dueAt: null, steps: [] } } }]);
    given(...decision.events)
      .when(please('retime'), retime(TABLES))
      .then({
        type: 'DeadlineMoved',
        data: { stage: 'pledging', cause: 'calendar', oldDueAt: null, dueAt: opened.data.dueAt, deadline: opened.data.deadline as never },
      });
  });
});

describe('publishing late', () => {
  it('lets no day of before be missed', () => {
    const decision = unitYearDecider.decide(please('publish'), stateAfter([opened, ...threePledges, ...allLinked.slice(0, 1)]), {
      ...TEST_CONTEXT,
      ...{ now: '2024-06-27T09:00:00.000+08:00', actor: centre, tables: TABLES },
    });
    expect(decision).toMatchObject({ ok: true, events: [{ data: { stage: 'published', dueAt: '2024-07-01T18:00:00.000+08:00' } }] });
  });
});
