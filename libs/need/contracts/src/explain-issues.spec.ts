import { describe, expect, it } from '@jest/globals';
import type { PublicNeedCommandType } from '@qiyue/need-domain';
import { needCommandSchemas } from './index';
import { type ExplainedIssue, explainIssues } from '@qiyue/civic-contracts';

const ramp = { title: 'A ramp', kind: 'tangible', items: [{ name: 'ramp', quantity: 1, unit: 'piece' }], community: 'Lakeside' };
const issuesOf = (type: PublicNeedCommandType, body: unknown, language: 'zh-CN' | 'en'): readonly ExplainedIssue[] => {
  const { error } = needCommandSchemas[type].safeParse(body);
  return error ? explainIssues(error, language) : [];
};

/** One body for each way to be wrong. */
const BAD: readonly (readonly [PublicNeedCommandType, unknown, string])[] = [
  ['submit', { ...ramp, title: 'x'.repeat(10_000) }, 'title'],
  ['submit', { ...ramp, title: '' }, 'title'],
  ['submit', { ...ramp, title: 'a\ud800' }, 'title'],
  ['submit', { ...ramp, title: 'a\ufffd' }, 'title'],
  ['submit', { ...ramp, title: '\u200b' }, 'title'],
  ['submit', { ...ramp, title: 'a\u{e0041}b' }, 'title'],
  ['submit', { ...ramp, community: 'Lake\u200bside' }, 'community'],
  ['submit', { ...ramp, title: 'a\nb' }, 'title'],
  ['submit', { ...ramp, title: 'a\u202eb' }, 'title'],
  ['submit', { ...ramp, title: 7 }, 'title'],
  ['submit', { ...ramp, kind: 'wish' }, 'kind'],
  ['submit', { ...ramp, items: [] }, 'items'],
  ['submit', { ...ramp, items: [{ name: 'x', quantity: 0.0001, unit: 'm' }] }, 'items.0.quantity'],
  ['submit', { ...ramp, location: { lat: 91, lng: 0 } }, 'location.lat'],
  ['submit', { ...ramp, surprise: 1 }, ''],
  ['submit', 'text', ''],
  ['claim', { unit: 'W', plan: 'p', promisedBy: '2024-02-30' }, 'promisedBy'],
  ['complete', { evidence: [{ kind: 'photo', url: 'ftp://x' }] }, 'evidence.0.url'],
  ['complete', { evidence: [{ kind: 'photo' }] }, 'evidence.0'],
  ['evaluate', { side: 'resident', score: 9, satisfied: true }, 'score'],
  ['merge', { into: 'not an id' }, 'into'],
];

describe('what is wrong with a body', () => {
  it.each(BAD)('is told once and in both languages: %s %j', (type, body, path) => {
    const [chinese, english] = [issuesOf(type, body, 'zh-CN'), issuesOf(type, body, 'en')];
    expect(chinese.map((issue) => issue.path)).toEqual([path]);
    expect(english.map((issue) => issue.path)).toEqual([path]);
    expect(chinese[0]?.message).toMatch(/\p{Script=Han}/u);
    expect(english[0]?.message).toMatch(/^[\x20-\x7e]+$/);
  });
  it('says what would fit', () => {
    expect(issuesOf('claim', { unit: 'W', plan: 'p', promisedBy: '2024-02-30' }, 'zh-CN')).toEqual([
      { path: 'promisedBy', message: '不是有效日期，或离今天太远（例如 2024-07-01）' },
    ]);
    expect(issuesOf('submit', { ...ramp, title: 7 }, 'en')).toEqual([{ path: 'title', message: 'It has to be a text' }]);
  });
  it('never quotes what was sent', () => {
    const contact = `13800138000${'\ud800'}`;
    const sent = { ...ramp, contact, description: 'Wang lives at 3-201'.repeat(1000), kind: 'secret-kind' };
    const told = JSON.stringify([issuesOf('submit', sent, 'zh-CN'), issuesOf('submit', sent, 'en')]);
    for (const value of ['13800138000', 'Wang', 'secret-kind']) expect(told).not.toContain(value);
  });
  it('stays short, however wrong the body is', () => {
    const items = Array.from({ length: 100 }, () => ({ name: '', quantity: -1, unit: '' }));
    expect(issuesOf('submit', { ...ramp, items }, 'en')).toHaveLength(20);
    const [issue] = issuesOf('submit', { ...ramp, ['x'.repeat(10_000)]: 1 }, 'en');
    expect(issue?.message.length).toBeLessThanOrEqual(300);
  });
});
