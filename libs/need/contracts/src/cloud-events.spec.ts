import { describe, expect, it } from '@jest/globals';
import { commandTypeOf, needCloudEvent, needCommandEvent } from './index';
import { commandId } from '@qiyue/civic-contracts';

const hash = 'a'.repeat(64);
const event = {
  specversion: '1.0',
  id: 'n1:3',
  source: '/qiyue/need',
  type: 'qiyue.need.WorksRefused.v1',
  subject: 'n1',
  partitionkey: 'n1',
  sequence: '3',
  sequencetype: 'Integer',
  time: '2024-07-01T08:00:00.000+08:00',
  datacontenttype: 'application/json',
  data: { reason: 'too steep' },
  actorid: 'cora',
  actorrole: 'community',
  actorunit: 'Lakeside',
  commandid: 'c-3',
  prevhash: hash,
  hash,
  position: 17,
};
const command = {
  specversion: '1.0',
  id: 'c-1',
  source: '/county/portal',
  type: 'qiyue.need.withdraw.v1',
  subject: 'n1',
  data: { reason: 'no longer needed' },
};
const submit = {
  specversion: '1.0',
  id: 'c-1',
  source: '/county/portal',
  type: 'qiyue.need.submit.v1',
  data: { title: 'A ramp', kind: 'tangible', items: [{ name: 'ramp', quantity: 1, unit: 'piece' }], community: 'Lakeside' },
};

describe('an event on the topic', () => {
  it('is read with all that its hash covers', () => {
    expect(needCloudEvent.parse(event)).toEqual(event);
  });
  it('may lack a unit, a position and the kind of its sequence, and have extensions of others', () => {
    const { actorunit, position, sequencetype, ...rest } = event;
    expect([actorunit, position, sequencetype]).toEqual(['Lakeside', 17, 'Integer']);
    expect(needCloudEvent.parse({ ...rest, traceparent: '00-1-2-01' })).toEqual(rest);
  });
  it.each([
    { type: 'qiyue.need.NeedForgotten.v1' },
    { type: 'qiyue.need.WorksRefused.v2' },
    { specversion: '0.3' },
    { source: '/other' },
    { sequence: '0' },
    { sequence: 3 },
    { sequence: '03' },
    { hash: 'A'.repeat(64) },
    { prevhash: 'a' },
    { time: '2024-07-01T00:00:00Z' },
    { data: {} },
    { data: null },
    { subject: '' },
    { position: 0 },
    { datacontenttype: 'text/plain' },
  ])('is refused with %j', (wrong) => {
    expect(needCloudEvent.safeParse({ ...event, ...wrong }).success).toBe(false);
  });
});

describe('a command on the topic', () => {
  it('is read with its body', () => {
    expect(needCommandEvent.parse(command)).toEqual(command);
    expect(needCommandEvent.parse({ ...command, time: '2024-07-01T00:00:00Z', datacontenttype: 'application/json' })).toMatchObject(command);
  });
  it('needs no subject when it submits, and only then', () => {
    expect(needCommandEvent.parse(submit)).toEqual(submit);
    expect(needCommandEvent.safeParse({ ...command, subject: undefined }).success).toBe(false);
  });
  it('has its body trimmed and normalised like over HTTP', () => {
    const claim = { ...command, type: 'qiyue.need.claim.v1', data: { unit: ' Water ', plan: 'p', promisedBy: '2024-07-01' } };
    expect(needCommandEvent.parse(claim).data).toEqual({ unit: 'Water', plan: 'p', promisedBy: '2024-07-01T23:59:59.999+08:00' });
  });
  it.each([
    { type: 'qiyue.need.adopt.v1' },
    { type: 'qiyue.need.unadopt.v1' },
    { type: 'qiyue.need.close.v1' },
    { type: 'withdraw' },
    { data: {} },
    { data: undefined },
    { id: '' },
    { id: 'x'.repeat(201) },
    { id: 'a b' },
    { id: '甲' },
    { id: 'timer:n1:4' },
    { id: 'system:n1:4/release' },
    { subject: 'n 1' },
    { source: '' },
    { specversion: '2.0' },
  ])('is refused with %j', (wrong) => {
    expect(needCommandEvent.safeParse({ ...command, ...wrong }).success).toBe(false);
  });
  it('is known by its type', () => {
    expect(commandTypeOf('qiyue.need.refuse-works.v1')).toBe('refuse-works');
    for (const type of ['qiyue.need.adopt.v1', 'qiyue.need.claim.v2', 'claim', '']) expect(commandTypeOf(type)).toBeNull();
  });
});

describe('a command id', () => {
  it.each(['a', 'x'.repeat(200), '01J1Z-abc_def.ghi:jkl~m@n+o=p', '550e8400-e29b-41d4-a716-446655440000'])('may be %s', (id) => {
    expect(commandId.parse(id)).toBe(id);
  });
  it.each(['a/b', '%2e', '%2E%2e', ';', '?', '#x', '...', 'a.', '.a', 'timers', 'mytimer:4', 'adopt', 'x:adopted', '__proto__', '$where', '\\'])(
    'may be %s, which looks like something else',
    (id) => expect(commandId.parse(id)).toBe(id),
  );
  it.each([
    ...['timer:n1:4', 'system:n1:4/release', 'saga:x', 'retime:1/n1', 'journal:x', 'k-1:adopt', 'k-1:unadopt', ':adopt', '.', '..'],
    ...['', ' ', 'a b', 'a\u0000', 'a\n', '\u007f', '甲', 'x'.repeat(201)],
  ])('may not be %j', (id) => {
    expect(commandId.safeParse(id).success).toBe(false);
  });
});
