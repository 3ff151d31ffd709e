import { describe, expect, it } from '@jest/globals';
import type { PublicNeedCommandType } from '@qiyue/need-domain';
import { z } from 'zod';
import { isPublicNeedCommand, needCommandSchemas, PUBLIC_NEED_COMMANDS } from './index';

const ramp = { title: 'A ramp', kind: 'tangible', items: [{ name: 'ramp', quantity: 1, unit: 'piece' }], community: 'Lakeside' };
const reason = { reason: 'because' };
const fits = (type: PublicNeedCommandType, body: unknown): boolean => needCommandSchemas[type].safeParse(body).success;
const read = (type: PublicNeedCommandType, body: unknown): unknown => needCommandSchemas[type].parse(body);

/** Bodies as small and as large as they may be. */
const GOOD: Readonly<Record<PublicNeedCommandType, readonly object[]>> = {
  submit: [
    ramp,
    {
      ...ramp,
      description: 'd',
      category: 'c',
      urgency: 'emergency',
      compound: 'No. 3',
      location: { lat: -90, lng: 180 },
      contact: '1',
      scope: 'private',
    },
    { ...ramp, location: null },
  ],
  amend: [{}, { title: 'x' }, { items: ramp.items, location: null }],
  withdraw: [reason],
  reject: [reason],
  merge: [{ into: '0123456789abcdefghjkmnpqrs' }],
  inspect: [{ notes: 'n' }, { notes: 'n', photos: ['https://example.org/1.jpg'] }],
  claim: [
    { unit: 'Water', plan: 'p' },
    { unit: 'Water', plan: 'p', promisedBy: '2024-07-01', helpers: ['Roads'] },
  ],
  return: [reason],
  fund: [
    { amountFen: 1, source: 'department', reference: 'r' },
    { amountFen: 1e13, source: 'maintenance-fund', reference: 'r' },
    { amountFen: 0, source: 'rework', reference: 'r' },
    { amountFen: 3, source: 'mixed', reference: 'r' },
    { amountFen: 3, source: 'mixed', reference: 'r', split: { departmentFen: 1, donationFen: 2 } },
    { amountFen: 3, source: 'mixed', reference: 'r', split: { departmentFen: 1, donationFen: 1, fundFen: 1 } },
  ],
  'adjust-funding': [
    { deltaFen: -1, reason: 'r' },
    { deltaFen: 1e13, reason: 'r' },
  ],
  'cancel-works': [reason],
  start: [{}, { note: 'n' }],
  progress: [{ note: 'n' }, { note: 'n', photos: [] }],
  complete: [
    {
      evidence: [
        { kind: 'photo', url: 'http://example.org/1.jpg' },
        { kind: 'note', text: 't' },
      ],
    },
    { evidence: [{ kind: 'note', text: 't' }], finalCostFen: 0 },
  ],
  accept: [{}, { note: 'n' }],
  'refuse-works': [reason],
  evaluate: [
    { side: 'resident', score: 1, satisfied: false },
    { side: 'community', score: 5, satisfied: true, comment: 'c' },
  ],
  reopen: [reason],
  whistle: [{ units: ['Water'] }, { units: ['Water', 'Roads'], answerBy: '2024-07-02T12:00:00.000+08:00', note: 'n' }],
  dispatch: [{ unit: 'Water' }, { unit: 'Water', answerBy: '2024-07-02T12:00:00.000+08:00', reason: 'r' }],
  correct: [
    reason,
    {
      promisedBy: '2024-07-01',
      community: 'Lakeside',
      compound: 'No. 3',
      location: null,
      kind: 'service',
      category: 'c',
      urgency: 'normal',
      reason: 'r',
    },
  ],
  'confirm-urgency': [{ urgency: 'emergency' }, { urgency: 'normal', reason: 'r' }],
  sign: [{}, { note: 'n' }],
  pause: [{ waitingFor: 'parts' }, { waitingFor: 'parts', reason: 'r' }],
  resume: [{}, { note: 'n' }],
  'request-extension': [
    { workingDays: 1, reason: 'r' },
    { workingDays: 1000, reason: 'r' },
  ],
  grant: [{}, { note: 'n' }],
  deny: [reason],
  join: [{}, { note: 'n' }],
  'share-contact': [{ unit: 'Water' }],
  'report-in': [
    { answer: 'coming' },
    { answer: 'not-ours', reason: 'the pipe is the town’s' },
    { answer: 'coming', person: 'member-7', at: '2024-07-01T18:00:00.000+08:00' },
  ],
  'leave-project': [{ projectId: 'project-1' }],
};

describe('the body of a command', () => {
  it.each(PUBLIC_NEED_COMMANDS)('of %s is read as it was sent, small and large', (type) => {
    for (const body of GOOD[type].filter((one) => !('promisedBy' in one))) expect(read(type, body)).toEqual(body);
    for (const body of GOOD[type]) expect(fits(type, body)).toBe(true);
  });
  it.each(PUBLIC_NEED_COMMANDS)('of %s is refused with an unknown field, and when it is no object', (type) => {
    for (const body of GOOD[type]) expect(fits(type, { ...body, surprise: 1 })).toBe(false);
    for (const body of [null, undefined, [], 'x', 1]) expect(fits(type, body)).toBe(false);
  });
  it.each(PUBLIC_NEED_COMMANDS)('of %s needs each field that its smallest form has', (type) => {
    const smallest = GOOD[type][0] as Record<string, unknown>;
    for (const name of Object.keys(smallest)) {
      const { [name]: _, ...rest } = smallest;
      expect(fits(type, rest)).toBe(false);
      expect(fits(type, { ...smallest, [name]: null })).toBe(false);
      expect(fits(type, { ...smallest, [name]: undefined })).toBe(false);
    }
  });
});

describe('text', () => {
  const withTitle = (title: unknown) => ({ ...ramp, title });
  it('is trimmed, and must then not be empty', () => {
    expect(read('submit', withTitle(' \u3000坡道\n'))).toMatchObject({ title: '坡道' });
    for (const empty of ['', '   ', '\u3000', '\n']) expect(fits('submit', withTitle(empty))).toBe(false);
  });
  it('may be of any script and hold emoji', () => {
    for (const title of ['无障碍坡道', '👩‍🦽 ramp', 'رمبة', '𠮷野家']) expect(read('submit', withTitle(title))).toMatchObject({ title });
  });
  it.each(['\ud800', 'a\udc00b', 'nul\u0000', 'bell\u0007'])('is refused with what cannot be stored: %j', (title) => {
    expect(fits('submit', withTitle(title))).toBe(false);
  });
  it.each([
    ...['\u0085', '\u009b2J', '\u007f', '\u2028', '\u2029', '\ufffe', '\ufdd0'],
    ...['\u202e', '\u2066', '\u200f', '\u061c', 'a\rb', '\u001b[2J'],
  ])('is refused with what steers a terminal, a line or its direction, in fields of one line and of several: a%j', (char) => {
    expect(fits('submit', withTitle(`a${char}b`))).toBe(false);
    expect(fits('submit', { ...ramp, description: `a${char}b` })).toBe(false);
  });
  it.each(['\u200b\u200d', '\u2060', '\u00ad', '\u3164', '\ufeff\u200b', '\u2800', '\u115f \u034f'])(
    'is refused when nothing of it can be seen: %j',
    (title) => {
      expect(fits('submit', withTitle(title))).toBe(false);
      expect(fits('progress', { note: title })).toBe(false);
    },
  );
  it.each(['\u{e0041}\u{e0042}', '\u206b', '\ufffa', '\u034f', '\ufe0f', '\u200d', '\u0301'.repeat(10)])(
    'is refused when it hides a part of itself, in fields of one line and of several: a%j',
    (part) => {
      expect(fits('submit', withTitle(`a${part}b`))).toBe(false);
      expect(fits('submit', { ...ramp, description: `a${part}b` })).toBe(false);
    },
  );
  it.each(['\u200b', '\ufeff', '\u00ad', '\u2060'])('may hold in several lines what breaks them, and in one line not: %j', (part) => {
    expect(fits('submit', withTitle(`幸福${part}社区`))).toBe(false);
    expect(fits('submit', { ...ramp, description: `幸福${part}社区` })).toBe(true);
  });
  it.each(['👩‍🦽', '❤️', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '葛\u{e0100}', 'می‌خواهم', 'ᠠ᠋', 'นํ้า'])('may be put together of what shows nothing by itself: %s', (title) => {
    expect(fits('submit', withTitle(title))).toBe(true);
    expect(fits('submit', { ...ramp, description: title })).toBe(true);
  });
  it.each(['\u200b', '\u{e0041}', '\ufe00', '\u{e0100}'])(
    'is refused as the name of a community or a unit that would only look like another: %j',
    (part) => {
      expect(fits('submit', { ...ramp, community: `幸福${part}社区` })).toBe(false);
      expect(fits('claim', { unit: `住建${part}局`, plan: 'p' })).toBe(false);
    },
  );
  it('is refused with what a program could not decode, as GBK that was read as UTF-8', () => {
    const title = Buffer.from([0xb7, 0xf6, 0xca, 0xd6]).toString('utf8');
    expect(fits('submit', withTitle(title))).toBe(false);
    expect(fits('withdraw', { reason: `${title}坡道` })).toBe(false);
  });
  it('may have several lines where several are meant, and one where one is', () => {
    const lines = 'first\nsecond\r\n\tthird';
    expect(read('submit', { ...ramp, description: lines })).toMatchObject({ description: lines });
    const oneLine = {
      title: lines,
      category: lines,
      compound: lines,
      contact: lines,
      community: lines,
      items: [{ name: lines, quantity: 1, unit: 'm' }],
    };
    for (const [name, value] of Object.entries(oneLine)) expect([name, fits('submit', { ...ramp, [name]: value })]).toEqual([name, false]);
    expect(fits('claim', { unit: lines, plan: lines })).toBe(false);
    expect(fits('claim', { unit: 'W', plan: lines })).toBe(true);
  });
  it('is kept in the normal form NFC, and full-width stays full-width', () => {
    expect(read('submit', withTitle('cafe\u0301'))).toMatchObject({ title: 'caf\u00e9' });
    for (const title of ['ＡＢＣ１２３', '㎡', 'ｶﾞ', '①']) expect(read('submit', withTitle(title))).toMatchObject({ title });
  });
  it('has a greatest length, also for a title of 10,000 characters', () => {
    expect(fits('submit', withTitle('x'.repeat(200)))).toBe(true);
    for (const length of [201, 10_000]) expect(fits('submit', withTitle('x'.repeat(length)))).toBe(false);
    expect(fits('submit', { ...ramp, description: 'x'.repeat(5_000) })).toBe(true);
    expect(fits('submit', { ...ramp, description: 'x'.repeat(5_001) })).toBe(false);
  });
  it.each([1, true, {}, ['x']])('is not made out of something else: %j', (title) => {
    expect(fits('submit', withTitle(title))).toBe(false);
  });
});

describe('the items', () => {
  const withQuantity = (quantity: unknown) => ({ ...ramp, items: [{ name: 'x', quantity, unit: 'm' }] });
  it.each([1, 0.001, 0.1, 2.675, 1e9, 123456.789])('may be of quantity %d', (quantity) => {
    expect(fits('submit', withQuantity(quantity))).toBe(true);
  });
  it.each([0, -1, NaN, Infinity, 1e9 + 1, 0.0001, 1.0005, '1', null])('may not be of quantity %j', (quantity) => {
    expect(fits('submit', withQuantity(quantity))).toBe(false);
  });
  it('are at least one and at most a hundred, each with a name', () => {
    const items = (n: number) => ({ ...ramp, items: Array.from({ length: n }, () => ramp.items[0]) });
    expect([0, 1, 100, 101].map((n) => fits('submit', items(n)))).toEqual([false, true, true, false]);
    expect(fits('submit', { ...ramp, items: [{ name: ' ', quantity: 1, unit: 'm' }] })).toBe(false);
    expect(fits('amend', { items: [] })).toBe(false);
  });
});

describe('a place', () => {
  it.each([
    [90.0001, 0],
    [-91, 0],
    [0, 180.1],
    [0, -181],
    [NaN, 0],
    ['30', 0],
  ])('at %j, %j is refused', (lat, lng) => {
    expect(fits('submit', { ...ramp, location: { lat, lng } })).toBe(false);
  });
});

describe('a promised date', () => {
  const promised = (promisedBy: unknown) => ({ unit: 'Water', plan: 'p', promisedBy });
  it.each([
    ['2024-07-01', '2024-07-01T23:59:59.999+08:00'],
    ['2024-02-29', '2024-02-29T23:59:59.999+08:00'],
    ['2024-07-01T00:00:00Z', '2024-07-01T08:00:00.000+08:00'],
    ['2024-07-01T08:00:00.5-04:00', '2024-07-01T20:00:00.500+08:00'],
    [' 2024-07-01T08:00:00+08:00 ', '2024-07-01T08:00:00.000+08:00'],
  ])('%s is kept as %s', (sent, kept) => {
    expect(read('claim', promised(sent))).toMatchObject({ promisedBy: kept });
  });
  it.each([
    '2024-02-30',
    '2023-02-29',
    '2024-13-01',
    '2024-7-1',
    '2024-07-01T08:00:00',
    '2024-02-30T08:00:00Z',
    '2024-07-01T25:00:00Z',
    'soon',
    '',
    '9999-12-31',
    '0001-01-01',
    1719792000000,
    null,
  ])('%j is refused', (sent) => {
    expect(fits('claim', promised(sent))).toBe(false);
  });
});

describe('money', () => {
  it.each([0, -1, 0.5, 1e13 + 1, 2 ** 53, NaN, '100', null])('of %j fen is refused', (amountFen) => {
    expect(fits('fund', { amountFen, source: 'department', reference: 'r' })).toBe(false);
  });
  it('comes from a source that the rules know', () => {
    expect(fits('fund', { amountFen: 1, source: 'lottery', reference: 'r' })).toBe(false);
    expect(fits('fund', { amountFen: 1, source: 'rework', reference: 'r' })).toBe(false);
    expect(fits('fund', { amountFen: 1, source: 'department', reference: 'r', split: { departmentFen: 1 } })).toBe(false);
    expect(fits('fund', { amountFen: 3, source: 'mixed', reference: 'r', split: { departmentFen: 1 } })).toBe(false);
    expect(fits('adjust-funding', { deltaFen: 0, reason: 'r' })).toBe(false);
  });
});

describe('evidence', () => {
  it.each([
    'javascript:alert(1)',
    'ftp://example.org/x',
    'example.org',
    'https://',
    'https://user:pass@example.org/',
    'data:text/html,x',
    'http:example.org',
    'https://a b.org',
  ])('is not at the address %s', (url) => {
    expect(fits('complete', { evidence: [{ kind: 'photo', url }] })).toBe(false);
    expect(fits('progress', { note: 'n', photos: [url] })).toBe(false);
  });
  it('has an address or a text', () => {
    expect(fits('complete', { evidence: [] })).toBe(false);
    expect(fits('complete', { evidence: [{ kind: 'photo' }] })).toBe(false);
  });
});

describe('an evaluation', () => {
  it.each([0, 6, 3.5, '5', null])('has no score of %j', (score) => {
    expect(fits('evaluate', { side: 'resident', score, satisfied: true })).toBe(false);
  });
  it('is of one of two sides', () => {
    expect(fits('evaluate', { side: 'department', score: 5, satisfied: true })).toBe(false);
  });
});

describe('the public commands', () => {
  it('are those of the HTTP surface, without the internal ones', () => {
    expect(PUBLIC_NEED_COMMANDS).toEqual([
      'submit',
      'amend',
      'withdraw',
      'reject',
      'merge',
      'inspect',
      'claim',
      'return',
      'fund',
      'adjust-funding',
      'cancel-works',
      'start',
      'progress',
      'complete',
      'accept',
      'refuse-works',
      'evaluate',
      'reopen',
      'whistle',
      'dispatch',
      'correct',
      'confirm-urgency',
      'sign',
      'pause',
      'resume',
      'request-extension',
      'grant',
      'deny',
      'join',
      'share-contact',
      'report-in',
      'leave-project',
    ]);
    for (const internal of ['adopt', 'unadopt', 'close', 'toString', '']) expect(isPublicNeedCommand(internal)).toBe(false);
  });
});

describe('the JSON Schema of a body', () => {
  it.each(PUBLIC_NEED_COMMANDS)('of %s can be published and asks for nothing that a request may not send', (type) => {
    const schema = z.toJSONSchema(needCommandSchemas[type], { io: 'input' });
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(JSON.stringify(schema)).not.toContain('readOnly');
  });
});
