import type { RecordBody } from '@qiyue/engine';
import type { NeedView } from '@qiyue/need-views';

/** By what stands sealed beside a pseudonym, whom it stands for. Who is not in it is nobody's to know any more. */
export type KnownPersons = ReadonlyMap<string, string>;

/** All who have to be known before somebody is told of this event. */
export const sealedPersonsOf = ({ actor }: Pick<RecordBody, 'actor'>, { author, adopted }: NeedView): readonly string[] =>
  [actor.person, author.person, ...adopted.flatMap(({ persons = [] }) => persons)].filter((sealed) => sealed !== undefined);

/** By the id of whoever acted, where it is known. */
export const byPerson = (record: RecordBody, known: KnownPersons): RecordBody => ({ ...record, actor: named(record.actor, known) });

/** The need with its author and followers by their ids: people are told, not pseudonyms. */
export const withPersons = (view: NeedView, known: KnownPersons): NeedView => {
  const author = named(view.author, known);
  const opened = view.adopted.flatMap(({ persons = [] }) => persons).flatMap((sealed) => known.get(sealed) ?? []);
  return { ...view, author, followers: [...new Set([...view.followers, ...opened])].filter((id) => id !== author.id) };
};

const named = <A extends { readonly id: string; readonly person?: string }>(actor: A, known: KnownPersons): A => ({
  ...actor,
  id: (actor.person === undefined ? undefined : known.get(actor.person)) ?? actor.id,
});
