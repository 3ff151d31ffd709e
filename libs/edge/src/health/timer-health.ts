import { toShanghaiIso } from '@qiyue/engine';
import type { AnyAggregate } from '@qiyue/aggregate';
import { ActiveModel } from '@qiyue/engine-runtime';
import type { Db } from 'mongodb';
import type { Clock } from '@qiyue/platform';
import type { Counted } from './snapshot';
import { SHOWN_MAX } from './store-health';

/** A step that is so late was not taken: a timer fires within seconds, and the read model is seldom further behind. */
const LATE_MS = 5 * 60_000;
const LOOK_MS_MAX = 1_500;
/** Steps come before and behind a deadline, none by more than this. */
const AROUND_MS = 60 * 86_400_000;

/** Open entities of which a step of the ladder, or the end of a call's time, should have come some minutes ago. As the read models have it. */
export const timerHealth = async (
  db: Db,
  aggregates: readonly Pick<AnyAggregate, 'model' | 'deadlines'>[],
  clock: Pick<Clock, 'nowMs' | 'pace'>,
): Promise<Counted<{ readonly entity: string }>> => {
  const nowMs = clock.nowMs();
  const before = toShanghaiIso(nowMs - LATE_MS * (clock.pace?.factor ?? 1));
  const found: string[] = [];
  for (const { model, deadlines } of aggregates) {
    if (deadlines === undefined) continue;
    const filter = deadlines.overdueBefore(before, toShanghaiIso(nowMs + AROUND_MS));
    const rows = (await new ActiveModel(db, model).collection()).find<{ _id: string }>(filter, { projection: { _id: 1 }, maxTimeMS: LOOK_MS_MAX });
    found.push(...(await rows.limit(COUNTED_MAX).toArray()).map(({ _id }) => _id));
  }
  return { count: found.length, first: found.slice(0, SHOWN_MAX).map((entity) => ({ entity })) };
};

/** So many are enough to know that it is not one entity's fault. */
const COUNTED_MAX = 1_000;
