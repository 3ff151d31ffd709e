import { isPerson } from '@qiyue/civic-domain';
import type { Context } from '@qiyue/engine';
import type { Fact } from './decision.events';
import type { Electorate } from './electorate';

interface OpenChallenge {
  readonly challengeId: string;
  readonly by: string;
}
type Group = 'owners' | 'others';

/** What is kept of challenges: those that are not settled yet, and how many everybody has given in all, owners apart from others. */
export interface Challenges {
  /** Of all, settled ones too: the next is `c<count + 1>`. */
  readonly count: number;
  readonly open: readonly OpenChallenge[];
  readonly given: Readonly<Record<Group, Readonly<Record<string, number>>>>;
}
export const NO_CHALLENGES: Challenges = { count: 0, open: [], given: { owners: {}, others: {} } };

/** Of one person, or of one community: not settled yet, and in all. */
export const OWN_CHALLENGES_MAX = { open: 3, given: 9 } as const;
/** In all, of owners on the roster and of everybody else: nobody takes an owner's place who is none. */
export const CHALLENGES_MAX: Readonly<Record<Group, number>> = { owners: 1_500, others: 300 };

/** Who challenges, as records name them, a community by its name; and whether the roster names them. */
export const challengerOf = (
  { heads }: Electorate,
  { actor, alias }: Pick<Context, 'actor' | 'alias'>,
): Pick<Fact<'DecisionChallenged'>['data'], 'by' | 'isOwner'> =>
  isPerson(actor.role) ? { by: (alias ?? actor).id, isOwner: heads.includes(actor.id) } : { by: actor.unit ?? actor.id, isOwner: false };

const groupOf = (isOwner: boolean): Group => (isOwner ? 'owners' : 'others');
const givenBy = (given: Readonly<Record<string, number>>, by: string): number => (Object.hasOwn(given, by) ? (given[by] ?? 0) : 0);
const sumOf = (given: Readonly<Record<string, number>>): number => Object.values(given).reduce((sum, one) => sum + one, 0);

/** Why they may give no other one: `max` of their own are open, or of theirs or of their group's there are so many in all. Null where they may. */
export const tooMany = (
  { open, given }: Challenges,
  { by, isOwner }: Pick<Fact<'DecisionChallenged'>['data'], 'by' | 'isOwner'>,
): { readonly code: 'own-challenges-open' | 'too-many-challenges'; readonly max: number } | null => {
  const group = groupOf(isOwner);
  if (open.filter((one) => one.by === by).length >= OWN_CHALLENGES_MAX.open) return { code: 'own-challenges-open', max: OWN_CHALLENGES_MAX.open };
  if (givenBy(given[group], by) >= OWN_CHALLENGES_MAX.given) return { code: 'too-many-challenges', max: OWN_CHALLENGES_MAX.given };
  return sumOf(given[group]) >= CHALLENGES_MAX[group] ? { code: 'too-many-challenges', max: CHALLENGES_MAX[group] } : null;
};

export const withChallenge = ({ count, open, given }: Challenges, { challengeId, by, isOwner }: Fact<'DecisionChallenged'>['data']): Challenges => {
  const group = groupOf(isOwner);
  return {
    count: count + 1,
    open: [...open, { challengeId, by }],
    given: { ...given, [group]: { ...given[group], [by]: givenBy(given[group], by) + 1 } },
  };
};

export const withSettled = (challenges: Challenges, settled: string): Challenges => ({
  ...challenges,
  open: challenges.open.filter(({ challengeId }) => challengeId !== settled),
});

/** Where a challenge of that id stands; null for one that was never given. */
export const standOf = ({ count, open }: Challenges, id: string): 'open' | 'settled' | null => {
  if (open.some(({ challengeId }) => challengeId === id)) return 'open';
  const number = /^c([1-9]\d{0,9})$/.exec(id)?.[1];
  return number !== undefined && Number(number) <= count ? 'settled' : null;
};
