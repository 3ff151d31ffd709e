import { RecentKeys } from './personal-seal';
import { openText, sealedBy } from './sealed-text';
import type { SubjectKeys } from './subject-keys';

/**
 * What these texts of a field say, in their order: null for one that nobody can open any more; one that is not sealed says itself. Rejects with
 * `KeysUnavailable`.
 */
export const openTexts =
  (keys: Pick<SubjectKeys, 'byId'>) =>
  (field: string, texts: readonly string[]): Promise<readonly (string | null)[]> => {
    const recent = new RecentKeys(keys);
    return Promise.all(
      texts.map(async (text) => {
        const by = sealedBy(text);
        const key = by === null ? null : await recent.byId(by);
        return by === null ? text : key && openText(key, field, text);
      }),
    );
  };
