import { Incidents } from '@qiyue/engine-runtime';
import type { Db } from 'mongodb';
import { PROCESS_ACTOR, type Journal } from '@qiyue/audit';
import { RIGHTS_KINDS, type ForgedRow, type RightsKind, type RightsSeal, type Signed } from './rights-seal';

export const FORGED = 'right-forged';
/** Whoever shows a forged key a thousand times leaves one record of it per process and … */
const TOLD_AGAIN_MS = 600_000;
const TOLD_MAX = 1_000;
const LISTED_MAX = 1_000;
const SWEPT_EVERY_MS = 60_000;

interface RightsRow extends Signed {
  readonly _id: string;
}

export const forgedId = ({ kind, row }: ForgedRow): string => `${kind}:${row}`;

/** Names rows that give nothing where the operator looks, and records that they were met. Never rejects, and nobody waits for it. */
export class ForgedRights {
  private readonly told = new Map<string, number>();
  private readonly incidents: Incidents;

  constructor(
    db: Db,
    private readonly journal: Pick<Journal, 'record'>,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.incidents = new Incidents(db);
  }

  readonly tell = (forged: ForgedRow): void => {
    const [id, nowMs] = [forgedId(forged), this.nowMs()];
    if (nowMs - (this.told.get(id) ?? -Infinity) < TOLD_AGAIN_MS) return;
    if (this.told.size >= TOLD_MAX) this.told.clear();
    this.told.set(id, nowMs);
    void this.incidents.note({ kind: FORGED, subject: id, why: 'no-right-mac' });
    void this.journal.record(PROCESS_ACTOR, { type: 'RightForged', data: { kind: forged.kind, on: forged.row } });
  };

  /** The row is gone. */
  async clear(forged: ForgedRow): Promise<void> {
    await this.incidents.clear(FORGED, forgedId(forged));
  }
}

/**
 * Signs the rows from before there was a secret, once: each is on record before it is good. Answers how many. Cut off anywhere, it is gone on with by the
 * next start; once it is through, no unsigned row is taken any more.
 */
export const adoptRights = async (db: Db, rights: RightsSeal, journal: Pick<Journal, 'insist'>): Promise<number> => {
  if (await rights.isAdopted()) return 0;
  let count = 0;
  for (const kind of RIGHTS_KINDS) {
    const rows = db.collection<RightsRow>(kind);
    for await (const row of rows.find({ mac: { $exists: false } })) {
      await journal.insist(PROCESS_ACTOR, { type: 'OperatorActed', data: { action: 'adopt-right', on: forgedId({ kind, row: row._id }) } });
      await rows.updateOne({ _id: row._id, mac: { $exists: false } }, { $set: await rights.adopt(kind, row) });
      count += 1;
    }
  }
  await rights.closeAdoption();
  return count;
};

/** Every row that is not right, also of those that nobody shows: they are told by the seal. Those that are gone or right again are cleared. */
export const sweepRights = async (db: Db, rights: Pick<RightsSeal, 'isRight' | 'settle'>): Promise<readonly ForgedRow[]> => {
  const incidents = new Incidents(db);
  const before = await incidents.list(FORGED, LISTED_MAX);
  const forged: ForgedRow[] = [];
  for (const kind of RIGHTS_KINDS) {
    for await (const row of db.collection<RightsRow>(kind).find()) {
      if (await rights.isRight(kind, row)) await rights.settle(kind, row);
      else if (forged.length < LISTED_MAX) forged.push({ kind, row: row._id });
    }
  }
  const found = new Set(forged.map(forgedId));
  if (forged.length < LISTED_MAX) for (const { subject } of before) if (!found.has(subject)) await incidents.clear(FORGED, subject);
  return forged;
};

/** Looks through all rows once a minute until it is stopped: a server that is away is asked again with the next look. */
export const watchRights = (db: Db, rights: Pick<RightsSeal, 'isRight' | 'settle'>): { stop(): void } => {
  const look = (): void => void sweepRights(db, rights).catch(() => undefined);
  const timer = setInterval(look, SWEPT_EVERY_MS).unref();
  return { stop: () => clearInterval(timer) };
};

/**
 * Takes a row out that is not right. `not-forged`: it is right, so that it is for those who may end it. Rejects with `KeysUnavailable` when that cannot
 * be told.
 */
export const removeForged = async (
  db: Db,
  rights: Pick<RightsSeal, 'isRight'>,
  forged: ForgedRow,
): Promise<'removed' | 'not-there' | 'not-forged'> => {
  const rows = db.collection<RightsRow>(forged.kind);
  const row = await rows.findOne({ _id: forged.row });
  if (row !== null && (await rights.isRight(forged.kind, row))) return 'not-forged';
  if (row !== null) await rows.deleteOne({ _id: forged.row });
  await new Incidents(db).clear(FORGED, forgedId(forged));
  return row === null ? 'not-there' : 'removed';
};

/** `apiKeys:0123…`, as incidents name it; null for what names no row that gives a right. */
export const forgedIn = (text: string): ForgedRow | null => {
  const at = text.indexOf(':');
  const kind = text.slice(0, at);
  return isKind(kind) && at < text.length - 1 ? { kind, row: text.slice(at + 1) } : null;
};
const isKind = (kind: string): kind is RightsKind => (RIGHTS_KINDS as readonly string[]).includes(kind);
