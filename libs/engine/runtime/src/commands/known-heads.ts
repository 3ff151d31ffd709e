import { openRecord, rulesOf, type Confirmation, type LedgerHead } from '@qiyue/engine';
import type { LedgerStore } from '../ledger/ledger-store';
import { LRUCache } from 'lru-cache';
import { CircuitBreaker } from '../circuit-breaker';
import type { Command, RulesInForce } from './gateway-answer';

const REMEMBERED = 50_000;
/** A command is taken without it while MongoDB is away. */
const READ_WITHIN_MS = 500;

/** What goes along with a command: either what this process had confirmed, or what it has just read. */
export interface KnownHead {
  readonly confirmed?: Confirmation;
  readonly head?: LedgerHead;
}

/** Where the ledger stands with each entity, by what this process appended, else by a look. */
export class KnownHeads {
  private readonly confirmations = new LRUCache<string, Confirmation>({ max: REMEMBERED });
  private readonly breaker = new CircuitBreaker(READ_WITHIN_MS);

  constructor(
    private readonly store: Pick<LedgerStore, 'headRecord' | 'lastOutcome'>,
    private readonly rules: RulesInForce | undefined,
  ) {}

  confirmed(entity: string, confirmation: Confirmation): void {
    this.confirmations.set(entity, confirmation);
  }

  forget(entity: string): void {
    this.confirmations.delete(entity);
  }

  /**
   * `rules-unknown`: the entity's last record was made under rules that this process does not know. Of a starting command too: an entity whose workflow
   * somebody has ended must not begin a second time.
   */
  async of(command: Command, mustRead: boolean): Promise<KnownHead | 'rules-unknown'> {
    const confirmed = mustRead ? undefined : this.confirmations.get(command.entity);
    if (confirmed !== undefined) return { confirmed };
    const read = await this.breaker.call(() => Promise.all([this.store.headRecord(command.entity), this.store.lastOutcome(command.entity)]));
    const record = read?.[0] ?? null;
    if (record === null) return {};
    const body = openRecord(record);
    if (body.aggregate !== command.aggregate && !command.starts) return {}; // there is none of this kind, whatever rules the other goes by
    const last = lastOf(read?.[1] ?? null);
    const { seq, hash } = record;
    if (this.rules !== undefined && rulesOf(body) > this.rules.known(command.aggregate)) return 'rules-unknown';
    return {
      head: {
        ...{ seq, hash, isFresh: true },
        ...(last === undefined ? {} : { last }),
      },
    };
  }
}

const lastOf = (row: Awaited<ReturnType<LedgerStore['lastOutcome']>>): LedgerHead['last'] => {
  if (row?.outcome === undefined) return undefined;
  const { status, seq } = row.outcome;
  return { commandId: row.commandId ?? row._id, status, seq, ...(row.digest === undefined ? {} : { digest: row.digest }) };
};
