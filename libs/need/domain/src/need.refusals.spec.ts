import { describe, expect, it } from '@jest/globals';
import { explainRefusal, REFUSAL_MESSAGES, type Language } from './index';

const CODES = Object.keys(REFUSAL_MESSAGES);

describe('a refusal', () => {
  it.each(CODES)('has a sentence of its own in Chinese and in English: %s', (code) => {
    const chinese = explainRefusal({ code }, 'zh-CN');
    const english = explainRefusal({ code }, 'en');
    expect(chinese).toMatch(/\p{Script=Han}.*。$/u);
    expect(english).toMatch(/^[A-Z][\x20-\x7e–]+\.$/);
    for (const other of CODES) if (other !== code) expect(explainRefusal({ code: other }, 'en')).not.toBe(english);
  });
  it('fills in what the rules know', () => {
    const refusal = { code: 'too-late', detail: { until: '2024-07-03T08:00:00.000+08:00' } };
    expect(explainRefusal(refusal, 'en')).toBe('The time for this ended at 2024-07-03T08:00:00.000+08:00.');
    expect(explainRefusal(refusal, 'zh-CN')).toBe('已超过期限（2024-07-03T08:00:00.000+08:00）。');
  });
  it.each(['toString', '__proto__', 'no-such-code'])('of an unknown kind, as %s, gives the text of a failure', (code) => {
    for (const language of ['zh-CN', 'en'] satisfies Language[]) expect(explainRefusal({ code }, language)).toBe(REFUSAL_MESSAGES.failed[language]);
  });
});
