import { aggregatesWith } from '@qiyue/aggregates';
import type { Reaction } from '@qiyue/engine';
import { SagaRunner, type AnyDecider, type AnySaga, type ReactingAggregate } from '@qiyue/engine-runtime';
import { NEED_RULES } from '@qiyue/need-domain';
import { Senders } from '../saga/simulated-senders';
import { Dice, Turns } from '../saga/simulated-turns';
import { World, type Plant } from '../saga/simulated-world';
import { stormOf } from '../saga/simulation';
import { wrongMoney } from './accounts';
import { wrongVotes } from './ballots';
import { Witness, wrongPairings } from './pairings';
import { People } from './people';
import { wrongPromises } from './promises';
import { Scene } from './scene';
import { Reactors } from './simulated-reactors';

/** Of what there is between all kinds, with another saga or decider, or without a reaction. */
export interface Planted extends Plant {
  readonly saga?: (saga: AnySaga) => AnySaga;
  readonly reactions?: (reactions: readonly Reaction[]) => readonly Reaction[];
  readonly decider?: (decider: AnyDecider) => AnyDecider;
}

/** Whom reactions of a kind reach. */
const REACHED: Readonly<Record<string, readonly string[]>> = {
  need: ['unit-year', 'decision', 'project'],
  decision: ['need'],
  contract: ['project'],
  project: ['resource', 'need'],
  resource: ['project'],
};
const DEFINITIONS = aggregatesWith(undefined);
const SAGAS: readonly AnySaga[] = DEFINITIONS.flatMap(({ sagas = [] }) => sagas.map(({ saga }) => saga as AnySaga));
const RULES: Readonly<Record<string, number>> = { need: NEED_RULES };
const rulesOf = (aggregate: string): number => RULES[aggregate] ?? 1;

const STORM_TURNS = 400;
const TURNS_MAX = 20_000;

/** What is wrong once all is quiet; empty when nothing is. */
export const simulate = async (
  seed: number,
  { saga = (one) => one, reactions = (all) => all, decider = (one) => one, ...plant }: Planted = {},
): Promise<readonly string[]> => {
  const dice = new Dice(seed);
  const turns = new Turns(dice);
  const sagas = SAGAS.map(saga);
  const kinds = new Map(
    DEFINITIONS.map(({ reactions: own = [], ...kind }) => [
      kind.decider.aggregate,
      { ...kind, decider: decider(kind.decider), reactions: reactions(own) },
    ]),
  );
  const witness = new Witness();
  const reactors: Reactors[] = [];
  const world: World = new World(dice, turns, stormOf(dice), sagas, {
    ...{ plant, startable: [...kinds.values()].map((kind) => kind.decider), rules: rulesOf },
    onRecords: (entity) => {
      witness.hear(world, entity);
      for (const each of reactors) each.hear(entity);
    },
  });
  for (const [source, targets] of Object.entries(REACHED))
    reactors.push(
      new Reactors(
        dice,
        turns,
        world,
        kindIn(kinds, source),
        targets.map((target) => kindIn(kinds, target)),
      ),
    );
  const runner = new SagaRunner({
    ...{ gateway: world.gateway, log: world.log, looks: world.looks, runs: world.sagaRuns, sagas, rules: { active: rulesOf } },
    ...(dice.chance(0.7) ? { performer: world.performer } : {}),
    clock: { now: () => turns.now, pause: () => turns.sleep(5) },
  });
  const senders = new Senders(dice, turns, world, runner);
  const people = new People(dice, turns, world, senders, dice.chance(0.2) ? dice.between(50, STORM_TURNS) : Infinity);
  new Scene(people).begin();
  const isQuiet = await turns.run(TURNS_MAX, (now) => {
    world.isStormy = now < STORM_TURNS;
    world.between();
  });
  world.isStormy = false;
  // Whoever had no answer asks again, whoever had one too: what was cut off is carried on.
  for (const command of people.given) void senders.send(command, 1);
  const isQuietAgain = await turns.run(TURNS_MAX, () => world.between());
  world.flushAll();
  if (!isQuiet || !isQuietAgain || world.unfinished.length > 0) return [`not quiet: ${world.unfinished.join()}`];
  return [...senders.contradictions(), ...reactors.flatMap(({ refused }) => refused), ...witness.wrong, ...wrongIn(world)];
};

const kindIn = (kinds: ReadonlyMap<string, ReactingAggregate>, aggregate: string): ReactingAggregate => {
  const found = kinds.get(aggregate);
  if (found === undefined) throw new Error(`nothing is called ${aggregate}`);
  return found;
};

const wrongIn = (world: World): readonly string[] => [...wrongMoney(world), ...wrongVotes(world), ...wrongPairings(world), ...wrongPromises(world)];
