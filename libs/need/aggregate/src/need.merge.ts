import type { SagaDefinition } from '@qiyue/aggregate';
import { isPerson } from '@qiyue/civic-domain';
import { mergeSaga, PSEUDONYMS_SINCE, type Do, type Followers, type NeedState } from '@qiyue/need-domain';

type Aside = NonNullable<SagaDefinition<NeedState, Do<'merge'>>['aside']>;

/** Who follows the source, as its target names them; nobody once the author's key is erased. */
const followersOf = async (...[{ data }, state, { rules }, names]: Parameters<Aside>): Promise<Followers> => {
  if (state.stage === 'unborn') return { followers: [] };
  const { id, role, person } = state.author;
  if (names === null || rules < PSEUDONYMS_SINCE || !isPerson(role)) return { followers: [id] };
  const subject = person === undefined ? id : await names.open(person);
  if (subject === null) return { followers: [] };
  const alias = await names.named(data.into, subject);
  return { followers: [alias.id], persons: [alias.person] };
};

export const merge: SagaDefinition<NeedState, Do<'merge'>> = {
  saga: mergeSaga,
  aside: async (...asked) => ({ ...(await followersOf(...asked)) }),
};
