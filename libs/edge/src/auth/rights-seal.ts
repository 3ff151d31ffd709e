import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '@qiyue/engine';
import { OwnSecret, KeysUnavailable, type SubjectKeys } from '@qiyue/privacy';

/** Whose secret it is: no token can name it (`key:` is taken), and nobody can ask for its erasure. What begins so is ours. */
export const RIGHTS_SUBJECT = 'key:rights';
/** There once the rows from before there was a secret have been signed: from then on a row without a MAC is somebody else's. */
const ADOPTED_SUBJECT = `${RIGHTS_SUBJECT}:adopted`;

/** The collections whose rows give somebody a right, or act in somebody's name. */
export const RIGHTS_KINDS = ['apiKeys', 'sessions', 'erasures', 'dutyHolders', 'parkedCommands', 'messageOrders', 'sagaPlans'] as const;
export type RightsKind = (typeof RIGHTS_KINDS)[number];

/** What a row that gives a right holds beside what it says. */
export interface Signed {
  /** HMAC-SHA-256, base64url. Rows from before there was a secret have none. */
  readonly mac?: string;
  /** Id of the key that lives as long as the right does, for a right that can be taken back: see `begin`. */
  readonly life?: string;
}
interface Row extends Signed {
  readonly _id: string;
}

/** Fields that may change without a new MAC, since nothing is decided by them. */
const LOOSE: Readonly<Record<RightsKind, readonly string[]>> = {
  apiKeys: ['lastUsedOn'],
  sessions: [],
  erasures: [],
  dutyHolders: [],
  parkedCommands: ['parkedAt', 'nextAt', 'lease', 'attempts', 'why', 'isForged'],
  messageOrders: [],
  sagaPlans: ['keptAt'],
};

/** Whether a row of this kind is good for something once only, or until it is taken back; and whether that is over. */
const LIVES: Readonly<Record<RightsKind, ((row: object) => boolean) | null>> = {
  apiKeys: (row) => (row as { readonly revokedAt?: unknown }).revokedAt !== null,
  sessions: null,
  erasures: (row) => (row as { readonly state?: unknown }).state === 'done',
  dutyHolders: null,
  parkedCommands: null,
  messageOrders: null,
  sagaPlans: null,
};

/** A row that gives nothing, since we did not write it as it is. */
export interface ForgedRow {
  readonly kind: RightsKind;
  readonly row: string;
}

/**
 * Signs rows that give somebody a right, under a secret that lies with the persons' keys and so outside of MongoDB: whoever may write to the
 * database can take a right from somebody and give none to anybody.
 *
 * Contract:
 * 1. The MAC is over the row's collection, its id and all of its fields but those that mean nothing.
 * 2. What can be taken back has a life: a key of its own beside the secret, destroyed when the right ends. An older row of it, put back with its
 *    MAC, is no right one.
 * 3. A row that is not right is told, each time it is met.
 * Every method rejects with `KeysUnavailable` while the keys cannot be reached.
 */
export class RightsSeal {
  private readonly secret: OwnSecret;
  private adopted: Promise<boolean> | null = null;

  constructor(
    private readonly keys: Pick<SubjectKeys, 'of' | 'byId' | 'erase' | 'has'>,
    private readonly onForged: (forged: ForgedRow) => void = () => undefined,
  ) {
    this.secret = new OwnSecret(keys, RIGHTS_SUBJECT);
  }

  /** The row with its MAC; one that it had before does not count. */
  async sign<R extends Row>(kind: RightsKind, row: R): Promise<R & { readonly mac: string }> {
    return { ...row, mac: macOf(kind, row, await this.secret.get()) };
  }

  /** Whether we wrote the row as it is, and it has not been taken back since. Rejects with `KeysUnavailable` for one that is to be adopted yet. */
  async isRight(kind: RightsKind, row: Row): Promise<boolean> {
    const isRight = typeof row.mac === 'string' ? await this.holds(kind, row, row.mac) : await this.waitsForAdoption();
    if (!isRight) this.onForged({ kind, row: row._id });
    return isRight;
  }

  /** The life of a right that is about to be given. */
  async begin(kind: RightsKind, id: string): Promise<string> {
    return (await this.keys.of(lifeSubject(kind, id))).keyId;
  }

  /** Nothing brings this right back. Again it is no error. */
  async end(kind: RightsKind, id: string): Promise<void> {
    await this.keys.erase(lifeSubject(kind, id));
  }

  /** Whether rows from before have been signed. Once it is true it stays so. */
  isAdopted(): Promise<boolean> {
    this.adopted ??= this.keys.has(ADOPTED_SUBJECT).then(
      (isThere) => {
        if (!isThere) this.adopted = null; // asked again next time
        return isThere;
      },
      (error: unknown) => {
        this.adopted = null;
        throw error;
      },
    );
    return this.adopted;
  }

  /** A row from before, as it is from now on. */
  async adopt<R extends Row>(kind: RightsKind, row: R): Promise<Signed> {
    const isOver = LIVES[kind];
    const life = isOver === null || isOver(row) ? {} : { life: await this.begin(kind, row._id) };
    const { mac } = await this.sign(kind, { ...row, ...life });
    return { ...life, mac };
  }

  /** Ends what is left of a right that has ended, after a process that was cut off between the two. */
  async settle(kind: RightsKind, row: Row): Promise<void> {
    if (LIVES[kind]?.(row) === true && row.life !== undefined && (await this.keys.byId(row.life)) !== null) await this.end(kind, row._id);
  }

  async closeAdoption(): Promise<void> {
    await this.keys.of(ADOPTED_SUBJECT);
  }

  private async holds(kind: RightsKind, row: Row, mac: string): Promise<boolean> {
    const own = macOf(kind, row, await this.secret.get());
    if (!isSame(own, mac)) return false;
    const isOver = LIVES[kind];
    if (isOver === null || isOver(row)) return true;
    return row.life !== undefined && (await this.keys.byId(row.life)) !== null;
  }

  private async waitsForAdoption(): Promise<false> {
    if (!(await this.isAdopted())) throw new KeysUnavailable('rows from before are not signed yet');
    return false;
  }
}

const lifeSubject = (kind: RightsKind, id: string): string => `${RIGHTS_SUBJECT}:${kind}:${id}`;

const macOf = (kind: RightsKind, row: Row, secret: Buffer): string =>
  createHmac('sha256', secret)
    .update(`qiyue right 1\n${canonicalJson([kind, row._id])}\n${canonicalJson(meaningOf(kind, row))}`, 'utf8')
    .digest('base64url');

/** Plain JSON; instants become text. Whatever somebody adds to a row is part of it. */
const meaningOf = (kind: RightsKind, row: Row): unknown => {
  const loose = new Set(['_id', 'mac', ...LOOSE[kind]]);
  return JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(row).filter(([name]) => !loose.has(name)))));
};

const isSame = (own: string, mac: string): boolean => {
  const [a, b] = [Buffer.from(own), Buffer.from(mac)];
  return a.length === b.length && timingSafeEqual(a, b);
};
