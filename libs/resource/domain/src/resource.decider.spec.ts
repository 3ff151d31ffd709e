import { describe, expect, it } from '@jest/globals';
import { specFor, TEST_CONTEXT } from '@qiyue/engine-testing';
import { resourceDecider } from './index';
import {
  at,
  bags,
  clock,
  END,
  freed,
  lakeside,
  NOW,
  offered,
  please,
  reserved,
  roads,
  saga,
  stateAfter,
  used,
  water,
  withdrawn,
} from './testing/resource.fixtures';

const given = specFor(resourceDecider, { now: NOW, actor: roads });
const reserve = (data: object = {}) => please('reserve', { reservationId: 'r2', from: at(10), to: at(11), ...data });

describe('an offer', () => {
  it('is of one piece where nothing else is said, and of whoever makes it', () => {
    given()
      .when(please('offer', { kind: 'place', name: 'Hall' }), { actor: lakeside })
      .then({
        type: 'ResourceOffered',
        data: { kind: 'place', name: 'Hall', quantity: 1, unit: 'piece', giver: 'Lakeside', giverRole: 'community' },
      });
  });
  it('of money is in fen and in nothing else', () => {
    given()
      .when(please('offer', { kind: 'money', name: 'Fund', quantity: 500, unit: 'yuan' }))
      .thenRefused('invalid-body', { field: 'unit' });
    given()
      .when(please('offer', { kind: 'money', name: 'Fund', quantity: 500 }))
      .thenAccepted();
  });
  it.each([
    [{ quantity: 0 }, 'quantity'],
    [{ quantity: 1.5 }, 'quantity'],
    [{ name: ' ' }, 'name'],
    [{ from: at(9), to: at(9) }, 'to'],
  ])('that says %j is refused for its %s', (data, field) => {
    given()
      .when(please('offer', { kind: 'place', name: 'Hall', ...data }))
      .thenRefused('invalid-body', { field });
  });
  it('whose time is over is refused', () => {
    given()
      .when(please('offer', { kind: 'place', name: 'Hall', to: at(1) }))
      .thenRefused('too-late', { until: at(1) });
  });
  it('ends by itself with its time, and not before', () => {
    expect(resourceDecider.due(stateAfter([offered]), { rules: 1 })).toEqual({ at: END, command: { type: 'expire', data: {} } });
    expect([stateAfter([bags]), stateAfter([offered, withdrawn])].map((state) => resourceDecider.due(state, { rules: 1 }))).toEqual([null, null]);
    given(offered)
      .when(please('expire'), { actor: clock, now: END })
      .then({ type: 'ResourceWithdrawn', data: { giver: 'Water', cause: 'over' } });
    given(offered).when(please('expire'), { actor: clock }).thenNothing();
  });
  it('can be changed down to what is promised of it, and not below', () => {
    const change = (data: object) => given(offered, reserved({ quantity: 2 })).when(please('change', data), { actor: water });
    change({ quantity: 2, from: at(10), to: at(12) }).then({
      type: 'ResourceChanged',
      data: { giver: 'Water', quantity: 2, from: at(10), to: at(12) },
    });
    change({ quantity: 1 }).thenRefused('promised', { promised: '2' });
    change({ to: at(11) }).thenRefused('promised', { promised: `${at(10)} – ${at(12)}` });
    change({ from: at(31) }).thenRefused('invalid-body', { field: 'to' });
    change({}).thenRefused('nothing-to-change');
  });
});

describe('a reservation', () => {
  it('holds from when it is asked for, and not from before it is made', () => {
    given(offered)
      .when(reserve({ from: at(1), quantity: 2, needId: 'n1' }))
      .then(reserved({ reservationId: 'r2', from: NOW, to: at(11), quantity: 2, needId: 'n1' }));
  });
  it('is taken up to what is free at every instant of its span, and not beyond', () => {
    const held = [offered, reserved({ from: at(10), to: at(12) }), reserved({ reservationId: 'r3', from: at(12), to: at(14) })];
    given(...held)
      .when(reserve({ from: at(9), to: at(15) }))
      .thenAccepted();
    given(...held)
      .when(reserve({ from: at(9), to: at(15), quantity: 2 }))
      .thenRefused('taken', { free: 1, asked: 2, overlaps: `${at(10)} – ${at(12)}: 1; ${at(12)} – ${at(14)}: 1` });
  });
  it('of one piece never overlaps with another, and may follow it at once', () => {
    const place = { ...offered, data: { ...offered.data, quantity: 1 } };
    given(place, reserved())
      .when(reserve({ from: at(11), to: at(13) }))
      .thenRefused('taken', { free: 0, asked: 1, overlaps: `${at(10)} – ${at(12)}: 1` });
    given(place, reserved())
      .when(reserve({ from: at(12), to: at(13) }))
      .thenAccepted();
    given(place, reserved())
      .when(reserve({ from: at(9), to: at(10) }))
      .thenAccepted();
  });
  it('of what is in use is refused until its span is over', () => {
    given(offered, reserved({ quantity: 2 }), used({ quantity: 2 }))
      .when(reserve())
      .thenRefused('taken');
    given(offered, reserved({ quantity: 2 }), used({ quantity: 2 }))
      .when(reserve({ from: at(12), to: at(13) }))
      .thenAccepted();
  });
  it('of what is used up takes from all there is, whenever it is', () => {
    const held = [bags, reserved({ quantity: 60 })];
    given(...held)
      .when(reserve({ from: at(20), to: at(21), quantity: 41 }))
      .thenRefused('taken', { free: 40, asked: 41, overlaps: `${at(10)} – ${at(12)}: 60` });
    given(...held, used({ quantity: 50, returned: 10 }))
      .when(reserve({ from: at(20), to: at(21), quantity: 50 }))
      .thenAccepted();
    given(...held, used({ quantity: 50, returned: 10 }))
      .when(reserve({ from: at(20), to: at(21), quantity: 51 }))
      .thenRefused('taken');
  });
  it('lies within the time for which it is offered, and ahead', () => {
    given(offered)
      .when(reserve({ to: at(31, 1) }))
      .thenRefused('not-available', { from: '–', to: END });
    given(offered)
      .when(reserve({ from: at(1), to: at(1, 8) }))
      .thenRefused('too-late', { until: at(1, 8) });
    given(offered)
      .when(reserve({ from: at(11), to: at(11) }))
      .thenRefused('invalid-body', { field: 'to' });
    given(offered)
      .when(reserve({ projectId: 'p', needId: 'n' }))
      .thenRefused('invalid-body', { field: 'needId' });
  });
  it('that comes again is the one that is there, also when it began meanwhile', () => {
    const now = reserved({ from: NOW, to: at(12) });
    given(offered, now)
      .when(reserve({ reservationId: 'r1', from: at(1), to: at(12) }), { now: at(2) })
      .thenNothing();
    given(offered, now)
      .when(reserve({ reservationId: 'r1', from: at(1), to: at(12), quantity: 2 }), { now: at(2) })
      .thenRefused('reservation-differs');
    given(offered, now)
      .when(reserve({ reservationId: 'r1', from: at(1), to: at(12), projectId: 'p' }))
      .thenRefused('reservation-differs');
    for (const [end, past] of [
      ['used', used()],
      ['freed', freed],
    ] as const)
      given(offered, now, past)
        .when(reserve({ reservationId: 'r1', from: at(1), to: at(12) }))
        .thenRefused('reservation-ended', { reservationId: 'r1', end });
  });
  it('has an id of the command that makes it, so that a repeated command is the same and no other has it, however many have ended', () => {
    const idOf = (commandId: string) => {
      const decision = resourceDecider.decide(please('reserve', { from: at(10), to: at(11) }), stateAfter([offered]), {
        ...TEST_CONTEXT,
        now: NOW,
        actor: roads,
        commandId,
      });
      return decision.ok && decision.events[0]?.type === 'ResourceReserved' && decision.events[0].data.reservationId;
    };
    expect(idOf('c1')).toMatch(/^[0-9a-z]{26}$/);
    expect([idOf('c1'), idOf('c2')]).toEqual([idOf('c1'), expect.not.stringContaining(String(idOf('c1')))]);
  });
  it('of what is used up gives back what was not needed, and no more is used than is reserved', () => {
    const held = [bags, reserved({ quantity: 60, projectId: 'p' })];
    given(...held)
      .when(please('use', { reservationId: 'r1', quantity: 45 }))
      .then({ type: 'ReservationUsed', data: { reservationId: 'r1', projectId: 'p', giver: 'Water', quantity: 45, returned: 15 } });
    given(...held)
      .when(please('use', { reservationId: 'r1', quantity: 61 }))
      .thenRefused('over-reservation', { reserved: 60 });
    given(...held)
      .when(please('use', { reservationId: 'r1', quantity: -1 }))
      .thenRefused('invalid-body', { field: 'quantity' });
  });
  it('is used or freed by its giver or by whoever made it, and by nobody else', () => {
    for (const type of ['use', 'free'] as const) {
      given(offered, reserved()).when(please(type), { actor: water }).thenAccepted();
      given(offered, reserved()).when(please(type), { actor: roads }).thenAccepted();
      given(offered, reserved()).when(please(type), { actor: lakeside }).thenRefused('not-permitted');
    }
  });
  it('that a person has ended is no contradiction to a process of ours, which only tells what became of a project', () => {
    given(offered, reserved(), freed).when(please('use'), { actor: saga }).thenNothing();
    given(offered).when(please('free'), { actor: saga }).thenNothing();
    given(offered, reserved(), freed).when(please('use'), { actor: water }).thenRefused('reservation-ended', { reservationId: 'r1', end: 'freed' });
    given(offered, reserved(), freed).when(please('free'), { actor: water }).thenNothing();
  });
});

it('a stream that cannot be is not folded', () => {
  for (const past of [[reserved()], [offered, offered], [offered, used()], [offered, freed], [offered, withdrawn, reserved()]])
    expect(() => stateAfter(past)).toThrow(/^corrupt stream/);
});
