import { describe, expect, it } from '@jest/globals';
import { explainRefusal, LANGUAGES, refusalInfoOf, type Language } from '@qiyue/civic-domain';
import type { Refusal } from '@qiyue/engine';
import { needAggregate } from './need.aggregate';
import { NEED_REFUSALS } from './need.refusals';

const CODES = Object.keys(NEED_REFUSALS);
const explained = (refusal: Refusal, language: Language) => explainRefusal(NEED_REFUSALS, refusal, needAggregate, language);

describe('a refusal', () => {
  it.each(CODES)('has a sentence of its own in Chinese and in English: %s', (code) => {
    const chinese = explained({ code }, 'zh-CN');
    const english = explained({ code }, 'en');
    expect(chinese).toMatch(/\p{Script=Han}.*。$/u);
    expect(english).toMatch(/^[A-Z][\x20-\x7e–]+\.$/);
    for (const other of CODES) if (other !== code) expect(explained({ code: other }, 'en')).not.toBe(english);
  });
  it('fills in what the rules know', () => {
    const refusal = { code: 'too-late', detail: { until: '2024-07-03T08:00:00.000+08:00' } };
    expect(explained(refusal, 'en')).toBe('The time for this ended at 2024-07-03 08:00.');
    expect(explained(refusal, 'zh-CN')).toBe('已超过期限（2024-07-03 08:00）。');
  });
  it('names the stage in the reader’s language', () => {
    const refusal = { code: 'wrong-stage', detail: { stage: 'claimed' } };
    expect(explained(refusal, 'zh-CN')).toBe('需求当前处于“已认领”，不能进行此操作。');
    expect(explained(refusal, 'en')).toBe('The need is "claimed" now; this cannot be done.');
    expect(explained({ ...refusal, detail: { stage: 'toString' } }, 'zh-CN')).toContain('toString');
  });
  it.each(['toString', '__proto__', 'no-such-code'])('of an unknown kind, as %s, gives the text of a failure', (code) => {
    for (const language of LANGUAGES) expect(explained({ code }, language)).toBe(refusalInfoOf(NEED_REFUSALS, 'failed').texts[language]);
  });
});
