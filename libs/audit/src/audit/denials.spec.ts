import { describe, expect, it } from '@jest/globals';
import type { Actor } from '@qiyue/engine';
import { Denials } from './denials';
import { PROCESS_ACTOR, type AuditFact } from './facts';
import type { Source } from './source';

const RITA: Actor = { id: 'rita', role: 'resident', unit: null };
const HERE: Source = { way: 'token', address: '192.0.2.1' };
const denied = (route: string) => ({ type: 'AccessDenied', data: { method: 'GET', route, code: 'not-permitted' } }) as const;
const refused = (commandId: string) =>
  ({ type: 'CommandRefused', data: { commandId, command: 'claim', needId: 'n', code: 'not-permitted', channel: 'http' } }) as const;
const PACE = { each: 3, perMs: 60_000, sumMs: 60_000, sums: 4 };

const bench = (pace = PACE) => {
  const records: { readonly actor: string; readonly fact: AuditFact; readonly from: Source | null }[] = [];
  const clock = { nowMs: 0 };
  const journal = {
    record: (actor: Actor, fact: AuditFact, from: Source | null = null) => {
      records.push({ actor: actor.id, fact, from });
      return Promise.resolve();
    },
  };
  return { records, clock, denials: new Denials(journal, pace, () => clock.nowMs) };
};
const timesIn = (records: readonly { readonly fact: AuditFact }[]): number =>
  records.reduce((sum, { fact }) => sum + ((fact.data as { readonly times?: number }).times ?? 1), 0);

describe('denials', () => {
  it('of somebody who is turned away a thousand times are a few records and a sum of the rest', () => {
    const { records, denials } = bench();
    for (let i = 0; i < 1_000; i += 1) void denials.add(RITA, refused(`c-${i}`), HERE);
    denials.tell();
    expect(records).toHaveLength(4);
    expect(timesIn(records)).toBe(1_000);
    expect(records.at(-1)).toEqual({ actor: 'rita', from: HERE, fact: { ...refused('c-3'), data: { ...refused('c-3').data, times: 997 } } });
  });

  it('of others have records of their own meanwhile, and so have later ones', () => {
    const { records, clock, denials } = bench();
    for (let i = 0; i < 10; i += 1) void denials.add(RITA, denied('/a'), HERE);
    void denials.add({ ...RITA, id: 'bo' }, denied('/a'), HERE);
    clock.nowMs = 60_001;
    void denials.add(RITA, denied('/a'), HERE);
    expect(records.map(({ actor }) => actor)).toEqual(['rita', 'rita', 'rita', 'bo', 'rita']);
  });

  it('are summed by what was asked, why it was refused and where from', () => {
    const { records, denials } = bench({ ...PACE, each: 0 });
    const elsewhere = { ...HERE, address: '192.0.2.9' };
    for (const route of ['/a', '/b', '/a', '/a']) void denials.add(RITA, denied(route), HERE);
    void denials.add(RITA, denied('/a'), elsewhere);
    denials.tell();
    expect(records.map(({ fact, from }) => [(fact.data as { route: string }).route, timesIn([{ fact }]), from?.address])).toEqual([
      ['/a', 3, '192.0.2.1'],
      ['/b', 1, '192.0.2.1'],
      ['/a', 1, '192.0.2.9'],
    ]);
  });

  it('of messages are alike wherever they lay on the topic', () => {
    const { records, denials } = bench();
    for (let i = 0; i < 50; i += 1)
      void denials.add(PROCESS_ACTOR, { type: 'TokensRefused', data: { why: 'invalid', times: 1 } }, { way: 'kafka', address: `t/0/${i}` });
    denials.tell();
    expect([records.length, timesIn(records)]).toEqual([4, 50]);
  });

  it('take no more memory than a few sums, however many different ones come', () => {
    const { records, denials } = bench({ ...PACE, each: 1 });
    for (let i = 0; i < 500; i += 1) void denials.add(RITA, denied(`/${i}`), HERE);
    denials.tell();
    expect(records.length).toBeLessThanOrEqual(1 + PACE.sums + 1);
    expect(timesIn(records)).toBe(500);
  });
});
