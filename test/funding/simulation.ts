import { aggregatesWith } from '@qiyue/aggregates';
import { entityIdOf, fingerprintOf, type Actor, type CommandEnvelope, type Json, type Reaction } from '@qiyue/engine';
import { anyDecider, SagaRunner, type AnySaga, type Command } from '@qiyue/engine-runtime';
import { NEED_RULES, needDecider, type FundSource, type NeedState } from '@qiyue/need-domain';
import { decisionDecider } from '@qiyue/decision-domain';
import { unitYearDecider, unitYearIdOf } from '@qiyue/unit-year-domain';
import { Senders } from '../saga/simulated-senders';
import { Dice, Turns } from '../saga/simulated-turns';
import { World, type Plant } from '../saga/simulated-world';
import { stormOf } from '../saga/simulation';
import { wrongMoney } from './accounts';
import { Reactors } from './simulated-reactors';

/** Of funding as it is, with another saga or without a reaction. */
export interface Planted extends Plant {
  readonly saga?: (saga: AnySaga) => AnySaga;
  readonly reactions?: (reactions: readonly Reaction[]) => readonly Reaction[];
}

const [NEED, YEAR, DECISION] = [anyDecider(needDecider), anyDecider(unitYearDecider), anyDecider(decisionDecider)];
const DEFINITIONS = aggregatesWith(undefined);
const SAGAS: readonly AnySaga[] = DEFINITIONS.flatMap(({ sagas = [] }) => sagas.map(({ saga }) => saga as AnySaga));
const reactionsOf = (aggregate: string): readonly Reaction[] => DEFINITIONS.find(({ decider }) => decider.aggregate === aggregate)?.reactions ?? [];
const RULES: Readonly<Record<string, number>> = { need: NEED_RULES };
const rulesOf = (aggregate: string): number => RULES[aggregate] ?? 1;

const UNITS = ['Water', 'Roads', 'Parks'];
const AMOUNT_FEN = 9;
/** Some runs go on over the end of a year. */
const [BEFORE, AFTER] = ['2024-12-31T23:00:00.000+08:00', '2025-01-01T00:30:00.000+08:00'];
const STORM_TURNS = 400;
const TURNS_MAX = 20_000;

/** What is wrong once all is quiet; empty when nothing is. */
export const simulate = async (
  seed: number,
  { saga = (one) => one, reactions = (all) => all, ...plant }: Planted = {},
): Promise<readonly string[]> => {
  const dice = new Dice(seed);
  const turns = new Turns(dice);
  const sagas = SAGAS.map(saga);
  const world: World = new World(dice, turns, stormOf(dice), sagas, {
    ...{ plant, startable: [YEAR, DECISION], rules: rulesOf },
    onRecords: (entity) => [ofNeeds, ofDecisions].forEach((reactors) => reactors.hear(entity)),
  });
  const ofNeeds = new Reactors(dice, turns, world, { decider: NEED, reactions: reactions(reactionsOf('need')) }, [YEAR, DECISION]);
  const ofDecisions = new Reactors(dice, turns, world, { decider: DECISION, reactions: reactions(reactionsOf('decision')) }, [NEED]);
  const runner = new SagaRunner({
    ...{ gateway: world.gateway, log: world.log, looks: world.looks, runs: world.sagaRuns, sagas, rules: { active: rulesOf } },
    ...(dice.chance(0.7) ? { performer: world.performer } : {}),
    clock: { now: () => turns.now, pause: () => turns.sleep(5) },
  });
  const senders = new Senders(dice, turns, world, runner);
  const scene = new Scene(dice, turns, world, senders);
  scene.begin();
  const isQuiet = await turns.run(TURNS_MAX, (now) => {
    world.isStormy = now < STORM_TURNS;
    world.between();
  });
  world.isStormy = false;
  // Whoever had no answer asks again, whoever had one too: what was cut off is carried on.
  for (const command of scene.given) void senders.send(command, 1);
  const isQuietAgain = await turns.run(TURNS_MAX, () => world.between());
  world.flushAll();
  if (!isQuiet || !isQuietAgain || world.unfinished.length > 0) return [`not quiet: ${world.unfinished.join()}`];
  return [...senders.contradictions(), ...ofNeeds.refused, ...ofDecisions.refused, ...wrongMoney(world)];
};

type Data = Readonly<Record<string, Json>>;
type Asked = readonly [type: string, data: Data, actor: Actor];

const actorOf = (role: string, unit: string | null): Actor => ({ id: `${role}-${unit ?? ''}`, role, unit });
const [ANN, CORA, CENTRE] = [actorOf('resident', 'Lakeside'), actorOf('community', 'Lakeside'), actorOf('centre', null)];
const AUTHORITY = actorOf('authority', null);
const SUBMITTED = { title: 'A ramp', kind: 'tangible', items: [{ name: 'ramp', quantity: 1, unit: 'piece' }], community: 'Lakeside' };

/** Some units with their years and some needs, and what people do with them at once. */
class Scene {
  /** To be asked again. */
  readonly given: Command[] = [];
  private readonly units: readonly string[];
  /** The turn in which the year ends. */
  private readonly midnight: number;

  constructor(
    private readonly dice: Dice,
    private readonly turns: Turns,
    private readonly world: World,
    private readonly senders: Senders,
  ) {
    this.units = UNITS.slice(0, dice.between(1, UNITS.length));
    this.midnight = dice.chance(0.2) ? dice.between(50, STORM_TURNS) : Infinity;
  }

  begin(): void {
    for (const unit of this.units) if (this.dice.chance(0.85)) this.openYear(unit);
    const needs = Array.from({ length: this.dice.between(1, 4) }, (_, i) => entityIdOf('need', 'ann', `need-${i}`));
    for (const need of needs) {
      this.world.add(NEED, need);
      this.world.give(this.commandOf('need', need, ['submit', SUBMITTED, ANN]));
      this.world.give(this.commandOf('need', need, this.claim()));
    }
    for (const need of needs) {
      void this.live(need, this.dice.between(3, 9), (state) => this.nextOf(state));
      if (this.dice.chance(0.7)) void this.live(need, this.dice.between(1, 5), (state) => this.interference(state));
      if (this.dice.chance(0.5)) void this.askOwners(need, this.dice.between(1, 2));
    }
    for (const unit of this.units) if (this.dice.chance(0.5)) void this.budgets(unit, this.dice.between(1, 3));
  }

  private openYear(unit: string): void {
    const year = unitYearIdOf({ unit, year: 2024 });
    this.world.add(YEAR, year);
    this.world.give(this.commandOf('unit-year', year, ['open', { unit, year: 2024 }, CENTRE]));
    if (this.dice.chance(0.9))
      this.world.give(this.commandOf('unit-year', year, ['set-budget', { amountFen: this.dice.between(0, 20), reference: 'F-1' }, CENTRE]));
  }

  /** One after the other, as people do who wait for an answer. */
  private async live(need: string, commands: number, next: (state: NeedState) => Asked): Promise<void> {
    for (let i = 0; i < commands; i += 1) {
      await this.turns.sleep(this.dice.between(0, 25));
      await this.send('need', need, next(this.world.stateOf<NeedState>(need)));
    }
  }

  /** The owners are asked, and what they are asked cannot wait, or is taken back. */
  private async askOwners(need: string, times: number): Promise<void> {
    for (let i = 0; i < times; i += 1) {
      const decision = entityIdOf('decision', 'cora', `${need}-${i}`);
      await this.turns.sleep(this.dice.between(0, 60));
      await this.send('decision', decision, ['open', this.opening(need), CORA]);
      for (const asked of this.dice.chance(0.8) ? EMERGENCY : CANCELLED) {
        await this.turns.sleep(this.dice.between(0, 25));
        if (this.world.entitiesOf('decision').includes(decision)) await this.send('decision', decision, asked);
      }
    }
  }

  private opening(needId: string): Data {
    const plan = {
      parts: ['roof'],
      works: 'a new roof',
      budgetFen: this.dice.between(1, 15),
      warrantyEndedOn: '2015-06-30',
      from: '2025-01-10',
      to: '2025-01-20',
    };
    return { needId, matter: 'use-fund', roster: [{ room: '101', areaCm2: 1_000_000, owner: 'ann' }], plan };
  }

  private async budgets(unit: string, commands: number): Promise<void> {
    for (let i = 0; i < commands; i += 1) {
      await this.turns.sleep(this.dice.between(0, 150));
      const year = unitYearIdOf({ unit, year: this.now === BEFORE ? 2024 : 2025 });
      // Of a year that is not there nobody remembers what it was told.
      if (this.world.entitiesOf('unit-year').includes(year)) await this.send('unit-year', year, this.ofBudget());
    }
  }

  private async send(aggregate: string, entity: string, asked: Asked): Promise<void> {
    const command = this.commandOf(aggregate, entity, asked);
    this.given.push(command);
    await this.senders.send(command, this.dice.between(1, 2), 10);
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

  private get now(): string {
    return this.turns.now < this.midnight ? BEFORE : AFTER;
  }

  private commandOf(aggregate: string, entity: string, [type, data, actor]: Asked): Command {
    const asked: Pick<CommandEnvelope, 'entity' | 'type' | 'data' | 'actor'> = { entity, type, data, actor };
    const before = this.dice.chance(0.02) && this.given.length > 0 ? this.dice.pick(this.given) : undefined; // a key that is taken
    const commandId = before?.commandId ?? `c${this.given.length}-${entity}-${type}`;
    return {
      ...{ ...asked, commandId, aggregate, channel: 'http', receivedAt: this.now, fingerprint: fingerprintOf(asked) },
      starts: type === 'open' || type === 'submit',
    };
  }
}
const EMERGENCY: readonly Asked[] = [
  ['declare-emergency', { basis: 'it rains in', evidence: [{ kind: 'note', text: 'wet' }] }, CORA],
  ['confirm', {}, AUTHORITY],
];
const CANCELLED: readonly Asked[] = [...EMERGENCY.slice(0, 1), ['cancel', { reason: 'r' }, CORA]];
const SOURCES: readonly FundSource[] = ['department', 'department', 'department', 'mixed', 'mixed', 'donation'];
