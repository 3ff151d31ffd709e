import type { Window } from './policy.document';

/** What owners decide about (Civil Code Art. 278: `use-fund` is matter 5, the next three are 6, 7 and 8). */
export const DECISION_MATTERS = ['use-fund', 'raise-fund', 'rebuild', 'change-use', 'other'] as const;
export type DecisionMatter = (typeof DECISION_MATTERS)[number];

/** At least, or with `strict` more than, so many parts of the whole. Both whole numbers, so that counting never needs a decimal. */
export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
  readonly strict: boolean;
}

/** How the votes on one matter are counted. Each fraction has to be reached in area and in heads. */
export interface CountingRule {
  /** By which a decision picks it. */
  readonly name: string;
  readonly matter: DecisionMatter;
  /** Law that it comes from. */
  readonly basis: string;
  /** The first day, `YYYY-MM-DD`, on which decisions are opened under it. */
  readonly effectiveFrom: string;
  /** Of area and heads of the deciding scope that take part. */
  readonly participation: Fraction;
  /** Of area and heads that agree … */
  readonly agreement: Fraction;
  /** … out of those that take part, or out of all of the deciding scope. */
  readonly agreementOf: 'participating' | 'all';
  /** Only where a decision asks for it by name. */
  readonly onRequest: boolean;
  /** The fund was not handed over to the owners' assembly yet: the authority approves, whatever `confirmation` says. */
  readonly beforeHandover: boolean;
}

/** How owners decide, and how their money is drawn. What no law fixes is practice, and so it stands here. */
export interface DecisionPolicy {
  /** Of those that fit and have begun, the newest counts. */
  readonly rules: readonly CountingRule[];
  /** A second ballot of an owner is refused, or takes the place of the first. */
  readonly secondBallot: 'refuse' | 'replace';
  /** The authority approves a decision, or takes it to its files. */
  readonly confirmation: 'approval' | 'filing';
  /** Works may come before a vote in an emergency that the authority has confirmed. */
  readonly emergency: boolean;
  readonly noticeDaysMin: number;
  /** The first draw at most, in per cent of the money that is held for the works. */
  readonly firstDrawPercentMax: number;
  /** All draws together before the account is audited. */
  readonly beforeAuditPercentMax: number;
  /** Of the new works. */
  readonly warrantyYears: number;
  /** Reminder before the warranty ends. */
  readonly warrantyReminderDays: number;
  /** How long the community has to open the ballot, … */
  readonly prepareWithin: Window;
  /** … to post the notice of a decision that has passed or of an emergency, … */
  readonly noticeWithin: Window;
  /** … and the authority to confirm. */
  readonly confirmWithin: Window;
}

const TWO_THIRDS: Fraction = { numerator: 2, denominator: 3, strict: false };
const HALF: Fraction = { numerator: 1, denominator: 2, strict: true };
const THREE_QUARTERS: Fraction = { numerator: 3, denominator: 4, strict: false };

const civilCode = (matter: DecisionMatter, agreement: Fraction, item: string): CountingRule => ({
  ...{ name: 'civil-code-278', matter, basis: `《民法典》第二百七十八条${item}`, effectiveFrom: '2021-01-01' },
  ...{ participation: TWO_THIRDS, agreement, agreementOf: 'participating', onRequest: false, beforeHandover: false },
});

/** Where a policy does not say. */
export const DEFAULT_DECISION: DecisionPolicy = {
  rules: [
    civilCode('use-fund', HALF, '第一款第五项、第二款'),
    civilCode('raise-fund', THREE_QUARTERS, '第一款第六项、第二款'),
    civilCode('rebuild', THREE_QUARTERS, '第一款第七项、第二款'),
    civilCode('change-use', THREE_QUARTERS, '第一款第八项、第二款'),
    civilCode('other', HALF, '第二款'),
    {
      ...{ name: 'measures-22', matter: 'use-fund', basis: '《住宅专项维修资金管理办法》第二十二条', effectiveFrom: '2008-02-01' },
      ...{ participation: TWO_THIRDS, agreement: TWO_THIRDS, agreementOf: 'all', onRequest: true, beforeHandover: true },
    },
  ],
  secondBallot: 'refuse',
  confirmation: 'filing',
  emergency: true,
  noticeDaysMin: 1,
  firstDrawPercentMax: 30,
  beforeAuditPercentMax: 90,
  warrantyYears: 5,
  warrantyReminderDays: 30,
  prepareWithin: { workingDays: 30 },
  noticeWithin: { workingDays: 5 },
  confirmWithin: { workingDays: 5 },
};

/** The rule for a matter on a day (`YYYY-MM-DD`), by name where one was asked for; null where there is none. */
export const countingRuleFor = ({ rules }: Pick<DecisionPolicy, 'rules'>, matter: DecisionMatter, day: string, name?: string): CountingRule | null =>
  rules
    .filter((rule) => rule.matter === matter && rule.effectiveFrom <= day && (name === undefined ? !rule.onRequest : rule.name === name))
    .reduce<CountingRule | null>((newest, rule) => (newest === null || rule.effectiveFrom > newest.effectiveFrom ? rule : newest), null);
