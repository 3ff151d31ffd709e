import type { Alias } from '@qiyue/engine';
import type { Command } from '@qiyue/engine-runtime';
import { isPerson } from '@qiyue/civic-domain';
import { Pseudonyms, type Rename } from './pseudonyms';
import { openText, sealedBy, sealText } from './sealed-text';
import type { SubjectKeys } from './subject-keys';

/** The field that a person's id is sealed for. */
const PERSON_FIELD = 'person';

/** Whom a pseudonym stands for; null once the key is erased, and for what nobody sealed. Rejects with `KeysUnavailable`. */
export const openPerson = async (keys: Pick<SubjectKeys, 'byId'>, sealed: string): Promise<string | null> => {
  const keyId = sealedBy(sealed);
  const key = keyId === null ? null : await keys.byId(keyId);
  return key && openText(key, PERSON_FIELD, sealed);
};

/**
 * How the records of a need name persons: by the pseudonym that they have in it, with their id sealed under their own key beside it. The same
 * person and need give the same, so that a command that is sent again is the same command. All of it rejects with `KeysUnavailable`.
 */
export class Aliases {
  private readonly pseudonyms: Pseudonyms;

  constructor(private readonly keys: Pick<SubjectKeys, 'of' | 'byId'>) {
    this.pseudonyms = new Pseudonyms(keys);
  }

  /** Undefined for offices, which are named as they are. */
  async of({ actor, entity, commandId }: Pick<Command, 'actor' | 'entity' | 'commandId'>): Promise<Alias | undefined> {
    if (!isPerson(actor.role)) return undefined;
    const rename = await this.pseudonyms.within(entity);
    return { ...(await this.named(entity, actor.id)), commandId: rename(`command ${commandId}`) };
  }

  async named(needId: string, subject: string): Promise<Pick<Alias, 'id' | 'person'>> {
    const rename = await this.pseudonyms.within(needId);
    return { id: rename(subject), person: sealText(await this.keys.of(subject), PERSON_FIELD, subject) };
  }

  within(needId: string): Promise<Rename> {
    return this.pseudonyms.within(needId);
  }

  open(sealed: string): Promise<string | null> {
    return openPerson(this.keys, sealed);
  }
}
