import { dateOf, parseOfficeHours } from '@qiyue/calendar';
import { DECISION_MATTERS, type DecisionPolicy, type Fraction } from './decision.policy';
import {
  AUDIENCES,
  DEADLINE_STAGES,
  URGENCIES,
  type DeadlineRule,
  type PledgeBounds,
  type PolicyDocument,
  type UnitYearPolicy,
} from './policy.document';
import { RETENTION_YEARS_MAX } from './retention';
import type { CheckedPolicy, PolicyMistake, PolicyMistakeKind } from './policy.mistakes';

type Fields = Readonly<Record<string, unknown>>;
type Read = (value: unknown, where: string) => void;

const TEXT_MAX = 200;
const RUNGS_MAX = 20;
const RULES_MAX = 500;
const PLEDGES_MAX = 20;
/** Area times this stays a whole number that can be held exactly. */
const DENOMINATOR_MAX = 100;
const WARRANTY_YEARS_MAX = 50;
/** Has no 29 February. */
const COMMON_YEAR = 2025;
const [DAYS_MAX, HOURS_MAX] = [1_000, 24_000];
const VERSION = /^[A-Za-z0-9._+-]{1,64}$/;
const DAY_OF_YEAR = /^\d{2}-\d{2}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** A policy that came from outside: itself when nothing is wrong with it, else every mistake in it. Total: takes anything. */
export const checkPolicy = (value: unknown): CheckedPolicy<PolicyDocument> => {
  const check = new PolicyCheck();
  check.document(value);
  return check.mistakes.length === 0 ? { ok: true, value: value as PolicyDocument } : { ok: false, mistakes: check.mistakes };
};

class PolicyCheck {
  readonly mistakes: PolicyMistake[] = [];

  document(value: unknown): void {
    const known = {
      version: this.version,
      name: this.text,
      effectiveFrom: this.date,
      officeHours: this.officeHours,
      deadlines: this.list(RULES_MAX, this.rule),
      remind: this.part({ beforeWorkingDays: this.number(0, 100), beforeShareOfHours: this.number(0, 1, true), tells: this.audiences }),
      missed: this.part({ tells: this.audiences }),
      ladder: this.list(RUNGS_MAX, this.rung),
      whistle: this.whistle,
      evaluation: this.part({ lapseAfterWorkingDays: this.number(1, DAYS_MAX) }),
      returnWorkingDays: this.number(1, DAYS_MAX),
      extension: this.part({ workingDaysMax: this.number(1, DAYS_MAX) }),
      promiseMaxWorkingDays: this.number(1, DAYS_MAX),
      reopenDays: this.number(1, DAYS_MAX),
      retention: this.part({ contactYears: this.years, personalYears: this.years, officialYears: this.years }),
      unitYear: this.part({
        publishBy: this.dayOfYear,
        halfwayBy: this.dayOfYear,
        bounds: this.part({ tangible: this.bounds, service: this.bounds }),
        budgetRequired: this.yesOrNo,
      }),
      contract: this.part({
        signWithin: this.window,
        noticeDays: this.number(1, DAYS_MAX),
        evaluateWithin: this.window,
        lapseAfterWorkingDays: this.number(1, DAYS_MAX),
      }),
      decision: this.part({
        rules: this.list(RULES_MAX, this.countingRule),
        secondBallot: this.choice(['refuse', 'replace']),
        confirmation: this.choice(['approval', 'filing']),
        emergency: this.yesOrNo,
        noticeDaysMin: this.number(1, DAYS_MAX),
        firstDrawPercentMax: this.number(1, 100),
        beforeAuditPercentMax: this.number(1, 100),
        warrantyYears: this.number(1, WARRANTY_YEARS_MAX),
        warrantyReminderDays: this.number(1, 365),
        prepareWithin: this.window,
        noticeWithin: this.window,
        confirmWithin: this.window,
      }),
    };
    const fields = this.object(value, '', known, ['promiseMaxWorkingDays', 'retention', 'unitYear', 'contract', 'decision']);
    if (fields === null) return;
    // what follows compares the entries of a part, which have to be sound first
    const { deadlines, ladder, unitYear, decision } = fields as unknown as Pick<PolicyDocument, 'deadlines' | 'ladder' | 'unitYear' | 'decision'>;
    if (this.isSound('deadlines')) this.rulesLeaveNothingOut(deadlines);
    if (this.isSound('ladder')) this.ladderClimbs(ladder);
    if (unitYear !== undefined && this.isSound('unitYear')) this.yearIsInOrder(unitYear);
    if (decision !== undefined && this.isSound('decision')) this.everyMatterCounts(decision);
  }

  private isSound(part: string): boolean {
    return !this.mistakes.some(({ where }) => where === part || where.startsWith(`${part}[`) || where.startsWith(`${part}.`));
  }

  private note(kind: PolicyMistakeKind, where: string, detail: unknown = ''): void {
    this.mistakes.push({ kind, where, detail: String(typeof detail === 'string' ? detail : JSON.stringify(detail)).slice(0, TEXT_MAX) });
  }

  private object(value: unknown, where: string, known: Readonly<Record<string, Read>>, optional: readonly string[] = []): Fields | null {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.note('not-an-object', where);
      return null;
    }
    const fields = value as Fields;
    const at = (name: string): string => (where === '' ? name : `${where}.${name}`);
    for (const [name, read] of Object.entries(known)) {
      if (Object.hasOwn(fields, name)) read(fields[name], at(name));
      else if (!optional.includes(name)) this.note('missing-field', at(name));
    }
    for (const name of Object.keys(fields)) if (!Object.hasOwn(known, name)) this.note('unknown-field', at(name.slice(0, TEXT_MAX)));
    return fields;
  }

  private readonly part =
    (known: Readonly<Record<string, Read>>): Read =>
    (value, where) =>
      void this.object(value, where, known);

  private readonly list =
    (max: number, read: Read): Read =>
    (value, where) => {
      if (!Array.isArray(value) || value.length > max) return this.note('not-a-list', where);
      value.forEach((item, i) => read(item, `${where}[${i}]`));
    };

  private readonly text: Read = (value, where) => {
    if (typeof value !== 'string' || value.trim() === '' || value.length > TEXT_MAX) this.note('bad-text', where);
  };

  private readonly version: Read = (value, where) => {
    if (typeof value !== 'string' || !VERSION.test(value)) this.note('bad-version', where, value);
  };

  private readonly date: Read = (value, where) => {
    if (typeof value !== 'string' || !DATE.test(value) || !dateOf(`${value}T00:00:00.000+08:00`).ok) this.note('bad-date', where, value);
  };

  private readonly number =
    (min: number, max: number, isFraction = false): Read =>
    (value, where) => {
      const fits = typeof value === 'number' && value >= min && value <= max && (isFraction || Number.isInteger(value));
      if (!fits) this.note('bad-number', where, `${min}–${max}`);
    };

  private readonly years: Read = (value, where) => this.number(1, RETENTION_YEARS_MAX)(value, where);

  private readonly choice =
    (choices: readonly string[]): Read =>
    (value, where) => {
      if (!choices.some((choice) => choice === value)) this.note('bad-choice', where, choices.join(', '));
    };

  private readonly audiences: Read = (value, where) => this.list(AUDIENCES.length, this.choice(AUDIENCES))(value, where);

  private readonly dayOfYear: Read = (value, where) => {
    if (typeof value !== 'string' || !DAY_OF_YEAR.test(value) || !dateOf(`${COMMON_YEAR}-${value}T00:00:00.000+08:00`).ok)
      this.note('bad-day-of-year', where, value);
  };

  private readonly yesOrNo: Read = (value, where) => {
    if (typeof value !== 'boolean') this.note('bad-yes-or-no', where);
  };

  private readonly bounds: Read = (value, where) => this.part({ min: this.number(0, PLEDGES_MAX), max: this.number(0, PLEDGES_MAX) })(value, where);

  private readonly officeHours: Read = (value, where) => {
    if (parseOfficeHours(value) === null) this.note('bad-office-hours', where);
  };

  private readonly window: Read = (value, where) => {
    if (typeof value !== 'object' || value === null || !isWindow(value as Fields)) this.note('bad-window', where);
  };

  private readonly rule: Read = (value, where) => {
    const known = {
      stage: this.choice(DEADLINE_STAGES),
      urgency: this.choice(URGENCIES),
      category: this.text,
      within: this.window,
      basis: this.text,
    };
    this.object(value, where, known, ['urgency', 'category']);
  };

  private readonly whistle: Read = (value, where) => {
    const windows = { answer: this.window, wider: this.window };
    const known = { ...windows, emergency: this.part(windows), answerMaxWorkingDays: this.number(1, DAYS_MAX) };
    this.object(value, where, known, ['emergency', 'answerMaxWorkingDays']);
  };

  private readonly fraction: Read = (value, where) => {
    const parts = this.number(1, DENOMINATOR_MAX);
    const known = { numerator: parts, denominator: parts, strict: this.yesOrNo };
    const read = this.object(value, where, known) as Fraction | null;
    if (read !== null && this.isSound(where) && !isReachable(read)) this.note('not-a-share', where);
  };

  private readonly countingRule: Read = (value, where) => {
    const known = {
      name: this.version,
      matter: this.choice(DECISION_MATTERS),
      basis: this.text,
      effectiveFrom: this.date,
      participation: this.fraction,
      agreement: this.fraction,
      agreementOf: this.choice(['participating', 'all']),
      onRequest: this.yesOrNo,
      beforeHandover: this.yesOrNo,
    };
    this.object(value, where, known);
  };

  private everyMatterCounts({ rules }: DecisionPolicy): void {
    for (const matter of DECISION_MATTERS)
      if (!rules.some((rule) => rule.matter === matter && !rule.onRequest)) this.note('no-rule', 'decision.rules', matter);
    rules.forEach(({ beforeHandover, matter }, i) => {
      if (beforeHandover && matter !== 'use-fund') this.note('bad-choice', `decision.rules[${i}].matter`, 'use-fund');
    });
  }

  private readonly rung: Read = (value, where) => {
    const known = {
      level: this.number(1, RUNGS_MAX),
      name: this.text,
      afterWorkingDays: this.number(1, DAYS_MAX),
      afterHours: this.number(0, HOURS_MAX, true),
      tells: this.audiences,
    };
    this.object(value, where, known);
  };

  private rulesLeaveNothingOut(rules: PolicyDocument['deadlines']): void {
    for (const stage of DEADLINE_STAGES) {
      for (const urgency of URGENCIES) {
        if (!rules.some((rule) => fits(rule, { stage, urgency }))) this.note('no-rule', 'deadlines', `${stage}, ${urgency}`);
      }
    }
    rules.forEach((rule, i) => {
      if (rules.slice(0, i).some((before) => fits(before, rule))) this.note('rule-never-reached', `deadlines[${i}]`);
    });
  }

  private yearIsInOrder({ publishBy, halfwayBy, bounds }: UnitYearPolicy): void {
    if (halfwayBy <= publishBy) this.note('halfway-not-later', 'unitYear.halfwayBy', publishBy);
    for (const [kind, { min, max }] of Object.entries(bounds) as [string, PledgeBounds][])
      if (max < min) this.note('max-below-min', `unitYear.bounds.${kind}.max`, String(min));
  }

  private ladderClimbs(ladder: PolicyDocument['ladder']): void {
    ladder.forEach(({ level, afterWorkingDays, afterHours }, i) => {
      if (level !== i + 1) this.note('levels-not-in-order', `ladder[${i}].level`, String(i + 1));
      const before = ladder[i - 1];
      if (before !== undefined && afterWorkingDays <= before.afterWorkingDays) this.note('steps-not-later', `ladder[${i}].afterWorkingDays`);
      if (before !== undefined && afterHours <= before.afterHours) this.note('steps-not-later', `ladder[${i}].afterHours`);
    });
  }
}

/** Not more than all, and not strictly more than all. */
const isReachable = ({ numerator, denominator, strict }: Fraction): boolean => numerator < denominator || (numerator === denominator && !strict);

const isWindow = (window: Fields): boolean => {
  const [[name, amount] = ['', null], ...rest] = Object.entries(window);
  if (rest.length > 0 || typeof amount !== 'number') return false;
  if (name === 'workingDays') return Number.isInteger(amount) && amount >= 1 && amount <= DAYS_MAX;
  if (name === 'hours') return amount > 0 && amount <= HOURS_MAX;
  return name === 'sameDayAtLeastHours' && amount >= 0 && amount <= 24;
};

/** Whether a rule fits everything that another is about. */
const fits = (rule: Omit<DeadlineRule, 'within' | 'basis'>, about: Omit<DeadlineRule, 'within' | 'basis'>): boolean =>
  rule.stage === about.stage &&
  (rule.urgency === undefined || rule.urgency === about.urgency) &&
  (rule.category === undefined || rule.category === about.category);
