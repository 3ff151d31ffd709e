import { countBallots, type BallotCount, type DecisionEvent } from '@qiyue/decision-domain';
import { eventOf, type Json, type Reaction } from '@qiyue/engine';

export const COUNT_BALLOTS = 'count-ballots';

/** Once no ballot is taken any more: whoever has the keys opens them, and says what is in them all together. The decision checks that it is of its ballots. */
export const countReaction: Reaction = {
  name: COUNT_BALLOTS,
  on: ['VotingEnded'],
  aside: async ({ records, open }): Promise<Json> => {
    const events = records.map((record) => eventOf<DecisionEvent>(record));
    const choices = events.flatMap((event) => (event.type === 'VoteCast' ? [event.data.choice] : []));
    const counted: BallotCount = countBallots(events, await open('choice', choices));
    return counted as unknown as Json;
  },
  commands: (_, { entity }, aside) => [{ aggregate: 'decision', entity, type: 'count', data: aside as { readonly [key: string]: Json } }],
};
