import type { CountingRule, Fraction } from '@qiyue/civic-domain';
import { isIn, type Electorate } from './electorate';

export type Choice = 'agree' | 'disagree' | 'abstain';
export const CHOICES: readonly Choice[] = ['agree', 'disagree', 'abstain'];
export type Outcome = 'open' | 'passed' | 'failed-quorum' | 'failed-approval';

/** How the heads have voted, one letter each in the order of `Electorate.heads`; `-` for none, `x` for a ballot that is sealed, `y` for one by the owner's own hand. */
export type Ballots = string;
export const NO_BALLOT = '-';
export const SEALED_BALLOT = 'x';
export const OWN_BALLOT = 'y';
const LETTERS: Readonly<Record<Choice, string>> = { agree: 'a', disagree: 'd', abstain: 'o' };
export const letterOf = (choice: Choice): string => LETTERS[choice];
export const noBallots = (heads: number): Ballots => NO_BALLOT.repeat(heads);

/** Who takes part, and of how many. Areas in cm². Abstention takes part. */
export interface Turnout {
  readonly totalAreaCm2: number;
  readonly totalHeads: number;
  readonly partAreaCm2: number;
  readonly partHeads: number;
}
export interface Count extends Turnout {
  readonly agreeAreaCm2: number;
  readonly agreeHeads: number;
}
export interface Tally extends Count {
  /** Enough have taken part. */
  readonly quorum: boolean;
  /** Enough agree. */
  readonly approval: boolean;
  readonly outcome: Outcome;
}

/** Areas in cm². */
export interface Share {
  readonly heads: number;
  readonly areaCm2: number;
}
/** What whoever opened the ballots found in them, of the deciding scope. */
export interface BallotCount extends Readonly<Record<Choice, Share>> {
  /** Of the ballots that were opened: see `ballotsHashAfter`. */
  readonly ballotsHash: string;
}

/** Areas and heads of the deciding scope: a head counts once, with all that it has in there, and not at all where it has nothing. */
export const countOf = ({ areas, headOf, heads, scopes }: Electorate, ballots: Ballots): Count => {
  const seen = new Uint8Array(heads.length);
  let [totalAreaCm2, totalHeads, partAreaCm2, partHeads, agreeAreaCm2, agreeHeads] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < areas.length; i += 1) {
    if (!isIn(scopes.deciding, i)) continue;
    const [area = 0, head = 0] = [areas[i], headOf[i]];
    const isFirst = seen[head] === 0 ? 1 : 0;
    const letter = ballots[head];
    seen[head] = 1;
    totalAreaCm2 += area;
    totalHeads += isFirst;
    if (letter === NO_BALLOT) continue;
    partAreaCm2 += area;
    partHeads += isFirst;
    if (letter !== LETTERS.agree) continue;
    agreeAreaCm2 += area;
    agreeHeads += isFirst;
  }
  return { totalAreaCm2, totalHeads, partAreaCm2, partHeads, agreeAreaCm2, agreeHeads };
};

/** Exactly: both sides are multiplied, and nothing is divided. "以上" includes the number (Civil Code Art. 1259), 过半数 does not. */
export const reaches = (part: number, whole: number, { numerator, denominator, strict }: Fraction): boolean =>
  strict ? part * denominator > whole * numerator : part * denominator >= whole * numerator;

/** The least whole number that reaches it. */
export const neededOf = (whole: number, { numerator, denominator, strict }: Fraction): number => {
  const product = whole * numerator;
  const floor = (product - (product % denominator)) / denominator;
  return strict || product % denominator !== 0 ? floor + 1 : floor;
};

type Rule = Pick<CountingRule, 'participation' | 'agreement' | 'agreementOf'>;

/** Whether enough have taken part: that is known while all ballots are sealed. */
export const hasQuorum = ({ partAreaCm2, totalAreaCm2, partHeads, totalHeads }: Turnout, { participation }: Pick<Rule, 'participation'>): boolean =>
  reaches(partAreaCm2, totalAreaCm2, participation) && reaches(partHeads, totalHeads, participation);

/** What has to be reached, as the votes stand. */
export const needsOf = (count: Turnout, { participation, agreement, agreementOf }: Rule) => {
  const [area, heads] = agreementOf === 'all' ? [count.totalAreaCm2, count.totalHeads] : [count.partAreaCm2, count.partHeads];
  return {
    partAreaCm2: neededOf(count.totalAreaCm2, participation),
    partHeads: neededOf(count.totalHeads, participation),
    agreeAreaCm2: neededOf(area, agreement),
    agreeHeads: neededOf(heads, agreement),
  };
};

/** Area and heads have to reach it, each. */
export const tallyOf = (count: Count, rule: Rule, isClosed: boolean): Tally => {
  const { agreement, agreementOf } = rule;
  const quorum = hasQuorum(count, rule);
  const [area, heads] = agreementOf === 'all' ? [count.totalAreaCm2, count.totalHeads] : [count.partAreaCm2, count.partHeads];
  const isApproved = count.partHeads > 0 && reaches(count.agreeAreaCm2, area, agreement) && reaches(count.agreeHeads, heads, agreement);
  const outcome = !isClosed ? 'open' : !quorum ? 'failed-quorum' : !isApproved ? 'failed-approval' : 'passed';
  return { ...count, quorum, approval: isApproved, outcome };
};
