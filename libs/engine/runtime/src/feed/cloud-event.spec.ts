import { describe, expect, it } from '@jest/globals';
import { GENESIS_HASH, sealRecord } from '@qiyue/engine';
import { toLedgerDocument } from '../ledger/documents';
import { fromCloudEvent, toCloudEvent } from './cloud-event';

const BODY = {
  ...{ v: 1 as const, aggregate: 'need', entity: 'e1', seq: 1, type: 'Noted', time: '2024-07-01T08:00:00.000+08:00', commandId: 'c1' },
  ...{ actor: { id: 'ann', role: 'resident', unit: null }, data: { note: 'x' }, prevHash: GENESIS_HASH },
};
/** An event whose hash covers it, whatever stands in it: what somebody sends who knows the format. */
const eventOf = (change: object) => {
  const record = sealRecord({ ...BODY, ...change });
  return { ...toCloudEvent({ ...toLedgerDocument(sealRecord(BODY)), canonical: record.canonical }), hash: record.hash };
};

describe('an event that comes from a topic', () => {
  it('is the record that it was made of, with the rules that it was made under', () => {
    const actors = [
      { id: 'ann', role: 'department', unit: 'Water' },
      { id: 'p-1', role: 'resident', unit: null, person: 'sealed' },
    ];
    for (const change of [{}, { rules: 2 }, ...actors.map((actor) => ({ actor }))]) {
      const event = eventOf(change);
      expect(fromCloudEvent(JSON.stringify(event))).toEqual({ ok: true, record: { body: { ...BODY, ...change }, hash: event.hash } });
    }
    expect(eventOf({})).not.toHaveProperty('rules');
  });

  it.each([
    ['an operator of a query for an entity', { entity: { $gt: '' } }],
    ['a list for an entity', { entity: ['e1'] }],
    ['no entity', { entity: undefined }],
    ['half a character for an entity', { entity: '\ud800' }],
    ['an entity that is far too long', { entity: 'e'.repeat(201) }],
    ['a time that is none', { time: 7 }],
    ['no data', { data: null }],
    ['data that is text', { data: 'x' }],
    ['a unit that is an object', { actor: { id: 'ann', role: 'resident', unit: {} } }],
    ['a person that is an object', { actor: { id: 'p-1', role: 'resident', unit: null, person: {} } }],
    ['rules that are no version', { rules: 'two' }],
    ['rules below the first', { rules: 0 }],
  ])('is none of ours with %s, though its hash covers it', (_name, change) => {
    expect(fromCloudEvent(JSON.stringify(eventOf(change)))).toMatchObject({ ok: false });
  });

  it('may be anything else, which is a value too', () => {
    for (const text of [null, '', '{', 'null', '7', '[]', '"x"', '{}', JSON.stringify({ ...eventOf({}), data: { note: 'y' } })])
      expect(fromCloudEvent(text)).toMatchObject({ ok: false });
    expect(fromCloudEvent(JSON.stringify(eventOf({})).replace('"note":"x"', `"note":${'['.repeat(20_000)}${']'.repeat(20_000)}`))).toMatchObject({
      ok: false,
    });
  });
});
