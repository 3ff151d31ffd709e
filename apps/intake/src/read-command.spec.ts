import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCommand } from './read-command';
import { dataWithoutPersonal, REMOVED, withoutPersonal } from './without-personal';

const event = { specversion: '1.0', id: 'k-1', source: '/t', type: 'qiyue.need.claim.v1', subject: 'n1', data: { unit: 'u' } };
const binary = { ce_specversion: '1.0', ce_id: 'k-1', ce_source: '/t', ce_type: 'qiyue.need.claim.v1', ce_subject: 'n1' };
const command = { commandId: 'k-1', type: 'claim', needId: 'n1', body: { unit: 'u' } };

describe('a message of the commands topic', () => {
  it.each([
    ['structured', JSON.stringify(event), { 'content-type': 'application/cloudevents+json; charset=UTF-8' }],
    ['structured, without a content type', JSON.stringify(event), {}],
    [
      'structured, though a header looks like binary mode',
      JSON.stringify(event),
      { 'content-type': 'application/cloudevents+json', ce_specversion: '1.0' },
    ],
    ['binary', '{"unit":"u"}', { ...binary, 'content-type': 'application/json' }],
    ['binary, of a kind of JSON', '{"unit":"u"}', { ...binary, 'content-type': 'application/vnd.county+json; charset=utf-8' }],
  ])('is a command: %s', (_name, value, headers) => {
    expect(readCommand({ value, headers })).toEqual({ ok: true, command });
  });

  it.each([
    ['nothing', null, {}, null],
    ['binary mode without JSON', '<unit/>', { ...binary, 'content-type': 'application/xml' }, 'k-1'],
    ['binary mode without a content type', '{"unit":"u"}', binary, 'k-1'],
    ['binary mode with deep data', '['.repeat(20_000), { ...binary, 'content-type': 'application/json' }, 'k-1'],
    ['a batch', `[${JSON.stringify(event)}]`, { 'content-type': 'application/cloudevents-batch+json' }, null],
    ['an id of ours', JSON.stringify({ ...event, id: 'k-1:adopt' }), {}, null],
    ['an id that is no text', JSON.stringify({ ...event, id: { toString: 1 } }), {}, null],
    ['another version', JSON.stringify({ ...event, specversion: '0.3' }), {}, 'k-1'],
  ])('is none: %s', (_name, value, headers, commandId) => {
    expect(readCommand({ value, headers })).toMatchObject({ ok: false, commandId });
  });

  it('is read and cleaned without a throw, whatever it is', () => {
    const json = fc.oneof(
      fc.json(),
      fc.string(),
      fc.jsonValue().map((data) => JSON.stringify({ ...event, data })),
      fc.jsonValue().map((type) => JSON.stringify({ ...event, type })),
    );
    fc.assert(
      fc.property(json, fc.dictionary(fc.constantFrom('content-type', ...Object.keys(binary)), fc.string()), (value, headers) => {
        readCommand({ value, headers });
        withoutPersonal(value);
        dataWithoutPersonal(value, 'qiyue.need.claim.v1');
      }),
      { numRuns: 1_000 },
    );
    expect(withoutPersonal('{"type":{"toString":1,"valueOf":2}}')).toBe('{"type":{"toString":1,"valueOf":2}}');
  });

  it('leaves no words in the open behind in its dead letter, in either mode', () => {
    const words = { reason: '找张三拿钥匙' };
    const withdrawal = 'qiyue.need.withdraw.v1';
    expect(withoutPersonal(JSON.stringify({ ...event, type: withdrawal, data: words }))).toContain(REMOVED);
    expect(dataWithoutPersonal(JSON.stringify(words), withdrawal)).toBe(JSON.stringify({ reason: REMOVED }));
  });
});
