import type { Collection, Db } from 'mongodb';
import { toShanghaiIso } from '@qiyue/engine';
import type { PartitionOffset } from './offset-commits';

/**
 * How far a group has come by its own word. The broker's word is anybody's who may use the broker: whoever joins the group reads in its
 * name, and whoever may commit moves it on past what nobody has handled.
 */
export interface OwnPositions {
  /** Of the next message of each partition; those without a word are missing. Rejects while the store is away. */
  of(partitions: readonly Pick<PartitionOffset, 'topic' | 'partition'>[]): Promise<readonly PartitionOffset[]>;
  note(offsets: readonly PartitionOffset[]): Promise<void>;
}

interface PositionRow extends PartitionOffset {
  /** `<group>/<topic>:<partition>` */
  readonly _id: string;
  readonly group: string;
  /** ISO 8601 with +08:00. */
  readonly at: string;
}

/** Positions of a group in MongoDB, where what the group makes of its messages is too. */
export class ReaderPositions implements OwnPositions {
  private readonly rows: Collection<PositionRow>;

  constructor(
    db: Db,
    private readonly group: string,
  ) {
    this.rows = db.collection('readerPositions');
  }

  of(partitions: readonly Pick<PartitionOffset, 'topic' | 'partition'>[]): Promise<readonly PartitionOffset[]> {
    return this.rows.find({ _id: { $in: partitions.map((each) => this.idOf(each)) } }).toArray();
  }

  /** Of all partitions that it was ever given. */
  all(): Promise<readonly PartitionOffset[]> {
    return this.rows.find({ group: this.group }).toArray();
  }

  async note(offsets: readonly PartitionOffset[]): Promise<void> {
    const at = toShanghaiIso(Date.now());
    const writes = offsets.map((each) => ({
      updateOne: { filter: { _id: this.idOf(each) }, update: { $set: { ...each, group: this.group, at } }, upsert: true },
    }));
    await this.rows.bulkWrite(writes, { ordered: false });
  }

  private idOf({ topic, partition }: Pick<PartitionOffset, 'topic' | 'partition'>): string {
    return `${this.group}/${topic}:${partition}`;
  }
}
