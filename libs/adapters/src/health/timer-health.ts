import { toShanghaiIso } from '@qiyue/engine';
import type { ActiveModel } from '@qiyue/engine-runtime';
import type { NeedView } from '@qiyue/need-views';
import type { Clock } from '../clock/clock';
import type { Counted } from './snapshot';
import { SHOWN_MAX } from './store-health';

/** A step that is so late was not taken: a timer fires within seconds, and the read model is seldom further behind. */
const LATE_MS = 5 * 60_000;
const LOOK_MS_MAX = 1_500;
/** Steps come before and behind a deadline, none by more than this. */
const AROUND_MS = 60 * 86_400_000;

/** Open needs of which a step of the ladder, or the end of a call's time, should have come some minutes ago. As the read model has it. */
export const timerHealth = async (
  model: Pick<ActiveModel<NeedView>, 'collection'>,
  clock: Pick<Clock, 'nowMs' | 'pace'>,
): Promise<Counted<{ readonly needId: string }>> => {
  const nowMs = clock.nowMs();
  const before = toShanghaiIso(nowMs - LATE_MS * (clock.pace?.factor ?? 1));
  const collection = await model.collection();
  const filter = {
    $or: [
      {
        'view.dueAt': { $gt: '', $lt: toShanghaiIso(nowMs + AROUND_MS) },
        'view.clock.paused': null,
        'view.clock.steps': { $elemMatch: { firedAt: null, at: { $gt: '', $lt: before } } },
      },
      { 'view.stage': 'submitted', 'view.whistle.answerBy': { $gt: '', $lt: before } },
    ],
  };
  const found = await collection
    .find<{ _id: string }>(filter as object, { projection: { _id: 1 }, maxTimeMS: LOOK_MS_MAX })
    .limit(COUNTED_MAX)
    .toArray();
  return { count: found.length, first: found.slice(0, SHOWN_MAX).map(({ _id }) => ({ needId: _id })) };
};

/** So many are enough to know that it is not one need's fault. */
const COUNTED_MAX = 1_000;
