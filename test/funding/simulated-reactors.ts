import { ReactionCommands, ReactionRunner, toLedgerDocument, type LedgerDocument, type Reacted, type ReactingAggregate } from '@qiyue/engine-runtime';
import type { Dice, Turns } from '../saga/simulated-turns';
import { Crash, type World } from '../saga/simulated-world';

const LATE_TURNS = 60;
const PAUSE_TURNS = 5;
/** Of all that reacts to a record: another process does so too, and one that begins anew. */
const TWICE = 0.3;
const FROM_THE_BEGINNING = 0.1;

/** Processes that run reactions, by the very code that does so in life: late, several at once for one source, again from wherever they were lost. */
export class Reactors {
  /** What was refused for good. */
  readonly refused: string[] = [];
  private readonly progress = new Map<string, Reacted>();
  private readonly documents = new Map<string, LedgerDocument>();
  private readonly runner: ReactionRunner;
  private readonly aggregate: string;

  constructor(
    private readonly dice: Dice,
    private readonly turns: Turns,
    private readonly world: World,
    source: ReactingAggregate,
    targets: readonly ReactingAggregate[],
  ) {
    this.aggregate = source.decider.aggregate;
    const commands = new ReactionCommands({
      gateway: world.gateway,
      store: { commands: { findOne: ({ _id }: { readonly _id: string }) => world.log.find({ commandId: _id, entity: '' }) } as never },
      parking: { noteOutcome: () => undefined, isDue: () => Promise.resolve(true) },
      isServerAway: (error) => error instanceof Crash,
    });
    this.runner = new ReactionRunner([source, ...targets.map((target) => ({ ...target, reactions: [] }))], {
      commands,
      ledger: { stream: (entity, from = 1, to = Infinity) => this.stream(entity, from, to), noteUnsound: unsound, ledger: {} as never },
      progress: {
        of: async (entities) => (await world.hop(), new Map([...this.progress].filter(([entity]) => entities.includes(entity)))),
        note: (entity, _, reacted) => this.note(entity, reacted),
      },
      parked: { among: async () => new Set(), standBehind: async () => false, park: async () => undefined },
      log: { error: () => undefined }, // it is in `refused`
      refused: {
        note: async ({ source: { entity, seq }, reaction, why }) => void this.refused.push(`${reaction} to ${entity}:${seq} is refused: ${why}`),
        skippedAmong: async () => new Set(),
      },
      open: async (_, texts) => texts, // nothing is sealed here
    });
  }

  /** An entity has new records. */
  hear(entity: string): void {
    if (!this.world.entitiesOf(this.aggregate).includes(entity)) return;
    void this.follow(entity);
    if (this.world.isStormy && this.dice.chance(TWICE)) void this.follow(entity);
  }

  private async follow(entity: string): Promise<void> {
    await this.turns.sleep(this.dice.between(0, LATE_TURNS));
    if (this.world.isStormy && this.dice.chance(FROM_THE_BEGINNING)) this.progress.delete(entity);
    while (!(await this.caughtUp(entity))) await this.turns.sleep(PAUSE_TURNS);
  }

  private async caughtUp(entity: string): Promise<boolean> {
    try {
      const upTo = this.world.recordsOf(entity).length;
      return (await this.runner.goOn({ _id: entity, aggregate: this.aggregate, upTo }, { alive: async () => undefined, once: true })) === null;
    } catch (error) {
      if (error instanceof Crash) return false;
      throw error;
    }
  }

  private async note(entity: string, reacted: Reacted): Promise<void> {
    await this.world.hop();
    if ((this.progress.get(entity)?.seq ?? 0) < reacted.seq) this.progress.set(entity, reacted);
  }

  private async stream(entity: string, from: number, to: number): Promise<LedgerDocument[]> {
    await this.world.hop();
    const records = this.world.recordsOf(entity).filter(({ seq }) => seq >= from && seq <= to);
    return records.map((record) => {
      const document = this.documents.get(record.hash) ?? toLedgerDocument(record);
      this.documents.set(record.hash, document);
      return document;
    });
  }
}

const unsound = ({ kind, stream, seq }: { readonly kind: string; readonly stream: string; readonly seq: number }): never => {
  throw new Error(`${stream}:${seq} is unsound: ${kind}`);
};
