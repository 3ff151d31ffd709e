import type { Collection, Db } from 'mongodb';

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

interface HolderDoc {
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
    private readonly nowMs: () => number = Date.now,
  ) {
    this.holders = db.collection('dutyHolders');
  }

  /** False when the person has held another one lately. Rejects while the database is away. */
  async take(actorId: string, duty: Duty): Promise<boolean> {
    const [now, since] = [new Date(this.nowMs()), new Date(this.nowMs() - DUTY_KEPT_MS)];
    const isTheirs = { _id: actorId, $or: [{ duty }, { lastAt: { $lt: since } }] };
    const held = await this.holders.updateOne(isTheirs, { $set: { duty, lastAt: now } });
    if (held.matchedCount === 1) return true;
    const first = await this.holders.findOneAndUpdate(
      { _id: actorId },
      { $setOnInsert: { duty, lastAt: now } },
      { upsert: true, returnDocument: 'after' },
    );
    return first?.duty === duty;
  }
}
