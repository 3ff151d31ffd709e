import { describe, expect, it } from '@jest/globals';
import type { CommandEnvelope } from './command';
import { accept, type Alias, type Decider } from './decider';
import { Entity } from './entity';
import { fingerprintOf, openRecord, sha256Hex, type EventRecord } from './record';

type C = { readonly type: 'note'; readonly data: object };
type E = { readonly type: 'Noted'; readonly data: { readonly by: string } };

/** Who noted, as the decision was told. From rules 2 on records hold aliases. */
const notes: Decider<number, C, E> = {
  aggregate: 'notes',
  startsWith: 'note',
  rules: 2,
  aliasSince: 2,
  initial: 0,
  decide: (_, __, { actor, alias }) => accept({ type: 'Noted', data: { by: alias?.id ?? actor.id } }),
  evolve: (count) => count + 1,
  due: () => null,
  isFinal: () => false,
  summary: () => ({}),
};

const ACTOR = { id: 'ann', role: 'resident', unit: 'Lakeside' };
const ALIAS: Alias = { id: 'p-1', person: 'sealed ann', commandId: 'p-2' };
const sent = (commandId: string, more: Partial<CommandEnvelope> = {}): CommandEnvelope => {
  const asked = { entity: 'x', type: 'note', data: {}, actor: ACTOR };
  return {
    ...asked,
    ...{ commandId, channel: 'http', receivedAt: '2024-07-01T08:00:00.000+08:00', fingerprint: fingerprintOf(asked), alias: ALIAS },
    ...more,
  };
};
const bodiesOf = (records: readonly EventRecord[]) => records.map((record) => openRecord(record));
const after = (...commands: readonly CommandEnvelope[]) => {
  const entity = new Entity(notes, 'x');
  const { outcome } = commands.map((command) => entity.handle(command)).at(-1) ?? {};
  return { entity, outcome, records: entity.unconfirmed.flatMap(({ records }) => records) };
};

describe('a command with an alias', () => {
  it('is recorded under it, with who is meant beside it; the ledger of commands keeps who sent it', () => {
    const { entity, records } = after(sent('1', { rules: 2 }));
    expect(bodiesOf(records)).toMatchObject([
      { actor: { id: 'p-1', role: 'resident', unit: 'Lakeside', person: 'sealed ann' }, commandId: 'p-2', data: { by: 'p-1' } },
    ]);
    expect(entity.unconfirmed).toMatchObject([{ commandId: '1', actor: ACTOR }]);
    expect(records[0]?.canonical).not.toMatch(/"ann"|"1"/);
    expect(records[0]?.hash).toBe(sha256Hex(records[0]?.canonical ?? ''));
  });

  it('is recorded as ever under rules of before, byte by byte', () => {
    const plain = after(sent('1')).records;
    const { alias: _, ...without } = sent('1');
    expect(plain).toEqual(after(without).records);
    expect(bodiesOf(plain)).toMatchObject([{ actor: ACTOR, commandId: '1', data: { by: 'ann' } }]);
  });

  it('goes by the rules of the entity, whatever it was stamped with itself', () => {
    expect(bodiesOf(after(sent('1', { rules: 2 }), sent('2')).records).map(({ actor }) => actor.id)).toEqual(['p-1', 'p-1']);
    expect(bodiesOf(after(sent('1'), sent('2', { rules: 2 })).records).map(({ actor }) => actor.id)).toEqual(['ann', 'p-1']);
  });

  it('is known again when it comes again, with another alias too: that is not what its sender chose', () => {
    const { outcome, records } = after(sent('1', { rules: 2 }), sent('1', { rules: 2, alias: { ...ALIAS, person: 'sealed anew' } }));
    expect(outcome).toMatchObject({ status: 'accepted', seq: 1 });
    expect(records).toHaveLength(1);
  });

  it('means nothing to a decider that knows no aliases', () => {
    const { aliasSince: _, ...unaware } = notes;
    const entity = new Entity(unaware, 'x');
    entity.handle(sent('1', { rules: 2 }));
    expect(bodiesOf(entity.unconfirmed.flatMap(({ records }) => records))).toMatchObject([{ actor: ACTOR, commandId: '1', data: { by: 'ann' } }]);
  });
});
