import type { Fraction } from '@qiyue/civic-domain';
import { countOf, decisionDecider, type Choice, type DecisionEvent, type DecisionState, type Fact } from '@qiyue/decision-domain';
import type { RecordBody } from '@qiyue/engine';
import type { World } from '../saga/simulated-world';
import { recordsOf } from './accounts';

interface Sum {
  readonly areaCm2: bigint;
  readonly heads: bigint;
}

/** Votes on paper, as somebody counts them who only reads what happened, apart from the rules; with all that does not add up on the way. */
class Poll {
  readonly wrong: string[] = [];
  private readonly ballots = new Map<string | null, Choice>();
  /** What each owner has in the deciding scope. */
  private readonly areas = new Map<string | null, bigint>();
  private opened: Fact<'DecisionOpened'>['data'] | null = null;
  private isOpen = false;
  private isCounting = false;
  /** It is for its works from here on. */
  private mayPay = false;
  private hasPassed = false;
  private state: DecisionState = decisionDecider.initial;

  constructor(records: readonly RecordBody[]) {
    for (const { seq, type, data } of records) {
      const event = { type, data } as DecisionEvent;
      const expect = (isRight: boolean, what: string): void => void (isRight || this.wrong.push(`${type} at ${seq}: ${what}`));
      this.take(event, expect);
      this.state = decisionDecider.evolve(this.state, event, { rules: 1 });
      expect(this.isSameTurnout(), 'another turnout');
    }
  }

  private take(event: DecisionEvent, expect: (isRight: boolean, what: string) => void): void {
    switch (event.type) {
      case 'DecisionOpened':
        return this.open(event.data);
      case 'BallotOpened':
        this.isOpen = true;
        return;
      case 'VoteCast': {
        const { owner, choice, replaces } = event.data;
        expect(this.isOpen && this.areas.has(owner), 'none of this ballot');
        expect(!this.ballots.has(owner) && !replaces, 'a second ballot of one owner'); // it is refused by this policy
        return void this.ballots.set(owner, choice as Choice); // nothing seals it here
      }
      case 'VotingEnded':
        expect(this.isOpen, 'not open');
        [this.isOpen, this.isCounting] = [false, true];
        return;
      case 'BallotClosed': {
        const { outcome, tally } = event.data;
        expect(this.isCounting, 'not to be counted');
        expect(outcome === this.outcome() && tally.outcome === outcome && this.isTally(tally), `${outcome}, and by hand ${this.outcome()}`);
        [this.isCounting, this.hasPassed] = [false, outcome === 'passed'];
        return;
      }
      case 'DecisionConfirmed':
      case 'EmergencyConfirmed':
        expect(event.type === 'EmergencyConfirmed' || this.hasPassed, 'not passed');
        this.mayPay = true;
        return;
      case 'FundsReserved':
      case 'FundDrawn':
        return expect(this.mayPay, 'not confirmed');
      default:
        return;
    }
  }

  private open(data: Fact<'DecisionOpened'>['data']): void {
    this.opened = data;
    const deciding = data.scopes.deciding ?? data.roster.map(({ room }) => room);
    for (const { room, owner, areaCm2 } of data.roster)
      if (deciding.includes(room)) this.areas.set(owner, (this.areas.get(owner) ?? 0n) + BigInt(areaCm2));
  }

  private sumOf(isIn: (owner: string | null) => boolean): Sum {
    const owners = [...this.areas].filter(([owner]) => isIn(owner));
    return { areaCm2: owners.reduce((sum, [, area]) => sum + area, 0n), heads: BigInt(owners.length) };
  }
  private get sums(): readonly [total: Sum, part: Sum, agree: Sum] {
    return [this.sumOf(() => true), this.sumOf((owner) => this.ballots.has(owner)), this.sumOf((owner) => this.ballots.get(owner) === 'agree')];
  }

  private outcome(): string {
    if (this.opened === null) return 'open';
    const { participation, agreement, agreementOf } = this.opened.rule;
    const [total, part, agree] = this.sums;
    if (!reaches(part, total, participation)) return 'failed-quorum';
    return reaches(agree, agreementOf === 'all' ? total : part, agreement) ? 'passed' : 'failed-approval';
  }

  private isTally(tally: ReturnType<typeof countOf>): boolean {
    const [total, part, agree] = this.sums;
    return (
      isSum(total, tally.totalAreaCm2, tally.totalHeads) &&
      isSum(part, tally.partAreaCm2, tally.partHeads) &&
      isSum(agree, tally.agreeAreaCm2, tally.agreeHeads)
    );
  }

  /** Who took part, which is known while the ballots are sealed. */
  private isSameTurnout(): boolean {
    if (this.state.stage === 'nonexistent') return true;
    const [total, part] = this.sums;
    const tally = countOf(this.state.electorate, this.state.ballots);
    return isSum(total, tally.totalAreaCm2, tally.totalHeads) && isSum(part, tally.partAreaCm2, tally.partHeads);
  }
}

const isSum = ({ areaCm2, heads }: Sum, area: number, count: number): boolean => areaCm2 === BigInt(area) && heads === BigInt(count);

const reaches = (part: Sum, whole: Sum, { numerator, denominator, strict }: Fraction): boolean =>
  [part.areaCm2 * BigInt(denominator) - whole.areaCm2 * BigInt(numerator), part.heads * BigInt(denominator) - whole.heads * BigInt(numerator)].every(
    (more) => (strict ? more > 0n : more >= 0n),
  );

/** One effective ballot of each owner, counted as anybody would, and nothing paid before the owners or the authority have said so. */
export const wrongVotes = (world: World): readonly string[] =>
  world.entitiesOf('decision').flatMap((decision) => new Poll(recordsOf(world, decision)).wrong.map((one) => `${decision}: ${one}`));
