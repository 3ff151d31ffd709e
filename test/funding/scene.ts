import { entityIdOf, type Actor } from '@qiyue/engine';
import { anyDecider } from '@qiyue/engine-runtime';
import { needDecider, type FundSource, type NeedState } from '@qiyue/need-domain';
import { unitYearDecider, unitYearIdOf } from '@qiyue/unit-year-domain';
import type { Dice } from '../saga/simulated-turns';
import { Owners } from './owners';
import { Parties } from './parties';
import { actorOf, ANN, AUTHORITY, BEFORE, CENTRE, CORA, type Asked, type People } from './people';

const [NEED, YEAR] = [anyDecider(needDecider), anyDecider(unitYearDecider)];
const UNITS = ['Water', 'Roads', 'Parks'];
const AMOUNT_FEN = 9;
const SUBMITTED = { title: 'A ramp', kind: 'tangible', items: [{ name: 'ramp', quantity: 1, unit: 'piece' }], community: 'Lakeside' };

/** Some units with their years and some needs, and what people do with them at once; owners and parties beside them. */
export class Scene {
  private readonly dice: Dice;
  private readonly units: readonly string[];

  constructor(private readonly people: People) {
    this.dice = people.dice;
    this.units = UNITS.slice(0, this.dice.between(1, UNITS.length));
  }

  begin(): void {
    for (const unit of this.units) if (this.dice.chance(0.85)) this.openYear(unit);
    const needs = Array.from({ length: this.dice.between(1, 2) }, (_, i) => entityIdOf('need', 'ann', `need-${i}`));
    for (const need of needs) {
      this.people.world.add(NEED, need);
      this.people.give('need', need, ['submit', SUBMITTED, ANN]);
      this.people.give('need', need, this.claim());
    }
    const owners = new Owners(this.people);
    for (const need of needs) {
      void this.live(need, this.dice.between(3, 9), (state) => this.nextOf(state));
      if (this.dice.chance(0.7)) void this.live(need, this.dice.between(1, 5), (state) => this.interference(state));
      if (this.dice.chance(0.5)) void owners.askAbout(need, this.dice.between(1, 2));
    }
    for (const unit of this.units) if (this.dice.chance(0.5)) void this.budgets(unit, this.dice.between(1, 3));
    new Parties(this.people, this.units, needs).begin();
  }

  private openYear(unit: string): void {
    const year = unitYearIdOf({ unit, year: 2024 });
    this.people.world.add(YEAR, year);
    this.people.give('unit-year', year, ['open', { unit, year: 2024 }, CENTRE]);
    if (this.dice.chance(0.9)) this.people.give('unit-year', year, ['set-budget', { amountFen: this.dice.between(0, 20), reference: 'F-1' }, CENTRE]);
  }

  /** One after the other, as people do who wait for an answer. */
  private async live(need: string, commands: number, next: (state: NeedState) => Asked): Promise<void> {
    for (let i = 0; i < commands; i += 1) {
      await this.people.turns.sleep(this.dice.between(0, 25));
      await this.people.send('need', need, next(this.people.world.stateOf<NeedState>(need)));
    }
  }

  private async budgets(unit: string, commands: number): Promise<void> {
    for (let i = 0; i < commands; i += 1) {
      await this.people.turns.sleep(this.dice.between(0, 150));
      const year = unitYearIdOf({ unit, year: this.people.now === BEFORE ? 2024 : 2025 });
      // Of a year that is not there nobody remembers what it was told.
      if (this.people.isThere('unit-year', year)) await this.people.send('unit-year', year, this.ofBudget());
    }
  }

  private ofBudget(): Asked {
    const what = this.dice.next();
    if (what < 0.4) return ['set-budget', { amountFen: this.dice.between(0, 25), reference: 'F-2' }, CENTRE];
    if (what < 0.85) return ['adjust-budget', { deltaFen: this.dice.between(-8, 8), reason: 'r' }, CENTRE];
    return ['close', {}, CENTRE];
  }

  /** Something that fits, mostly. */
  private nextOf(state: NeedState): Asked {
    const lead = actorOf('department', 'lead' in state ? state.lead : 'Water');
    const what = this.dice.next();
    switch (state.stage) {
      case 'submitted':
        return what < 0.9 ? this.claim() : ['withdraw', { reason: 'r' }, ANN];
      case 'claimed':
        return what < 0.85 ? this.fund(lead, state.round, state.decision?.decisionId) : ['return', { reason: 'r' }, lead];
      case 'funded':
        if (state.status === 'at-acceptance')
          return what < 0.8 ? ['accept', {}, state.money?.owners === undefined ? CORA : AUTHORITY] : ['refuse-works', { reason: 'r' }, CORA];
        if (state.status === 'waiting-to-start' && what < 0.2) return ['start', {}, lead];
        return what < 0.6 ? this.complete(state.amountFen, lead) : what < 0.85 ? this.adjust() : ['cancel-works', { reason: 'r' }, CENTRE];
      case 'done': {
        const side = state.verdicts.resident === null ? 'resident' : 'community';
        return ['evaluate', { side, score: 3, satisfied: what < 0.6 }, side === 'resident' ? ANN : CORA];
      }
      case 'evaluated':
        return ['reopen', { reason: 'r' }, CORA];
      default:
        return this.fund(lead, 1);
    }
  }

  /** Somebody else, who does not wait for the others. */
  private interference(state: NeedState): Asked {
    const what = this.dice.next();
    if (what < 0.6) return this.adjust();
    if (what < 0.75) return ['cancel-works', { reason: 'r' }, CENTRE];
    return this.fund(CENTRE, this.dice.between(1, 2), 'decision' in state ? state.decision?.decisionId : undefined);
  }

  private claim(): Asked {
    const unit = this.dice.pick(this.units);
    return ['claim', { unit, plan: 'p' }, actorOf('department', unit)];
  }

  private fund(actor: Actor, round: number, decisionId?: string): Asked {
    const owners = decisionId === undefined ? [] : (['maintenance-fund', 'maintenance-fund', 'mixed'] as const);
    const source = this.dice.pick<FundSource>([...SOURCES, ...owners, ...(round > 1 ? (['rework', 'rework', 'rework'] as const) : [])]);
    if (source === 'rework') return ['fund', { amountFen: 0, source, reference: 'r' }, actor];
    const amountFen = this.dice.between(1, AMOUNT_FEN);
    const departmentFen = this.dice.between(0, amountFen);
    const fundFen = decisionId === undefined ? 0 : this.dice.between(0, amountFen - departmentFen);
    const split = source === 'mixed' ? { split: { departmentFen, fundFen, donationFen: amountFen - departmentFen - fundFen } } : {};
    const decided = decisionId === undefined ? {} : { decisionId };
    return ['fund', { amountFen, source, reference: 'r', ...split, ...decided }, actor];
  }

  private adjust(): Asked {
    return ['adjust-funding', { deltaFen: this.dice.pick([-3, -2, -1, 1, 2, 3]), reason: 'r' }, CENTRE];
  }

  private complete(amountFen: number, lead: Actor): Asked {
    const cost = this.dice.chance(0.5) ? { finalCostFen: this.dice.between(0, amountFen) } : {};
    return ['complete', { evidence: [{ kind: 'note', text: 'done' }], ...cost }, lead];
  }
}
const SOURCES: readonly FundSource[] = ['department', 'department', 'department', 'mixed', 'mixed', 'donation'];
