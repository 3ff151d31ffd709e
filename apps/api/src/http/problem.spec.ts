import { describe, expect, it } from '@jest/globals';
import { needCommandSchemas } from '@qiyue/need-contracts';
import { EDGE_PROBLEMS, type EdgeCode } from './edge-problems';
import { Problem } from './problem';
import { NEED_REFUSALS } from '@qiyue/need';

const REFUSAL_STATUS = Object.fromEntries(Object.entries(NEED_REFUSALS).map(([code, { status }]) => [code, status]));
const NOUN = { 'zh-CN': '需求', en: 'need' };

describe('problem documents', () => {
  it('gives every refusal the status that this table says', () => {
    const unlikeRules = Object.entries(REFUSAL_STATUS).filter(([, status]) => status !== 409);
    expect(Object.fromEntries(unlikeRules)).toEqual({
      'not-permitted': 403,
      'not-found': 404,
      diverged: 503,
      'rules-unknown': 503,
      'too-large': 413,
      'invalid-body': 422,
      'key-reused': 422,
      failed: 500,
      busy: 503,
      quarantined: 503,
    });
    expect(REFUSAL_STATUS).toMatchObject({
      'wrong-stage': 409,
      'too-late': 409,
      'decision-missing': 409,
      'over-budget': 409,
      'sequence-mismatch': 409,
    });
  });

  it('has a title and a sentence for every code in both languages', () => {
    const problems = [
      ...(Object.keys(EDGE_PROBLEMS) as EdgeCode[]).map((code) => Problem.edge(code)),
      ...Object.keys(REFUSAL_STATUS).map((code) =>
        Problem.refused(
          { code, detail: { stage: 'claimed', until: 'x', field: 'x', seq: 1, max: 10, bytes: 11, earliest: 'x', latest: 'x' } },
          {},
          NEED_REFUSALS,
        ),
      ),
    ];
    for (const problem of problems) {
      const [zh, en] = [problem.document('zh-CN', { noun: NOUN }), problem.document('en', { noun: NOUN })];
      expect(zh.detail).toMatch(/\p{Script=Han}/u);
      expect(en.detail).not.toMatch(/\p{Script=Han}|\{|–/u);
      expect([zh.title, en.title]).not.toContain(zh.code);
      expect(en).toMatchObject({ type: `urn:qiyue:problem:${en.code}`, status: problem.status });
    }
  });

  it('says where a body does not fit without repeating what was in it', () => {
    const { error } = needCommandSchemas.withdraw.safeParse({ reason: ['13800000000'], secret: '13800000000' });
    const document = Problem.invalid(error as NonNullable<typeof error>).document('en', { noun: NOUN });
    expect(document.errors?.map(({ path }) => path)).toEqual(['reason', '']);
    expect(JSON.stringify(document)).not.toContain('13800000000');
  });

  it('shows a refusal from nowhere as a failure', () => {
    expect(Problem.refused({ code: 'from-nowhere' }).status).toBe(500);
  });
});
