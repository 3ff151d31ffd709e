import type { PartitionOffset } from './offset-commits';
import type { OwnPositions } from './own-positions';

/** A batch waits so long to be told whether it is the one to begin with; a store that is away holds nothing up. */
const SETTLED_WITHIN_MS = 1_500;
const AGAIN_AFTER_MS = 1_000;

/**
 * Where a consumer begins in the partitions that it is given: where its group has come to by its own word.
 *
 * Contract:
 * 1. What somebody else has read, or skipped, in the group's name is read by the group all the same.
 * 2. While the store is away the broker is believed; nothing is noted, and once the store is back the group goes back to its own word.
 */
export class Standpoint {
  private generation = 0;
  private isSure: boolean;
  private placing: Promise<void> = Promise.resolve();
  private readonly unsaved = new Map<string, PartitionOffset>();
  private saving: Promise<void> | null = null;

  constructor(
    private readonly own: OwnPositions | null,
    private readonly seek: (place: PartitionOffset) => void,
  ) {
    this.isSure = own === null;
  }

  /** To be called with each joining of the group. */
  take(assignment: Readonly<Record<string, readonly number[]>>): void {
    if (this.own === null) return;
    const generation = this.forget();
    const partitions = Object.entries(assignment).flatMap(([topic, numbers]) => numbers.map((partition) => ({ topic, partition })));
    this.placing = this.place(this.own, partitions, () => generation === this.generation);
  }

  /** Resolves once it is known where to begin, or the store takes too long to say. */
  async settled(): Promise<void> {
    if (!this.isSure) await Promise.race([this.placing, pause(SETTLED_WITHIN_MS)]);
  }

  /** Beside the handling: what is not noted is only read again. */
  note(offsets: readonly PartitionOffset[]): void {
    if (this.own === null || !this.isSure) return;
    for (const offset of offsets) this.unsaved.set(`${offset.topic}:${offset.partition}`, offset);
    this.saving ??= this.save(this.own).finally(() => (this.saving = null));
  }

  async close(): Promise<void> {
    this.forget();
    if (this.saving !== null) await Promise.race([this.saving, pause(SETTLED_WITHIN_MS)]);
  }

  private forget(): number {
    this.isSure = false;
    this.unsaved.clear();
    return (this.generation += 1);
  }

  private async place(own: OwnPositions, partitions: readonly Omit<PartitionOffset, 'offset'>[], isCurrent: () => boolean): Promise<void> {
    while (isCurrent()) {
      try {
        const places = await own.of(partitions);
        if (!isCurrent()) return;
        for (const { topic, partition, offset } of places) this.seek({ topic, partition, offset });
        this.isSure = true;
        return;
      } catch {
        await pause(AGAIN_AFTER_MS);
      }
    }
  }

  private async save(own: OwnPositions): Promise<void> {
    while (this.unsaved.size > 0) {
      const offsets = [...this.unsaved.values()];
      this.unsaved.clear();
      await own.note(offsets).catch(() => undefined);
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
