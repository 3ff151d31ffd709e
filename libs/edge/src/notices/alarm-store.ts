import { createHash } from 'node:crypto';
import type { TroubleAlarm, TroubleToTell } from '@qiyue/notices';
import type { Collection, Db } from 'mongodb';
import type { Trouble } from '../health/troubles';
import { insertNew } from '@qiyue/platform';

/** A trouble that was seen; its row goes some minutes after the trouble has gone. */
interface AlarmRow extends Omit<Trouble, 'id' | 'since'> {
  /** The trouble's id. */
  readonly _id: string;
  /** Those that were first seen together are told together. */
  readonly alarm: string;
  /** Business time, ISO 8601 with +08:00. */
  readonly at: string;
  readonly told: boolean;
  readonly goneAt: Date | null;
}

/** Troubles that have gone. */
export interface Over {
  readonly ids: readonly string[];
  readonly alarm: TroubleAlarm;
}

/** What comes back so soon is the same trouble. */
const GONE_FOR_MS = 10 * 60_000;
const ID_HEX = 24;

/**
 * Which troubles supervisors and operators were told of. Rows are made before the telling and marked after it: a process that dies
 * between the two tells the same alarm again, under the same id.
 */
export class AlarmStore {
  private readonly rows: Collection<AlarmRow>;

  constructor(db: Db) {
    this.rows = db.collection('alarms');
  }

  /** Notes those that are new. `now`: business time. */
  async note(troubles: readonly Trouble[], now: string): Promise<void> {
    const ids = troubles.map(({ id }) => id);
    const known = new Set((await this.rows.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id));
    const fresh = troubles.filter(({ id }) => !known.has(id));
    const alarm = digestOf([now, ...fresh.map(({ id }) => id)]);
    await insertNew(
      this.rows,
      fresh.map(({ id, kind, subject, seq, why }) => ({ _id: id, kind, subject, seq, why, alarm, at: now, told: false, goneAt: null })),
    );
  }

  /** Alarms that nobody was told of, oldest first. */
  async untold(): Promise<readonly TroubleAlarm[]> {
    const rows = await this.rows.find({ told: false }).sort({ at: 1, _id: 1 }).toArray();
    return [...new Set(rows.map(({ alarm }) => alarm))].map((id) => {
      const troubles = rows.filter(({ alarm }) => alarm === id);
      return { id, at: troubles[0]?.at ?? '', troubles: troubles.map(toTell) };
    });
  }

  async markTold(alarm: string): Promise<void> {
    await this.rows.updateMany({ alarm }, { $set: { told: true } });
  }

  /** `present`: all that is now. */
  async noteGone(present: readonly string[], nowMs: number): Promise<void> {
    await this.rows.updateMany({ _id: { $in: [...present] }, goneAt: { $ne: null } }, { $set: { goneAt: null } });
    await this.rows.updateMany({ _id: { $nin: [...present] }, goneAt: null }, { $set: { goneAt: new Date(nowMs) } });
  }

  /** What somebody was told of and has been away for ten minutes; `at`: as `now`, business time. Null: nothing. */
  async over(nowMs: number, now: string): Promise<Over | null> {
    const rows = await this.rows
      .find({ told: true, goneAt: { $lt: new Date(nowMs - GONE_FOR_MS) } })
      .sort({ _id: 1 })
      .toArray();
    if (rows.length === 0) return null;
    const id = digestOf(rows.map(({ _id, goneAt }) => `${_id} ${goneAt?.toISOString()}`));
    return { ids: rows.map(({ _id }) => _id), alarm: { id, at: now, troubles: rows.map(toTell) } };
  }

  /** What is forgotten is told of when it comes again. */
  async forget(ids: readonly string[]): Promise<void> {
    await this.rows.deleteMany({ _id: { $in: [...ids] }, goneAt: { $ne: null } });
  }
}

const toTell = ({ kind, subject, seq, why }: AlarmRow): TroubleToTell => ({ kind, subject, seq, why });
const digestOf = (lines: readonly string[]): string => createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, ID_HEX);
