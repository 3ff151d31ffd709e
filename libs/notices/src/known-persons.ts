import type { RecordBody } from '@qiyue/engine';

/** By what stands sealed beside a pseudonym, whom it stands for. Who is not in it is nobody's to know any more. */
export type KnownPersons = ReadonlyMap<string, string>;

/** By the id of whoever acted, where it is known. */
export const byPerson = (record: RecordBody, known: KnownPersons): RecordBody => ({ ...record, actor: namedBy(record.actor, known) });

export const namedBy = <A extends { readonly id: string; readonly person?: string }>(actor: A, known: KnownPersons): A => ({
  ...actor,
  id: (actor.person === undefined ? undefined : known.get(actor.person)) ?? actor.id,
});
