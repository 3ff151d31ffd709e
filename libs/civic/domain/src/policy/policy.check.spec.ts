import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { POLICY_MISTAKE_MESSAGES, explainPolicyMistake, DEFAULT_CONTRACT, DEFAULT_POLICY_DOCUMENT, DEFAULT_UNIT_YEAR, checkPolicy } from '../index';

const good = DEFAULT_POLICY_DOCUMENT;
const [first, ...others] = good.ladder;
const mistakesOf = (value: unknown): readonly string[] => {
  const checked = checkPolicy(value);
  return checked.ok ? [] : checked.mistakes.map(({ kind, where }) => `${where} ${kind}`.trim());
};

describe('a policy file', () => {
  it('that is the built-in one is good, and good when it went through text', () => {
    expect(checkPolicy(good)).toEqual({ ok: true, value: good });
    expect(mistakesOf(JSON.parse(JSON.stringify(good)))).toEqual([]);
  });

  it('is told every mistake in it at once', () => {
    const { name: _, ...rest } = good;
    const bad = {
      ...rest,
      version: 'no spaces',
      effectiveFrom: '2025-02-30',
      officeHours: [{ opens: '12:00', closes: '08:00' }],
      deadlines: [{ stage: 'claimed', within: { workingDays: 0 }, basis: '', urgency: 'soon' }],
      remind: { ...good.remind, beforeShareOfHours: 2, tells: ['mayor'] },
      ladder: 'none',
      extension: {},
      reopenDays: 1.5,
      surprise: 1,
    };
    expect(mistakesOf(bad)).toEqual([
      'version bad-version',
      'name missing-field',
      'effectiveFrom bad-date',
      'officeHours bad-office-hours',
      'deadlines[0].urgency bad-choice',
      'deadlines[0].within bad-window',
      'deadlines[0].basis bad-text',
      'remind.beforeShareOfHours bad-number',
      'remind.tells[0] bad-choice',
      'ladder not-a-list',
      'extension.workingDaysMax missing-field',
      'reopenDays bad-number',
      'surprise unknown-field',
    ]);
  });

  it('may say how long personal words are kept, each kind in whole years', () => {
    const retention = { contactYears: 2, personalYears: 5, officialYears: 30 };
    expect(mistakesOf({ ...good, retention })).toEqual([]);
    expect(mistakesOf({ ...good, retention: { ...retention, contactYears: 0, personalYears: 1.5, more: 1 } })).toEqual([
      'retention.contactYears bad-number',
      'retention.personalYears bad-number',
      'retention.more unknown-field',
    ]);
    expect(mistakesOf({ ...good, retention: {} })).toHaveLength(3);
  });

  it('may say what departments promise for a year, and by when', () => {
    expect(mistakesOf({ ...good, unitYear: DEFAULT_UNIT_YEAR })).toEqual([]);
    const bounds = { tangible: { min: 3, max: 2 }, service: { min: 1, max: 2 } };
    expect(mistakesOf({ ...good, unitYear: { ...DEFAULT_UNIT_YEAR, halfwayBy: '03-31', bounds } })).toEqual([
      'unitYear.halfwayBy halfway-not-later',
      'unitYear.bounds.tangible.max max-below-min',
    ]);
    const bad = { publishBy: '02-29', halfwayBy: '6-30', bounds: { tangible: { min: -1, max: 21 } }, budgetRequired: 'yes', more: 1 };
    expect(mistakesOf({ ...good, unitYear: bad })).toEqual([
      'unitYear.publishBy bad-day-of-year',
      'unitYear.halfwayBy bad-day-of-year',
      'unitYear.bounds.tangible.min bad-number',
      'unitYear.bounds.tangible.max bad-number',
      'unitYear.bounds.service missing-field',
      'unitYear.budgetRequired bad-yes-or-no',
      'unitYear.more unknown-field',
    ]);
    for (const nothing of [null, [], 'x', {}]) expect(mistakesOf({ ...good, unitYear: nothing })).not.toEqual([]);
  });
  it('may say how long contracts of units and communities wait', () => {
    expect(mistakesOf({ ...good, contract: DEFAULT_CONTRACT })).toEqual([]);
    expect(mistakesOf({ ...good, contract: { signWithin: { workingDays: 0 }, noticeDays: 0, evaluateWithin: { days: 1 }, more: 1 } })).toEqual([
      ...['contract.signWithin bad-window', 'contract.noticeDays bad-number', 'contract.evaluateWithin bad-window'],
      ...['contract.lapseAfterWorkingDays missing-field', 'contract.more unknown-field'],
    ]);
  });

  it('leaves no stage and urgency without a deadline, and has no rule that is never reached', () => {
    const fallback = { stage: 'claimed' as const, within: { workingDays: 3 }, basis: 'x' };
    const rules = good.deadlines.filter(({ stage }) => stage !== 'claimed');
    expect(mistakesOf({ ...good, deadlines: [...rules, { ...fallback, urgency: 'urgent' }] })).toEqual(['deadlines no-rule', 'deadlines no-rule']);
    expect(mistakesOf({ ...good, deadlines: [...rules, fallback, { ...fallback, category: 'lift' }] })).toEqual([
      `deadlines[${rules.length + 1}] rule-never-reached`,
    ]);
  });

  it('is told what does not fit together beside what is wrong elsewhere', () => {
    const { name: _, ...rest } = good;
    const rules = good.deadlines.filter(({ stage }) => stage !== 'done');
    expect(mistakesOf({ ...rest, deadlines: rules, ladder: [{ ...first, level: 2 }] })).toEqual([
      'name missing-field',
      'deadlines no-rule',
      'deadlines no-rule',
      'deadlines no-rule',
      'ladder[0].level levels-not-in-order',
    ]);
  });

  it('has a ladder that climbs', () => {
    expect(mistakesOf({ ...good, ladder: [{ ...first, level: 2 }, ...others] })).toEqual(['ladder[0].level levels-not-in-order']);
    expect(mistakesOf({ ...good, ladder: [{ ...first, afterWorkingDays: 6 }, ...others] })).toEqual(['ladder[1].afterWorkingDays steps-not-later']);
    expect(mistakesOf({ ...good, ladder: [] })).toEqual([]);
  });

  it.each([
    { workingDays: 1.5 },
    { workingDays: 1001 },
    { hours: 0 },
    { hours: '2' },
    { sameDayAtLeastHours: -1 },
    {},
    { hours: 1, workingDays: 1 },
    { weeks: 1 },
  ])('has no window such as %j', (within) => {
    const [rule, ...rules] = good.deadlines;
    expect(mistakesOf({ ...good, deadlines: [{ ...rule, within }, ...rules] })).toEqual(['deadlines[0].within bad-window']);
  });

  it('of any content at all gets an answer and never a throw', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(checkPolicy(value).ok).toBe(false);
      }),
      { numRuns: 500, seed: 4 },
    );
  });

  it('is explained in both languages, with the place', () => {
    for (const texts of Object.values(POLICY_MISTAKE_MESSAGES))
      expect([/\p{Script=Han}/u.test(texts['zh-CN']), /\p{Script=Han}/u.test(texts.en)]).toEqual([true, false]);
    const mistake = { kind: 'bad-number', where: 'reopenDays', detail: '1–1000' } as const;
    expect([explainPolicyMistake(mistake, 'zh-CN'), explainPolicyMistake(mistake, 'en')]).toEqual([
      'reopenDays：应为 1–1000 之间的数',
      'reopenDays: has to be a number of 1–1000',
    ]);
  });
});
