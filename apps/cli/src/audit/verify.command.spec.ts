import { expect, it } from '@jest/globals';
import { strangeLines } from './verify.command';

process.env['QIYUE_LANG'] = 'en';

it('names messages of the topics that are no records, with their places and why', () => {
  const forged = { topic: 'qiyue.need.events', partition: 2, offset: '7', why: 'hash does not cover the content' };
  expect([strangeLines(null), strangeLines({ count: 0, first: [] })]).toEqual([[], []]);
  expect(strangeLines({ count: 1, first: [forged] })).toEqual([
    expect.stringMatching(/^1 message .*npx qiyue messages list/),
    '  qiyue.need.events:2:7: hash does not cover the content',
  ]);
  expect(strangeLines({ count: 9, first: [forged] }).at(-1)).toBe('  …');
});
