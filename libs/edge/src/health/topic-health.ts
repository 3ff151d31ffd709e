import { instantMsOf } from '@qiyue/engine';
import type { LedgerStore } from '@qiyue/engine-runtime';
import type { Clock } from '@qiyue/platform';
import { HOLE_AFTER_MS, TopicStanding } from '@qiyue/audit';
import type { TopicHealth } from './snapshot';

/** What the comparison of ledger, feed and topic came to, over both ledgers. Zeros while nobody has compared yet, which `comparedSeconds` tells. */
export const topicHealth = async (stores: readonly LedgerStore[], { nowMs, pace }: Pick<Clock, 'nowMs' | 'pace'>): Promise<TopicHealth> => {
  const found = (await Promise.all(stores.map((store) => new TopicStanding(store).read()))).flatMap((one) => one ?? []);
  const sum = (of: (one: (typeof found)[number]) => number): number => found.reduce((total, one) => total + of(one), 0);
  const oldest = (ms: readonly number[]): number => Math.round(Math.max(0, ...ms) / 1_000);
  const isOld = (since: Date | null): boolean => since !== null && Date.now() - since.getTime() > HOLE_AFTER_MS;
  const behind = found.flatMap(({ next }) => (next === null || next.time === '' ? [] : [(nowMs() - instantMsOf(next.time)) / (pace?.factor ?? 1)]));
  return {
    lagRecords: sum(({ unseen }) => unseen),
    lagSeconds: oldest(behind),
    holes: sum(({ holes, holeSince }) => (isOld(holeSince) ? holes : 0)),
    differing: sum(({ differing }) => differing),
    comparedSeconds: found.length < stores.length ? null : oldest(found.map(({ at }) => Date.now() - at.getTime())),
    next: found.find(({ holeSince }) => isOld(holeSince))?.firstHole ?? null,
  };
};
