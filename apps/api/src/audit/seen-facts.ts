import { currentSource, type Journal } from '@qiyue/audit';
import { LRUCache } from 'lru-cache';
import type { EntityIds } from '../entities/entity-ids';
import type { Searched, Seen } from '../entities/entity-reader';

const REMEMBERED = 10_000;
const ONCE_IN_MS = 60_000;
const FOUND_MAX = 100;

/** Records who was shown what of whom: the same to the same person from the same place once in a minute, not with every page they reload. */
export class SeenFacts {
  private readonly told = new LRUCache<string, number>({ max: REMEMBERED });

  constructor(
    private readonly journal: Pick<Journal, 'record'>,
    private readonly ids: Pick<EntityIds, 'of'>,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  async tell({ actor, aggregate, entity, fields }: Seen): Promise<void> {
    const key = JSON.stringify([actor.id, actor.role, actor.unit, entity, fields, currentSource()]);
    const toldMs = this.told.get(key);
    if (toldMs !== undefined && this.nowMs() - toldMs < ONCE_IN_MS) return;
    this.told.set(key, this.nowMs());
    await this.journal.record(actor, { type: 'PersonalDataSeen', data: { ...this.ids.of(aggregate, entity), fields } });
  }

  /** Every search for itself: what was searched for is not recorded, because it may be somebody's name. */
  async tellSearch({ actor, fields, entities, found }: Searched): Promise<void> {
    const data = { fields, needs: entities, found: found.slice(0, FOUND_MAX) };
    await this.journal.record(actor, { type: 'PersonalDataSearched', data });
  }
}
