import type { Collection, Db } from 'mongodb';
import { isDuplicateKey } from '@qiyue/platform';
import type { RightsSeal, Signed } from './rights-seal';

/**
 * Three powers that no one person may join (三权分立): `operate` keeps keys and the directory and asks for erasures, `approve` is the security
 * officer's word on what takes a second person, and `audit` reads what everybody did.
 */
export const DUTIES = ['operate', 'approve', 'audit'] as const;
export type Duty = (typeof DUTIES)[number];

/** Of a token's `scope` claim. */
export const dutiesIn = (claim: string | undefined): readonly Duty[] => {
  const named = new Set(claim?.split(' ') ?? []);
  return DUTIES.filter((duty) => named.has(duty));
};

const ROUTES: readonly (readonly [Duty, RegExp, RegExp])[] = [
  ['audit', /^/, /^\/v1\/audit(\/|$)/i],
  ['approve', /^POST$/, /^\/v1\/(keys|privacy\/erasures)\/[^/]+\/approve\/?$/i],
  ['approve', /^(PUT|DELETE)$/, /^\/v1\/privacy\/holds(\/|$)/i],
  ['operate', /^(POST|PUT|DELETE)$/, /^\/v1\/(keys|directory|notices|privacy\/(erasures|retention)|sessions\/of)(\/|$)/i],
  ['operate', /^/, /^\/v1\/directory(\/|$)/i],
];

/** The duty that a request is; null for what is none, such as looking at what waits for approval. */
export const dutyFor = (method: string, path: string): Duty | null => {
  const asked = method === 'HEAD' ? 'GET' : method;
  return ROUTES.find(([, methods, paths]) => methods.test(asked) && paths.test(path))?.[0] ?? null;
};

/** A person who has held a duty may hold another once they have not for so long. */
export const DUTY_KEPT_MS = 90 * 86_400_000;
/** That a duty is held still is written at most so often. */
const NOTED_EVERY_MS = 60_000;
const KIND = 'dutyHolders';

interface HolderDoc extends Signed {
  /** The person. */
  readonly _id: string;
  readonly duty: Duty;
  readonly lastAt: Date;
}

/** Who holds which duty, by what they did: also two tokens of one person do not join two of them. */
export class DutyHolders {
  private readonly holders: Collection<HolderDoc>;

  constructor(
    db: Db,
    private readonly rights: RightsSeal,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.holders = db.collection(KIND);
  }

  /**
   * False when the person has held another one lately, or when what is written of them is not by us. Rejects while the database, or what it takes to
   * tell that, is away.
   */
  async take(actorId: string, duty: Duty): Promise<boolean> {
    const held = await this.holders.findOne({ _id: actorId });
    if (held === null) return this.begin(actorId, duty);
    if (!(await this.rights.isRight(KIND, held))) return false;
    const agoMs = this.nowMs() - held.lastAt.getTime();
    if (held.duty !== duty && agoMs <= DUTY_KEPT_MS) return false;
    if (held.duty === duty && agoMs < NOTED_EVERY_MS) return true;
    const written = await this.holders.replaceOne({ _id: actorId, duty: held.duty, lastAt: held.lastAt }, await this.row(actorId, duty));
    return written.matchedCount === 1 || this.holds(actorId, duty);
  }

  private async begin(actorId: string, duty: Duty): Promise<boolean> {
    try {
      await this.holders.insertOne(await this.row(actorId, duty));
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return this.holds(actorId, duty);
      throw error;
    }
  }

  /** Somebody was quicker, and may have written the same. */
  private async holds(actorId: string, duty: Duty): Promise<boolean> {
    const held = await this.holders.findOne({ _id: actorId });
    return held?.duty === duty && (await this.rights.isRight(KIND, held));
  }

  private row(actorId: string, duty: Duty): Promise<HolderDoc> {
    return this.rights.sign(KIND, { _id: actorId, duty, lastAt: new Date(this.nowMs()) });
  }
}
