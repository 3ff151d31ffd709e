import { canonicalJson, sha256Hex } from '@qiyue/engine';
import { CHOICES, countOf, letterOf, noBallots, type BallotCount, type Choice, type Count, type Share } from './counting';
import type { DecisionEvent } from './decision.events';
import { electorateOf, withSign, type Electorate } from './electorate';

type Vote = Extract<DecisionEvent, { type: 'VoteCast' }>['data'];

/** Of no ballots at all. */
export const NO_BALLOTS_HASH = sha256Hex('');

/** SHA-256 over the one before and the next ballot (RFC 8785): in their order it stands for all of them as they are sealed, replaced ones too. */
export const ballotsHashAfter = (before: string, { owner, choice }: Pick<Vote, 'owner' | 'choice'>): string =>
  sha256Hex(canonicalJson([before, owner, choice]));

/** Where there is a ballot nobody can open, or one with a word in it that was never a choice: there is no count. */
export class UncountableBallot extends Error {
  override readonly name = 'UncountableBallot';
}

const choiceIn = (opened: string | null | undefined): Choice => {
  const choice = CHOICES.find((one) => one === opened);
  if (choice === undefined) throw new UncountableBallot('a ballot does not open to a choice');
  return choice;
};

const lettersOf = ({ heads }: Electorate, votes: readonly Pick<Vote, 'owner'>[], choices: readonly Choice[]): string => {
  const indexOf = new Map(heads.map((owner, index) => [owner, index]));
  return votes.reduce((ballots, { owner }, i) => {
    const [head, choice] = [indexOf.get(owner), choices[i]];
    return head === undefined || choice === undefined ? ballots : withSign(ballots, head, letterOf(choice));
  }, noBallots(heads.length));
};

/**
 * Counts the ballots of a decision, of its events from the first on. `opened`: what each `VoteCast` says, in their order; null for one that does not open. Of an owner's
 * several ballots the last one counts. Pure. Throws `UncountableBallot`.
 */
export const countBallots = (events: readonly DecisionEvent[], opened: readonly (string | null)[]): BallotCount => {
  const first = events[0];
  if (first?.type !== 'DecisionOpened') throw new Error('corrupt stream: no DecisionOpened');
  const votes = events.flatMap((event) => (event.type === 'VoteCast' ? [event.data] : []));
  const electorate = electorateOf(first.data.roster, first.data.scopes);
  const ballots = lettersOf(
    electorate,
    votes,
    votes.map((_, i) => choiceIn(opened[i])),
  );
  const shareOf = (choice: Choice): Share => {
    const only = [...ballots].map((letter) => (letter === letterOf(choice) ? letter : '-')).join('');
    const { partHeads, partAreaCm2 } = countOf(electorate, only);
    return { heads: partHeads, areaCm2: partAreaCm2 };
  };
  return {
    ...{ agree: shareOf('agree'), disagree: shareOf('disagree'), abstain: shareOf('abstain') },
    ballotsHash: votes.reduce(ballotsHashAfter, NO_BALLOTS_HASH),
  };
};

const isNumber = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const sumOf = (counted: BallotCount, of: keyof Share): number => CHOICES.reduce((sum, choice) => sum + counted[choice][of], 0);

/** The count as it goes on record; null unless it is of these very ballots, and of all that were cast, to the head and to the cm². */
export const acceptedCount = (electorate: Electorate, ballots: string, ballotsHash: string, counted: BallotCount): Count | null => {
  const turnout = countOf(electorate, ballots);
  const isWhole = CHOICES.every((choice) => isNumber(counted[choice].heads) && isNumber(counted[choice].areaCm2));
  const isOfThese =
    counted.ballotsHash === ballotsHash && sumOf(counted, 'heads') === turnout.partHeads && sumOf(counted, 'areaCm2') === turnout.partAreaCm2;
  return isWhole && isOfThese ? { ...turnout, agreeHeads: counted.agree.heads, agreeAreaCm2: counted.agree.areaCm2 } : null;
};
