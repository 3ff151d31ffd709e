import { fingerprintOf, toShanghaiIso, type Actor, type CommandEnvelope, type Json } from '@qiyue/engine';
import { anyDecider, anySaga, SagaRunner, type AnySaga, type Command } from '@qiyue/engine-runtime';
import { orderDecider, type OrderState } from './order.decider';
import { paySaga } from './pay.saga';
import { purseDecider, type PurseState } from './purse.decider';
import { Dice, Turns } from './simulated-turns';
import { Senders } from './simulated-senders';
import { World, type Plant, type Storm } from './simulated-world';

export interface Planted extends Plant {
  readonly saga?: AnySaga;
}

const [PURSE, ORDER] = [anyDecider(purseDecider), anyDecider(orderDecider)];
const SENDER: Actor = { id: 'sender', role: 'tester', unit: null };
const STORM_TURNS = 300;
const TURNS_MAX = 20_000;

/** What is wrong once all is quiet; empty when nothing is. */
export const simulate = async (seed: number, { saga = anySaga(paySaga), ...plant }: Planted = {}): Promise<readonly string[]> => {
  const dice = new Dice(seed);
  const turns = new Turns(dice);
  const world = new World(dice, turns, stormOf(dice), [saga], { plant });
  const runner = new SagaRunner({
    ...{ gateway: world.gateway, log: world.log, looks: world.looks, runs: world.sagaRuns, sagas: [saga] },
    ...(dice.chance(0.7) ? { performer: world.performer } : {}),
    clock: { now: () => turns.now, pause: () => turns.sleep(5) },
  });
  const scene = new Scene(dice, world);
  const senders = new Senders(dice, turns, world, runner);
  for (const command of scene.commands) void senders.send(command);
  const isQuiet = await turns.run(TURNS_MAX, (now) => {
    world.isStormy = now < STORM_TURNS;
    world.between();
  });
  world.isStormy = false;
  // Whoever had no answer asks again, whoever had one too: what was cut off is carried on.
  for (const command of scene.payments) void senders.send(command, 1);
  const isQuietAgain = await turns.run(TURNS_MAX, () => world.between());
  world.flushAll();
  if (!isQuiet || !isQuietAgain || world.unfinished.length > 0) return [`not quiet: ${world.unfinished.join()}`];
  return [...senders.contradictions(), ...scene.wrong(senders)];
};

export const stormOf = (dice: Dice): Storm => {
  const some = (max: number): number => (dice.chance(0.3) ? 0 : dice.next() * max);
  const always = { crash: some(0.06), trouble: some(0.4), terminate: some(0.04) };
  // Where Temporal's data are gone, MongoDB and the entities themselves have to tell what was: not all three away at once.
  return dice.chance(0.5)
    ? { ...always, logAway: some(0.3), staleLook: some(0.4), gone: 0 }
    : { ...always, logAway: 0, staleLook: 0, gone: some(0.04) };
};

const command = (aggregate: string, entity: string, type: string, data: CommandEnvelope['data'], commandId: string): Command => {
  const asked = { entity, type, data, actor: SENDER };
  return {
    ...asked,
    ...{ commandId, aggregate, channel: 'http', receivedAt: toShanghaiIso(0), fingerprint: fingerprintOf(asked) },
    starts: type === 'open' || type === 'place',
  };
};

/** Some purses and orders, and what people do with them at once. */
class Scene {
  readonly purses: readonly string[];
  readonly commands: readonly Command[];
  private readonly amounts = new Map<string, number>();

  constructor(
    private readonly dice: Dice,
    private readonly world: World,
  ) {
    this.purses = this.named('purse', dice.between(1, 3));
    const orders = this.named('order', dice.between(1, 3));
    for (const purse of this.purses) {
      world.add(PURSE, purse);
      const amountFen = dice.between(0, 20);
      this.amounts.set(purse, amountFen);
      world.give(command('purse', purse, 'open', { amountFen }, `open ${purse}`));
    }
    for (const order of orders) {
      world.add(ORDER, order);
      world.give(command('order', order, 'place', { purses: this.somePurses(), priceFen: dice.between(1, 9) }, `place ${order}`));
    }
    this.commands = Array.from({ length: dice.between(2, 7) }, (_, i) => this.someCommand(dice.pick(orders), `c${i}`));
  }

  get payments(): readonly Command[] {
    return this.commands.filter(({ type }) => type === 'pay');
  }

  /** Money that is reserved for nothing, twice or not at all. */
  wrong(senders: Senders): readonly string[] {
    const expected = new Map<string, Record<string, number>>(this.purses.map((purse) => [purse, {}]));
    const nameOf = ({ commandId, fingerprint }: Command): string => `${commandId} ${fingerprint}`;
    const accepted = [...new Map(this.payments.map((payment) => [nameOf(payment), payment])).values()].filter((payment) =>
      senders.isAccepted(payment),
    );
    for (const { data, entity } of accepted) {
      const { paidFrom, purses } = this.world.stateOf<OrderState>(entity);
      if (paidFrom !== null) for (const purse of purses) (expected.get(purse) ?? {})[paidFrom] = Number(data['priceFen']);
    }
    const orders = accepted.map(({ entity }) => entity);
    const twice = orders.filter((order, i) => orders.indexOf(order) !== i).map((order) => `${order} is paid twice`);
    const unprepared = accepted
      .filter(({ data, entity }) => data['priceFen'] !== 0 && this.world.stateOf<OrderState>(entity).paidFrom === null)
      .map(({ entity }) => `${entity} is paid out of nothing`);
    return [...twice, ...unprepared, ...this.purses.flatMap((purse) => this.wrongIn(purse, expected.get(purse) ?? {}))];
  }

  private wrongIn(purse: string, expected: Readonly<Record<string, number>>): readonly string[] {
    const { freeFen, reservedFen } = this.world.stateOf<PurseState>(purse);
    const names = [...new Set([...Object.keys(expected), ...Object.keys(reservedFen)])];
    const wrong = names.filter((name) => expected[name] !== reservedFen[name]);
    const sum = freeFen + Object.values(reservedFen).reduce((total, fen) => total + fen, 0);
    return [
      ...wrong.map((name) => `${purse} has ${reservedFen[name] ?? 0} reserved «${name}», not ${expected[name] ?? 0}`),
      ...(sum === this.amounts.get(purse) ? [] : [`${purse} comes to ${sum}, not ${this.amounts.get(purse)}`]),
    ];
  }

  private named(aggregate: string, count: number): readonly string[] {
    return Array.from({ length: count }, (_, i) => `${aggregate}-${i}`);
  }

  /** Now and then one that is not there. */
  private somePurses(): readonly string[] {
    const all = this.dice.chance(0.05) ? [...this.purses, 'purse-nowhere'] : this.purses;
    const first = this.dice.pick(all);
    return this.dice.chance(0.1) ? [] : [...new Set(this.dice.chance(0.4) ? [first, this.dice.pick(all)] : [first])];
  }

  private someCommand(order: string, commandId: string): Command {
    const priceFen = this.dice.between(1, 9);
    const of = (type: string, data: Record<string, Json>, id = commandId): Command => command('order', order, type, data, id);
    const what = this.dice.next();
    if (what < 0.6)
      return of(
        'pay',
        { priceFen: this.dice.chance(0.8) ? this.world.stateOf<OrderState>(order).priceFen : this.dice.pick([0, priceFen]) },
        this.maybeTaken(commandId),
      );
    if (what < 0.75) return of('reprice', { priceFen });
    if (what < 0.9) return of('move', { purses: this.somePurses() });
    return of('cancel', {});
  }

  /** Now and then a key that another command has. */
  private maybeTaken(commandId: string): string {
    return this.dice.chance(0.05) ? 'c0' : commandId;
  }
}
