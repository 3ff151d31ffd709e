import { createHmac } from 'node:crypto';
import { OwnSecret } from './own-secret';
import type { SubjectKeys } from './subject-keys';

/** Nobody's id: what begins with `key:` no token can name. */
export const PSEUDONYM_SUBJECT = 'key:pseudonyms';
const LENGTH = 20;

/** Under which name somebody appears in one need. */
export type Rename = (subject: string) => string;

/**
 * Pseudonyms of persons, one per person and need: an HMAC under a key that lies with the persons' keys. Within a need they tell one from
 * another; from need to need they tell nothing, and whoever knows somebody's id cannot make theirs. Rejects with `KeysUnavailable`.
 */
export class Pseudonyms {
  private readonly secret: OwnSecret;

  constructor(keys: Pick<SubjectKeys, 'of'>) {
    this.secret = new OwnSecret(keys, PSEUDONYM_SUBJECT);
  }

  async within(needId: string): Promise<Rename> {
    const secret = await this.secret.get();
    return (subject) => `p-${createHmac('sha256', secret).update(`${needId}\n${subject}`, 'utf8').digest('hex').slice(0, LENGTH)}`;
  }
}
