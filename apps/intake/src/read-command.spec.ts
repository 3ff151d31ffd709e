import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { need } from '@qiyue/need';
import { readCommand } from './read-command';
import { letterTextOf as letterOf, REMOVED } from './without-personal';

const letterTextOf = (message: Parameters<typeof letterOf>[0]): string => letterOf(message, [need]);

const event = { specversion: '1.0', id: 'k-1', source: '/t', type: 'qiyue.need.claim.v1', subject: 'n1', data: { unit: 'u' } };
const binary = { ce_specversion: '1.0', ce_id: 'k-1', ce_source: '/t', ce_type: 'qiyue.need.claim.v1', ce_subject: 'n1' };
const command = { commandId: 'k-1', type: 'claim', entity: 'n1', body: { unit: 'u' } };

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
    expect(readCommand({ value, headers }, need)).toEqual({ ok: true, command });
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
    expect(readCommand({ value, headers }, need)).toMatchObject({ ok: false, commandId });
  });

  it.each([
    ['no JSON', '{"phone": 13912345678', 'not JSON: ends too early, behind character 21'],
    ['broken JSON', `{"id":"k-1",}`, 'not JSON: character 13'],
    ['a command that there is not', JSON.stringify({ ...event, type: 'qiyue.need.abolish.v1' }), 'type: qiyue.need.abolish.v1 is unknown'],
    ['a type of any words', JSON.stringify({ ...event, type: '13912345678' }), 'type: not as qiyue.<aggregate>.<command>.v1'],
    ['an id that is too long', JSON.stringify({ ...event, id: 'k'.repeat(5_000) }), 'id: longer than 200'],
    ['an id that is ours', JSON.stringify({ ...event, id: 'timer:1' }), 'id: not of its form'],
    ['no id', JSON.stringify({ ...event, id: undefined }), 'id: no string'],
    ['another version', JSON.stringify({ ...event, specversion: '0.3' }), 'specversion: not 1.0'],
    ['a list', '[]', '(whole): no object'],
  ])('says what is wrong with it, and nothing of what it says: %s', (_name, value, fault) => {
    expect(readCommand({ value, headers: {} }, need)).toMatchObject({ ok: false, why: `not a command: ${fault}` });
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
        readCommand({ value, headers }, need);
        letterTextOf({ value, headers });
        letterTextOf({ value, headers: { ce_type: 'qiyue.need.claim.v1' } });
      }),
      { numRuns: 1_000 },
    );
    expect(letterTextOf({ value: '{"type":{"toString":1,"valueOf":2}}', headers: {} })).toBe(`{"data":"${REMOVED}"}`);
  });

  const PHONE = '13912345678';
  const SUBMIT = 'qiyue.need.submit.v1';
  it.each([
    ['in a personal field', { ...event, type: SUBMIT, data: { contact: PHONE } }],
    ['in another field of a command', { ...event, type: SUBMIT, data: { title: PHONE, items: [{ name: PHONE }] } }],
    ['as a number', { ...event, type: SUBMIT, data: { title: Number(PHONE) } }],
    ['in a field that there is not', { ...event, type: SUBMIT, data: { phone: PHONE } }],
    ['as the name of a field', { ...event, type: SUBMIT, data: { [PHONE]: 1 } }],
    ['in a command that there is not', { ...event, type: 'qiyue.need.abolish.v1', data: { contact: PHONE } }],
    ['beside the data', { ...event, source: PHONE, subject: PHONE, type: PHONE, time: PHONE, [PHONE]: PHONE, data: PHONE }],
    ['in no event', { contact: PHONE }],
    ['in a list', [PHONE]],
  ])('leaves nothing that was written in the open behind in its dead letter, in either mode: %s', (_, message) => {
    const value = JSON.stringify(message);
    for (const text of [value, `${value}}`, PHONE, `"${PHONE}`]) {
      expect(letterTextOf({ value: text, headers: {} })).not.toContain(PHONE);
      expect(letterTextOf({ value: text, headers: { ce_type: SUBMIT } })).not.toContain(PHONE);
    }
    expect(letterTextOf({ value: JSON.stringify('data' in message ? message.data : message), headers: { ce_type: SUBMIT } })).not.toContain(PHONE);
  });

  it('keeps in its dead letter what it was, what fields it had, and what is sealed', () => {
    const [id, sealed] = ['0123456789abcdefghjkmnpqrs', `sealed:v1:${'0'.repeat(32)}:${'A'.repeat(60)}`];
    const complete = { ...event, type: 'qiyue.need.complete.v1', subject: id, data: { evidence: [{ kind: 'photo', text: sealed }], note: 'x' } };
    expect(JSON.parse(letterTextOf({ value: JSON.stringify(complete), headers: {} }))).toEqual({
      ...{ specversion: '1.0', id: 'k-1', type: 'qiyue.need.complete.v1', subject: id },
      data: { evidence: [{ kind: REMOVED, text: sealed }], note: REMOVED },
    });
    expect(letterTextOf({ value: `{"specversion":"1.0","id":"k-7","data":{"description":${'['.repeat(20_000)}`, headers: {} })).toBe(
      `{"id":"k-7","data":"${REMOVED}"}`,
    );
  });
});
