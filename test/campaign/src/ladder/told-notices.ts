import { eventually, type System } from '@qiyue/testkit';
import type { LadderNeed } from './ladder-needs';

/** Notices in the inbox that one such need gives, by hand from the policy's `tells`: how many of each event, over all its levels. */
const NOTICES: Readonly<Record<string, number>> = {
  NeedSubmitted: 3, // an emergency: community and centre at once, departments a quarter of an hour later
  DeadlineApproaching: 1, // all departments
  DeadlineMissed: 2, // the community, the author
  WhistleBlown: 4, // all departments and the community; the centre and the community
  Escalated: 11, // departments, community; community, centre; supervisor; supervisor, county; the author each time
};
const BOUND_MS = 120_000;

/** Needs of which somebody was told too little or too much, in words, when the notices have caught up with the events. */
export const untoldOf = async ({ store: { db } }: System, needs: readonly LadderNeed[]): Promise<readonly string[]> => {
  const last = needs.reduce((sum, { steps }) => sum + 1 + steps.reduce((count, { gives }) => count + gives.length, 0), 0);
  await eventually(
    'all events to have been told',
    async () => {
      const [sum] = await db
        .collection('noticed')
        .aggregate<{ seqs: number }>([{ $group: { _id: null, seqs: { $sum: '$seq' } } }])
        .toArray();
      return sum?.seqs === last;
    },
    BOUND_MS,
  ).catch(() => undefined); // those that are missing are named below
  const rows = await db
    .collection('inbox')
    .aggregate<{ _id: { needId: string; type: string }; count: number }>([
      { $group: { _id: { needId: '$needId', type: '$type' }, count: { $sum: 1 } } },
    ])
    .toArray();
  const found = new Map(rows.map(({ _id: { needId, type }, count }) => [`${needId} ${type}`, count]));
  return needs.flatMap(({ needId }) =>
    Object.entries(NOTICES).flatMap(([type, count]) => {
      const told = found.get(`${needId} ${type}`) ?? 0;
      return told === count ? [] : [`${needId}: ${told} notices of ${type} instead of ${count}`];
    }),
  );
};
