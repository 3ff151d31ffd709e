import { isAmountFen, type DecisionMatter } from '@qiyue/civic-domain';
import { refuse } from '@qiyue/engine';
import { isCommonPart } from '../common-parts';
import type { Plan } from '../decision.commands';
import { invalidBody, type Refused } from '../decision.ruling';
import { isIn, type Electorate } from '../electorate';

type Reason = 'no-parts' | 'not-common' | 'no-warranty-date' | 'in-warranty';
const notEligible = (reason: Reason, detail: Readonly<Record<string, string>> = {}): Refused => refuse('not-eligible', { reason, ...detail });

/** The fund is for common parts and facilities, after their warranty (Measures Art. 2, 3, 18). Null where the plan fits. `today`: `YYYY-MM-DD`. */
const ineligible = ({ parts = [], warrantyEndedOn }: Plan, today: string): Refused | null => {
  if (parts.length === 0) return notEligible('no-parts');
  const odd = parts.find((part) => !isCommonPart(part));
  if (odd !== undefined) return notEligible('not-common', { part: odd });
  if (warrantyEndedOn === undefined) return notEligible('no-warranty-date');
  return warrantyEndedOn < today ? null : notEligible('in-warranty', { until: warrantyEndedOn });
};

const unfitShares = ({ shares }: Plan, { rooms, scopes }: Electorate): Refused | null => {
  if (shares === undefined) return null;
  const paying = rooms.filter((_, i) => isIn(scopes.paying, i));
  const named = new Set(shares.map(({ room }) => room));
  const isWhole = shares.every(({ parts }) => Number.isSafeInteger(parts) && parts >= 0) && shares.some(({ parts }) => parts > 0);
  return isWhole && shares.length === paying.length && paying.every((room) => named.has(room)) ? null : invalidBody('plan.shares');
};

/** Null where the plan can be decided on. */
export const unfitPlan = (plan: Plan, matter: DecisionMatter, electorate: Electorate, today: string): Refused | null => {
  if (!isAmountFen(plan.budgetFen, 0)) return invalidBody('plan.budgetFen');
  if (plan.works.trim() === '') return invalidBody('plan.works');
  if (plan.to < plan.from) return invalidBody('plan.to');
  return (matter === 'use-fund' ? ineligible(plan, today) : null) ?? unfitShares(plan, electorate);
};
