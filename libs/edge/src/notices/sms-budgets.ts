import { sha256Hex } from '@qiyue/engine';
import type { SmsBudget } from '@qiyue/notices';
import type { Collection, Db } from 'mongodb';
import { isDuplicateKey } from '@qiyue/platform';

interface BudgetDoc {
  /** `<budget>/<YYYY-MM-DD>` */
  readonly _id: string;
  readonly messages: readonly string[];
  readonly at: Date;
}

const KEPT_S = 3 * 86_400;
const HASH_HEX = 12;
const DATE_LENGTH = 'YYYY-MM-DD'.length;

/**
 * How many short messages were paid from each budget on a day. Contract: however many processes pay at once, no more are paid for than
 * there are; the same message again costs nothing more; one that one of its budgets cannot pay costs the others nothing.
 */
export class SmsBudgets {
  private readonly budgets: Collection<BudgetDoc>;

  constructor(
    db: Db,
    /** What one need may cost on a day. */
    private readonly perNeed: number,
  ) {
    this.budgets = db.collection('smsBudgets');
  }

  async ensureIndexes(): Promise<void> {
    await this.budgets.createIndex({ at: 1 }, { expireAfterSeconds: KEPT_S });
  }

  /** False when one of them is used up. `now`: business time, ISO 8601 with +08:00. */
  async pay(budgets: readonly SmsBudget[], message: string, now: string): Promise<boolean> {
    const paid: string[] = [];
    for (const { key, share } of budgets) {
      const id = `${key}/${now.slice(0, DATE_LENGTH)}`;
      if (!(await this.payFrom(id, Math.floor(this.perNeed * share), hashOf(message)))) {
        await this.refund(paid, hashOf(message));
        return false;
      }
      paid.push(id);
    }
    return true;
  }

  private async payFrom(_id: string, max: number, message: string, isAgain = false): Promise<boolean> {
    if (max <= 0) return false;
    const hasLeft = { _id, $or: [{ messages: message }, { [`messages.${max - 1}`]: { $exists: false } }] };
    try {
      await this.budgets.updateOne(hasLeft, { $addToSet: { messages: message }, $setOnInsert: { at: new Date() } }, { upsert: true });
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return isAgain ? false : this.payFrom(_id, max, message, true); // used up, or made by another in this moment
    }
  }

  private async refund(ids: readonly string[], message: string): Promise<void> {
    await this.budgets.updateMany({ _id: { $in: [...ids] } }, { $pull: { messages: message } });
  }
}

const hashOf = (message: string): string => sha256Hex(message).slice(0, HASH_HEX);
