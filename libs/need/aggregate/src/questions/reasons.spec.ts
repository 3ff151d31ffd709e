import { describe, expect, it } from '@jest/globals';
import { LANGUAGES } from '@qiyue/civic-domain';
import { REASON_CODES, resourceReason, similarityReason, told, unitReason, type Reason } from './reasons';

const record = { claimed: 5, open: 1, done: 4, inTime: 3, satisfied: 2 };
const SIMILAR: readonly Reason[] = [
  { code: 'same-topic', topics: ['roof', 'lift'] },
  { code: 'same-words', words: ['楼顶'] },
  ...(['same-compound', 'other-compound', 'same-category', 'other-works', 'other-kind'] as const).map((code) => ({ code })),
  { code: 'same-spot', words: ['3'] },
  { code: 'other-spot', words: ['3', '8'] },
  { code: 'near-place', km: 1.1 },
  { code: 'near-time', days: 3 },
];
const UNITS: readonly Reason[] = [
  { code: 'topic-record', name: 'roof', ...record },
  { code: 'category-record', name: '房屋维修', ...record },
  { code: 'community-record', name: '民悦社区', ...record },
  { code: 'kind-record', name: 'tangible', ...record },
  { code: 'load', open: 2 },
];
const RESOURCES: readonly Reason[] = [
  { code: 'same-community' },
  { code: 'other-community' },
  { code: 'quantity', offered: 10, asked: 6, of: '件' },
  { code: 'available', from: null, to: '2024-08-01' },
];

describe('reasons of suggestions', () => {
  it('are all told in both languages, with what they were made of', () => {
    const all = [...SIMILAR, ...UNITS, ...RESOURCES];
    expect(all.map(({ code }) => code).sort()).toEqual([...REASON_CODES].sort());
    for (const reason of all)
      for (const language of LANGUAGES) {
        const said = told(language, reason);
        expect(said).toEqual({ ...reason, text: expect.not.stringMatching(/undefined|^$/) });
        expect(/\p{Script=Han}/u.test(said.text.replace(/楼顶|房屋维修|民悦社区|件/gu, ''))).toBe(language === 'zh-CN');
      }
  });
  it('fit what the documents say of them', () => {
    const asTold = (reasons: readonly Reason[]) => reasons.map((reason) => told('en', reason));
    for (const reason of asTold(SIMILAR)) expect(similarityReason.strict().parse(reason)).toEqual(reason);
    for (const reason of asTold(UNITS)) expect(unitReason.strict().parse(reason)).toEqual(reason);
    for (const reason of asTold(RESOURCES)) expect(resourceReason.strict().parse(reason)).toEqual(reason);
  });
  it('say a record in numbers', () => {
    expect(told('zh-CN', UNITS[0] as Reason).text).toBe('屋顶防水：承办 5 件，办结 4 件，其中按时 3 件、满意 2 件，在办 1 件');
  });
});
