import {
  driveSaga,
  Entity,
  instantMsOf,
  MOVED,
  openState,
  sagaIdOf,
  type CommandShape,
  type EventRecord,
  type EventShape,
  type Outcome,
  type SagaEnd,
  type SagaInput,
  type SagaResult,
} from '@qiyue/engine';
import {
  answered,
  sagaActivities,
  SagaPerformer,
  type AnyDecider,
  type AnySaga,
  type Command,
  type GatewayAnswer,
  type Looked,
  type SagaActivityPorts,
  type SagaRun,
  type SagaRunnerPorts,
} from '@qiyue/engine-runtime';
import type { Dice, Turns } from './simulated-turns';

/** A process is gone in the middle of what it did. */
export class Crash extends Error {}

/** How often what goes wrong, from 0 to 1; all of it ends with the storm. */
export interface Storm {
  readonly crash: number;
  /** Of deliveries: turned away, not arrived, answer lost, delivered once more later. */
  readonly trouble: number;
  readonly logAway: number;
  readonly staleLook: number;
  /** Per turn: an operator terminates a saga. */
  readonly terminate: number;
  /** Per turn: Temporal's data of a saga are gone. */
  readonly gone: number;
}

/** A mistake that the simulation has to find. */
export interface Plant {
  /** A saga that was cut off is not looked for: it is planned anew. */
  readonly forgetsPlan?: true;
  /** What is asked again gets another id. */
  readonly freshIds?: true;
  /** No answer is taken for a refusal. */
  readonly unknownIsRefused?: true;
  /** What is given to be refused is accepted as it stands. */
  readonly refusesUnbound?: true;
  /** Who finds a saga of the same id under way carries through its own plan beside it. */
  readonly joinsWithOwnPlan?: true;
}

/** As long as an edge has to itself. */
const BACKUP_TURNS = 40;

interface Run {
  readonly input: SagaInput;
  status: 'running' | 'completed' | 'terminated';
  /** Results of workflow tasks that were completed. */
  readonly recorded: SagaResult[];
  pauses: number;
  /** Workers and edges in the middle of something. */
  atWork: number;
  end?: SagaEnd;
}
/** What else there is beside entities, sagas and the storm. */
export interface WorldOptions {
  readonly plant?: Plant;
  /** Kinds of entities that a step may start. */
  readonly startable?: readonly AnyDecider[];
  /** Rules that commands bring where they name none. Left out: 1. */
  readonly rules?: (aggregate: string) => number;
  /** Told of every entity that has new records. */
  readonly onRecords?: (entity: string) => void;
}
interface Row {
  readonly fingerprint: string;
  readonly outcome: Outcome;
}
type AnyEntity = Entity<unknown, CommandShape, EventShape, string>;
interface Alive {
  readonly decider: AnyDecider;
  readonly entity: AnyEntity;
  before: ReturnType<AnyEntity['lookFor']> | null;
}

/** Entities, their log of commands and a Temporal for sagas, all in memory, behind the ports of the very code that runs in life. */
export class World {
  private readonly entities = new Map<string, Alive>();
  private readonly rows = new Map<string, Row>();
  private readonly lagging: { readonly command: Command; readonly outcome: Outcome }[] = [];
  private readonly plans = new Map<string, SagaInput>();
  private readonly runs = new Map<string, Run>();
  private ids = 0;
  isStormy = true;
  private readonly plant: Plant;

  constructor(
    private readonly dice: Dice,
    private readonly turns: Turns,
    private readonly storm: Storm,
    private readonly sagas: readonly AnySaga[],
    private readonly options: WorldOptions = {},
  ) {
    this.plant = options.plant ?? {};
  }

  add(decider: AnyDecider, entity: string): void {
    this.entities.set(entity, { decider, entity: new Entity(decider, entity), before: null });
  }

  stateOf<S>(entity: string): S {
    return this.entities.get(entity)?.entity.currentState as S;
  }

  /** All that happened to it, in order; none when it does not exist. */
  recordsOf(entity: string): readonly EventRecord[] {
    return this.entities.get(entity)?.entity.unconfirmed.flatMap(({ records }) => records) ?? [];
  }

  entitiesOf(aggregate: string): readonly string[] {
    return [...this.entities].flatMap(([id, { decider }]) => (decider.aggregate === aggregate ? [id] : []));
  }

  /** Directly, before the storm. */
  give(command: Command): void {
    this.deliver(command);
  }

  /** Its timers go off up to then. */
  wake(entity: string, until: string): void {
    const found = this.entities.get(entity);
    const before = found?.entity.seq ?? 0;
    for (let due = found?.entity.due() ?? null; due !== null && instantMsOf(due.at) <= instantMsOf(until); due = found?.entity.due() ?? null)
      if (found?.entity.fire().moved !== true) break;
    if (found !== undefined && found.entity.seq > before) this.options.onRecords?.(entity);
  }

  get unfinished(): readonly string[] {
    return [...this.runs].filter(([, { status }]) => status === 'running').map(([id]) => id);
  }

  /** Whatever happens to no process: rows arrive in the log, an operator and a disk do harm. */
  between(): void {
    if (this.lagging.length > 0 && this.dice.chance(0.2)) this.flushOne();
    if (this.runs.size === 0) return;
    const [id, run] = this.dice.pick([...this.runs]);
    if (run.status === 'running' && this.happens(this.storm.terminate)) run.status = 'terminated';
    if ((run.status === 'completed' || this.plans.has(id)) && this.happens(this.storm.gone)) void this.lose(id, run);
  }

  /** Not from under a worker or an edge: whoever is at work on it comes to its end first. */
  private async lose(id: string, run: Run): Promise<void> {
    if (run.status === 'running') run.status = 'terminated';
    while (run.atWork > 0) await this.turns.next();
    if (this.runs.get(id) === run) this.runs.delete(id);
  }

  flushAll(): void {
    while (this.lagging.length > 0) this.flushOne();
  }

  readonly gateway = {
    execute: async (command: Command): Promise<GatewayAnswer> => {
      const known = await this.log.find(command);
      if (known && known.fingerprint !== command.fingerprint) return { kind: 'key-reused' };
      return known === null ? this.gateway.ask(command) : answered(known.outcome);
    },
    ask: async (command: Command): Promise<GatewayAnswer> => {
      await this.hop();
      const answer = await this.deliverInTrouble(
        this.plant.freshIds && command.commandId.startsWith('saga:') ? { ...command, commandId: `${command.commandId}~${this.ids++}` } : command,
      );
      await this.hop();
      return answer;
    },
  };

  readonly log = {
    find: async ({ commandId, entity }: Pick<Command, 'commandId' | 'entity'>): Promise<Row | null> => {
      await this.hop();
      return this.happens(this.storm.logAway) ? null : (this.rows.get(`${commandId} ${entity}`) ?? this.rows.get(commandId) ?? null);
    },
  };

  readonly looks: SagaRunnerPorts['looks'] = {
    deciderOf: (aggregate) =>
      [...[...this.entities.values()].map(({ decider }) => decider), ...(this.options.startable ?? [])].find(
        (decider) => decider.aggregate === aggregate,
      ) as AnyDecider,
    of: async ({ entity, commandId }): Promise<Looked> => {
      await this.hop();
      if (this.happens(this.storm.trouble)) return { kind: 'unknown' };
      const found = this.entities.get(entity);
      if (found === undefined || found.entity.seq === 0) return { kind: 'not-found' };
      const mayLag = found.before !== null && this.happens(this.storm.staleLook);
      const look = mayLag ? (found.before ?? found.entity.lookFor(commandId)) : found.entity.lookFor(commandId);
      const at = openState({ ...look, isDiverged: false, isQuarantined: false }, found.decider);
      await this.hop();
      return { kind: 'state', at, mayLag };
    },
  };

  readonly sagaRuns: SagaRunnerPorts['runs'] = {
    find: async (commandId): Promise<SagaRun> => {
      await this.hop();
      const run = this.runs.get(sagaIdOf(commandId));
      const plan = this.plans.get(sagaIdOf(commandId));
      if (run?.status === 'running' || run?.status === 'completed') return { kind: 'open' };
      const input = this.plant.forgetsPlan ? undefined : (run?.input ?? plan);
      return input === undefined ? { kind: 'none' } : { kind: 'broken', input };
    },
    start: async (input, how) => {
      await this.hop();
      const id = sagaIdOf(input.command.commandId);
      const run = this.runs.get(id);
      if (run?.status === 'running') return this.plant.joinsWithOwnPlan ? { input, beginsInMs: BACKUP_TURNS, end: () => undefined } : 'exists';
      if (run !== undefined && (run.status === 'completed' || !(how === 'again' || this.plant.forgetsPlan))) return 'exists';
      const begun: Run = { input: structuredClone(input), status: 'running', recorded: [], pauses: 0, atWork: 1 };
      this.runs.set(id, begun);
      // By another clock than the edge's: now and then both are at work at once.
      void this.work(begun, how === 'backup' ? this.dice.between(0, 2 * BACKUP_TURNS) : 0);
      await this.hop();
      return { input, beginsInMs: how === 'backup' ? BACKUP_TURNS : 0, end: () => void this.endBackup(begun) };
    },
    end: async (commandId, untilMs) => {
      while (this.turns.now < untilMs) {
        await this.hop();
        const run = this.runs.get(sagaIdOf(commandId));
        if (run === undefined || run.status === 'terminated') return 'broken';
        if (run.end !== undefined) return run.end;
        await this.turns.sleep(5);
      }
      return 'late';
    },
  };

  private readonly keptPlans: SagaActivityPorts['plans'] = {
    keep: async (id, input) => {
      await this.turns.next();
      if (!this.plans.has(id)) this.plans.set(id, structuredClone(input));
    },
    forget: async (id) => {
      await this.turns.next();
      this.plans.delete(id);
    },
  };

  /** What an edge carries sagas through by. */
  readonly performer: Pick<SagaPerformer, 'perform'> = {
    perform: async (input, progress) => {
      const run = this.runs.get(sagaIdOf(input.command.commandId));
      if (run !== undefined) run.atWork += 1;
      try {
        const { gateway, keptPlans: plans, sagas } = this;
        return structuredClone(await new SagaPerformer({ gateway, plans, sagas }).perform(input, progress));
      } finally {
        if (run !== undefined) run.atWork -= 1;
      }
    },
  };

  /** It may be late, or never arrive. */
  private async endBackup(run: Run): Promise<void> {
    await this.turns.sleep(this.dice.between(0, 2 * BACKUP_TURNS));
    if (run.status === 'running' && !this.happens(this.storm.trouble)) run.status = 'terminated';
  }

  /** A worker, or the next one after a crash, until the run has its end or somebody ended it. */
  private async work(run: Run, delayTurns: number): Promise<void> {
    if (delayTurns > 0) await this.turns.sleep(delayTurns);
    while (run.status === 'running') {
      try {
        await this.task(run);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        await this.turns.next();
      }
    }
    run.atWork -= 1;
  }

  /** As Temporal runs it: what came before the last pause is replayed, what came behind is lost with the task. */
  private async task(run: Run): Promise<void> {
    const activities = sagaActivities({ gateway: this.gateway, plans: this.keptPlans, sagas: this.sagas });
    const fresh: SagaResult[] = [];
    let replayed = 0;
    let pauses = 0;
    const answer = await driveSaga(run.input, {
      perform: async (_, progress) => {
        const recorded = run.recorded[replayed++];
        if (recorded !== undefined) return recorded;
        const result = structuredClone(await activities.sagaStep(run.input, progress));
        await this.hop();
        fresh.push(result);
        return result;
      },
      pause: async () => {
        if (pauses++ < run.pauses) return;
        await this.hop();
        if (run.status !== 'running') throw new Crash();
        run.recorded.push(...fresh.splice(0));
        run.pauses += 1;
        await this.hop();
      },
    });
    await this.hop();
    if (run.status !== 'running') return;
    run.end = { fingerprint: run.input.command.fingerprint, answer };
    run.status = 'completed';
  }

  private async deliverInTrouble(command: Command): Promise<GatewayAnswer> {
    if (!this.happens(this.storm.trouble)) return this.deliver(command);
    const fate = this.dice.pick(['busy', 'diverged', 'lost', 'late', 'answer-lost', 'twice'] as const);
    if (fate === 'busy' || fate === 'diverged') return turnedAway(command, fate);
    if (fate === 'twice') void this.turns.sleep(this.dice.between(1, 40)).then(() => this.deliver(command));
    if (fate === 'late') await this.turns.sleep(this.dice.between(1, 20)); // what is not taken by the deadline is turned away for good
    if (fate !== 'lost') this.deliver(command);
    return this.plant.unknownIsRefused ? turnedAway(command, 'gone') : { kind: 'unknown' };
  }

  /** As the shell does. */
  private deliver(command: Command): GatewayAnswer {
    const found = this.entities.get(command.entity) ?? this.started(command);
    if (found === undefined || (found.entity.seq === 0 && !command.starts && !found.entity.hasHandled(command.commandId)))
      return { kind: 'not-found' };
    const { entity } = found;
    const { aggregate, starts: _, ...asked } = command;
    const rules = asked.rules ?? this.options.rules?.(aggregate) ?? 1;
    const envelope = { ...asked, ...(rules === 1 ? {} : { rules }) };
    if (command.onlyToRefuse && !this.plant.refusesUnbound && !entity.hasHandled(command.commandId) && !entity.wouldRefuse(envelope))
      return turnedAway(command, MOVED);
    const before = entity.lookFor('');
    const given = this.plant.refusesUnbound ? withoutSeq(envelope) : envelope;
    const { outcome, fingerprint } = entity.handle(given);
    if (entity.seq > before.seq) {
      found.before = before;
      this.options.onRecords?.(command.entity);
    }
    if (fingerprint !== command.fingerprint) return { kind: 'key-reused' };
    this.lagging.push({ command, outcome });
    return answered(outcome);
  }

  private started({ aggregate, entity, starts }: Command): Alive | undefined {
    const decider = starts ? this.options.startable?.find((each) => each.aggregate === aggregate) : undefined;
    if (decider !== undefined) this.add(decider, entity);
    return this.entities.get(entity);
  }

  private flushOne(): void {
    const { command, outcome } = this.lagging.splice(this.dice.between(0, this.lagging.length - 1), 1)[0] as (typeof this.lagging)[number];
    const { commandId, entity, fingerprint } = command;
    const kept = this.rows.get(commandId);
    if (kept === undefined) this.rows.set(commandId, { fingerprint, outcome });
    else if (kept.fingerprint !== fingerprint && kept.outcome.entity !== entity) this.rows.set(`${commandId} ${entity}`, { fingerprint, outcome });
  }

  /** Whatever a process does next waits for its turn; the process may be gone then. */
  async hop(): Promise<void> {
    await this.turns.next();
    if (this.happens(this.storm.crash)) throw new Crash();
  }

  happens(p: number): boolean {
    return this.isStormy && this.dice.chance(p);
  }
}

const withoutSeq = <T extends { readonly expectedSeq?: number }>({ expectedSeq: _, ...rest }: T): Omit<T, 'expectedSeq'> => rest;

const turnedAway = ({ entity }: Pick<Command, 'entity'>, code: string): GatewayAnswer =>
  answered({ status: 'refused', entity, seq: 0, summary: {}, refusal: { code } });
