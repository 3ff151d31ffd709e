import type { RecordBody } from '@qiyue/engine';
import type { NeedView } from '@qiyue/need-views';
import { namedBy, type KnownPersons } from '@qiyue/notices';

/** All who have to be known before somebody is told of this event. */
export const sealedPersonsOf = ({ actor }: Pick<RecordBody, 'actor'>, { author, adopted }: NeedView): readonly string[] =>
  [actor.person, author.person, ...adopted.flatMap(({ persons = [] }) => persons)].filter((sealed) => sealed !== undefined);

/** The need with its author and followers by their ids. */
export const withPersons = (view: NeedView, known: KnownPersons): NeedView => {
  const author = namedBy(view.author, known);
  const opened = view.adopted.flatMap(({ persons = [] }) => persons).flatMap((sealed) => known.get(sealed) ?? []);
  return { ...view, author, followers: [...new Set([...view.followers, ...opened])].filter((id) => id !== author.id) };
};
